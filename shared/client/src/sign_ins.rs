//! `sign-ins`: from the password to the second step. Step-ups have the same sub-routes.

use futures::Stream;
use reqwest::Method;
use twostep_api::{CodeSent, DeliveryState, RequestCode, SignIn, StartSignIn, Verify};
use uuid::Uuid;

use crate::{Client, Error, delivery_events};

impl Client {
    /// `POST sign-ins`: proves the password. Its answer's token is the next calls'.
    ///
    /// # Errors
    /// `wrong-credentials`, `too-soon`, `invalid-fields`, `client-cannot-verify`.
    pub async fn start_sign_in(&self, start: &StartSignIn) -> Result<SignIn, Error> {
        self.post(&["sign-ins"], start).await
    }

    /// `GET sign-ins/{id}`: where it stands.
    ///
    /// # Errors
    /// `not-signed-in` where the token is dead or another sign-in's.
    pub async fn sign_in(&self, id: Uuid) -> Result<SignIn, Error> {
        self.get(&["sign-ins", &id.to_string()]).await
    }

    /// `GET sign-ins/current`: the pending sign-in whose token this is.
    ///
    /// # Errors
    /// `not-signed-in` where the token is dead, `not-found` where it is a session's.
    pub async fn current_sign_in(&self) -> Result<SignIn, Error> {
        self.get(&["sign-ins", "current"]).await
    }

    /// `GET sign-ins/{id}/events`: what becomes of its latest message, as it happens.
    ///
    /// The stream ends when the API ends it.
    ///
    /// # Errors
    /// As [`Client::sign_in`]; inside the stream, whatever breaks it.
    pub async fn sign_in_deliveries(
        &self,
        id: Uuid,
    ) -> Result<impl Stream<Item = Result<DeliveryState, Error>> + Send + use<>, Error> {
        delivery_events::open(self, &["sign-ins", &id.to_string(), "events"]).await
    }

    /// `POST sign-ins/{id}/codes`: *Send* or *Resend*.
    ///
    /// # Errors
    /// `too-soon` with the time of the next send, `locked`, `conflict`.
    pub async fn request_code(&self, id: Uuid, request: &RequestCode) -> Result<CodeSent, Error> {
        self.post(&["sign-ins", &id.to_string(), "codes"], request).await
    }

    /// `POST sign-ins/{id}/verifications`: the code that was typed.
    ///
    /// # Errors
    /// `code-rejected`, `code-expired`, `code-used`, `too-soon`, `locked`.
    pub async fn verify(&self, id: Uuid, verify: &Verify) -> Result<SignIn, Error> {
        self.post(&["sign-ins", &id.to_string(), "verifications"], verify).await
    }

    /// `POST sessions/current/step-ups`: starts a fresh proof for what asks `step-up-required`.
    ///
    /// # Errors
    /// `not-signed-in`.
    pub async fn start_step_up(&self) -> Result<SignIn, Error> {
        self.request(Method::POST, &["sessions", "current", "step-ups"])?.value().await
    }
}
