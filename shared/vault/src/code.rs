//! Codes: derived from the day's key, sent, and compared; stored nowhere (S7).

use subtle::ConstantTimeEq as _;
use twostep_domain::second_step::Dispatch;
use twostep_domain::{ChallengeId, Code, CompanyId, Digest, KeyPeriod, MemberId, Method, Time};
use zeroize::{Zeroize as _, ZeroizeOnDrop, Zeroizing};

use crate::frame::mac;
use crate::period::Life;
use crate::vault::Lookup;
use crate::{KeyClass, Vault, VaultError};

/// Everything that a code is bound to (S6): a code for one of these is no code for another.
#[derive(Clone, Copy, Debug)]
pub struct CodeSpec<'a> {
    /// The company.
    pub company: CompanyId,
    /// The person.
    pub member: MemberId,
    /// What it answers; a challenge belongs to one pending sign-in or set-up.
    pub challenge: ChallengeId,
    /// What it is for.
    pub purpose: CodePurpose,
    /// The keyed hash of the address or number that it goes to.
    pub destination: &'a Digest,
    /// How it goes there.
    pub method: Method,
    /// The day of its key, as the event says.
    pub key: &'a KeyPeriod,
}

impl<'a> CodeSpec<'a> {
    /// Of the code that `dispatch` describes.
    #[must_use]
    pub fn of(company: CompanyId, member: MemberId, dispatch: &'a Dispatch, purpose: CodePurpose) -> Self {
        Self {
            company,
            member,
            challenge: dispatch.challenge,
            purpose,
            destination: &dispatch.destination_hash,
            method: dispatch.method,
            key: &dispatch.key,
        }
    }
}

/// What a code is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CodePurpose {
    /// The second step of a sign-in or step-up.
    SignIn,
    /// Proving an address or number in a set-up.
    SetUp,
    /// Shown on the first screen, typed on another device behind a verification link (S8).
    FirstScreen,
}

/// A code on its way to its person: six digits. It can't be printed, stored or compared, only [exposed](Self::expose).
#[derive(ZeroizeOnDrop)]
pub struct SentCode(Zeroizing<[u8; Code::DIGITS]>);

/// Why a code or token can't be derived.
#[derive(Debug, thiserror::Error)]
pub enum DeriveError {
    /// The period's key was destroyed or was never there: what hung on it is dead.
    #[error("the key of that period is gone")]
    KeyGone,
    /// The key can't be had now.
    #[error(transparent)]
    Vault(#[from] VaultError),
}

impl SentCode {
    /// The digits, to be put into the message.
    #[must_use]
    pub fn expose(&self) -> &str {
        std::str::from_utf8(self.0.as_slice()).unwrap_or_default()
    }
}

impl CodePurpose {
    const fn name(self) -> &'static str {
        match self {
            Self::SignIn => "sign-in",
            Self::SetUp => "set-up",
            Self::FirstScreen => "first-screen",
        }
    }
}

impl Vault {
    /// The code of `spec`: the same every time. The day's key is made at its first use, durable when this returns.
    ///
    /// # Errors
    /// [`DeriveError::KeyGone`] once the day is more than 48 h past, whether or not its key still exists.
    pub fn code(&self, spec: &CodeSpec<'_>, now: Time) -> Result<SentCode, DeriveError> {
        Life::of_code_key(spec.key).filter(|life| life.may_begin(now)).ok_or(DeriveError::KeyGone)?;
        let key = self.find_or_make(&KeyClass::Code(spec.key.clone()))?.ok_or(DeriveError::KeyGone)?;
        Ok(derive(&key, spec))
    }

    /// Whether `code` is the code of `spec`, compared in constant time. Makes no key.
    ///
    /// # Errors
    /// [`DeriveError::KeyGone`] once the day is more than 48 h past, and where no code was derived on it.
    pub fn code_matches(&self, spec: &CodeSpec<'_>, code: &Code, now: Time) -> Result<bool, DeriveError> {
        Life::of_code_key(spec.key).filter(|life| !life.is_over(now)).ok_or(DeriveError::KeyGone)?;
        let Lookup::Key(key) = self.find(&KeyClass::Code(spec.key.clone()))? else {
            return Err(DeriveError::KeyGone);
        };
        let expected = derive(&key, spec);
        Ok(expected.0.as_slice().ct_eq(code.expose_digits().as_bytes()).into())
    }
}

/// Below the largest multiple of 10⁶ in 32 bits every residue is equally frequent; above it, draw again.
const UNBIASED: u32 = u32::MAX - u32::MAX % 1_000_000;

fn derive(key: &[u8; 32], spec: &CodeSpec<'_>) -> SentCode {
    let method = match spec.method {
        Method::App => "app",
        Method::Sms => "sms",
        Method::Email => "email",
    };
    let mut round = 0_u32;
    loop {
        let mut mac = mac(
            key,
            "twostep/code/v1",
            &[
                spec.company.0.as_bytes(),
                spec.member.0.as_bytes(),
                spec.challenge.0.as_bytes(),
                spec.purpose.name().as_bytes(),
                spec.destination.as_str().as_bytes(),
                method.as_bytes(),
                spec.key.0.as_bytes(),
                &round.to_be_bytes(),
            ],
        );
        let found = first_unbiased(&mac);
        mac.zeroize();
        if let Some(number) = found {
            return SentCode(digits(number));
        }
        round += 1;
    }
}

fn first_unbiased(mac: &[u8; 32]) -> Option<u32> {
    let (words, _) = mac.as_chunks::<4>();
    words
        .iter()
        .map(|word| u32::from_be_bytes(*word))
        .find(|word| *word < UNBIASED)
        .map(|word| word % 1_000_000)
}

fn digits(mut number: u32) -> Zeroizing<[u8; Code::DIGITS]> {
    let mut digits = Zeroizing::new([b'0'; Code::DIGITS]);
    for digit in digits.iter_mut().rev() {
        *digit += (number % 10) as u8;
        number /= 10;
    }
    digits
}

#[cfg(test)]
mod tests;
