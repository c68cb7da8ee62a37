//! `set-up`: the set-up of the person whose sign-in or session the token is.

use reqwest::Method;
use twostep_api::{
    Activated, ConfirmCode, ConfirmContact, Pairing, RecoveryCodes, SetUp, StartSetUp, VerifyEmail,
    VerifyPhone,
};

use crate::{Client, Error};

impl Client {
    /// `GET set-up`: where it stands.
    ///
    /// # Errors
    /// `not-found` where none is under way.
    pub async fn set_up(&self) -> Result<SetUp, Error> {
        self.get(&["set-up"]).await
    }

    /// `POST set-up`: starts one, or an edit where two-step verification is on.
    ///
    /// # Errors
    /// `step-up-required` for an edit without a fresh proof.
    pub async fn start_set_up(&self, start: &StartSetUp) -> Result<SetUp, Error> {
        self.post(&["set-up"], start).await
    }

    /// `POST set-up/authenticator`: *Set up mobile app*; a new seed each time, and the old one is dead.
    ///
    /// # Errors
    /// `set-up-outdated`, `conflict`.
    pub async fn start_pairing(&self) -> Result<Pairing, Error> {
        self.request(Method::POST, &["set-up", "authenticator"])?.value().await
    }

    /// `POST set-up/authenticator/confirmation`: the app's first code.
    ///
    /// # Errors
    /// `code-rejected`, `code-used`, `conflict` where the seed is dead.
    pub async fn confirm_pairing(&self, code: &ConfirmCode) -> Result<SetUp, Error> {
        self.post(&["set-up", "authenticator", "confirmation"], code).await
    }

    /// `POST set-up/email`: *Set up Email*, and its *resend* and *change the address*.
    ///
    /// # Errors
    /// `invalid-fields`, `too-soon`.
    pub async fn set_up_email(&self, email: &VerifyEmail) -> Result<SetUp, Error> {
        self.post(&["set-up", "email"], email).await
    }

    /// `POST set-up/email/confirmation`: *Finish email setup*, with the mail's short code or after the click.
    ///
    /// # Errors
    /// `not-yet-verified` without a code and before the click; `code-rejected`.
    pub async fn confirm_email(&self, confirm: &ConfirmContact) -> Result<SetUp, Error> {
        self.post(&["set-up", "email", "confirmation"], confirm).await
    }

    /// `POST set-up/phone`: *Set up Text Message*.
    ///
    /// # Errors
    /// `invalid-fields` for numbers that can't be texted; `too-soon`.
    pub async fn set_up_phone(&self, phone: &VerifyPhone) -> Result<SetUp, Error> {
        self.post(&["set-up", "phone"], phone).await
    }

    /// `POST set-up/phone/confirmation`: *Finish text setup*.
    ///
    /// # Errors
    /// `code-rejected`, `code-expired`.
    pub async fn confirm_phone(&self, code: &ConfirmCode) -> Result<SetUp, Error> {
        self.post(&["set-up", "phone", "confirmation"], code).await
    }

    /// `POST set-up/recovery-codes`: printed codes as the backup. Their only showing.
    ///
    /// # Errors
    /// `conflict` where they may not be the backup.
    pub async fn make_recovery_codes(&self) -> Result<RecoveryCodes, Error> {
        self.request(Method::POST, &["set-up", "recovery-codes"])?.value().await
    }

    /// `POST set-up/activation`: *Activate*.
    ///
    /// # Errors
    /// `conflict` before primary and backup are proven; `set-up-outdated` where a reset overtook it; `step-up-required` for
    /// an edit whose proof is too old by now: the edit waits for another.
    pub async fn activate(&self) -> Result<Activated, Error> {
        self.request(Method::POST, &["set-up", "activation"])?.value().await
    }
}
