//! What a state at a moment takes in, and what it passes over.

use std::collections::BTreeSet;

use chrono::DateTime;
use serde_json::json;
use twostep_domain::company::{
    Branding, CompanyEvent, CompanyRegistered, Epoch, Policy, PolicyChanged, TechnicianScope, Transition,
};
use twostep_domain::member::{MemberDisabled, MemberErased, MemberEvent, MemberInvited, SealedIdentity};
use twostep_domain::{
    Country, Digest, Event, EventId, KeyPeriod, LinkId, Locale, Name, Role, Roles, Sealed, Slug, TimeZone,
};
use twostep_event_store::{Actor, Metadata, Partition, Position, Revision, StreamKey};

use super::*;
use crate::mask::MASK;

const COMPANY: CompanyId = CompanyId(Uuid::from_u128(1));
const PERSON: MemberId = MemberId(Uuid::from_u128(2));

/// The moment `second`.
fn moment(second: i64) -> Time {
    DateTime::from_timestamp(second, 0).unwrap()
}

/// `event` in the stream of `kind` about `key`, recorded at `second`.
fn recorded(kind: StreamKind, key: Uuid, second: i64, event: &impl Event) -> RecordedEvent {
    let envelope = Envelope {
        id: EventId(Uuid::from_u128(second.unsigned_abs().into())),
        company: COMPANY,
        kind,
        key: StreamKey::from(key),
        revision: Revision(second.unsigned_abs()),
        event_type: event.type_name().to_owned(),
        version: event.version(),
        recorded_at: moment(second),
        metadata: Metadata {
            actor: Actor::Operator,
            origin: None,
            correlation: Uuid::nil(),
            causation: None,
            idempotency: None,
        },
    };
    let position = Position::new(Partition::ONLY, second.unsigned_abs());
    RecordedEvent { envelope, envelope_bytes: Vec::new(), data: event.encode(), position }
}

fn of_company(second: i64, event: impl Into<CompanyEvent>) -> RecordedEvent {
    recorded(StreamKind::Company, COMPANY.0, second, &event.into())
}

fn of_person(second: i64, event: impl Into<MemberEvent>) -> RecordedEvent {
    recorded(StreamKind::Member, PERSON.0, second, &event.into())
}

fn changed(technicians: TechnicianScope) -> PolicyChanged {
    PolicyChanged {
        old: Policy::default(),
        new: Policy { technicians, ..Policy::default() },
        reason: "a test".to_owned(),
        transition: Transition::Lossless,
        required_epoch: Epoch(0),
        turn_off_uncovered: false,
        undo_of: None,
    }
}

/// Registered at 10, with a person from 20 to 50; the policy changes at 30 and at 40.
fn history() -> Vec<RecordedEvent> {
    let name = Name::parse("Acme").unwrap();
    let branding =
        Branding { product_name: name.clone(), account_name: name.clone(), sender_name: name.clone() };
    // As long as what the vault makes.
    let sealed = || Sealed(format!("v1.{}", "A".repeat(80)));
    let hash = Digest::of(&[1; 32]);
    let identity = SealedIdentity {
        name: sealed(),
        login: sealed(),
        email: sealed(),
        login_hash: hash.clone(),
        email_hash: hash,
    };
    vec![
        of_company(
            10,
            CompanyRegistered {
                slug: Slug::parse("acme").unwrap(),
                name,
                country: Country::parse("DE").unwrap(),
                locale: Locale::En,
                time_zone: TimeZone::default(),
                account_holder: MemberId(Uuid::from_u128(9)),
                branding,
            },
        ),
        of_person(
            20,
            MemberInvited {
                identity,
                roles: Roles(BTreeSet::from([Role::Technician])),
                group: None,
                locale: Locale::En,
                time_zone: TimeZone::default(),
                invitation: twostep_domain::member::Link {
                    id: LinkId(Uuid::nil()),
                    key: KeyPeriod("1970-01".to_owned()),
                    expires_at: moment(1_000),
                    mailed: true,
                },
            },
        ),
        of_company(30, changed(TechnicianScope::All)),
        of_company(40, changed(TechnicianScope::None)),
        of_person(50, MemberDisabled { reason: String::new() }),
        of_person(60, MemberErased { by: None }),
    ]
}

fn state(subject: Subject, second: i64) -> Option<AuditState> {
    let mut state = StateAt::new(COMPANY, subject, moment(second));
    history().iter().for_each(|event| state.take(event).unwrap());
    state.shown()
}

#[test]
fn what_was_recorded_later_is_not_in_it() {
    let technicians = |second| {
        let state = state(Subject::Company, second)?.state;
        Some(state["policy"]["technicians"].as_str().unwrap().to_owned())
    };
    let told = [9, 10, 29, 30, 39, 40].map(technicians);
    let wanted = [None, Some("none"), Some("none"), Some("all"), Some("all"), Some("none")];
    assert_eq!(told, wanted.map(|it| it.map(str::to_owned)));
}

#[test]
fn a_person_is_there_from_the_invitation_on_masked_and_without_identity_once_erased() {
    let person = |second| Some(state(Subject::Member(PERSON), second)?.state);
    assert_eq!(person(19), None);
    let invited = person(20).unwrap();
    assert_eq!(invited["standing"], "enabled");
    assert_eq!(invited["password"], false);
    assert_eq!(invited["judgement"]["reasons"], json!([]));
    for field in ["name", "login", "email"] {
        assert_eq!(invited["identity"][field], MASK);
    }
    assert_eq!(person(30).unwrap()["judgement"]["reasons"], json!(["all_technicians"]));
    assert_eq!(person(50).unwrap()["standing"], "disabled");
    let erased = person(60).unwrap();
    assert_eq!((&erased["standing"], &erased["identity"]), (&json!("erased"), &json!(null)));
}

#[test]
fn what_is_of_another_company_or_of_nobody_is_not_there() {
    let nobody = MemberId(Uuid::from_u128(77));
    assert!(state(Subject::Member(nobody), 60).is_none());
    assert!(state(Subject::Group(GroupId(PERSON.0)), 60).is_none());
    let mut foreign = StateAt::new(CompanyId(Uuid::from_u128(77)), Subject::Company, moment(60));
    history().iter().for_each(|event| foreign.take(event).unwrap());
    assert!(foreign.shown().is_none());
}
