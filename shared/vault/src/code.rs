//! Codes: derived from the day's key, sent, and compared; stored nowhere (S7).

use subtle::ConstantTimeEq as _;
use twostep_domain::second_step::Dispatch;
use twostep_domain::{ChallengeId, Code, CompanyId, Digest, KeyPeriod, MemberId, Method, Time};
use zeroize::{Zeroize as _, Zeroizing};

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
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::fixture::{at, company, member, vault};

    const NOON: &str = "2026-11-24T12:00:00Z";

    fn day() -> KeyPeriod {
        KeyPeriod("2026-11-24".to_owned())
    }

    fn spec<'a>(challenge: u128, destination: &'a Digest, key: &'a KeyPeriod) -> CodeSpec<'a> {
        CodeSpec {
            company: company(1),
            member: member(1),
            challenge: ChallengeId(Uuid::from_u128(challenge)),
            purpose: CodePurpose::SignIn,
            destination,
            method: Method::Sms,
            key,
        }
    }

    #[test]
    fn s7_the_code_of_a_challenge_is_the_same_every_time_and_matches() {
        let (vault, to, key) = (vault(), Digest::of(&[1; 32]), day());
        let spec = spec(1, &to, &key);
        let code = vault.code(&spec, at(NOON)).unwrap();
        assert_eq!(vault.code(&spec, at(NOON)).unwrap().expose(), code.expose());
        let typed = Code::parse(code.expose()).unwrap();
        assert!(vault.code_matches(&spec, &typed, at(NOON)).unwrap());
        let wrong = format!("{:06}", (code.expose().parse::<u32>().unwrap() + 1) % 1_000_000);
        assert!(!vault.code_matches(&spec, &Code::parse(&wrong).unwrap(), at(NOON)).unwrap());
    }

    #[test]
    fn s6_a_code_is_bound_to_everything_in_its_spec() {
        let (to, other, key, next) =
            (Digest::of(&[1; 32]), Digest::of(&[2; 32]), day(), KeyPeriod("2026-11-25".to_owned()));
        let data = [3; 32];
        // One in a million pairs agrees by chance: compare over several challenges.
        let codes = |change: &dyn Fn(CodeSpec<'static>) -> CodeSpec<'static>| -> Vec<String> {
            let (to, key) = (Box::leak(Box::new(to.clone())), Box::leak(Box::new(key.clone())));
            (0..4).map(|number| derive(&data, &change(spec(number, to, key))).expose().to_owned()).collect()
        };
        let (other, next): (&'static _, &'static _) = (Box::leak(Box::new(other)), Box::leak(Box::new(next)));
        let all = [
            codes(&|spec| spec),
            codes(&|spec| CodeSpec { company: company(2), ..spec }),
            codes(&|spec| CodeSpec { member: member(2), ..spec }),
            codes(&|spec| CodeSpec { challenge: ChallengeId(Uuid::from_u128(99)), ..spec }),
            codes(&|spec| CodeSpec { purpose: CodePurpose::SetUp, ..spec }),
            codes(&|spec| CodeSpec { purpose: CodePurpose::FirstScreen, ..spec }),
            codes(&|spec| CodeSpec { destination: other, ..spec }),
            codes(&|spec| CodeSpec { method: Method::Email, ..spec }),
            codes(&|spec| CodeSpec { key: next, ..spec }),
        ];
        for (at, one) in all.iter().enumerate() {
            assert!(all[at + 1..].iter().all(|another| another != one), "{at}");
        }
    }

    #[test]
    fn s4_codes_are_six_digits_each_place_unbiased_leading_zeros_kept() {
        const COUNT: u32 = 100_000;
        let (to, key) = (Digest::of(&[1; 32]), day());
        let (mut places, mut leading) = ([[0_u32; 10]; Code::DIGITS], [0_u32; 100]);
        for challenge in 0..COUNT {
            let code = derive(&[7; 32], &spec(challenge.into(), &to, &key));
            assert_eq!(code.expose().len(), Code::DIGITS);
            for (place, digit) in places.iter_mut().zip(code.expose().bytes()) {
                place[usize::from(digit - b'0')] += 1;
            }
            leading[code.expose()[..2].parse::<usize>().unwrap()] += 1;
        }
        // The key is fixed, so the outcome is, too; the limits are far outside what chance does (p < 10⁻⁶).
        for place in places {
            assert!(chi_square(&place, COUNT) < 45.0, "9 degrees of freedom: {place:?}");
        }
        assert!(chi_square(&leading, COUNT) < 180.0, "99 degrees of freedom");
    }

    fn chi_square(counts: &[u32], total: u32) -> f64 {
        let expected = f64::from(total) / counts.len() as f64;
        counts.iter().map(|count| (f64::from(*count) - expected).powi(2) / expected).sum()
    }

    #[test]
    fn s4_numbers_above_the_last_full_million_are_drawn_again() {
        let words = |words: &[u32]| {
            let mut mac = [0xff; 32];
            for (place, word) in mac.chunks_exact_mut(4).zip(words) {
                place.copy_from_slice(&word.to_be_bytes());
            }
            first_unbiased(&mac)
        };
        assert_eq!(UNBIASED, 4_294_000_000);
        assert_eq!(words(&[4_293_999_999]), Some(999_999));
        assert_eq!(words(&[4_294_000_000, 7]), Some(7));
        assert_eq!(words(&[u32::MAX; 8]), None);
        assert_eq!(SentCode(digits(7)).expose(), "000007");
    }

    #[test]
    fn s7_two_days_after_its_day_a_code_is_dead_and_its_key_is_not_made_again() {
        let (vault, to, key) = (vault(), Digest::of(&[1; 32]), day());
        let spec = spec(1, &to, &key);
        let code = Code::parse(vault.code(&spec, at(NOON)).unwrap().expose()).unwrap();
        let late = at("2026-11-27T00:00:00Z");
        let dead = |vault: &Vault| {
            matches!(vault.code(&spec, late), Err(DeriveError::KeyGone))
                && matches!(vault.code_matches(&spec, &code, late), Err(DeriveError::KeyGone))
        };
        assert!(dead(&vault), "before the sweep");
        assert_eq!(vault.destroy_expired(late).unwrap(), 1);
        assert!(dead(&vault), "after it");
        assert!(
            matches!(vault.code(&spec, at(NOON)), Err(DeriveError::KeyGone)),
            "also if the clock goes back"
        );
    }

    #[test]
    fn checking_makes_no_key_and_nothing_is_derived_far_ahead() {
        let (vault, to, key) = (vault(), Digest::of(&[1; 32]), day());
        let spec = spec(1, &to, &key);
        let guess = Code::parse("000000").unwrap();
        assert!(matches!(vault.code_matches(&spec, &guess, at(NOON)), Err(DeriveError::KeyGone)));
        assert!(matches!(vault.code(&spec, at("2026-11-22T12:00:00Z")), Err(DeriveError::KeyGone)));
        let no_day = KeyPeriod("2026-11".to_owned());
        let spec = CodeSpec { key: &no_day, ..spec };
        assert!(matches!(vault.code(&spec, at(NOON)), Err(DeriveError::KeyGone)));
    }
}
