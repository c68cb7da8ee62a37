//! `sessions`: where somebody is signed in.

use reqwest::Method;
use twostep_api::Sessions;
use uuid::Uuid;

use crate::{Client, Error};

impl Client {
    /// `GET sessions`: the person's own.
    ///
    /// # Errors
    /// `not-signed-in`, `second-step-required`.
    pub async fn sessions(&self) -> Result<Sessions, Error> {
        self.get(&["sessions"]).await
    }

    /// `DELETE sessions/{id}`: ends one of the person's sessions.
    ///
    /// # Errors
    /// `not-found`.
    pub async fn end_session(&self, id: Uuid) -> Result<(), Error> {
        self.request(Method::DELETE, &["sessions", &id.to_string()])?.done().await
    }

    /// `DELETE sessions/current`: signs out.
    ///
    /// # Errors
    /// `not-signed-in`.
    pub async fn sign_out(&self) -> Result<(), Error> {
        self.request(Method::DELETE, &["sessions", "current"])?.done().await
    }
}
