//! `me`: the person signed in.

use reqwest::Method;
use twostep_api::{ChangePassword, Me, ProblemType};

use crate::{Client, Error};

impl Client {
    /// Whether the API answers: it refuses whoever names nobody, which it can only do where it works.
    ///
    /// # Errors
    /// No answer came, or one that says that something is wrong there.
    pub async fn reach(&self) -> Result<(), Error> {
        match (Self { token: None, ..self.clone() }).me().await {
            Err(refused) if refused.problem_type() != Some(ProblemType::NotSignedIn) => Err(refused),
            _ => Ok(()),
        }
    }

    /// `GET me`.
    ///
    /// # Errors
    /// `not-signed-in`, `second-step-required`.
    pub async fn me(&self) -> Result<Me, Error> {
        self.get(&["me"]).await
    }

    /// `POST me/password`: changes the password; the other sessions end.
    ///
    /// # Errors
    /// `step-up-required`, `wrong-credentials` for the old one, `password-refused` for the new one.
    pub async fn change_password(&self, change: &ChangePassword) -> Result<(), Error> {
        self.request(Method::POST, &["me", "password"])?.json(change).done().await
    }

    /// `DELETE me/enrolment`: turns two-step verification off.
    ///
    /// # Errors
    /// `step-up-required`; `forbidden` where the policy covers the person.
    pub async fn turn_off(&self) -> Result<(), Error> {
        self.request(Method::DELETE, &["me", "enrolment"])?.done().await
    }
}
