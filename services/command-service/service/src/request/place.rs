//! What a URL names: its path and its query. What can't be read is a problem document like any other refusal.

use std::error::Error as _;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use serde::de::DeserializeOwned;
use twostep_api::ProblemType;

use crate::app::App;
use crate::refusal::Refused;

/// The parts of the path; what can't be an id is nobody's (S22).
pub(crate) struct Path<T>(pub(crate) T);

/// The query.
pub(crate) struct Query<T>(pub(crate) T);

impl<T: DeserializeOwned + Send> FromRequestParts<App> for Path<T> {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Refused> {
        let path = axum::extract::Path::<T>::from_request_parts(parts, app).await;
        path.map(|axum::extract::Path(path)| Self(path)).map_err(|_| Refused::not_found())
    }
}

impl<T: DeserializeOwned> FromRequestParts<App> for Query<T> {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Refused> {
        let query = axum::extract::Query::<T>::from_request_parts(parts, app).await;
        query.map(|axum::extract::Query(query)| Self(query)).map_err(|rejection| {
            // Its cause begins with the parameter's name, or names it as unknown or as given twice.
            let why = rejection.source().map(ToString::to_string).unwrap_or_default();
            let detail = format!(
                "the query can't be read: {why}; /api/v1/openapi.json says what this route takes after '?'"
            );
            Refused::new(ProblemType::Malformed, detail)
        })
    }
}
