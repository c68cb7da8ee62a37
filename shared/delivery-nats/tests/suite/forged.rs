//! Reports that somebody writes who may speak for one channel only.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::timeout;
use twostep_clock::SystemClock;
use twostep_delivery::{Outcome, Report, Reports as _};
use twostep_delivery_nats::{Declaration, NatsQueue, Sizes, provision};
use twostep_domain::delivery::Channel;

use crate::requests::code;
use crate::server::Server;

#[tokio::test]
async fn s27_a_report_counts_for_the_message_of_its_subject_and_for_no_other() {
    let server = Server::start();
    let connected = server.connected("test").await;
    provision(&connected, &Declaration::of(&Sizes::default())).await.unwrap();
    let queue = NatsQueue::new(connected, Arc::new(SystemClock), Sizes::default());
    let client = async_nats::connect(&server.url).await.unwrap();
    let (own, others) = (code("own"), code("others"));
    let about = |id, channel| Report {
        id,
        company: own.company,
        channel,
        round: None,
        attempts: 1,
        at: own.requested_at,
        outcome: Outcome::Expired,
    };
    let subject = format!("twostep.outcome.email.{}", own.id);
    let right = about(own.id, Channel::Email);
    let written = |report: &Report| serde_json::to_vec(report).unwrap();
    let wrong = [about(others.id, Channel::Email), about(own.id, Channel::Sms)];
    for bytes in [written(&wrong[0]), written(&wrong[1]), b"{".to_vec(), written(&right)] {
        client.publish(subject.clone(), bytes.into()).await.unwrap();
    }
    let heard = timeout(Duration::from_secs(20), queue.next()).await.unwrap().unwrap();
    assert_eq!(*heard.report(), right);
    let kept = async_nats::jetstream::new(client).get_stream("DEAD").await.unwrap();
    assert_eq!(kept.cached_info().state.messages, 3, "what is dropped leaves a dead letter");
}
