//! How refusals of use cases become problems: one file per part, each a table.

mod manage;
mod second_step;
mod use_cases;

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use twostep_api::{FieldError, Problem, ProblemType};
use twostep_commands::{Fault, LedgerError};

/// `Retry-After` of a refusal without a time of its own, in seconds: what keeps the service busy is over soon.
const A_MOMENT: HeaderValue = HeaderValue::from_static("1");

/// A refusal as an answer.
#[derive(Debug)]
pub(crate) struct Refused(pub(crate) Problem);

/// The earliest time of the next try, for the `Retry-After` header.
#[derive(Clone, Copy)]
pub(crate) struct NextAt(pub(crate) DateTime<Utc>);

impl Refused {
    pub(crate) fn new(kind: ProblemType, detail: impl Into<String>) -> Self {
        Self(Problem::new(kind, detail))
    }

    /// One field that can't be used.
    pub(crate) fn field(field: &str, message: impl std::fmt::Display) -> Self {
        let message = message.to_string();
        Self(Problem::new(ProblemType::InvalidFields, format!("{field}: {message}")).field(field, message))
    }

    /// Several fields that can't be used.
    pub(crate) fn fields(fields: Vec<FieldError>) -> Self {
        let said =
            fields.iter().map(|wrong| format!("{}: {}", wrong.field, wrong.message)).collect::<Vec<_>>();
        Self(Problem { fields, ..Problem::new(ProblemType::InvalidFields, said.join("; ")) })
    }

    pub(crate) fn not_found() -> Self {
        Self::new(ProblemType::NotFound, "there is no such thing, or it isn't yours to see")
    }

    pub(crate) fn not_signed_in() -> Self {
        Self::new(ProblemType::NotSignedIn, "sign in first: send the token as 'Authorization: Bearer …'")
    }
}

impl From<Problem> for Refused {
    fn from(problem: Problem) -> Self {
        Self(problem)
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let Self(problem) = self;
        let status = StatusCode::from_u16(problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let next_at = problem.next_at;
        let mut response = (status, Json(problem)).into_response();
        let json = HeaderValue::from_static("application/problem+json");
        response.headers_mut().insert(header::CONTENT_TYPE, json);
        if status == StatusCode::UNAUTHORIZED {
            response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        if status == StatusCode::TOO_MANY_REQUESTS {
            response.headers_mut().insert(header::RETRY_AFTER, A_MOMENT);
        }
        if let Some(next_at) = next_at {
            response.extensions_mut().insert(NextAt(next_at));
        }
        response
    }
}

impl From<Fault> for Refused {
    fn from(fault: Fault) -> Self {
        match &fault {
            Fault::Ledger(LedgerError::Busy) | Fault::Hashing(twostep_vault::HashingError::Busy) => {
                return Self::new(ProblemType::Busy, "too many requests at once: try again in a moment");
            }
            Fault::Ledger(LedgerError::KeyReused) => {
                let detail = "this Idempotency-Key was used for a request with another body: draw a new key";
                return Self::new(ProblemType::KeyReused, detail);
            }
            _ => {}
        }
        // Logged once, here: the answer names no part, and whoever is asked finds it by the correlation id.
        tracing::error!(error = &fault as &dyn std::error::Error, "a request could not be served");
        Self::new(ProblemType::Unavailable, "the service can't answer this at present: try again in a moment")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_is_told_to_come_back_is_told_when() {
        let later = ProblemType::ALL.iter().filter(|kind| kind.status() == 429);
        let told = later.map(|kind| Refused::new(*kind, "").into_response());
        let told: Vec<bool> = told.map(|answer| answer.headers().contains_key(header::RETRY_AFTER)).collect();
        assert_eq!(told, [true, true]);
    }

    #[test]
    fn a_body_that_is_too_slow_is_refused_like_everything_else() {
        let problem: Problem = serde_json::from_str(twostep_runtime::TOO_SLOW).unwrap();
        let detail = problem.detail.clone();
        assert_eq!(problem, Problem::new(ProblemType::TooSlow, detail));
    }
}
