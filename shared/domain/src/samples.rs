//! Values for tests, strategies that make any, and the properties that hold for every aggregate.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::fmt::Debug;

use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use proptest::test_runner::{Config, TestRunner};
use uuid::Uuid;

use crate::member::{Link, SealedIdentity};
use crate::{
    Aggregate, Country, Digest, Event, GroupId, KeyPeriod, LinkId, Locale, MemberId, Name, Role, Roles,
    Sealed, Time, TimeZone,
};

pub(crate) fn member(number: u128) -> MemberId {
    MemberId(Uuid::from_u128(number))
}

pub(crate) fn group(number: u128) -> GroupId {
    GroupId(Uuid::from_u128(number))
}

pub(crate) fn name(text: &str) -> Name {
    Name::parse(text).unwrap()
}

pub(crate) fn country(text: &str) -> Country {
    Country::parse(text).unwrap()
}

pub(crate) fn sealed(text: &str) -> Sealed {
    Sealed(text.to_owned())
}

/// So many seconds into the tests' time.
pub(crate) fn at(seconds: i64) -> Time {
    Time::from_timestamp(1_800_000_000 + seconds, 0).unwrap()
}

/// A mailed link that dies so many seconds into the tests' time.
pub(crate) fn link(number: u128, dies: i64) -> Link {
    Link {
        id: LinkId(Uuid::from_u128(number)),
        key: KeyPeriod("2027-01".to_owned()),
        expires_at: at(dies),
        mailed: true,
    }
}

pub(crate) fn identity() -> SealedIdentity {
    SealedIdentity {
        name: sealed("name"),
        login: sealed("login"),
        email: sealed("email"),
        login_hash: Digest("login hash".to_owned()),
        email_hash: Digest("email hash".to_owned()),
    }
}

/// What `command` causes after `history`.
pub(crate) fn decide<A: Aggregate>(
    history: &[A::Event],
    command: A::Command,
) -> Result<Vec<A::Event>, A::Error> {
    A::decide(&A::fold(history), command)
}

/// `state` written as a snapshot and read again. Where that is the same state, snapshot and tail are the whole fold.
pub(crate) fn snapshot<A: Aggregate>(state: &A::State) -> A::State {
    serde_json::from_slice(&serde_json::to_vec(state).unwrap()).unwrap()
}

/// Gives `commands` one after the other and shows `each` state that they lead to.
///
/// The state that grows with the events is, at every step, the fold of what the log gives back.
pub(crate) fn walk<A: Aggregate>(commands: Vec<A::Command>, mut each: impl FnMut(&A::State)) {
    let mut state = A::State::default();
    let mut log = vec![];
    for command in commands {
        for event in A::decide(&state, command).unwrap_or_default() {
            log.push((event.type_name(), event.version(), event.encode()));
            state = A::evolve(state, &event);
        }
        let read: Vec<A::Event> =
            log.iter().map(|(name, version, data)| A::Event::decode(name, *version, data).unwrap()).collect();
        assert_eq!(A::fold(&read), state);
        assert_eq!(snapshot::<A>(&state), state);
        each(&state);
    }
}

/// `events` come back from their bytes as they were, every type of the catalogue among them, and fold from nothing without a panic.
pub(crate) fn every_event_comes_back<A: Aggregate>(events: impl Strategy<Value = A::Event>)
where
    A::Event: PartialEq + Debug,
{
    let seen = RefCell::new(BTreeSet::new());
    let mut runner = TestRunner::new(Config { failure_persistence: None, ..Config::with_cases(64) });
    let result = runner.run(&proptest::collection::vec(events, 40), |events| {
        for event in &events {
            let back = A::Event::decode(event.type_name(), event.version(), &event.encode());
            prop_assert_eq!(&back.unwrap(), event);
            seen.borrow_mut().insert(event.type_name());
        }
        let state = A::fold(&events);
        prop_assert_eq!(snapshot::<A>(&state), state);
        Ok(())
    });
    result.unwrap();
    let all: BTreeSet<_> = A::Event::catalogue().iter().map(|entry| entry.name).collect();
    assert_eq!(seen.into_inner(), all);
}

/// One of a few people, so that commands meet each other.
pub(crate) fn any_member() -> impl Strategy<Value = MemberId> {
    (1_u128..5).prop_map(member)
}

pub(crate) fn any_members() -> impl Strategy<Value = BTreeSet<MemberId>> {
    proptest::collection::btree_set(any_member(), 0..4)
}

pub(crate) fn any_group() -> impl Strategy<Value = GroupId> {
    (1_u128..5).prop_map(group)
}

pub(crate) fn any_name() -> impl Strategy<Value = Name> {
    "[A-Za-zäß:\" ]{0,20}[A-Za-z]".prop_map(|text| name(&text))
}

pub(crate) fn any_reason() -> impl Strategy<Value = String> {
    prop_oneof![8 => ".{0,20}", 1 => Just("x".repeat(501))]
}

pub(crate) fn any_sealed() -> impl Strategy<Value = Sealed> {
    "[A-Za-z0-9_-]{0,12}".prop_map(Sealed)
}

pub(crate) fn any_digest() -> impl Strategy<Value = Digest> {
    any::<[u8; 32]>().prop_map(|bytes| Digest::of(&bytes))
}

pub(crate) fn any_country() -> impl Strategy<Value = Country> {
    select(vec!["DE", "HU", "US"]).prop_map(country)
}

pub(crate) fn any_countries() -> impl Strategy<Value = BTreeSet<Country>> {
    proptest::collection::btree_set(any_country(), 0..3)
}

pub(crate) fn any_locale() -> impl Strategy<Value = Locale> {
    select(vec![Locale::En, Locale::De, Locale::Fr, Locale::Es, Locale::Hu])
}

pub(crate) fn any_time_zone() -> impl Strategy<Value = TimeZone> {
    select(vec!["UTC", "Europe/Budapest"]).prop_map(|zone| TimeZone(zone.to_owned()))
}

pub(crate) fn any_roles() -> impl Strategy<Value = Roles> {
    let all = vec![Role::MasterAdmin, Role::Admin, Role::Technician, Role::Auditor, Role::Operator];
    subsequence(all, 0..=5).prop_map(|roles| Roles(roles.into_iter().collect()))
}

pub(crate) fn any_time() -> impl Strategy<Value = Time> {
    (0_i64..100).prop_map(at)
}

pub(crate) fn any_link() -> impl Strategy<Value = Link> {
    (1_u128..4, 0_i64..100, any::<bool>())
        .prop_map(|(number, dies, mailed)| Link { mailed, ..link(number, dies) })
}

pub(crate) fn any_identity() -> impl Strategy<Value = SealedIdentity> {
    (any_sealed(), any_sealed(), any_sealed(), any_digest(), any_digest()).prop_map(
        |(name, login, email, login_hash, email_hash)| SealedIdentity {
            name,
            login,
            email,
            login_hash,
            email_hash,
        },
    )
}
