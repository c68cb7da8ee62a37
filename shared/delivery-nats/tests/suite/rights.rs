//! S27: one user per service with least permissions, over TLS, by the very configuration of `deploy/nats`.

use std::sync::Arc;
use std::time::Duration;

use async_nats::{Client, ConnectOptions, Event};
use async_trait::async_trait;
use tokio::sync::mpsc;
use tokio::time::{Instant, timeout};
use tokio_util::sync::CancellationToken;
use twostep_clock::{Clock as _, SystemClock};
use twostep_delivery::conformance::{Harness, run_all};
use twostep_delivery::{
    Claims, Consumer, Leadership as _, Message, Outcome, Publisher, QueueError, Reporter, Reports,
};
use twostep_delivery_nats::{Lease, NatsConnection, NatsQueue, Role, Sizes};
use twostep_domain::Time;
use twostep_domain::delivery::{Channel, Failure};
use uuid::Uuid;

use crate::burial::give_out_until_worn_out;
use crate::requests::code;
use crate::secured::{EMAIL, SMS, Secured, queue};

const LONG: Duration = Duration::from_secs(20);

fn sizes() -> Sizes {
    let (patience, answer_within) = (Duration::from_millis(600), Duration::from_secs(2));
    Sizes { urgent: 5, notices: 5, patience, answer_within, ..Sizes::default() }
}

/// The service on one side, a worker of each channel on the other.
struct Roles {
    service: NatsQueue,
    workers: Workers,
    seed: Uuid,
    _secured: Secured,
}

struct Workers {
    email: NatsQueue,
    sms: NatsQueue,
}

#[async_trait]
impl Consumer for Workers {
    async fn next(&self, channel: Channel) -> Result<Box<dyn Message>, QueueError> {
        match channel {
            Channel::Email => Consumer::next(&self.email, channel).await,
            Channel::Sms => Consumer::next(&self.sms, channel).await,
        }
    }
    async fn next_urgent(&self, channel: Channel) -> Result<Box<dyn Message>, QueueError> {
        match channel {
            Channel::Email => self.email.next_urgent(channel).await,
            Channel::Sms => self.sms.next_urgent(channel).await,
        }
    }
}

#[async_trait]
impl Harness for Roles {
    fn publisher(&self) -> &dyn Publisher {
        &self.service
    }
    fn consumer(&self) -> &dyn Consumer {
        &self.workers
    }
    fn claims(&self) -> &dyn Claims {
        &self.workers.email
    }
    fn reporter(&self) -> &dyn Reporter {
        &self.workers.email
    }
    fn reports(&self) -> &dyn Reports {
        &self.service
    }
    fn now(&self) -> Time {
        SystemClock.now()
    }
    async fn pass(&self, by: Duration) {
        tokio::time::sleep(by).await;
    }
    fn patience(&self) -> Duration {
        sizes().patience
    }
    fn room(&self) -> usize {
        5
    }
    fn moment(&self) -> Duration {
        Duration::from_millis(100)
    }
    fn seed(&self) -> Uuid {
        self.seed
    }
}

#[tokio::test]
async fn s27_every_service_does_its_whole_job_with_its_own_rights() {
    run_all(async || {
        let secured = Secured::start(&sizes()).await;
        let service = secured.queue(Role::Service, sizes()).await;
        let workers =
            Workers { email: secured.queue(EMAIL, sizes()).await, sms: secured.queue(SMS, sizes()).await };
        Roles { service, workers, seed: Uuid::now_v7(), _secured: secured }
    })
    .await;
}

#[tokio::test]
async fn s27_the_service_leads_counts_and_buries_with_its_own_rights() {
    let secured = Secured::start(&sizes()).await;
    let service = secured.queue(Role::Service, sizes()).await;
    let worker = secured.queue(EMAIL, sizes()).await;
    let stop = CancellationToken::new();
    let lease = Arc::new(Lease::new(service.clone(), "one"));
    let (kept, stopped) = (lease.clone(), stop.clone());
    let keeps = tokio::spawn(async move { kept.keep(stopped).await });
    timeout(LONG, lease.differs_from(false)).await.unwrap();
    stop.cancel();
    keeps.await.unwrap();

    let stop = CancellationToken::new();
    let (buries, stopped) = (service.clone(), stop.clone());
    tokio::spawn(async move { buries.bury_worn_out(stopped).await });
    service.publish(&code("worn out")).await.unwrap();
    give_out_until_worn_out(&worker).await;
    let report = timeout(LONG, Reports::next(&service)).await.unwrap().unwrap();
    assert_eq!(report.report().id, code("worn out").id);
    assert!(matches!(report.report().outcome, Outcome::Failed { because: Failure::Poison, .. }));
    service.publish(&code("unreadable")).await.unwrap();
    Consumer::next(&worker, Channel::Email).await.unwrap().bury("a test").await.unwrap();
    let left = async {
        while service.waiting().await.unwrap().iter().any(|lane| lane.waiting + lane.in_hand > 0) {}
    };
    timeout(LONG, left).await.unwrap();
    stop.cancel();
}

/// What a worker of e-mail has no business with.
const NOT_TO_PUBLISH: &[&str] = &[
    "twostep.delivery.urgent.email.x",
    "twostep.outcome.sms.x",
    "twostep.dead.sms",
    "$JS.API.INFO",
    "$JS.API.STREAM.CREATE.MINE",
    "$JS.API.STREAM.UPDATE.DELIVERY",
    "$JS.API.STREAM.DELETE.DELIVERY",
    "$JS.API.STREAM.PURGE.DELIVERY",
    "$JS.API.STREAM.MSG.GET.DELIVERY",
    "$JS.API.STREAM.MSG.DELETE.DELIVERY",
    "$JS.API.STREAM.MSG.GET.DEAD",
    "$JS.API.CONSUMER.CREATE.DELIVERY.mine.twostep.delivery.urgent.sms.x",
    "$JS.API.CONSUMER.DELETE.DELIVERY.sms-urgent",
    "$JS.API.CONSUMER.INFO.DELIVERY.sms-urgent",
    "$JS.API.CONSUMER.MSG.NEXT.DELIVERY.sms-urgent",
    "$JS.API.CONSUMER.MSG.NEXT.OUTCOMES.outcomes",
    "$JS.ACK.DELIVERY.sms-urgent.1.1.1.1.0",
    "$JS.API.STREAM.INFO.KV_twostep_leases",
    "$JS.API.DIRECT.GET.KV_twostep_leases.$KV.twostep_leases.relay",
    "$JS.API.DIRECT.GET.KV_twostep_challenges.$KV.twostep_challenges.sms.x",
    "$JS.API.DIRECT.GET.KV_twostep_claims.$KV.twostep_claims.sms.x",
    "$KV.twostep_claims.sms.x",
    "$KV.twostep_claims.x",
    "$KV.twostep_leases.relay",
    "$KV.twostep_challenges.email.x",
    "_INBOX.command-service.x",
];

/// Nor does anybody listen to what isn't meant for it.
const NOT_TO_HEAR: &[&str] = &[
    ">",
    "_INBOX.>",
    "_INBOX.sms-worker.>",
    "_INBOX.command-service.>",
    "twostep.>",
    "$JS.EVENT.>",
    "$KV.>",
];

/// A connection whose refusals come out.
async fn listener(secured: &Secured, role: Role) -> (Client, mpsc::UnboundedReceiver<String>) {
    let (told, hears) = mpsc::unbounded_channel();
    let seed = std::fs::read_to_string(secured.nkey(role)).unwrap();
    let options = ConnectOptions::new()
        .nkey(seed.trim().to_owned())
        .add_root_certificates(secured.secret("ca.pem"))
        .event_callback(move |event| {
            if let Event::ServerError(error) = event {
                told.send(error.to_string()).unwrap();
            }
            std::future::ready(())
        });
    (options.connect(secured.connection(role).url).await.unwrap(), hears)
}

async fn refused(hears: &mut mpsc::UnboundedReceiver<String>, what: &str) {
    let said = timeout(LONG, hears.recv()).await.unwrap_or_else(|_| panic!("{what} is allowed")).unwrap();
    let (said, what) = (said.to_lowercase(), what.to_lowercase());
    assert!(
        said.contains("permissions violation") && said.contains(&format!("\"{what}\"")),
        "{what}: {said}"
    );
}

#[tokio::test]
async fn s27_a_worker_reaches_nothing_but_its_own_channels_work() {
    let secured = Secured::start(&sizes()).await;
    let (client, mut hears) = listener(&secured, EMAIL).await;
    for subject in NOT_TO_PUBLISH {
        client.publish(*subject, "{}".into()).await.unwrap();
        refused(&mut hears, subject).await;
    }
    for subject in NOT_TO_HEAR {
        let _heard = client.subscribe(*subject).await.unwrap();
        refused(&mut hears, subject).await;
    }
}

#[tokio::test]
async fn s27_who_provisions_neither_reads_nor_sends_and_the_service_changes_no_stream() {
    let secured = Secured::start(&sizes()).await;
    for (role, subjects) in [
        (
            Role::Provision,
            [
                "twostep.delivery.urgent.email.x",
                "$JS.API.CONSUMER.MSG.NEXT.DELIVERY.email-urgent",
                "$JS.API.STREAM.MSG.GET.DELIVERY",
                "$JS.API.STREAM.DELETE.DELIVERY",
            ],
        ),
        (
            Role::Service,
            [
                "$JS.API.STREAM.DELETE.DELIVERY",
                "$JS.API.STREAM.UPDATE.DELIVERY",
                "$JS.API.STREAM.PURGE.DELIVERY",
                "$JS.API.CONSUMER.MSG.NEXT.DELIVERY.email-urgent",
            ],
        ),
    ] {
        let (client, mut hears) = listener(&secured, role).await;
        for subject in subjects {
            client.publish(subject, "{}".into()).await.unwrap();
            refused(&mut hears, subject).await;
        }
    }
}

/// What failed, once it did; within the time for an answer.
async fn told(call: impl Future<Output = Result<(), QueueError>>) -> String {
    let begun = Instant::now();
    let error = timeout(LONG, call).await.unwrap().unwrap_err().to_string();
    assert!(begun.elapsed() < sizes().answer_within * 3, "{error} came late");
    assert!(!error.contains("timed out"), "{error}");
    error
}

#[tokio::test]
async fn s27_a_missing_right_is_told_as_one_and_not_as_a_time_out() {
    let secured = Secured::start(&sizes()).await;
    let worker = secured.queue(EMAIL, sizes()).await;
    let published = told(worker.publish(&code("a"))).await;
    assert!(published.contains("Permissions Violation"), "{published}");
    let taken = told(async { Consumer::next(&worker, Channel::Sms).await.map(drop) }).await;
    assert!(taken.contains("Permissions Violation") && taken.contains("sms-urgent"), "{taken}");
}

#[tokio::test]
async fn s27_a_wrong_key_authority_or_name_is_told_with_what_to_check() {
    let secured = Secured::start(&sizes()).await;
    let right = secured.connection(EMAIL);
    let waiting = async |to: &NatsConnection| {
        let queue = queue(to, sizes()).await;
        told(async { queue.waiting().await.map(drop) }).await
    };
    std::fs::write(secured.secret("stranger"), nkeys::KeyPair::new_user().seed().unwrap()).unwrap();
    let stranger = NatsConnection { nkey: Some(secured.secret("stranger")), ..right.clone() };
    let said = waiting(&stranger).await;
    assert!(said.contains("knows no user") && said.contains("nats.nkey_path"), "{said}");
    let nobody = NatsConnection { nkey: None, ..right.clone() };
    let said = waiting(&nobody).await;
    assert!(said.contains("knows no user"), "{said}");

    let other = Secured::start(&sizes()).await;
    let untrusted = NatsConnection { ca: Some(other.secret("ca.pem")), ..right.clone() };
    let said = waiting(&untrusted).await;
    assert!(said.contains("not trusted") && said.contains("nats.ca_path"), "{said}");
    let other_name = NatsConnection { url: right.url.replace("localhost", "127.0.0.1"), ..right.clone() };
    let said = waiting(&other_name).await;
    assert!(said.contains("not of its name"), "{said}");
}
