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
    assert!(matches!(vault.code(&spec, at(NOON)), Err(DeriveError::KeyGone)), "also if the clock goes back");
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
