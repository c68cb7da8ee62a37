//! `/`: leads on.

use axum::response::Response;

use crate::{render::redirect, visitor::Visitor};

/// To the account, or to the sign-in page.
pub(crate) async fn show(visitor: Visitor) -> Response {
    redirect(if visitor.known { "/account" } else { "/sign-in" })
}
