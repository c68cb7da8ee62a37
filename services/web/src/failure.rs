//! What keeps a page from being shown; [`failure_page`](crate::failure_page) draws it.

use std::sync::Arc;

use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};
use twostep_api::{Problem, ProblemType};
use twostep_client::Error;

/// Why there is no page.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    /// The API refused, or can't be had.
    #[error(transparent)]
    Api(#[from] Error),
    /// No cookie, so nobody.
    #[error("nobody is signed in")]
    NobodySignedIn,
    /// The browser is in the middle of a sign-in, which goes on at this page.
    #[error("the sign-in isn't complete")]
    Pending(String),
    /// No such page.
    #[error("no such page")]
    NotHere,
    /// The page exists, but not for this method.
    #[error("no such form")]
    NotThisWay,
    /// The form isn't one of our pages'.
    #[error("a form that isn't ours: {0:?}")]
    Forged(Forged),
    /// The operating system gave no randomness.
    #[error("no randomness")]
    NoRandomness,
    /// A template can't be drawn.
    #[error("drawing a page")]
    Template(#[source] askama::Error),
}

/// What is wrong with a form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Forged {
    /// It comes from another site.
    OtherOrigin,
    /// It doesn't say where it comes from.
    NoOrigin,
    /// It is no form, or too long.
    NoForm,
    /// The browser holds no token.
    NoCookie,
    /// The form repeats another token.
    OtherToken,
}

impl IntoResponse for Failure {
    /// An empty answer that carries the failure to [`draw`](crate::failure_page::draw).
    fn into_response(self) -> Response {
        let mut response = StatusCode::INTERNAL_SERVER_ERROR.into_response();
        response.extensions_mut().insert(Arc::new(self));
        response
    }
}

impl Failure {
    /// A page that this person's role doesn't open.
    pub(crate) fn forbidden(detail: &str) -> Self {
        Self::Api(Error::Problem(Box::new(Problem::new(ProblemType::Forbidden, detail))))
    }
}
