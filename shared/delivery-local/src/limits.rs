//! How much the queue holds before it pushes back.

/// The most messages that lie in the queue, per channel; beyond it `publish` says that it is full.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Messages that somebody waits for.
    pub urgent: usize,
    /// Notices.
    pub notices: usize,
}

impl Default for Limits {
    /// 10,000 urgent messages and 100,000 notices.
    fn default() -> Self {
        Self { urgent: 10_000, notices: 100_000 }
    }
}
