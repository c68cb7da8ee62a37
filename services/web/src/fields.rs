//! A form's fields, as they were sent.

use std::{convert::Infallible, sync::Arc};

use axum::{extract::FromRequestParts, http::request::Parts};
use url::form_urlencoded;
use uuid::Uuid;

/// The fields of a form or of a query; a name may stand in it several times.
#[derive(Clone, Default)]
pub(crate) struct Fields(Arc<Vec<(String, String)>>);

impl Fields {
    pub(crate) fn parse(bytes: &[u8]) -> Self {
        Self(Arc::new(form_urlencoded::parse(bytes).into_owned().collect()))
    }

    /// A field exactly as typed; empty where it is missing.
    pub(crate) fn text(&self, name: &str) -> &str {
        self.0.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value)
    }

    /// A field without the spaces around it; none where nothing else is in it.
    pub(crate) fn said(&self, name: &str) -> Option<&str> {
        Some(self.text(name).trim()).filter(|text| !text.is_empty())
    }

    /// A field without the spaces around it, owned.
    pub(crate) fn owned(&self, name: &str) -> String {
        self.text(name).trim().to_owned()
    }

    /// Whether a box is ticked.
    pub(crate) fn ticked(&self, name: &str) -> bool {
        self.0.iter().any(|(key, _)| key == name)
    }

    /// Every value of a field that may stand several times.
    pub(crate) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// An id; none where it is missing or none.
    pub(crate) fn id(&self, name: &str) -> Option<Uuid> {
        self.said(name)?.parse().ok()
    }
}

impl<S: Sync> FromRequestParts<S> for Fields {
    type Rejection = Infallible;

    /// The form of a `POST`, as the guard read it.
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(parts.extensions.get().cloned().unwrap_or_default())
    }
}

/// The fields of the query.
#[derive(Clone, Default)]
pub(crate) struct Asked(pub(crate) Fields);

impl<S: Sync> FromRequestParts<S> for Asked {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self(Fields::parse(parts.uri.query().unwrap_or_default().as_bytes())))
    }
}
