//! A call as it came, and what its caller claims to have signed.

use axum::http::HeaderMap;
use twostep_runtime::config::Secret;
use twostep_vault::Signing;
use url::form_urlencoded;

/// A call as it came.
pub(crate) struct Call<'a> {
    /// What stands after the question mark.
    pub(crate) query: Option<&'a str>,
    pub(crate) headers: &'a HeaderMap,
    pub(crate) body: &'a [u8],
}

/// What a caller claims to have signed.
pub(super) struct Claim<'a> {
    pub(super) signing: Signing,
    pub(super) secret: &'a Secret,
    pub(super) message: Vec<u8>,
    pub(super) signature: Vec<u8>,
}

impl Call<'_> {
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The parameter `name` of the query.
    pub(super) fn parameter(&self, name: &str) -> Option<String> {
        let query = form_urlencoded::parse(self.query?.as_bytes());
        query.into_iter().find(|(other, _)| other == name).map(|(_, value)| value.into_owned())
    }

    /// The fields of a form, sorted by name.
    pub(super) fn form(&self) -> Vec<(String, String)> {
        let mut fields: Vec<_> = form_urlencoded::parse(self.body).into_owned().collect();
        fields.sort();
        fields
    }
}

/// The value of a field.
pub(super) fn field(fields: &[(String, String)], name: &str) -> Option<String> {
    fields.iter().find(|(other, _)| other == name).map(|(_, value)| value.clone())
}
