//! A key is remembered also where its request found nothing to change.

use twostep_domain::member::{
    Disable, Enable, Member, MemberAdded, MemberCommand, MemberError, SealedIdentity,
};
use twostep_domain::second_step::{SecondStep, SecondStepCommand, Unlock, Unlocker};
use twostep_domain::{Locale, Role, Roles, Sealed, TimeZone};

use super::*;

fn person() -> StreamId {
    StreamId::new(CompanyId(Uuid::from_u128(1)), StreamKind::Member, Uuid::from_u128(1))
}

fn enable() -> MemberCommand {
    MemberCommand::Enable(Enable {})
}

fn disable() -> MemberCommand {
    MemberCommand::Disable(Disable { reason: String::new() })
}

async fn ask(
    ledger: &Ledger,
    metadata: &Metadata,
    command: MemberCommand,
) -> Result<Done<Member>, ExecuteError<MemberError>> {
    ledger.execute(&person(), metadata, |fold| Member::decide(fold.state(), command.clone())).await
}

/// Somebody who is enabled.
async fn given() -> Given {
    let given = Given::new();
    let sealed = || Sealed("v1.x".to_owned());
    let (login_hash, email_hash) = (Digest::of(&[1; 32]), Digest::of(&[2; 32]));
    let added = MemberAdded {
        identity: SealedIdentity { name: sealed(), login: sealed(), email: sealed(), login_hash, email_hash },
        roles: Roles::of([Role::Technician]),
        group: None,
        locale: Locale::En,
        time_zone: TimeZone("UTC".to_owned()),
    };
    let add = |_: &Fold<Member>| Ok::<_, MemberError>(vec![added.clone().into()]);
    given.ledger().execute(&person(), &metadata(), add).await.unwrap();
    given
}

#[tokio::test]
async fn s35_a_request_that_changed_nothing_is_refused_with_another_body() {
    let given = given().await;
    let first = ask(&given.ledger(), &once(1, 1), enable()).await.unwrap();
    assert!(!first.repeated && first.events.is_empty());
    let other = ask(&given.ledger(), &once(1, 2), disable()).await;
    assert!(matches!(other, Err(ExecuteError::Ledger(LedgerError::KeyReused))));
}

#[tokio::test]
async fn s35_a_request_that_changed_nothing_does_nothing_to_what_was_decided_since() {
    let given = given().await;
    ask(&given.ledger(), &once(1, 1), enable()).await.unwrap();
    ask(&given.ledger(), &metadata(), disable()).await.unwrap();
    let again = ask(&given.ledger(), &once(1, 1), enable()).await.unwrap();
    assert!(again.repeated && !again.fold.state().is_enabled());
}

#[tokio::test]
async fn s35_an_unlocking_that_found_no_lock_is_remembered_too() {
    let given = given().await;
    let second_step = StreamId { kind: StreamKind::SecondStep, ..person() };
    let unlock = |fold: &Fold<SecondStep>| {
        let unlock = Unlock { by: Unlocker::Administrator(member(2)), now: given.clock.now() };
        SecondStep::decide(fold.state(), SecondStepCommand::Unlock(unlock))
    };
    let ledger = given.ledger();
    ledger.execute(&second_step, &once(1, 1), unlock).await.unwrap();
    assert!(ledger.has_answered::<SecondStep>(&second_step, &once(1, 1)).await.unwrap());
}

#[tokio::test]
async fn without_a_key_nothing_is_written_where_nothing_changes() {
    let given = given().await;
    ask(&given.ledger(), &metadata(), enable()).await.unwrap();
    assert_eq!(given.store.load(&person(), None).await.unwrap().events.len(), 1);
}
