//! A session's command that waited for its turn is decided as of its turn: what went before it is no future.

use chrono::Duration;
use twostep_domain::second_step::{
    Purpose, SecondStep, SecondStepCommand, SecondStepError, StartSignIn, TouchSession,
};
use twostep_domain::{Aggregate as _, Digest, SessionId, SignInId};
use twostep_vault::{BearerToken, random};

use super::bench::{Bench, PASSWORD, metadata, web};
use crate::context::second_step;
use crate::sign_in::DrawnSession;
use crate::{Fold, SessionCaller, SessionError};

/// Two sessions of the holder whose use is due to be noted.
async fn two_sessions(bench: &Bench) -> (SessionCaller, SessionCaller) {
    let other = bench.sign_in(PASSWORD).await.unwrap();
    bench.clock.advance(Duration::minutes(11));
    (bench.caller(&bench.token).await.unwrap(), bench.caller(&other).await.unwrap())
}

/// Runs `queue`, whose first command holds the stream, and lets a minute pass before that one is through.
async fn while_the_stream_is_held<T>(bench: &Bench, queue: impl Future<Output = T>) -> T {
    bench.log.held.send_replace(true);
    let go_on = async {
        bench.clock.advance(Duration::minutes(1));
        bench.log.held.send_replace(false);
    };
    // In this order: all of the queue stands in it when time passes.
    tokio::join!(biased; queue, go_on).0
}

/// Signs the holder in once more.
async fn signed_in_again(bench: &Bench) -> impl Future<Output = BearerToken> + use<'_> {
    let (commands, company, holder) = (&bench.commands, bench.company, bench.holder);
    let requirement = commands.requirement(company, holder).await.unwrap();
    let password = commands.member(company, holder).await.unwrap().revision().unwrap().0;
    let drawn = DrawnSession::draw(company, holder);
    async move {
        let decide = |fold: &Fold<SecondStep>| {
            let start = StartSignIn {
                sign_in: SignInId(random::new_id()),
                purpose: Purpose::SignIn,
                token: Digest::of(&[1; 32]),
                client: web(),
                excluded: None,
                password,
                session: drawn.new.clone(),
                requirement: requirement.clone(),
                now: commands.now(),
            };
            SecondStep::decide(fold.state(), SecondStepCommand::StartSignIn(start))
        };
        let stream = second_step(company, holder);
        commands.ledger().execute(&stream, &metadata(), decide).await.map(drop).unwrap();
        drawn.token
    }
}

/// Uses `session` at the time of its turn, as on another replica.
async fn used(bench: &Bench, session: SessionId) {
    let decide = |fold: &Fold<SecondStep>| {
        let touch = TouchSession { session, now: bench.commands.now() };
        SecondStep::decide(fold.state(), SecondStepCommand::TouchSession(touch))
    };
    let stream = second_step(bench.company, bench.holder);
    let noted = bench.commands.ledger().execute(&stream, &metadata(), decide).await.unwrap();
    assert_eq!(noted.events.len(), 1);
}

#[tokio::test]
async fn a_session_is_noted_behind_another_note_and_a_newer_session_stays() {
    let bench = Bench::new().await;
    let (one, other) = two_sessions(&bench).await;
    let (commands, told) = (&bench.commands, metadata());
    let again = signed_in_again(&bench).await;
    let queue = async {
        tokio::join!(
            biased;
            commands.touch_session(&other, &told),
            again,
            used(&bench, one.session.id),
            commands.touch_session(&one, &told),
        )
    };
    let (first, newer, (), second) = while_the_stream_is_held(&bench, queue).await;
    for noted in [first, second] {
        noted.unwrap();
    }
    for token in [newer.expose(), &bench.token] {
        assert!(bench.caller(token).await.is_some());
    }
}

#[tokio::test]
async fn a_session_that_was_used_a_moment_ago_is_ended() {
    let bench = Bench::new().await;
    let (one, other) = two_sessions(&bench).await;
    let (commands, told) = (&bench.commands, metadata());
    let again = signed_in_again(&bench).await;
    let queue = async {
        tokio::join!(
            biased;
            commands.touch_session(&other, &told),
            again,
            used(&bench, one.session.id),
            commands.end_session(&other, one.session.id, &told),
        )
    };
    let (_, newer, _, ended) = while_the_stream_is_held(&bench, queue).await;
    ended.unwrap();
    assert!(bench.caller(&bench.token).await.is_none(), "204, and nothing ended");
    assert!(bench.caller(newer.expose()).await.is_some());
}

#[tokio::test]
async fn turning_off_is_judged_in_a_session_that_was_used_a_moment_ago() {
    let bench = Bench::new().await;
    let (one, other) = two_sessions(&bench).await;
    let (commands, told) = (&bench.commands, metadata());
    let queue = async {
        tokio::join!(
            biased;
            commands.touch_session(&other, &told),
            used(&bench, one.session.id),
            commands.turn_off(&one, &told),
        )
    };
    let (_, _, turned_off) = while_the_stream_is_held(&bench, queue).await;
    let Err(SessionError::Refused(refusal)) = turned_off else { panic!("{turned_off:?}") };
    assert_ne!(refusal, SecondStepError::SessionOver);
}
