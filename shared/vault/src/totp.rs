//! Authenticator apps: seeds, their QR text, and which time step a code belongs to (S1, S3).

use secrecy::{ExposeSecret as _, SecretString};
use totp_rs::{Builder, Secret, Totp, TotpError};
use twostep_domain::{Code, Name, Time, TotpStep};
use zeroize::Zeroizing;

use crate::random;

/// Bytes of a seed: 160 bits, as RFC 4226 §4 (R6) recommends.
const LENGTH: usize = 20;

/// The secret that a person's app shares with us. It can't be printed or compared.
pub struct Seed(Zeroizing<[u8; LENGTH]>);

/// Why there is no URI for an app.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UriError {
    /// Apps split the label there.
    #[error("the account name in apps can't have a colon")]
    ColonInIssuer,
    /// Apps need something to show.
    #[error("the person's account is empty")]
    EmptyAccount,
    /// The text can't be written for another reason.
    #[error("the account can't be written for an app")]
    Unwritable,
}

/// The text is no seed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the stored seed is damaged")]
pub struct InvalidSeed;

impl Seed {
    /// Draws a seed.
    #[must_use]
    pub fn draw() -> Self {
        Self(random::bytes())
    }

    /// Reads back what [`Self::base32`] wrote, for a seed that was sealed.
    ///
    /// # Errors
    /// Another alphabet or length.
    pub fn from_base32(text: &SecretString) -> Result<Self, InvalidSeed> {
        let secret = Secret::try_from_base32(text.expose_secret()).map_err(|_| InvalidSeed)?;
        let bytes = secret.as_bytes().try_into().map_err(|_| InvalidSeed)?;
        Ok(Self(Zeroizing::new(bytes)))
    }

    /// The seed as people type it and as it is sealed: 32 characters of base32 (RFC 4648 §6) without padding.
    #[must_use]
    pub fn base32(&self) -> SecretString {
        self.secret().to_base32().into()
    }

    /// What the QR code says: `otpauth://totp/Issuer:account?secret=…&issuer=Issuer`, per the key-URI format.
    ///
    /// SHA-1, 6 digits and 30 s are what every app assumes, so they aren't written. A colon in `account` is
    /// written as `-`: it is only a label, and apps split at colons.
    ///
    /// # Errors
    /// A colon in `issuer`, or an empty `account`.
    pub fn uri(&self, issuer: &Name, account: &str) -> Result<SecretString, UriError> {
        let totp = Builder::new()
            .with_secret(self.secret())
            .with_issuer(Some(issuer.as_str()))
            .with_account_name(account.replace(':', "-"))
            .build()
            .map_err(uri_error)?;
        totp.to_url().map(SecretString::from).map_err(uri_error)
    }

    /// The step whose code `code` is: the present one, the one before or the one after (RFC 6238 §5.2).
    ///
    /// The caller accepts a step only once, and none at or below the last accepted one.
    #[must_use]
    pub fn matched_step(&self, code: &Code, now: Time) -> Option<TotpStep> {
        let seconds = u64::try_from(now.timestamp()).ok()?;
        self.totp()?.check(code.expose_digits(), seconds).map(TotpStep)
    }

    fn totp(&self) -> Option<Totp> {
        Builder::new().with_secret(self.secret()).build().ok()
    }

    fn secret(&self) -> Secret {
        Secret::from(*self.0)
    }
}

fn uri_error(error: TotpError) -> UriError {
    match error {
        TotpError::InvalidIssuer { .. } => UriError::ColonInIssuer,
        TotpError::AccountNameNotSet => UriError::EmptyAccount,
        _ => UriError::Unwritable,
    }
}
