//! How a log is opened.

/// How [`SqliteStore`](crate::SqliteStore) works.
pub struct OpenOptions {
    /// Called once, from the writer's thread, when writing or syncing failed for another reason than a full disk.
    /// It must end the process; if it returns, the store refuses every further append.
    /// The default writes an error to the log and aborts.
    pub on_fatal: Box<dyn Fn(&str) + Send + Sync>,
    /// Appends that may wait for the writer; further callers wait for a place.
    pub queue: usize,
    /// Connections that read at the same time.
    pub readers: usize,
}

impl Default for OpenOptions {
    fn default() -> Self {
        Self { on_fatal: Box::new(abort), queue: 1024, readers: 4 }
    }
}

fn abort(reason: &str) {
    tracing::error!(reason, "the event log failed; the process ends so that nothing is built on it");
    std::process::abort();
}
