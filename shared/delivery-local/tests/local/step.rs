//! The worker's step, one answer of the channel at a time.

use std::time::Duration;

use chrono::TimeDelta;
use tokio_util::sync::CancellationToken;
use twostep_clock::Clock as _;
use twostep_delivery::{
    Claims as _, Consumer as _, Content, Message, Outcome, Publisher as _, QueueError, Report, Request, Step,
    SubmitError, Trace,
};
use twostep_domain::Time;
use twostep_domain::delivery::{Channel, Failure, MessageKind};

use crate::fixture::{Fixture, accepted, retry};

const CODE: MessageKind = MessageKind::SignInCode;
const LINK: MessageKind = MessageKind::Invitation;
const NOTICE: MessageKind = MessageKind::Locked;

fn at(milliseconds: i64) -> Time {
    Time::UNIX_EPOCH + TimeDelta::milliseconds(milliseconds)
}

fn reject(because: Failure) -> Option<Result<twostep_delivery::Accepted, SubmitError>> {
    Some(Err(SubmitError::Reject { because, reason: "550".to_owned() }))
}

fn failed(because: Failure, reason: &str) -> Outcome {
    Outcome::Failed { because, reason: reason.to_owned() }
}

#[tokio::test]
async fn a_taken_message_is_reported_and_gone() {
    let fixture = Fixture::new([Some(accepted())]);
    let request = fixture.publish("a", CODE).await;
    assert_eq!(fixture.step().await, Step::Submitted);
    let report = fixture.report().await;
    assert_eq!((report.id, report.attempts, report.at), (request.id, 1, at(0)));
    assert_eq!(
        report.outcome,
        Outcome::Submitted { provider: "p".to_owned(), provider_id: Some("1".to_owned()) }
    );
    fixture.nothing_is_left().await;
}

#[tokio::test]
async fn a_link_goes_out_without_the_code_that_dies_beside_it() {
    let fixture = Fixture::new([]);
    let mut content = Content::default();
    content.code = Some("123456".to_owned());
    content.code_expires_at = Some(at(5 * 60_000));
    content.link = Some("https://x.example/v/abc".to_owned());
    for (label, seconds) in [("in time", 0), ("late", 4 * 60 + 30)] {
        let request = fixture.request_with(label, MessageKind::VerificationLink, content.clone());
        fixture.pass(seconds);
        fixture.queue.publish(&request).await.unwrap();
        assert_eq!(fixture.step().await, Step::Submitted);
    }
    assert_eq!(*fixture.channel.codes.lock().unwrap(), [Some("123456".to_owned()), None]);
}

#[tokio::test]
async fn a_code_is_retried_by_the_queue_and_whoever_waits_is_told() {
    let fixture = Fixture::new([Some(retry(None)), Some(retry(None))]);
    fixture.publish("a", CODE).await;
    let told = |millis| Outcome::Retrying { reason: "451".to_owned(), next_at: at(millis) };
    assert_eq!(fixture.step().await, Step::Retrying { next_at: at(1000) });
    assert_eq!(fixture.outcome().await, told(1000));
    fixture.nothing_is_left().await;
    fixture.pass(1);
    assert_eq!(fixture.step().await, Step::Retrying { next_at: at(3001) });
    assert_eq!(fixture.outcome().await, told(3001));
    fixture.pass(2);
    assert_eq!(fixture.step().await, Step::Submitted);
    assert_eq!(fixture.report().await.attempts, 3);
    fixture.nothing_is_left().await;
}

#[tokio::test]
async fn a_providers_retry_after_is_honoured() {
    let fixture = Fixture::new([Some(retry(Some(25)))]);
    fixture.publish("a", CODE).await;
    assert_eq!(fixture.step().await, Step::Retrying { next_at: at(25_000) });
}

#[tokio::test]
async fn a_code_whose_next_try_would_come_too_late_expires_now() {
    let fixture = Fixture::new([Some(retry(Some(571)))]);
    fixture.publish("a", CODE).await;
    assert_eq!(fixture.step().await, Step::Expired);
    assert_eq!(fixture.outcome().await, Outcome::Expired);
    fixture.nothing_is_left().await;
}

#[tokio::test]
async fn nothing_is_handed_over_later_than_half_a_minute_before_it_dies() {
    let fixture = Fixture::new([]);
    fixture.publish("a", CODE).await;
    fixture.pass(570);
    assert_eq!(fixture.step().await, Step::Expired);
    assert_eq!(fixture.report().await.attempts, 0);
    assert_eq!(fixture.sent(), 0);
    fixture.nothing_is_left().await;
}

#[tokio::test]
async fn links_and_notices_are_retried_by_the_log() {
    for kind in [LINK, NOTICE] {
        let fixture = Fixture::new([Some(retry(None))]);
        let request = fixture.publish("a", kind).await;
        assert_eq!(fixture.step().await, Step::Retrying { next_at: at(1000) });
        let reason = "451".to_owned();
        assert_eq!(fixture.outcome().await, Outcome::Retrying { reason, next_at: at(1000) });
        fixture.nothing_is_left().await;
        // The relay publishes it again: the count goes on.
        fixture.queue.publish(&request).await.unwrap();
        assert_eq!(fixture.step().await, Step::Submitted);
        assert_eq!(fixture.report().await.attempts, 2);
    }
}

#[tokio::test]
async fn a_notice_is_tried_for_a_day_at_most() {
    let fixture = Fixture::new([Some(retry(None))]);
    let request = fixture.request("a", NOTICE);
    let request = Request { expires_at: at(0) + TimeDelta::days(30), ..request };
    fixture.queue.publish(&request).await.unwrap();
    fixture.clock.advance(TimeDelta::hours(24));
    assert_eq!(fixture.step().await, Step::Expired);
}

#[tokio::test]
async fn a_refused_address_is_the_end() {
    let fixture = Fixture::new([reject(Failure::Rejected)]);
    fixture.publish("a", NOTICE).await;
    assert_eq!(fixture.step().await, Step::Failed(Failure::Rejected));
    assert_eq!(fixture.outcome().await, failed(Failure::Rejected, "550"));
    fixture.nothing_is_left().await;
}

#[tokio::test]
async fn refused_settings_end_a_code_and_postpone_a_notice() {
    let fixture = Fixture::new([reject(Failure::Configuration), reject(Failure::Configuration)]);
    fixture.publish("a", CODE).await;
    assert_eq!(fixture.step().await, Step::Failed(Failure::Configuration));
    fixture.publish("b", NOTICE).await;
    assert_eq!(fixture.step().await, Step::Retrying { next_at: at(1000) });
}

#[tokio::test]
async fn what_nobody_knows_is_reported_and_not_sent_again() {
    for kind in [CODE, LINK, NOTICE] {
        let (provider, reason) = ("p".to_owned(), "lost".to_owned());
        let answer = SubmitError::Unknown { provider: provider.clone(), reason: reason.clone() };
        let fixture = Fixture::new([Some(Err(answer))]);
        let request = fixture.publish("a", kind).await;
        assert_eq!(fixture.step().await, Step::Unknown);
        let told = Outcome::Unknown { provider, reason };
        assert_eq!(fixture.outcome().await, told);
        // What was told may be lost: whoever finds the message again tells it again.
        fixture.queue.publish(&request).await.unwrap();
        assert_eq!(fixture.step().await, Step::Ended);
        assert_eq!(fixture.outcome().await, told);
        assert_eq!(fixture.sent(), 1);
        fixture.nothing_is_left().await;
    }
}

#[tokio::test]
async fn a_claim_of_a_worker_that_died_before_submitting_goes_on() {
    let fixture = Fixture::new([]);
    let request = fixture.publish("a", NOTICE).await;
    fixture.died(&request, false).await;
    assert_eq!(fixture.step().await, Step::Submitted);
    assert_eq!(fixture.report().await.attempts, 2);
}

#[tokio::test]
async fn after_a_death_while_submitting_a_code_is_sent_once_more_and_anything_else_is_unknown() {
    for (kind, step, sent) in
        [(CODE, Step::Submitted, 1), (LINK, Step::Unknown, 0), (NOTICE, Step::Unknown, 0)]
    {
        let fixture = Fixture::new([]);
        let request = fixture.publish("a", kind).await;
        fixture.died(&request, true).await;
        assert_eq!((fixture.step().await, fixture.sent()), (step, sent), "{kind:?}");
    }
}

#[tokio::test]
async fn a_code_that_may_be_there_is_unknown_and_not_expired_once_it_is_too_late_to_send_it_again() {
    let fixture = Fixture::new([]);
    let request = fixture.publish("a", CODE).await;
    fixture.died(&request, true).await;
    fixture.pass(570);
    assert_eq!((fixture.step().await, fixture.sent()), (Step::Unknown, 0));
}

#[tokio::test]
async fn a_message_that_another_worker_has_is_put_back() {
    let fixture = Fixture::new([]);
    let request = fixture.publish("a", CODE).await;
    fixture.queue.claim(Channel::Email, request.id, "other").await.unwrap();
    assert_eq!(fixture.step().await, Step::Busy);
    let Request { id, company, channel, .. } = request;
    let word =
        Report { id, company, channel, round: Some(0), attempts: 1, at: at(0), outcome: Outcome::Expired };
    fixture.queue.decide("other", &word).await.unwrap();
    fixture.pass(5);
    assert_eq!(fixture.step().await, Step::Ended);
    assert_eq!((fixture.report().await, fixture.sent()), (word, 0));
    fixture.nothing_is_left().await;
}

#[tokio::test]
async fn a_newer_message_for_the_same_challenge_takes_the_olders_place() {
    let fixture = Fixture::new([]);
    let old = fixture.publish("old", CODE).await;
    fixture.pass(1);
    let new = fixture.publish("new", CODE).await;
    assert_eq!(fixture.step().await, Step::Failed(Failure::Superseded));
    assert_eq!(fixture.step().await, Step::Submitted);
    let (first, second) = (fixture.report().await, fixture.report().await);
    assert_eq!((first.id, first.attempts), (old.id, 0));
    assert_eq!(second.id, new.id);
    fixture.nothing_is_left().await;
}

#[tokio::test]
async fn what_does_not_open_is_poison() {
    let fixture = Fixture::new([]);
    let mut request = fixture.request("a", CODE);
    request.payload = fixture.request("b", CODE).payload;
    fixture.queue.publish(&request).await.unwrap();
    assert_eq!(fixture.step().await, Step::Failed(Failure::Poison));
    let report = fixture.report().await;
    assert!(matches!(report.outcome, Outcome::Failed { because: Failure::Poison, .. }));
    fixture.nothing_is_left().await;
}

/// Bytes that no queue of ours lets in, as they may lie in one that others reach.
struct Bytes(Vec<u8>);

#[async_trait::async_trait]
impl Message for Bytes {
    fn bytes(&self) -> &[u8] {
        &self.0
    }
    fn place(&self) -> String {
        "here".to_owned()
    }
    fn trace(&self) -> Option<Trace> {
        None
    }
    async fn superseded(&self) -> Result<bool, QueueError> {
        Ok(false)
    }
    async fn acknowledge(self: Box<Self>) -> Result<(), QueueError> {
        panic!("poison is buried")
    }
    async fn bury(self: Box<Self>, _: &str) -> Result<(), QueueError> {
        Ok(())
    }
    async fn retry_after(self: Box<Self>, _: Duration) -> Result<(), QueueError> {
        panic!("poison is not tried again")
    }
    async fn in_progress(&self) -> Result<(), QueueError> {
        Ok(())
    }
}

#[tokio::test]
async fn what_can_not_be_read_is_poison_and_reported_where_its_ids_are_readable() {
    let fixture = Fixture::new([]);
    let request = fixture.request("a", CODE);
    let unknown = Request { version: 9, ..request.clone() }.encode();
    let elsewhere = Request { channel: Channel::Sms, ..request.clone() }.encode();
    let cases = [(b"{".to_vec(), false), (vec![b'['; 1 << 20], false), (unknown, true), (elsewhere, true)];
    for (bytes, readable) in cases {
        let step = fixture.worker.step(Box::new(Bytes(bytes)), &CancellationToken::new()).await.unwrap();
        assert_eq!(step, Step::Failed(Failure::Poison));
        if readable {
            let report = fixture.report().await;
            assert_eq!(report.id, request.id);
            assert!(matches!(report.outcome, Outcome::Failed { because: Failure::Poison, .. }));
        }
        fixture.nothing_is_left().await;
    }
}

#[tokio::test]
async fn a_stop_hands_a_code_back_and_calls_anything_else_unknown() {
    for (kind, step) in [(CODE, Step::HandedBack), (NOTICE, Step::Unknown)] {
        let fixture = Fixture::new([None]);
        fixture.publish("a", kind).await;
        let message = fixture.queue.next(Channel::Email).await.unwrap();
        let hurry = CancellationToken::new();
        hurry.cancel();
        assert_eq!(fixture.worker.step(message, &hurry).await.unwrap(), step);
        assert_eq!(fixture.clock.now(), at(0));
    }
}
