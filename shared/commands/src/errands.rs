//! Work that an answer doesn't wait for, so that its time tells nothing: a bounded number at once.

use std::sync::Arc;

use tokio::sync::Semaphore;
use tracing::Instrument as _;

/// At once; each is an append or two.
const AT_ONCE: usize = 64;

/// What runs behind answers.
pub(crate) struct Errands(Arc<Semaphore>);

impl Default for Errands {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(AT_ONCE)))
    }
}

impl Errands {
    /// Starts `errand`, unless as many run as may: it is dropped then.
    #[must_use]
    pub(crate) fn start(&self, errand: impl Future<Output = ()> + Send + 'static) -> bool {
        let Ok(permit) = Arc::clone(&self.0).try_acquire_owned() else { return false };
        let errand = async move {
            errand.await;
            drop(permit);
        };
        // What it logs is because of the same request.
        tokio::spawn(errand.in_current_span());
        true
    }
}

#[cfg(test)]
mod tests {
    use tokio::sync::Notify;

    use super::*;

    #[tokio::test]
    async fn more_errands_than_may_run_are_refused_until_one_is_done() {
        let errands = Errands::default();
        let finish = Arc::new(Notify::new());
        let waiting = || {
            let finish = finish.clone();
            async move { finish.notified().await }
        };
        assert!((0..AT_ONCE).all(|_| errands.start(waiting())));
        assert!(!errands.start(waiting()));
        finish.notify_one();
        drop(errands.0.acquire().await.unwrap());
        assert!(errands.start(waiting()));
    }
}
