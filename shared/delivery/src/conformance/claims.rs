//! Claims: who works on which message, in two steps.

use std::time::Duration;

use twostep_domain::delivery::Channel;

use super::Harness;
use super::requests::code;
use crate::{Claim, Outcome, Report, Request};

const A_LITTLE: Duration = Duration::from_millis(10);

async fn claim(harness: &dyn Harness, worker: &str) -> Claim {
    harness.claims().claim(Channel::Email, code(harness, "a").id, worker).await.expect("claims can be made")
}

pub(super) async fn a_claim_counts_its_tries(harness: &dyn Harness) {
    let id = code(harness, "a").id;
    for attempt in 1..=3 {
        assert_eq!(claim(harness, "one").await, Claim::Taken { attempt });
        harness.claims().submitting(Channel::Email, id, "one").await.expect("it is ours");
        harness.claims().release(Channel::Email, id, "one").await.expect("it is ours");
    }
}

pub(super) async fn two_workers_never_both_take_it(harness: &dyn Harness) {
    let (one, two) = tokio::join!(claim(harness, "one"), claim(harness, "two"));
    let found = [one, two];
    let taken = found.iter().filter(|found| matches!(found, Claim::Taken { attempt: 1 })).count();
    let busy = found.iter().filter(|found| **found == Claim::Busy).count();
    assert_eq!((taken, busy), (1, 1));
    // Nor does the owner take it twice: another of its hands may be at work.
    assert_eq!([claim(harness, "one").await, claim(harness, "two").await], [Claim::Busy, Claim::Busy]);
}

pub(super) async fn a_dead_owners_claim_goes_on(harness: &dyn Harness) {
    claim(harness, "one").await;
    harness.pass(harness.patience() + A_LITTLE).await;
    assert_eq!(claim(harness, "two").await, Claim::Taken { attempt: 2 });
}

pub(super) async fn a_dead_owner_that_was_submitting_is_told_apart(harness: &dyn Harness) {
    let id = code(harness, "a").id;
    claim(harness, "one").await;
    harness.claims().submitting(Channel::Email, id, "one").await.expect("it is ours");
    harness.pass(harness.patience() * 2 / 3).await;
    harness.claims().submitting(Channel::Email, id, "one").await.expect("it is renewed");
    harness.pass(harness.patience() * 2 / 3).await;
    assert_eq!(claim(harness, "two").await, Claim::Busy);
    harness.pass(harness.patience() / 2).await;
    assert_eq!(claim(harness, "two").await, Claim::TakenAfterSubmitting { attempt: 2 });
}

fn word(harness: &dyn Harness) -> Report {
    let Request { id, company, channel, .. } = code(harness, "a");
    let outcome = Outcome::Submitted { provider: "p".to_owned(), provider_id: None };
    Report { id, company, channel, round: Some(0), attempts: 1, at: harness.now(), outcome }
}

pub(super) async fn a_decided_message_is_told_by_everybody_and_not_sent_again(harness: &dyn Harness) {
    let (id, word) = (code(harness, "a").id, word(harness));
    claim(harness, "one").await;
    harness.claims().submitting(Channel::Email, id, "one").await.expect("it is ours");
    harness.claims().decide("one", &word).await.expect("it is ours");
    for worker in ["two", "three", "one"] {
        assert_eq!(claim(harness, worker).await, Claim::Decided(Box::new(word.clone())));
        harness.pass(harness.patience() + A_LITTLE).await;
    }
    harness.claims().release(Channel::Email, id, "one").await.expect("claims can be read");
    assert!(harness.claims().submitting(Channel::Email, id, "one").await.is_err(), "nobody sends it again");
    assert_eq!(claim(harness, "two").await, Claim::Decided(Box::new(word)));
}

pub(super) async fn a_reopened_message_is_claimed_anew_once_a_round(harness: &dyn Harness) {
    let (id, word) = (code(harness, "a").id, word(harness));
    let of = |round| Report { round: Some(round), ..word.clone() };
    let decide = async |round| {
        assert_eq!(claim(harness, "one").await, Claim::Taken { attempt: 1 });
        harness.claims().decide("one", &of(round)).await.expect("it is ours");
    };
    let reopen = async |round| {
        harness.publisher().reopen(Channel::Email, id, round).await.expect("claims can be made")
    };
    decide(0).await;
    reopen(1).await;
    decide(1).await;
    reopen(1).await;
    let decided = Claim::Decided(Box::new(of(1)));
    assert_eq!(claim(harness, "two").await, decided, "it was decided in this round");
    reopen(2).await;
    reopen(1).await;
    assert_eq!(claim(harness, "two").await, Claim::Taken { attempt: 1 });
    reopen(3).await;
    assert_eq!(claim(harness, "one").await, Claim::Busy, "somebody works on it");
}

pub(super) async fn a_word_of_the_round_before_keeps_nobody_from_sending_once_more(harness: &dyn Harness) {
    let (id, word) = (code(harness, "a").id, word(harness));
    claim(harness, "one").await;
    harness.publisher().reopen(Channel::Email, id, 1).await.expect("claims can be made");
    harness.claims().decide("one", &word).await.expect("it is ours");
    assert_eq!(claim(harness, "two").await, Claim::Taken { attempt: 1 });
    let now = Report { round: Some(1), ..word };
    harness.claims().decide("two", &now).await.expect("it is ours");
    assert_eq!(claim(harness, "one").await, Claim::Decided(Box::new(now)));
}

pub(super) async fn a_message_that_nobody_remembers_is_reopened_once_a_round(harness: &dyn Harness) {
    let (id, word) = (code(harness, "a").id, Report { round: Some(1), ..word(harness) });
    harness.publisher().reopen(Channel::Email, id, 1).await.expect("claims can be made");
    assert_eq!(claim(harness, "one").await, Claim::Taken { attempt: 1 });
    harness.claims().decide("one", &word).await.expect("it is ours");
    harness.publisher().reopen(Channel::Email, id, 1).await.expect("claims can be made");
    assert_eq!(claim(harness, "two").await, Claim::Decided(Box::new(word)));
}

pub(super) async fn a_lost_claim_does_not_submit(harness: &dyn Harness) {
    let id = code(harness, "a").id;
    claim(harness, "one").await;
    harness.pass(harness.patience() + A_LITTLE).await;
    claim(harness, "two").await;
    assert!(harness.claims().submitting(Channel::Email, id, "one").await.is_err());
    harness.claims().submitting(Channel::Email, id, "two").await.expect("it is theirs");
}
