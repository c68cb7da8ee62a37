//! The writer's thread.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicI32, Ordering};

use rusqlite::Connection;
use tokio::sync::{mpsc, watch};
use twostep_event_store::AppendError;

use crate::append::Command;
use crate::checkpoint;
use crate::ends::Ends;
use crate::failure::Failure;
use crate::group::{self, Outcome};
use crate::lock::WriterLock;
use crate::place::Place;

/// Commands in one transaction at most.
const GROUP: usize = 256;

/// Bytes in one transaction at most, give or take a command: they are in memory until the commit.
const GROUP_BYTES: usize = 4 * 1024 * 1024;

/// What the thread owns: the connection that writes, and the lock that makes it the only one.
pub(crate) struct Writer {
    pub(crate) connection: Connection,
    pub(crate) lock: WriterLock,
    pub(crate) place: Place,
    pub(crate) ends: Ends,
    pub(crate) queue: mpsc::Receiver<Command>,
    pub(crate) head: watch::Sender<u64>,
    pub(crate) on_fatal: Box<dyn Fn(&str) + Send + Sync>,
}

impl Writer {
    /// Serves the queue until it is closed and empty, or until storage fails.
    pub(crate) fn run(mut self) {
        let served = catch_unwind(AssertUnwindSafe(|| self.serve()))
            .unwrap_or_else(|_| Err("the writer's thread panicked".to_owned()));
        if let Err(reason) = served {
            self.refuse_the_rest(&reason);
            (self.on_fatal)(&reason);
            // Closing would write and sync once more, and letting go of the lock would let somebody else do it:
            // both stay as they are until the process ends.
            std::mem::forget((self.connection, self.lock));
            return;
        }
        // The connection first: whoever gets the lock next finds the file closed.
        drop(self.connection);
        drop(self.lock);
    }

    fn serve(&mut self) -> Result<(), String> {
        let wal_pages = watch_wal(&mut self.connection).map_err(|error| error.to_string())?;
        let mut group = Vec::with_capacity(GROUP);
        while let Some(first) = self.queue.blocking_recv() {
            self.gather(first, &mut group);
            self.write(&mut group)?;
            checkpoint::if_due(&self.connection, wal_pages.load(Ordering::Relaxed))?;
        }
        Ok(())
    }

    /// `first` and whatever else waits by now.
    fn gather(&mut self, first: Command, group: &mut Vec<Command>) {
        let mut bytes = first.bytes();
        group.push(first);
        while group.len() < GROUP && bytes < GROUP_BYTES {
            let Ok(next) = self.queue.try_recv() else { break };
            bytes += next.bytes();
            group.push(next);
        }
    }

    /// Commits the group, then moves the head, then answers.
    fn write(&mut self, group: &mut Vec<Command>) -> Result<(), String> {
        let known = *self.head.borrow();
        let placed = self.place.check().map_err(Failure::Fatal);
        match placed.and_then(|()| group::commit(&self.connection, &mut self.ends, group, known)) {
            Ok(Outcome { answers, head }) => {
                self.head.send_if_modified(|known| std::mem::replace(known, head) != head);
                for (command, answer) in group.drain(..).zip(answers) {
                    // A caller that went away has its events in the log all the same.
                    let _ = command.answer.send(answer);
                }
                Ok(())
            }
            Err(failure) => {
                for command in group.drain(..) {
                    let _ = command.answer.send(Err(failure.answer()));
                }
                match failure {
                    Failure::Fatal(reason) => Err(reason),
                    Failure::Full(reason) | Failure::Refused(reason) => {
                        tracing::warn!(reason, "the event log took nothing");
                        Ok(())
                    }
                }
            }
        }
    }

    fn refuse_the_rest(&mut self, reason: &str) {
        self.queue.close();
        while let Ok(command) = self.queue.try_recv() {
            let _ = command.answer.send(Err(AppendError::Unavailable { reason: reason.to_owned() }));
        }
    }
}

/// The number of pages in the write-ahead log after each commit.
fn watch_wal(connection: &mut Connection) -> rusqlite::Result<Arc<AtomicI32>> {
    let pages = Arc::new(AtomicI32::new(0));
    let seen = Arc::clone(&pages);
    connection.wal_hook(Some(move |_: &mut rusqlite::hooks::Wal, count| {
        seen.store(count, Ordering::Relaxed);
        Ok(())
    }))?;
    Ok(pages)
}
