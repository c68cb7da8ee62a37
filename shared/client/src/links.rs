//! What links open. A `GET` never consumes one.

use reqwest::Method;
use twostep_api::{
    AcceptInvitation, Invitation, OpenVerificationLink, PasswordReset, RequestPasswordReset, ResetPassword,
    VerificationLink,
};

use crate::{Client, Error};

impl Client {
    /// `GET verification-links/{token}`: whose it is, and whether a code is needed (another device).
    ///
    /// # Errors
    /// `link-dead`.
    pub async fn verification_link(&self, token: &str) -> Result<VerificationLink, Error> {
        self.get(&["verification-links", token]).await
    }

    /// `POST verification-links/{token}`: the button; with the client's token where the browser holds the
    /// sign-in or session that asked for the link.
    ///
    /// # Errors
    /// `link-dead`, `code-rejected`.
    pub async fn open_verification_link(
        &self,
        token: &str,
        open: &OpenVerificationLink,
    ) -> Result<VerificationLink, Error> {
        self.post(&["verification-links", token], open).await
    }

    /// `GET invitations/{token}`: who invites whom.
    ///
    /// # Errors
    /// `link-dead`.
    pub async fn invitation(&self, token: &str) -> Result<Invitation, Error> {
        self.get(&["invitations", token]).await
    }

    /// `POST invitations/{token}`: accepts it with a first password.
    ///
    /// # Errors
    /// `link-dead`, `password-refused`.
    pub async fn accept_invitation(&self, token: &str, accept: &AcceptInvitation) -> Result<(), Error> {
        self.request(Method::POST, &["invitations", token])?.json(accept).done().await
    }

    /// `POST password-resets`: asks for a link by mail. The answer is the same whether the login exists.
    ///
    /// # Errors
    /// `invalid-fields`, `busy`.
    pub async fn request_password_reset(&self, request: &RequestPasswordReset) -> Result<(), Error> {
        self.request(Method::POST, &["password-resets"])?.json(request).done().await
    }

    /// `GET password-resets/{token}`: whose it is.
    ///
    /// # Errors
    /// `link-dead`.
    pub async fn password_reset(&self, token: &str) -> Result<PasswordReset, Error> {
        self.get(&["password-resets", token]).await
    }

    /// `POST password-resets/{token}`: sets the new password.
    ///
    /// # Errors
    /// `link-dead`, `password-refused`.
    pub async fn reset_password(&self, token: &str, reset: &ResetPassword) -> Result<(), Error> {
        self.request(Method::POST, &["password-resets", token])?.json(reset).done().await
    }
}
