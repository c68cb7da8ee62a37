//! The event store's port: streams, revisions and positions, and what an engine promises.
//!
//! - [`Reader::load`] and [`Writer::append`] are one stream's: exact revisions, conflicts as data.
//! - [`Reader::read`] and [`Reader::wait_beyond`] are the log's: whoever read up to a position has seen everything
//!   at or before it, whatever commits concurrently. [`Subscription`] is made of the two.
//!
//! The port promises "the same event ids at the same revisions = success", and no more: idempotency over time is the fold's.

mod append;
mod envelope;
mod error;
mod memory;
mod port;
mod position;
mod prepare;
mod stream;
mod subscription;

pub mod conformance;

pub use append::{AppendToken, Appended, Loaded, NewEvent};
pub use envelope::{Actor, Envelope, IdempotencyKey, Metadata, Origin, RecordedEvent};
pub use error::{AppendError, ReadError};
pub use memory::MemoryStore;
pub use port::{Reader, Store, Writer};
pub use position::{Checkpoint, InvalidCheckpoint, Partition, Position};
pub use prepare::{PreparedEvent, prepare};
pub use stream::{InvalidStreamKey, Revision, StreamId, StreamKey};
pub use subscription::Subscription;

/// The largest event, data and envelope together, in bytes.
pub const MAX_EVENT_BYTES: usize = 64 * 1024;

/// The largest append in bytes.
pub const MAX_APPEND_BYTES: usize = 256 * 1024;
