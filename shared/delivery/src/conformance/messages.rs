//! Messages: order, identity, retry, supersession, back-pressure.

use std::time::Duration;

use twostep_domain::delivery::Channel;

use super::Harness;
use super::requests::{code, code_for, id_of, next, nothing_comes, notice};
use crate::{QueueError, Request};

const A_LITTLE: Duration = Duration::from_millis(10);

async fn publish(harness: &dyn Harness, request: &Request) {
    harness.publisher().publish(request).await.expect("there is room");
}

pub(super) async fn a_published_message_comes_out_as_it_went_in(harness: &dyn Harness) {
    let request = code_for(harness, "a", "challenge", 0);
    publish(harness, &request).await;
    let message = next(harness).await.expect("it is there");
    assert_eq!(Request::decode(message.bytes()).expect("the same bytes"), request);
}

pub(super) async fn urgent_messages_come_before_notices(harness: &dyn Harness) {
    for request in [notice(harness, "n1"), notice(harness, "n2"), code(harness, "u")] {
        publish(harness, &request).await;
    }
    let mut came = Vec::new();
    for _ in 0..3 {
        came.push(id_of(next(harness).await.expect("three are there").as_ref()));
    }
    assert_eq!(came, ["u", "n1", "n2"].map(|label| code(harness, label).id));
}

pub(super) async fn an_urgent_message_overtakes_the_notices_that_wait(harness: &dyn Harness) {
    for label in ["n1", "n2", "n3"] {
        publish(harness, &notice(harness, label)).await;
    }
    let held = next(harness).await.expect("it is there");
    publish(harness, &code(harness, "u")).await;
    let urgent = code(harness, "u").id;
    let first = next(harness).await.expect("it is there");
    let second = next(harness).await.expect("it is there");
    // One notice may have been on its way when the code came; no more than that go first.
    assert!([&first, &second].iter().any(|message| id_of(message.as_ref()) == urgent), "the code waits");
    held.acknowledge().await.expect("it is ours");
}

pub(super) async fn a_hand_that_is_kept_for_urgent_messages_leaves_notices_alone(harness: &dyn Harness) {
    let urgent = async || harness.consumer().next_urgent(Channel::Email).await.expect("it is there");
    publish(harness, &notice(harness, "n")).await;
    let coming = tokio::time::timeout(harness.moment(), urgent()).await;
    assert!(coming.is_err(), "a notice came");
    publish(harness, &code(harness, "u")).await;
    assert_eq!(id_of(urgent().await.as_ref()), code(harness, "u").id);
    assert_eq!(id_of(next(harness).await.expect("it lies there").as_ref()), notice(harness, "n").id);
}

pub(super) async fn whoever_stops_waiting_loses_no_message(harness: &dyn Harness) {
    for number in 0..20 {
        let request = code(harness, &number.to_string());
        // Somebody waits already or not yet, and is gone before it comes, or when it is there.
        let mut waits = Box::pin(next(harness));
        if number % 2 == 0 {
            let early = tokio::time::timeout(Duration::ZERO, waits.as_mut()).await;
            assert!(early.is_err(), "nothing was published");
        }
        publish(harness, &request).await;
        if number % 4 < 2 {
            harness.pass(harness.moment() / 10).await;
        }
        drop(waits);
        let message = next(harness).await.expect("it is there");
        assert_eq!(id_of(message.as_ref()), request.id);
        message.acknowledge().await.expect("it is ours");
    }
}

pub(super) async fn channels_do_not_see_each_others_messages(harness: &dyn Harness) {
    publish(harness, &Request { channel: Channel::Sms, ..code(harness, "text") }).await;
    nothing_comes(harness).await;
    let message = harness.consumer().next(Channel::Sms).await.expect("it is there");
    assert_eq!(id_of(message.as_ref()), code(harness, "text").id);
}

pub(super) async fn the_same_id_is_delivered_once_while_it_lies_there(harness: &dyn Harness) {
    publish(harness, &code(harness, "a")).await;
    publish(harness, &code(harness, "a")).await;
    next(harness).await.expect("it is there").acknowledge().await.expect("it is ours");
    nothing_comes(harness).await;
}

pub(super) async fn a_message_put_back_comes_when_its_delay_has_passed(harness: &dyn Harness) {
    publish(harness, &code(harness, "a")).await;
    let delay = harness.patience() / 3;
    next(harness).await.expect("it is there").retry_after(delay).await.expect("it is ours");
    nothing_comes(harness).await;
    harness.pass(delay + A_LITTLE).await;
    assert_eq!(id_of(next(harness).await.expect("it is due").as_ref()), code(harness, "a").id);
}

pub(super) async fn a_message_that_nobody_ends_comes_again(harness: &dyn Harness) {
    publish(harness, &code(harness, "a")).await;
    drop(next(harness).await.expect("it is there"));
    harness.pass(harness.patience() + A_LITTLE).await;
    assert_eq!(id_of(next(harness).await.expect("it came again").as_ref()), code(harness, "a").id);
}

pub(super) async fn work_in_progress_keeps_a_message(harness: &dyn Harness) {
    publish(harness, &code(harness, "a")).await;
    let message = next(harness).await.expect("it is there");
    for _ in 0..3 {
        harness.pass(harness.patience() * 2 / 3).await;
        message.in_progress().await.expect("it is ours");
    }
    nothing_comes(harness).await;
    message.acknowledge().await.expect("it is ours");
}

pub(super) async fn an_acknowledged_message_is_gone(harness: &dyn Harness) {
    publish(harness, &code(harness, "a")).await;
    next(harness).await.expect("it is there").acknowledge().await.expect("it is ours");
    harness.pass(harness.patience() + A_LITTLE).await;
    nothing_comes(harness).await;
}

pub(super) async fn a_newer_message_for_the_same_challenge_supersedes_the_older(harness: &dyn Harness) {
    publish(harness, &code_for(harness, "old", "challenge", 0)).await;
    publish(harness, &code_for(harness, "other", "another challenge", 0)).await;
    let old = next(harness).await.expect("it is there");
    assert!(!old.superseded().await.expect("the queue knows"));
    publish(harness, &code_for(harness, "new", "challenge", 1)).await;
    assert!(old.superseded().await.expect("the queue knows"));
    old.acknowledge().await.expect("it is ours");
    for label in ["other", "new"] {
        let message = next(harness).await.expect("it is there");
        assert_eq!(id_of(message.as_ref()), code(harness, label).id);
        assert!(!message.superseded().await.expect("the queue knows"), "{label}");
    }
    // What is published late stays the older one.
    publish(harness, &code_for(harness, "late", "challenge", 0)).await;
    assert!(next(harness).await.expect("it is there").superseded().await.expect("the queue knows"));
}

pub(super) async fn a_message_sent_once_more_takes_the_place_of_the_one_that_lies_there(
    harness: &dyn Harness,
) {
    let (first, once_more) = (code(harness, "a"), Request { round: 1, ..code(harness, "a") });
    for request in [&first, &once_more, &once_more] {
        publish(harness, request).await;
    }
    let message = next(harness).await.expect("it is there");
    assert_eq!(Request::decode(message.bytes()).expect("it is one").round, 1);
    message.acknowledge().await.expect("it is ours");
    nothing_comes(harness).await;
}

pub(super) async fn a_full_queue_says_so_and_loses_nothing(harness: &dyn Harness) {
    let room = harness.room();
    for number in 0..room {
        publish(harness, &code(harness, &number.to_string())).await;
    }
    let one_more = code(harness, "one more");
    let refused = harness.publisher().publish(&one_more).await;
    assert!(matches!(refused, Err(QueueError::Full)), "{refused:?}");
    next(harness).await.expect("it is there").acknowledge().await.expect("it is ours");
    publish(harness, &one_more).await;
    for _ in 0..room {
        next(harness).await.expect("all are there").acknowledge().await.expect("it is ours");
    }
    nothing_comes(harness).await;
}
