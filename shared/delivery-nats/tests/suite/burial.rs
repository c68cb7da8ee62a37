//! Messages that nobody can work on, over a real server.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;
use twostep_clock::SystemClock;
use twostep_delivery::{
    Accepted, ChannelKey, ChannelKeys, Claims as _, Consumer, Content, DeadLetter, Outcome, Payload,
    Publisher as _, Report, Reports, Request, Step, Submit, SubmitError, Worker,
};
use twostep_delivery_nats::{Declaration, NatsQueue, Sizes, provision};
use twostep_domain::delivery::{Channel, Failure};
use twostep_domain::{Locale, TimeZone};

use crate::requests::code;
use crate::server::Server;

const LONG: Duration = Duration::from_secs(20);

/// How often a message is given out at the most.
const MOST: usize = 150;

/// Takes the only message and lets go of it, until the server gives it to nobody any more.
pub(crate) async fn give_out_until_worn_out(queue: &NatsQueue) {
    for _ in 0..MOST {
        let message = timeout(LONG, Consumer::next(queue, Channel::Email)).await.unwrap().unwrap();
        message.retry_after(Duration::ZERO).await.unwrap();
    }
    // The server looks at it once more only when somebody asks.
    let asks = timeout(Duration::from_secs(1), Consumer::next(queue, Channel::Email)).await;
    assert!(asks.is_err(), "it came once more");
}

async fn queue(server: &Server) -> NatsQueue {
    let connected = server.connected("test").await;
    provision(&connected, &Declaration::of(&Sizes::default())).await.unwrap();
    NatsQueue::new(connected, Arc::new(SystemClock), Sizes::default())
}

/// What lies in `DEAD`, once something does.
async fn dead(server: &Server) -> DeadLetter {
    let client = async_nats::connect(&server.url).await.unwrap();
    let stream = async_nats::jetstream::new(client).get_stream("DEAD").await.unwrap();
    let letter = async {
        loop {
            if let Ok(letter) = stream.get_last_raw_message_by_subject("twostep.dead.email").await {
                return letter;
            }
        }
    };
    serde_json::from_slice(&timeout(LONG, letter).await.unwrap().payload).unwrap()
}

#[tokio::test]
async fn what_no_worker_came_to_the_end_of_is_told_and_taken_off() {
    let server = Server::start();
    let queue = queue(&server).await;
    let request = code("worn out");
    queue.publish(&request).await.unwrap();
    give_out_until_worn_out(&queue).await;
    // Nobody listened at that moment.
    let stop = CancellationToken::new();
    let buries = tokio::spawn({
        let (queue, stop) = (queue.clone(), stop.clone());
        async move { queue.bury_worn_out(stop).await }
    });
    let received = timeout(LONG, Reports::next(&queue)).await.unwrap().unwrap();
    let report = received.report().clone();
    assert_eq!((report.id, report.company), (request.id, request.company));
    assert!(matches!(report.outcome, Outcome::Failed { because: Failure::Poison, .. }));
    let letter = dead(&server).await;
    assert_eq!((letter.id, letter.company), (Some(request.id), Some(request.company)));
    assert_eq!((letter.bytes, letter.deliveries), (request.encode().len(), MOST as u64));
    let empty =
        async { while queue.waiting().await.unwrap().iter().any(|lane| lane.waiting + lane.in_hand > 0) {} };
    timeout(LONG, empty).await.unwrap();
    // There is room for the same message again: an operator may want it sent once more.
    queue.publish(&request).await.unwrap();
    timeout(LONG, Consumer::next(&queue, Channel::Email)).await.unwrap().unwrap();
    stop.cancel();
    buries.await.unwrap();
}

#[tokio::test]
async fn what_was_decided_before_it_wore_out_is_told_and_no_poison() {
    let server = Server::start();
    let queue = queue(&server).await;
    let request = code("decided");
    queue.publish(&request).await.unwrap();
    let Request { id, company, channel, requested_at: at, .. } = request;
    let outcome = Outcome::Submitted { provider: "p".to_owned(), provider_id: None };
    let word = Report { id, company, channel, round: Some(0), attempts: 1, at, outcome };
    queue.claim(channel, id, "one").await.unwrap();
    queue.decide("one", &word).await.unwrap();
    give_out_until_worn_out(&queue).await;
    let stop = CancellationToken::new();
    let buries = tokio::spawn({
        let (queue, stop) = (queue.clone(), stop.clone());
        async move { queue.bury_worn_out(stop).await }
    });
    let told = timeout(LONG, Reports::next(&queue)).await.unwrap().unwrap();
    assert_eq!(*told.report(), word);
    let empty =
        async { while queue.waiting().await.unwrap().iter().any(|lane| lane.waiting + lane.in_hand > 0) {} };
    timeout(LONG, empty).await.unwrap();
    stop.cancel();
    buries.await.unwrap();
}

/// Never asked.
struct Nowhere;

#[async_trait]
impl Submit for Nowhere {
    async fn submit(&self, _: &Request, _: &Payload) -> Result<Accepted, SubmitError> {
        Err(SubmitError::Reject { because: Failure::Rejected, reason: "550".to_owned() })
    }
}

const CANARIES: [&str; 5] = [
    "731946",
    "ann.canary@home.example",
    "+4915199999123",
    "https://here.example/verification-links/canary-token-canary-token",
    "GEZDGNBVGY3TQOJQ",
];

fn worker(queue: &NatsQueue) -> Worker {
    let queue = Arc::new(queue.clone());
    Worker {
        channel: Channel::Email,
        name: "one".to_owned(),
        keys: keys(),
        consumer: queue.clone(),
        claims: queue.clone(),
        reporter: queue,
        out: Arc::new(Nowhere),
        clock: Arc::new(SystemClock),
        jitter: Box::new(|ceiling| ceiling),
    }
}

fn keys() -> ChannelKeys {
    ChannelKeys::new(Channel::Email, ChannelKey::new("k1", [7; 32]), Vec::new())
}

fn payload() -> Payload {
    let [code, address, number, link, seed] = CANARIES.map(str::to_owned);
    let mut content = Content::default();
    (content.code, content.link, content.login, content.reason) =
        (Some(code), Some(link), Some(number), Some(seed));
    Payload {
        destination: address,
        person: "Ann".to_owned(),
        company: "Acme".to_owned(),
        product: "P".to_owned(),
        sender: "S".to_owned(),
        locale: Locale::En,
        time_zone: TimeZone::default(),
        content,
    }
}

/// Every form in which a canary may lie somewhere: raw, base64 at each of its three offsets, hexadecimal, URL.
fn forms(canary: &str) -> Vec<Vec<u8>> {
    let mut forms = vec![canary.as_bytes().to_vec()];
    let hex: String = canary.bytes().map(|byte| format!("{byte:02x}")).collect();
    let url: String = canary.bytes().map(|byte| format!("%{byte:02X}")).collect();
    let address = canary.replace('@', "%40").replace('+', "%2B");
    forms.extend([hex.to_uppercase(), hex, url, address].map(String::into_bytes));
    for offset in 0..3 {
        let shifted = [&[0; 2][..offset], canary.as_bytes()].concat();
        for engine in [STANDARD_NO_PAD, URL_SAFE_NO_PAD] {
            let encoded = engine.encode(&shifted);
            // The first and last characters hold bits of what stands beside it.
            forms.push(encoded.as_bytes()[offset + 1..encoded.len() - 1].to_vec());
        }
    }
    forms
}

fn files(folder: &Path) -> Vec<std::path::PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    found
}

/// Panics where a file in `folder` holds a canary in any form.
fn holds_no_canary(folder: &Path) {
    let files = files(folder);
    assert!(!files.is_empty(), "nothing lies in {}", folder.display());
    for file in files {
        let Ok(bytes) = std::fs::read(&file) else { continue };
        for canary in CANARIES {
            for form in forms(canary) {
                let found = bytes.windows(form.len()).any(|window| window == form);
                assert!(!found, "{canary} lies in {} as {}", file.display(), String::from_utf8_lossy(&form));
            }
        }
    }
}

#[tokio::test]
async fn s10_neither_the_queues_store_nor_a_dead_letter_holds_a_code_a_token_or_an_address() {
    let server = Server::start();
    let queue = queue(&server).await;
    let mut request = code("sealed");
    request.payload = keys().seal(request.id, &payload());
    queue.publish(&request).await.unwrap();
    assert_eq!(worker(&queue).run_once().await.unwrap(), Step::Failed(Failure::Rejected));
    let mut unopened = code("sealed by another key");
    unopened.payload = ChannelKeys::new(Channel::Email, ChannelKey::new("k1", [8; 32]), Vec::new())
        .seal(unopened.id, &payload());
    queue.publish(&unopened).await.unwrap();
    assert_eq!(worker(&queue).run_once().await.unwrap(), Step::Failed(Failure::Poison));
    holds_no_canary(&server.store());

    // What another program puts there in clear is its fault; what is kept of it is ours.
    let client = async_nats::connect(&server.url).await.unwrap();
    let clear = format!(r#"{{"version":9,"codes":"{}"}}"#, CANARIES.join(" "));
    let jetstream = async_nats::jetstream::new(client);
    let sent = jetstream.publish("twostep.delivery.urgent.email.clear", clear.clone().into()).await.unwrap();
    sent.await.unwrap();
    assert_eq!(worker(&queue).run_once().await.unwrap(), Step::Failed(Failure::Poison));
    let letter = dead(&server).await;
    assert_eq!((letter.bytes, letter.id), (clear.len(), None));
    let streams = server.store().join("jetstream/$G/streams");
    for stream in ["DEAD", "OUTCOMES", "KV_twostep_claims", "KV_twostep_challenges", "KV_twostep_leases"] {
        holds_no_canary(&streams.join(stream));
    }
}

#[test]
fn s10_the_search_for_canaries_finds_each_form() {
    let folder = tempfile::tempdir().unwrap();
    for (number, form) in CANARIES.iter().flat_map(|canary| forms(canary)).enumerate() {
        let file = folder.path().join(number.to_string());
        std::fs::write(&file, [b"before ", &form[..], b" after"].concat()).unwrap();
        let found = std::panic::catch_unwind(|| holds_no_canary(folder.path()));
        assert!(found.is_err(), "{}", String::from_utf8_lossy(&form));
        std::fs::remove_file(&file).unwrap();
    }
    std::fs::write(folder.path().join("harmless"), "nothing").unwrap();
    holds_no_canary(folder.path());
}
