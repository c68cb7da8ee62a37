//! What can go wrong between us and the API.

use twostep_api::{Problem, ProblemType};

/// Why a call gave no value. Nothing in it holds a token, a code or a URL's path.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The API refused, and says why.
    #[error("the API refused: {}", .0.title)]
    Problem(Box<Problem>),
    /// No answer came: nothing listens, the connection broke, or the time was over.
    #[error("the API can't be reached")]
    Unreachable {
        /// What the connection said.
        #[source]
        source: reqwest::Error,
    },
    /// An answer came that isn't one of the API's.
    #[error("the API answered {status} with {what}")]
    Unexpected {
        /// Its HTTP status.
        status: u16,
        /// What was odd about it.
        what: &'static str,
    },
    /// The client can't be made or the request not be written.
    #[error("the client can't work: {reason}")]
    Unusable {
        /// Why.
        reason: String,
    },
}

impl Error {
    /// The kind of refusal, where the API refused.
    #[must_use]
    pub fn problem_type(&self) -> Option<ProblemType> {
        match self {
            Self::Problem(problem) => Some(problem.kind),
            Self::Unreachable { .. } | Self::Unexpected { .. } | Self::Unusable { .. } => None,
        }
    }
}

impl From<reqwest::Error> for Error {
    fn from(error: reqwest::Error) -> Self {
        // The URL may hold a link's token.
        let error = error.without_url();
        if error.is_builder() {
            return Self::Unusable { reason: error.to_string() };
        }
        Self::Unreachable { source: error }
    }
}
