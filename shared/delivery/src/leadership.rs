//! Which of several relays publishes: it saves work, and nothing is right or wrong by it.

use async_trait::async_trait;

/// Whether this process's relay leads. Two that both believe it, or none for a while, cost work and time, no message:
/// message ids, claims and exact revisions see to the rest.
#[async_trait]
pub trait Leadership: Send + Sync {
    /// Whether it leads now.
    fn held(&self) -> bool;

    /// Returns once [`Self::held`] says something else than `held`.
    async fn differs_from(&self, held: bool);
}
