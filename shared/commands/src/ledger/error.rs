//! Why a command could not be carried out, apart from its own rules.

use twostep_domain::DecodeError;
use twostep_event_store::{AppendError, ReadError};

/// Why the log could not serve a command.
#[derive(Debug, thiserror::Error)]
pub enum LedgerError {
    /// Too many commands wait for the same stream, or others were faster too often.
    #[error("too many requests for the same person or thing at once, try again in a moment")]
    Busy,
    /// The idempotency key was used for another request.
    #[error("the idempotency key was used for a request with another body")]
    KeyReused,
    /// The stream holds an event that this program is too old for.
    #[error(
        "the stream {stream} was written by a newer program: start the version that wrote it, or a later one"
    )]
    Newer {
        /// Which stream.
        stream: String,
        /// Which event.
        #[source]
        source: DecodeError,
    },
    /// The log can't be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The log can't be written.
    #[error(transparent)]
    Append(#[from] AppendError),
}

/// Why a command was not carried out.
#[derive(Debug, thiserror::Error)]
pub enum ExecuteError<E> {
    /// A rule refuses it.
    #[error("refused")]
    Refused(E),
    /// The log could not serve it.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
}

impl<E> ExecuteError<E> {
    /// The same with the rule's refusal as the caller's error.
    pub fn refused_as<T>(self, to: impl FnOnce(E) -> T) -> T
    where
        T: From<LedgerError>,
    {
        match self {
            Self::Refused(refusal) => to(refusal),
            Self::Ledger(error) => error.into(),
        }
    }
}
