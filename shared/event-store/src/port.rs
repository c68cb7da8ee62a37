//! The port itself.

use async_trait::async_trait;
use twostep_domain::CompanyId;

use crate::{
    AppendError, AppendToken, Appended, Checkpoint, Loaded, NewEvent, ReadError, RecordedEvent, Revision,
    StreamId,
};

/// Reads the log. The auditor's tools get this half only.
#[async_trait]
pub trait Reader: Send + Sync {
    /// The events of `stream` after `after` (all where that is none), and the right to append after the last one.
    ///
    /// # Errors
    /// [`ReadError`]: a stream that doesn't exist is empty, not an error.
    async fn load(&self, stream: &StreamId, after: Option<Revision>) -> Result<Loaded, ReadError>;

    /// The event of `stream` at `revision`, if there is one.
    ///
    /// # Errors
    /// [`ReadError`].
    async fn event(&self, stream: &StreamId, revision: Revision) -> Result<Option<RecordedEvent>, ReadError>;

    /// At most `limit` events of the whole log after `after`, in the order of their positions within a partition.
    ///
    /// Whoever has read up to a position has seen every event at or before it, whatever commits at the same time.
    ///
    /// # Errors
    /// [`ReadError`].
    async fn read(&self, after: &Checkpoint, limit: usize) -> Result<Vec<RecordedEvent>, ReadError>;

    /// Where the log ends for `company`: every append that was answered before the call is at or before it.
    ///
    /// # Errors
    /// [`ReadError`].
    async fn head(&self, company: CompanyId) -> Result<Checkpoint, ReadError>;

    /// Returns once the log holds an event that `seen` doesn't cover.
    ///
    /// # Errors
    /// [`ReadError`].
    async fn wait_beyond(&self, seen: &Checkpoint) -> Result<(), ReadError>;
}

/// Writes the log.
#[async_trait]
pub trait Writer: Send + Sync {
    /// Appends `events` after what `token` was given for: all of them, durably, or none.
    ///
    /// The same event ids at the same revisions as stored already are a success, so an append may be repeated.
    /// `events` is not empty.
    ///
    /// # Errors
    /// [`AppendError`]; on a conflict nothing was appended.
    async fn append(&self, token: AppendToken, events: Vec<NewEvent>) -> Result<Appended, AppendError>;

    /// Whether the log takes appends, as far as that is known without one: a store that refused for want of room looks
    /// whether there is some again.
    ///
    /// # Errors
    /// [`AppendError`]: what the next append would hear.
    async fn takes_appends(&self) -> Result<(), AppendError> {
        Ok(())
    }
}

/// Both halves.
pub trait Store: Reader + Writer {}

impl<T: Reader + Writer> Store for T {}
