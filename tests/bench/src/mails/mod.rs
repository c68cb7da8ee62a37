//! The e-mail worker at full speed into a far end that takes everything at once, beside lettre alone.

mod bare;
mod far_end;
mod over_nats;
mod worker;

use anyhow::{Context as _, ensure};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use chrono::TimeDelta;
use twostep_clock::Clock as _;
use twostep_delivery::{ChannelKey, ChannelKeys, Content, Payload, Request};
use twostep_domain::delivery::{Channel, MessageKind};
use twostep_domain::{CompanyId, DeliveryId, EventId, IntentId, Locale, TimeZone};
use uuid::Uuid;

use crate::peers;
use crate::row::{Row, Side, median};
use far_end::FarEnd;

/// Mails of a run.
const MAILS: usize = 10_000;

/// Runs of each kind, of which the median counts.
const RUNS: usize = 5;

/// Connections to the far end.
const CONNECTIONS: [usize; 2] = [8, 32];

/// The channel's key, made for the run.
const KEY: [u8; 32] = [7; 32];

/// The rows.
///
/// # Errors
/// A worker doesn't do what it should.
pub(crate) async fn rows() -> anyhow::Result<Vec<Row>> {
    let far_end = FarEnd::open()?;
    let mut rows = Vec::new();
    for connections in CONNECTIONS {
        let (mut bare, mut here, mut over_nats) = (Vec::new(), Vec::new(), Vec::new());
        for _ in 0..RUNS {
            bare.push(bare::rate(&far_end, connections).await?);
            here.push(worker::rate(&far_end, connections).await?);
            over_nats.push(over_nats::rate(&far_end, connections).await?);
        }
        let bare = median(bare);
        let (here, over_nats) = (Side::from(median(here)), Side::median(&over_nats));
        let row = |what: &str, side: Side, beside: f64, goal| {
            let name = format!("e-mail worker, {connections} connections, {what}");
            Row::at_least(name, "mails/s", side, beside, goal)
        };
        rows.push(row("in process, beside lettre alone with TCP_NODELAY", here, bare, 0.8));
        rows.push(row("over NATS, beside lettre alone with TCP_NODELAY", over_nats, bare, 0.5));
        let pool = peers::LETTRE_POOL_PER_SECOND.iter().find(|(size, _)| *size == connections);
        rows.push(row("over NATS, beside lettre's own pool", over_nats, pool.context("no peer")?.1, 12.0));
        rows.push(row("over NATS, beside Celery with Redis", over_nats, peers::CELERY_PER_SECOND, 25.0));
    }
    Ok(rows)
}

fn keys() -> ChannelKeys {
    ChannelKeys::new(Channel::Email, ChannelKey::new("email-1", KEY), Vec::new())
}

/// The key as a worker's file holds it.
fn key_text() -> String {
    format!("email-1 {}\n", STANDARD_NO_PAD.encode(KEY))
}

/// Notices to `count` people, no two runs with the same ids.
fn requests(count: usize) -> Vec<Request> {
    let (keys, now, run) = (keys(), twostep_clock::SystemClock.now(), Uuid::now_v7());
    let request = |number: usize| {
        let id = DeliveryId::derived(run, &number.to_string());
        let mut content = Content::default();
        content.at = Some(now);
        let payload = Payload {
            destination: format!("person{number}@bench.example"),
            person: "Kim Example".to_owned(),
            company: "Bench Ltd".to_owned(),
            product: "Twostep".to_owned(),
            sender: "Bench Ltd".to_owned(),
            locale: Locale::En,
            time_zone: TimeZone("Europe/Berlin".to_owned()),
            content,
        };
        Request {
            version: Request::VERSION,
            id,
            company: CompanyId(Uuid::from_u128(1 + number as u128 % 64)),
            intent: IntentId(EventId(run).0),
            channel: Channel::Email,
            kind: MessageKind::TwoStepActivated,
            challenge: None,
            requested_at: now,
            expires_at: now + TimeDelta::hours(1),
            round: 0,
            payload: keys.seal(id, &payload),
        }
    };
    (0..count).map(request).collect()
}

/// Mails in a second between the first fifth, when everything starts, and the last tenth, when work runs out.
fn steady(arrivals: &[std::time::Instant]) -> anyhow::Result<f64> {
    let [from, to] = [arrivals.len() / 5, arrivals.len() * 9 / 10];
    let (first, last) = (arrivals.get(from), arrivals.get(to));
    let took = last.context("nothing arrived")?.duration_since(*first.context("nothing arrived")?);
    ensure!(arrivals.len() >= MAILS && !took.is_zero(), "too few mails to measure: {}", arrivals.len());
    Ok(f64::from(u32::try_from(to - from)?) / took.as_secs_f64())
}
