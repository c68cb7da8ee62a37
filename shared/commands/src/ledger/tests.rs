//! What the write path promises.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use chrono::{DateTime, Duration};
use twostep_clock::{Clock as _, MovedClock};
use twostep_domain::login::{Claim, Login, LoginCommand, LoginError, LoginState, Release};
use twostep_domain::{Aggregate as _, CompanyId, Digest, MemberId, StreamKind};
use twostep_event_store::{Actor, IdempotencyKey, MemoryStore, Metadata, Reader as _, Revision, StreamId};
use uuid::Uuid;

use super::*;

mod folds;
mod same_fold;
mod snapshots;
mod unchanged;

fn stream() -> StreamId {
    StreamId::new(CompanyId(Uuid::from_u128(1)), StreamKind::Login, &Digest::of(&[1; 32]))
}

fn member(number: u128) -> MemberId {
    MemberId(Uuid::from_u128(number))
}

fn metadata() -> Metadata {
    Metadata {
        actor: Actor::Operator,
        origin: None,
        correlation: Uuid::nil(),
        causation: None,
        idempotency: None,
    }
}

fn once(key: u8, body: u8) -> Metadata {
    let idempotency = IdempotencyKey { key: Digest::of(&[key; 32]), body: Digest::of(&[body; 32]) };
    Metadata { idempotency: Some(idempotency), ..metadata() }
}

struct Given {
    clock: Arc<MovedClock>,
    store: Arc<MemoryStore>,
}

impl Given {
    fn new() -> Self {
        Self { clock: Arc::new(MovedClock::frozen_at(DateTime::UNIX_EPOCH)), store: Arc::default() }
    }

    /// One process's ledger; several share the store as replicas do.
    fn ledger(&self) -> Ledger {
        Ledger::new(self.store.clone(), self.clock.clone())
    }
}

async fn decide(
    ledger: &Ledger,
    metadata: &Metadata,
    command: LoginCommand,
) -> Result<Done<Login>, ExecuteError<LoginError>> {
    ledger.execute(&stream(), metadata, |fold| Login::decide(fold.state(), command.clone())).await
}

fn claim(number: u128) -> LoginCommand {
    LoginCommand::Claim(Claim { member: member(number), orphaned: None })
}

fn release(number: u128) -> LoginCommand {
    LoginCommand::Release(Release { member: member(number) })
}

#[tokio::test]
async fn what_was_appended_is_folded_here_and_on_every_other_replica() {
    let given = Given::new();
    let (here, there) = (given.ledger(), given.ledger());
    decide(&here, &metadata(), claim(1)).await.unwrap();
    for ledger in [&here, &there] {
        assert_eq!(*ledger.load::<Login>(&stream()).await.unwrap().state(), LoginState::Held(member(1)));
    }
    decide(&there, &metadata(), release(1)).await.unwrap();
    assert_eq!(*here.load::<Login>(&stream()).await.unwrap().state(), LoginState::Free);
}

#[tokio::test]
async fn a_stream_as_of_a_time_holds_what_was_recorded_until_then() {
    let given = Given::new();
    let ledger = given.ledger();
    for command in [claim(1), release(1), claim(2)] {
        given.clock.advance(Duration::seconds(10));
        decide(&ledger, &metadata(), command).await.unwrap();
    }
    let mut states = Vec::new();
    for seconds in [9, 10, 29, 30, 60] {
        let at = DateTime::UNIX_EPOCH + Duration::seconds(seconds);
        states.push(*ledger.load_as_of::<Login>(&stream(), at).await.unwrap().state());
    }
    let (free, held) = (LoginState::Free, |number| LoginState::Held(member(number)));
    assert_eq!(states, [free, held(1), free, held(2), held(2)]);
}

#[tokio::test]
async fn a_stream_at_a_revision_holds_nothing_that_was_recorded_later_at_the_same_instant() {
    let given = Given::new();
    let ledger = given.ledger();
    for command in [claim(1), release(1), claim(2)] {
        decide(&ledger, &metadata(), command).await.unwrap();
    }
    let mut states = Vec::new();
    for revision in [0, 1, 2, 3] {
        let then = ledger.load_at::<Login>(&stream(), Revision(revision)).await.unwrap();
        states.push(*then.state());
    }
    let (free, held) = (LoginState::Free, |number| LoginState::Held(member(number)));
    assert_eq!(states, [held(1), free, held(2), held(2)]);
}

#[tokio::test]
async fn a_refusal_appends_nothing() {
    let given = Given::new();
    decide(&given.ledger(), &metadata(), claim(1)).await.unwrap();
    let refused = decide(&given.ledger(), &metadata(), claim(2)).await;
    assert!(matches!(refused, Err(ExecuteError::Refused(LoginError::Taken))));
    assert_eq!(given.store.load(&stream(), None).await.unwrap().events.len(), 1);
}

#[tokio::test]
async fn the_loser_of_a_race_decides_again_against_what_the_winner_did() {
    let given = Given::new();
    let (winner, loser) = (Arc::new(given.ledger()), given.ledger());
    let rounds = AtomicUsize::new(0);
    let outcome = loser
        .execute::<Login, _>(&stream(), &metadata(), |fold| {
            if rounds.fetch_add(1, Ordering::SeqCst) == 0 {
                // Somebody is faster between this replica's load and its append.
                let winner = winner.clone();
                std::thread::spawn(move || {
                    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
                    runtime.block_on(decide(&winner, &metadata(), claim(1))).unwrap();
                })
                .join()
                .unwrap();
            }
            Login::decide(fold.state(), claim(2))
        })
        .await;
    assert!(matches!(outcome, Err(ExecuteError::Refused(LoginError::Taken))));
    assert_eq!(rounds.load(Ordering::SeqCst), 2);
}

#[tokio::test]
async fn of_many_claims_at_once_exactly_one_succeeds() {
    let given = Given::new();
    let ledgers = [Arc::new(given.ledger()), Arc::new(given.ledger())];
    let claims = (1..=64_u128).map(|number| {
        let ledger = ledgers[usize::try_from(number % 2).unwrap()].clone();
        tokio::spawn(async move { decide(&ledger, &metadata(), claim(number)).await.is_ok() })
    });
    let mut won = 0;
    for claim in claims.collect::<Vec<_>>() {
        won += usize::from(claim.await.unwrap());
    }
    assert_eq!(won, 1);
}

#[tokio::test]
async fn s35_a_repeated_request_is_answered_once_also_on_another_replica() {
    let given = Given::new();
    let first = decide(&given.ledger(), &once(1, 1), claim(1)).await.unwrap();
    assert!(!first.repeated && first.events.len() == 1);
    let again = decide(&given.ledger(), &once(1, 1), claim(1)).await.unwrap();
    assert!(again.repeated && again.events.is_empty());
    assert_eq!(given.store.load(&stream(), None).await.unwrap().events.len(), 1);
}

#[tokio::test]
async fn s35_the_same_key_with_another_body_is_refused() {
    let given = Given::new();
    decide(&given.ledger(), &once(1, 1), claim(1)).await.unwrap();
    let other = decide(&given.ledger(), &once(1, 2), release(1)).await;
    assert!(matches!(other, Err(ExecuteError::Ledger(LedgerError::KeyReused))));
}

#[tokio::test]
async fn s35_a_key_is_forgotten_after_a_day() {
    let given = Given::new();
    let ledger = given.ledger();
    decide(&ledger, &once(1, 1), claim(1)).await.unwrap();
    given.clock.advance(Duration::hours(24));
    let later = decide(&ledger, &once(1, 2), release(1)).await.unwrap();
    assert!(!later.repeated && later.events.len() == 1);
}

#[tokio::test]
async fn s35_one_key_gives_the_events_of_two_streams_different_ids_and_a_repeat_the_same() {
    let given = Given::new();
    let (of, other) = (CompanyId(Uuid::from_u128(1)), CompanyId(Uuid::from_u128(2)));
    let (key, other_key) = (Digest::of(&[1; 32]), Digest::of(&[2; 32]));
    let mut ids = BTreeSet::new();
    for (company, key) in [(of, &key), (of, &other_key), (other, &key)] {
        let stream = StreamId::new(company, StreamKind::Login, key);
        // Another replica that appends the same at the same place makes the same event of it.
        let [first, again] = [Given::new(), Given::new()].map(|apart| (apart.ledger(), stream.clone()));
        let mut drawn = BTreeSet::new();
        for (ledger, stream) in [first, again, (given.ledger(), stream)] {
            let done = ledger
                .execute(&stream, &once(1, 1), |fold: &Fold<Login>| Login::decide(fold.state(), claim(1)))
                .await
                .unwrap();
            drawn.insert(done.events[0].0);
        }
        assert_eq!(drawn.len(), 1, "{key:?}");
        ids.extend(drawn);
    }
    assert_eq!(ids.len(), 3, "two streams share an id");
}

#[tokio::test]
async fn the_position_of_an_answer_is_at_or_before_the_logs_head() {
    let given = Given::new();
    let done = decide(&given.ledger(), &metadata(), claim(1)).await.unwrap();
    let head = given.store.head(stream().company).await.unwrap();
    assert!(head.covers(&done.position) && done.position != Checkpoint::start());
}

#[tokio::test]
async fn s30_time_is_never_before_the_last_event_of_a_stream_that_was_loaded() {
    let given = Given::new();
    given.clock.advance(Duration::hours(1));
    decide(&given.ledger(), &metadata(), claim(1)).await.unwrap();
    // A restart, with the clock an hour behind.
    let earlier = Arc::new(MovedClock::frozen_at(DateTime::UNIX_EPOCH));
    let restarted = Ledger::new(given.store.clone(), earlier);
    assert_eq!(restarted.now(), DateTime::UNIX_EPOCH);
    restarted.load::<Login>(&stream()).await.unwrap();
    assert_eq!(restarted.now(), given.clock.now());
}

#[tokio::test]
async fn s13_an_empty_stream_is_found_in_memory_as_a_filled_one_is() {
    let given = Given::new();
    let ledger = given.ledger();
    let unknown = async || ledger.load::<Login>(&stream()).await.unwrap();
    assert!(Arc::ptr_eq(&unknown().await, &unknown().await));
    decide(&ledger, &metadata(), claim(1)).await.unwrap();
    let known = unknown().await;
    assert_eq!(*known.state(), LoginState::Held(member(1)));
    assert!(Arc::ptr_eq(&known, &unknown().await));
}

#[tokio::test]
async fn names_of_nothing_push_no_fold_out_of_memory() {
    let given = Given::new();
    let ledger = given.ledger();
    decide(&ledger, &metadata(), claim(1)).await.unwrap();
    let known = ledger.load::<Login>(&stream()).await.unwrap();
    for number in 0..20_000 {
        let nothing =
            StreamId::new(CompanyId(Uuid::from_u128(2)), StreamKind::Login, Uuid::from_u128(number));
        ledger.load::<Login>(&nothing).await.unwrap();
    }
    assert!(Arc::ptr_eq(&known, &ledger.load::<Login>(&stream()).await.unwrap()));
}

#[tokio::test]
async fn s35_of_two_replicas_with_one_key_and_two_bodies_the_second_is_refused() {
    let given = Given::new();
    let (winner, loser) = (Arc::new(given.ledger()), given.ledger());
    let rounds = AtomicUsize::new(0);
    let outcome = loser
        .execute::<Login, _>(&stream(), &once(1, 2), |fold| {
            if rounds.fetch_add(1, Ordering::SeqCst) == 0 {
                let winner = winner.clone();
                std::thread::spawn(move || {
                    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
                    runtime.block_on(decide(&winner, &once(1, 1), claim(1))).unwrap();
                })
                .join()
                .unwrap();
            }
            Login::decide(fold.state(), claim(2))
        })
        .await;
    assert!(matches!(outcome, Err(ExecuteError::Ledger(LedgerError::KeyReused))));
    let state = *given.ledger().load::<Login>(&stream()).await.unwrap().state();
    assert_eq!(state, LoginState::Held(member(1)));
}
