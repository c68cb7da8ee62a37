//! Headers, as they lie at the server.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use async_nats::HeaderMap;
use tokio::time::timeout;
use twostep_clock::SystemClock;
use twostep_delivery::{Consumer, Outcome, Publisher as _, Report, Reporter as _, Reports, Trace};
use twostep_delivery_nats::{Declaration, NatsQueue, Sizes, provision};
use twostep_domain::delivery::Channel;
use uuid::Uuid;
use yaml_rust2::YamlLoader;

use crate::requests::code;
use crate::server::Server;

const PATIENCE: Duration = Duration::from_secs(20);

async fn queue(server: &Server) -> NatsQueue {
    let connected = server.connected("test").await;
    provision(&connected, &Declaration::of(&Sizes::default())).await.unwrap();
    NatsQueue::new(connected, Arc::new(SystemClock), Sizes::default())
}

fn expired(label: &str) -> Report {
    let request = code(label);
    Report {
        id: request.id,
        company: request.company,
        channel: request.channel,
        round: Some(request.round),
        attempts: 1,
        at: request.requested_at,
        outcome: Outcome::Expired,
    }
}

/// The headers that `schemas/asyncapi.yaml` gives a message.
fn told(message: &str) -> BTreeSet<String> {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../../schemas/asyncapi.yaml");
    let document = YamlLoader::load_from_str(&std::fs::read_to_string(file).unwrap()).unwrap();
    let headers = &document[0]["components"]["messages"][message]["headers"]["properties"];
    headers.as_hash().unwrap().keys().map(|name| name.as_str().unwrap().to_owned()).collect()
}

fn names(headers: &HeaderMap) -> BTreeSet<String> {
    headers.iter().map(|(name, _)| name.to_string()).collect()
}

#[tokio::test]
async fn a_message_and_a_report_have_the_headers_that_the_document_tells() {
    let server = Server::start();
    let queue = queue(&server).await;
    let trace = Trace::of(Uuid::from_u128(0x0af7_6519_16cd_43dd_8448_eb21_1c80_319c));
    Trace::within(trace, async {
        queue.publish(&code("a")).await.unwrap();
        queue.report(&expired("a")).await.unwrap();
    })
    .await;
    let jetstream = async_nats::jetstream::new(async_nats::connect(&server.url).await.unwrap());
    for (stream, message) in [("DELIVERY", "Request"), ("OUTCOMES", "Report")] {
        let stream = jetstream.get_stream(stream).await.unwrap();
        let headers = stream.get_raw_message(1).await.unwrap().headers;
        assert_eq!(names(&headers), told(message), "{message}");
        let parent = headers.get(Trace::HEADER).unwrap().as_str();
        assert!(parent.starts_with("00-0af7651916cd43dd8448eb211c80319c-"), "{parent}");
        assert_eq!(parent.parse().ok(), trace);
    }
}

#[tokio::test]
async fn what_somebody_else_writes_there_counts_as_nothing_and_the_message_is_worked_on() {
    let server = Server::start();
    let queue = queue(&server).await;
    let client = async_nats::connect(&server.url).await.unwrap();
    let good = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    let mut twice = HeaderMap::new();
    twice.append(Trace::HEADER, good);
    twice.append(Trace::HEADER, good);
    let headers = ["", "nonsense", "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01"].map(|value| {
        let mut headers = HeaderMap::new();
        headers.insert(Trace::HEADER, value);
        headers
    });
    for (number, headers) in headers.into_iter().chain([twice]).enumerate() {
        let request = code(&number.to_string());
        let subject = format!("twostep.delivery.urgent.email.{}", request.id);
        client.publish_with_headers(subject, headers.clone(), request.encode().into()).await.unwrap();
        let message = timeout(PATIENCE, Consumer::next(&queue, Channel::Email)).await.unwrap().unwrap();
        assert_eq!(message.trace(), None, "{headers:?}");
        message.acknowledge().await.unwrap();
        let report = expired(&number.to_string());
        let (subject, bytes) =
            (format!("twostep.outcome.email.{}", report.id), serde_json::to_vec(&report).unwrap());
        client.publish_with_headers(subject, headers.clone(), bytes.into()).await.unwrap();
        let heard = timeout(PATIENCE, Reports::next(&queue)).await.unwrap().unwrap();
        assert_eq!((heard.report(), heard.trace()), (&report, None), "{headers:?}");
        heard.acknowledge().await.unwrap();
    }
}
