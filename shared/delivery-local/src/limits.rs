//! How much the queue holds before it pushes back.

/// The most messages that lie in the queue, per channel; beyond it `publish` says that it is full.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Messages that somebody waits for.
    pub urgent: usize,
    /// Notices.
    pub notices: usize,
    /// The most messages of one company that are in workers' hands at a time, per channel and urgency: fewer than there
    /// are hands, so that one is left for the others.
    pub share: usize,
}

impl Default for Limits {
    /// 10,000 urgent messages and 100,000 notices, 7 of a company in hand.
    fn default() -> Self {
        Self { urgent: 10_000, notices: 100_000, share: 7 }
    }
}
