//! Authenticator apps: seeds, their QR text, and which time step a code belongs to (S1, S3).

use secrecy::{ExposeSecret as _, SecretString};
use totp_rs::{Builder, Secret, Totp, TotpError};
use twostep_domain::{Code, Name, Time, TotpStep};
use zeroize::{ZeroizeOnDrop, Zeroizing};

use crate::random;

/// Bytes of a seed: 160 bits, as RFC 4226 §4 (R6) recommends.
const LENGTH: usize = 20;

/// The secret that a person's app shares with us. It can't be printed or compared.
#[derive(ZeroizeOnDrop)]
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use twostep_domain::TotpStep;

    use super::*;
    use crate::totp_reference;

    /// RFC 6238, appendix B: the secret, and time and code of SHA-1 (the last 6 of its 8 digits).
    const RFC_SECRET: &[u8; 20] = b"12345678901234567890";
    const RFC_VECTORS: [(i64, &str); 6] = [
        (59, "287082"),
        (1_111_111_109, "081804"),
        (1_111_111_111, "050471"),
        (1_234_567_890, "005924"),
        (2_000_000_000, "279037"),
        (20_000_000_000, "353130"),
    ];

    fn time(seconds: i64) -> Time {
        Time::from_timestamp(seconds, 0).unwrap()
    }

    fn rfc_seed() -> Seed {
        Seed(Zeroizing::new(*RFC_SECRET))
    }

    fn code_of(seed: &[u8; 20], step: u64) -> Code {
        Code::parse(&totp_reference::code(seed, step)).unwrap()
    }

    #[test]
    fn s1_the_codes_of_rfc_6238_match_their_steps() {
        for (seconds, code) in RFC_VECTORS {
            let step = rfc_seed().matched_step(&Code::parse(code).unwrap(), time(seconds));
            assert_eq!(step, Some(TotpStep::at(time(seconds))), "{seconds}");
            assert_eq!(totp_reference::code(RFC_SECRET, TotpStep::at(time(seconds)).0), code, "{seconds}");
        }
    }

    #[test]
    fn s1_a_seed_has_160_bits_and_reads_back() {
        let seed = Seed::draw();
        let text = seed.base32();
        assert_eq!((text.expose_secret().len(), LENGTH * 8), (32, 160));
        assert_eq!(*Seed::from_base32(&text).unwrap().0, *seed.0);
        assert_ne!(*Seed::draw().0, *seed.0);
        for bad in ["", "ABC", "0189", &"A".repeat(40)] {
            assert!(Seed::from_base32(&bad.to_owned().into()).is_err(), "{bad}");
        }
    }

    #[test]
    fn s3_the_uri_names_the_issuer_twice_with_percent_20_and_no_padding() {
        let uri = rfc_seed().uri(&Name::parse("Acme & Söhne").unwrap(), "ana b@example.com").unwrap();
        assert_eq!(
            uri.expose_secret(),
            "otpauth://totp/Acme%20%26%20S%C3%B6hne:ana%20b%40example.com\
             ?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Acme%20%26%20S%C3%B6hne"
        );
    }

    #[test]
    fn s3_a_colon_is_refused_in_the_issuer_and_replaced_in_the_account() {
        let issuer = |text| Name::parse(text).unwrap();
        let refused = rfc_seed().uri(&issuer("Acme: Ltd"), "ana");
        assert_eq!(refused.unwrap_err(), UriError::ColonInIssuer);
        assert_eq!(rfc_seed().uri(&issuer("Acme"), "").unwrap_err(), UriError::EmptyAccount);
        let uri = rfc_seed().uri(&issuer("Acme"), "corp:ana").unwrap();
        assert!(uri.expose_secret().starts_with("otpauth://totp/Acme:corp-ana?"));
    }

    proptest! {
        #[test]
        fn s1_only_the_step_itself_and_its_neighbours_match(
            seed: [u8; 20], seconds in 300_i64..4_000_000_000, away in -3_i64..=3
        ) {
            let (now, step) = (time(seconds), TotpStep::at(time(seconds)).0);
            let near: Vec<_> = (step - 1..=step + 1).map(|step| code_of(&seed, step).expose_digits().to_owned()).collect();
            let tried = step.checked_add_signed(away).unwrap();
            let code = code_of(&seed, tried);
            // Two steps share a code once in a million: then the nearer one may match.
            prop_assume!(near.iter().filter(|near| *near == code.expose_digits()).count() == usize::from(away.abs() <= 1));
            let matched = Seed(Zeroizing::new(seed)).matched_step(&code, now);
            prop_assert_eq!(matched, (away.abs() <= 1).then_some(TotpStep(tried)));
        }
    }
}
