//! The memory that hashes are computed in: one piece for each that runs at once, kept for the next.
//!
//! Allocated anew for each hash, it would stay with whichever thread had it: a burst on many threads never gave its
//! 19 MiB a thread back.

use std::sync::{Arc, Mutex, PoisonError};

use argon2::Block;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Pieces of memory, and the right to use one.
pub(super) struct Memory {
    turns: Arc<Semaphore>,
    free: Mutex<Vec<Vec<Block>>>,
}

/// The right to use one piece; it goes with the work, not with whoever waits for it.
pub(super) struct Turn {
    memory: Arc<Memory>,
    _turn: OwnedSemaphorePermit,
}

impl Memory {
    /// As many pieces as `running`, each made when it is first needed.
    pub(super) fn new(running: usize) -> Arc<Self> {
        Arc::new(Self { turns: Arc::new(Semaphore::new(running)), free: Mutex::default() })
    }

    /// Waits until a piece is free.
    pub(super) async fn turn(self: &Arc<Self>) -> Option<Turn> {
        let turn = Arc::clone(&self.turns).acquire_owned().await.ok()?;
        Some(Turn { memory: Arc::clone(self), _turn: turn })
    }
}

impl Turn {
    /// Runs `work` in a piece of `blocks` at least.
    pub(super) fn with<T>(self, blocks: usize, work: impl FnOnce(&mut [Block]) -> T) -> T {
        let free = || self.memory.free.lock().unwrap_or_else(PoisonError::into_inner);
        let mut piece = free().pop().unwrap_or_default();
        if piece.len() < blocks {
            piece.resize(blocks, Block::new());
        }
        let done = work(&mut piece[..blocks]);
        // Before the turn is over: the next one finds it instead of making another.
        free().push(piece);
        done
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Barrier;

    use super::*;

    impl Memory {
        fn pieces(&self) -> usize {
            self.free.lock().unwrap().len()
        }
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_hundred_hashes_on_two_turns_share_two_pieces() {
        let memory = Memory::new(2);
        let both = Arc::new(Barrier::new(2));
        let work = (0..100).map(|_| {
            let (memory, both) = (memory.clone(), both.clone());
            tokio::spawn(async move {
                let turn = memory.turn().await.unwrap();
                // Two at a time, on whatever threads: neither ends before the other has its piece.
                tokio::task::spawn_blocking(move || turn.with(8, |_| both.wait())).await.unwrap();
            })
        });
        for done in work.collect::<Vec<_>>() {
            done.await.unwrap();
        }
        assert_eq!(memory.pieces(), 2);
    }

    #[tokio::test]
    async fn a_piece_grows_for_a_hash_of_a_higher_cost_and_lends_a_lower_one_its_beginning() {
        let memory = Memory::new(1);
        for blocks in [8, 64, 16] {
            assert_eq!(memory.turn().await.unwrap().with(blocks, |piece| piece.len()), blocks);
        }
        assert_eq!(memory.pieces(), 1);
    }
}
