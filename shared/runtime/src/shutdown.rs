//! Graceful stop: one token that every task watches, and the wait until they are done.

use std::future::Future;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// How long tasks may take to finish after a stop was asked for.
pub const GRACE: Duration = Duration::from_secs(10);

/// The process's stop: asked for once, seen by every task.
///
/// Clones are the same stop.
#[derive(Clone, Debug, Default)]
pub struct Stop {
    token: CancellationToken,
    tasks: TaskTracker,
    panicked: Arc<OnceLock<&'static str>>,
}

/// Why a stop was not a clean one.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum StopError {
    /// Tasks went on beyond the grace period.
    #[error("{tasks} tasks did not finish within {grace:?}")]
    StillRunning {
        /// How many.
        tasks: usize,
        /// How long they had.
        grace: Duration,
    },
    /// A task panicked, which stopped the process.
    #[error("the task `{task}` panicked")]
    Panicked {
        /// The first that did.
        task: &'static str,
    },
}

impl Stop {
    /// A stop that only [`Stop::request`] asks for.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// A stop that SIGTERM, Ctrl-C or SIGHUP asks for; a second SIGTERM or Ctrl-C ends the process at once, with status 130.
    ///
    /// A terminal that closes sends SIGHUP, often twice; under `nohup` it is ignored.
    ///
    /// # Errors
    /// The operating system refuses the signal handlers.
    ///
    /// # Panics
    /// Outside a tokio runtime.
    pub fn on_signals() -> std::io::Result<Self> {
        let stop = Self::new();
        let mut terminate = signal(SignalKind::terminate())?;
        let mut interrupt = signal(SignalKind::interrupt())?;
        let mut hangup = if ignores_hangup() { None } else { Some(signal(SignalKind::hangup())?) };
        let asked = stop.clone();
        tokio::spawn(async move {
            loop {
                let at_once = tokio::select! {
                    _ = terminate.recv() => {
                        tracing::info!("SIGTERM: stopping");
                        true
                    }
                    _ = interrupt.recv() => {
                        tracing::info!("Ctrl-C: stopping, once more ends at once");
                        true
                    }
                    _ = received(hangup.as_mut()) => {
                        tracing::info!("SIGHUP: stopping");
                        false
                    }
                };
                if at_once && asked.is_requested() {
                    std::process::exit(130);
                }
                asked.request();
            }
        });
        Ok(stop)
    }

    /// Asks every task to finish.
    pub fn request(&self) {
        self.token.cancel();
    }

    /// Whether a stop was asked for.
    #[must_use]
    pub fn is_requested(&self) -> bool {
        self.token.is_cancelled()
    }

    /// Returns once a stop was asked for.
    pub async fn requested(&self) {
        self.token.cancelled().await;
    }

    /// The token itself, for those who take one; cancelling it asks the whole process to stop.
    #[must_use]
    pub fn token(&self) -> CancellationToken {
        self.token.clone()
    }

    /// Runs `task`, which [`Stop::finish`] waits for. If it panics, the process stops: half a process helps nobody.
    pub fn spawn(&self, name: &'static str, task: impl Future<Output = ()> + Send + 'static) {
        let stop = self.clone();
        self.tasks.spawn(async move {
            let _guard = PanicGuard { name, stop };
            task.await;
        });
    }

    /// Asks for a stop and waits for every task, for [`GRACE`] at most.
    ///
    /// # Errors
    /// Tasks still run, or one panicked.
    pub async fn finish(&self) -> Result<(), StopError> {
        self.finish_within(GRACE).await
    }

    /// As [`Stop::finish`], with another patience.
    ///
    /// # Errors
    /// Tasks still run, or one panicked.
    pub async fn finish_within(&self, grace: Duration) -> Result<(), StopError> {
        self.request();
        self.tasks.close();
        if tokio::time::timeout(grace, self.tasks.wait()).await.is_err() {
            return Err(StopError::StillRunning { tasks: self.tasks.len(), grace });
        }
        self.panicked.get().map_or(Ok(()), |task| Err(StopError::Panicked { task }))
    }
}

/// The next of these signals; never, where none is listened for.
async fn received(signals: Option<&mut Signal>) {
    match signals {
        Some(signals) => _ = signals.recv().await,
        None => std::future::pending().await,
    }
}

/// Whether whoever started this process has it ignore SIGHUP, as `nohup` does: a handler would undo that.
fn ignores_hangup() -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let ignored = ignored.and_then(|bits| u64::from_str_radix(bits.trim(), 16).ok());
    // SIGHUP is the first signal, and so the lowest bit.
    ignored.is_some_and(|bits| bits & 1 == 1)
}

/// Stops the process when it is dropped by a panic.
struct PanicGuard {
    name: &'static str,
    stop: Stop,
}

impl Drop for PanicGuard {
    fn drop(&mut self) {
        if std::thread::panicking() {
            tracing::error!(task = self.name, "a task panicked: stopping");
            let _ = self.stop.panicked.set(self.name);
            self.stop.request();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn tasks_see_the_stop_and_are_waited_for() {
        let stop = Stop::new();
        let seen = stop.clone();
        let (done, is_done) = tokio::sync::oneshot::channel();
        stop.spawn("watcher", async move {
            seen.requested().await;
            done.send(()).unwrap();
        });
        assert_eq!(stop.finish().await, Ok(()));
        is_done.await.unwrap();
    }

    #[tokio::test]
    async fn a_task_that_goes_on_is_counted_and_not_waited_for_longer_than_the_grace() {
        let stop = Stop::new();
        stop.spawn("deaf", std::future::pending());
        let grace = Duration::from_millis(1);
        assert_eq!(stop.finish_within(grace).await, Err(StopError::StillRunning { tasks: 1, grace }));
    }

    #[tokio::test]
    async fn a_panic_in_one_task_stops_all() {
        let stop = Stop::new();
        stop.spawn("careless", async { panic!("on purpose") });
        stop.requested().await;
        assert_eq!(stop.finish().await, Err(StopError::Panicked { task: "careless" }));
    }
}
