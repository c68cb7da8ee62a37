//! How e-mail workers scale, and what the way over NATS adds.

use anyhow::{Context as _, ensure};
use serde_json::json;
use twostep_api::{InviteMember, Role};
use twostep_client::AuditPage;

use twostep_tests::faults::Field;
use twostep_tests::harness::{Cluster, Inbox, Manner, Product, Standalone, Workers};
use twostep_tests::story::new_company;

use crate::row::{Row, median};

/// Runs of each rate, of which the median counts.
const RUNS: usize = 5;
/// Connections of a worker to its relay, as they are by default.
const CONNECTIONS: f64 = 32.0;
/// Messages asked for one by one, for the time on the way.
const LATENCIES: usize = 40;

/// The rows.
///
/// # Errors
/// The product doesn't do what it should.
pub(crate) async fn rows() -> anyhow::Result<Vec<Row>> {
    let mut field = Field::open_as("scaled", Workers { email: 0, sms: 0 }, quiet()).await?;
    let one = rate(&mut field, 1, 200).await?;
    let two = rate(&mut field, 2, 200).await?;
    let four = rate(&mut field, 4, 200).await?;
    let relay = rate(&mut field, 1, 50).await?;
    drop(field);
    let (alone, over_nats) = (in_one_process().await?, over_nats().await?);
    let at_least =
        |name, figure: f64, beside: f64, goal| Row::at_least(name, "mails/s", figure, beside, goal);
    let at_most = |name, figure: f64, beside: f64| Row::at_most(name, "ms", figure, beside, 1.0);
    Ok(vec![
        at_least("two e-mail workers, a far end of 200 ms a mail, beside twice one", two, one * 2.0, 0.9),
        at_least("four e-mail workers, the same, beside four times one", four, one * 4.0, 0.9),
        at_least(
            "one e-mail worker, a relay of 50 ms a mail, beside connections / 50 ms",
            relay,
            CONNECTIONS / 0.05,
            0.9,
        ),
        at_most("mail asked for until it is there, p95, one process, beside 5 ms", alone, 5.0),
        at_most("mail asked for until it is there, p95, over NATS, beside 15 ms", over_nats, 15.0),
    ])
}

/// Mails a second that arrive while `workers` are at work and each mail takes the far end `delay_ms`: a median.
async fn rate(field: &mut Field, workers: usize, delay_ms: u32) -> anyhow::Result<f64> {
    let mut rates = Vec::new();
    for _ in 0..RUNS {
        field.inbox.misbehave(&json!({ "mail": [{ "stage": "end_of_data", "delay_ms": delay_ms }] })).await?;
        // Some three seconds' worth.
        field.wish(workers * usize::try_from(96_000 / delay_ms)?).await?;
        field.published().await?;
        for _ in 0..workers {
            field.cluster.add_email_worker()?;
        }
        let wanted = field.uncounted();
        let row = field.count("measured", 1, 0).await?;
        ensure!(row.holds(), "{row:?}");
        field.cluster.email.clear();
        rates.push(steady(&field.inbox, &wanted).await?);
    }
    Ok(median(rates))
}

/// Arrivals a second, without the first fifth, when workers start, and the last tenth, when they run out of messages.
async fn steady(inbox: &Inbox, wanted: &[String]) -> anyhow::Result<f64> {
    let mut arrivals = Vec::new();
    for address in wanted {
        arrivals.extend(inbox.all(address).await?.into_iter().map(|mail| mail.received_at));
    }
    arrivals.sort_unstable();
    let [from, to] = [arrivals.len() / 5, arrivals.len() * 9 / 10];
    let (Some(first), Some(last)) = (arrivals.get(from), arrivals.get(to)) else {
        anyhow::bail!("nothing arrived")
    };
    Ok(f64::from(u32::try_from(to - from)?) / (*last - *first).as_seconds_f64())
}

/// The time from an invitation's event until its mail is at the far end, p95 in milliseconds.
async fn on_the_way(product: &impl Product, inbox: &Inbox, slug: &str) -> anyhow::Result<f64> {
    let (company, holder) = new_company(product, slug).await?;
    let mut times = Vec::new();
    for number in 0..LATENCIES {
        let email = format!("person{number}@{slug}.example");
        let invite = InviteMember {
            name: "Somebody".to_owned(),
            email: email.clone(),
            login: None,
            roles: vec![Role::Technician],
            group: None,
            locale: None,
            time_zone: None,
        };
        holder.invite_member(company.id, &invite).await?;
        let arrived = inbox.next(&email, 0).await?.received_at;
        let page = AuditPage { event_type: Some("MemberInvited".to_owned()), ..AuditPage::default() };
        let events = holder.audit_events(&page).await?.events;
        let wanted = events.iter().map(|event| event.recorded_at).max().context("no invitation")?;
        times.push((arrived - wanted).as_seconds_f64() * 1_000.0);
    }
    times.sort_by(f64::total_cmp);
    times.get(LATENCIES * 95 / 100).copied().context("nobody was invited")
}

fn quiet() -> Manner {
    Manner { log: "info", ..Manner::default() }
}

async fn in_one_process() -> anyhow::Result<f64> {
    let (home, inbox) = (tempfile::tempdir()?, Inbox::start()?);
    let product = Standalone::start_in(home.path(), &inbox, vec![("TWOSTEP_LOG", "info".into())])?;
    on_the_way(&product, &inbox, "alone").await
}

async fn over_nats() -> anyhow::Result<f64> {
    let (home, inbox) = (tempfile::tempdir()?, Inbox::start()?);
    let product = Cluster::start_as(home.path(), &inbox, Workers { email: 1, sms: 0 }, quiet())?;
    on_the_way(&product, &inbox, "apart").await
}
