//! What read models promise: never the past, never a skipped event, and a rebuild beside the live one.

mod rebuild;

use std::sync::Arc;

use chrono::DateTime;
use twostep_domain::company::{
    Branding, CompanyEvent, CompanyRegistered, Policy, PolicyChanged, TechnicianScope, Texting, Transition,
};
use twostep_domain::member::{Link, MemberEvent, MemberInvited, SealedIdentity};
use twostep_domain::{
    CompanyId, Country, Digest, EventId, KeyPeriod, LinkId, Locale, MemberId, Name, Reason, Role, Roles,
    Sealed, Slug, StreamKind, TimeZone,
};
use twostep_event_store::{
    Actor, Checkpoint, MemoryStore, Metadata, NewEvent, Reader, StreamId, Writer as _,
};
use uuid::Uuid;

use crate::{Behind, Directory, LoginCheckError, LoginChecks, ReadModel};

pub(crate) const COMPANY: CompanyId = CompanyId(Uuid::from_u128(1));
pub(crate) const TECHNICIAN: MemberId = MemberId(Uuid::from_u128(2));

pub(crate) async fn append<E: twostep_domain::Event>(
    store: &MemoryStore,
    kind: StreamKind,
    key: Uuid,
    event: E,
) {
    append_in(COMPANY, store, kind, key, event).await;
}

pub(crate) async fn append_in<E: twostep_domain::Event>(
    company: CompanyId,
    store: &MemoryStore,
    kind: StreamKind,
    key: Uuid,
    event: E,
) {
    append_raw(store, StreamId::new(company, kind, key), event.type_name(), event.encode()).await;
}

async fn append_raw(store: &MemoryStore, stream: StreamId, name: &str, data: Vec<u8>) {
    let token = store.load(&stream, None).await.unwrap().token;
    let id = EventId::derived(stream.company.0, &format!("{stream}{}", token.next().0));
    let metadata = Metadata {
        actor: Actor::Operator,
        origin: None,
        correlation: Uuid::nil(),
        causation: None,
        idempotency: None,
    };
    let event = NewEvent {
        id,
        event_type: name.to_owned(),
        version: 1,
        data,
        metadata,
        recorded_at: DateTime::UNIX_EPOCH,
    };
    store.append(token, vec![event]).await.unwrap();
}

fn name(text: &str) -> Name {
    Name::parse(text).unwrap()
}

fn sealed() -> Sealed {
    Sealed("v1.x".to_owned())
}

pub(crate) fn registered() -> CompanyEvent {
    CompanyRegistered {
        slug: Slug::parse("acme").unwrap(),
        name: name("Acme"),
        country: Country::parse("DE").unwrap(),
        locale: Locale::En,
        time_zone: TimeZone::default(),
        account_holder: MemberId(Uuid::from_u128(9)),
        branding: Branding { product_name: name("P"), account_name: name("P"), sender_name: name("P") },
    }
    .into()
}

pub(crate) fn invited() -> MemberEvent {
    let hash = Digest::of(&[1; 32]);
    MemberInvited {
        identity: SealedIdentity {
            name: sealed(),
            login: sealed(),
            email: sealed(),
            login_hash: hash.clone(),
            email_hash: hash,
        },
        roles: Roles::of([Role::Technician]),
        group: None,
        locale: Locale::En,
        time_zone: TimeZone::default(),
        invitation: Link {
            id: LinkId(Uuid::nil()),
            key: KeyPeriod("1970-01".to_owned()),
            expires_at: DateTime::UNIX_EPOCH,
            mailed: true,
        },
    }
    .into()
}

pub(crate) fn all_technicians() -> CompanyEvent {
    PolicyChanged {
        old: Policy::default(),
        new: Policy { technicians: TechnicianScope::All, ..Policy::default() },
        reason: String::new(),
        transition: Transition::Lossless,
        required_epoch: twostep_domain::company::Epoch(0),
        turn_off_uncovered: false,
        undo_of: None,
    }
    .into()
}

pub(crate) async fn company() -> Arc<MemoryStore> {
    let store = Arc::new(MemoryStore::new());
    append(&store, StreamKind::Company, COMPANY.0, registered()).await;
    append(&store, StreamKind::Member, TECHNICIAN.0, invited()).await;
    store
}

fn checks(store: &Arc<MemoryStore>) -> LoginChecks {
    let reader: Arc<dyn Reader> = store.clone();
    LoginChecks::new(reader.clone(), ReadModel::<Directory>::follow(reader), Texting::Possible)
}

#[tokio::test]
async fn a_login_check_knows_every_event_that_was_appended_before_it_was_asked() {
    let store = company().await;
    let checks = checks(&store);
    assert!(!checks.requirement(COMPANY, TECHNICIAN).await.unwrap().covers());
    append(&store, StreamKind::Company, COMPANY.0, all_technicians()).await;
    let requirement = checks.requirement(COMPANY, TECHNICIAN).await.unwrap();
    assert_eq!(requirement.judgement.reasons, [Reason::AllTechnicians]);
    assert_eq!((requirement.judgement.company, requirement.judgement.member), (1, 0));
}

#[tokio::test]
async fn s30_a_model_that_met_a_newer_event_refuses_instead_of_answering_from_the_past() {
    let store = company().await;
    let checks = checks(&store);
    checks.requirement(COMPANY, TECHNICIAN).await.unwrap();
    append_raw(&store, StreamId::company(COMPANY), "PolicyAbolished", b"{}".to_vec()).await;
    let refused = checks.requirement(COMPANY, TECHNICIAN).await;
    assert!(matches!(refused, Err(LoginCheckError::Behind(Behind::Stopped { .. }))), "{refused:?}");
}

#[tokio::test(start_paused = true)]
async fn s30_a_model_that_does_not_get_there_in_time_refuses() {
    let store = company().await;
    let reader: Arc<dyn Reader> = store.clone();
    let model = ReadModel::<Directory>::follow(reader);
    let mut beyond = store.head(COMPANY).await.unwrap();
    append(&store, StreamKind::Company, COMPANY.0, all_technicians()).await;
    let head = store.head(COMPANY).await.unwrap();
    assert!(model.at(&head).await.is_ok());
    let other_partition = twostep_event_store::Position::new(twostep_event_store::Partition::number(7), 1);
    beyond.advance(other_partition);
    assert!(matches!(model.at(&beyond).await, Err(Behind::Late { .. })));
}

#[tokio::test]
async fn news_arrive_for_what_was_taken_in_since_they_were_last_heard() {
    let store = company().await;
    let model = ReadModel::<Directory>::follow(store.clone() as Arc<dyn Reader>);
    let head = store.head(COMPANY).await.unwrap();
    drop(model.at(&head).await.unwrap());
    let mut news = model.news();
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    assert!(std::pin::pin!(news.arrived()).poll(&mut context).is_pending());
    append(&store, StreamKind::Company, COMPANY.0, all_technicians()).await;
    news.arrived().await;
    assert!(model.checkpoint().unwrap().covers(&store.head(COMPANY).await.unwrap()));
}
