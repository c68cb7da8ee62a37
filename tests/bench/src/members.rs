//! Large companies: what a second step takes there, and the memory.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};
use chrono::{DateTime, Utc};
use futures::{StreamExt as _, TryStreamExt as _, stream};
use serde_json::{Value, json};
use twostep_api::ProofKind;
use twostep_client::AuditPage;
use twostep_domain::{CompanyId, EventId, GroupId, MemberId, StreamKind};
use twostep_event_store::{Actor, AppendToken, Metadata, NewEvent, StreamId, Writer as _};
use twostep_event_store_sqlite::SqliteStore;
use twostep_tests::harness::Product as _;
use twostep_tests::story::{Enrolled, Stage, require_everybody, sample};
use uuid::Uuid;

use crate::row::{Row, median_ms};
use crate::spent::resident_mib;

/// Second steps measured in each company.
const SAMPLES: usize = 41;

/// Members and groups that there are in the end, beside those who sign in.
const SMALL: (u32, u32) = (1_000, 10);
const MIDDLE: (u32, u32) = (100_000, 1_000);
const LARGE: (u32, u32) = (1_000_000, 10_000);

/// How long an index may take for what was appended.
const PATIENCE: Duration = Duration::from_secs(300);

/// Appends under way at once.
const AT_ONCE: usize = 256;

/// The rows.
///
/// # Errors
/// The product doesn't do what it should.
pub(crate) async fn rows() -> anyhow::Result<Vec<Row>> {
    let mut stage = Stage::open_in("large", vec![("TWOSTEP_LOG", "info".into())]).await?;
    require_everybody(&stage.holder, stage.company).await?;
    let mut person = stage.technician("somebody").await?;

    grow(&mut stage, (0, 0), SMALL).await?;
    let small = second_step(&stage, &mut person).await?;
    let base = resident_mib(stage.product.id())?;
    grow(&mut stage, SMALL, MIDDLE).await?;
    second_step(&stage, &mut person).await?;
    let middle = resident_mib(stage.product.id())?;
    grow(&mut stage, MIDDLE, LARGE).await?;
    let large = second_step(&stage, &mut person).await?;
    let most = resident_mib(stage.product.id())?;

    let each = |memory: f64, members: u32| (memory - base) * 1_024.0 / f64::from(members - SMALL.0);
    Ok(vec![
        Row::at_most(
            "second step in a company of 1,000,000 in 10,000 groups, beside 1,000 in 10",
            "ms",
            large,
            small,
            1.25,
        ),
        Row::at_most("memory, one process, 100,000 members, beside 200 MiB", "MiB", middle, 200.0, 1.0),
        Row::at_most("memory of a member, beside 1 KiB; of 100,000", "KiB", each(middle, MIDDLE.0), 1.0, 1.0),
        Row::at_most("memory of a member, beside 1 KiB; of 1,000,000", "KiB", each(most, LARGE.0), 1.0, 1.0),
    ])
}

/// The median time of a second step, the password done before.
async fn second_step(stage: &Stage, person: &mut Enrolled) -> anyhow::Result<f64> {
    let mut times = Vec::<Duration>::new();
    for _ in 0..SAMPLES {
        stage.into_next_step().await?;
        let code = person.next_code(stage).await?;
        let pending = stage.sign_in(person.login()).await?;
        let begun = Instant::now();
        pending.verify(ProofKind::App, &code).await?;
        times.push(begun.elapsed());
    }
    Ok(median_ms(times))
}

/// Adds groups and members to the company, while nothing runs, and starts the product again.
async fn grow(stage: &mut Stage, from: (u32, u32), to: (u32, u32)) -> anyhow::Result<()> {
    let log = stage.product.data().join("log.db");
    let now = stage.product.now().await?;
    ensure!(stage.product.stop()?, "the product did not stop well");
    fill(&log, CompanyId(stage.company), from, to, now).await?;
    stage.product.kill_and_restart()?;
    let behind = now - stage.product.now().await?;
    stage.product.advance(behind.num_seconds().max(0) + 60).await?;
    // The index of the history is the last to have read what was appended; until then it takes a processor.
    let read = async { while stage.holder.audit_events(&AuditPage::default()).await.is_err() {} };
    tokio::time::timeout(PATIENCE, read).await.context("the index of the history doesn't get done")
}

/// Appends groups and members to the log, which nobody has open.
async fn fill(
    log: &Path,
    company: CompanyId,
    from: (u32, u32),
    to: (u32, u32),
    now: DateTime<Utc>,
) -> anyhow::Result<()> {
    let store = &SqliteStore::open(log)?;
    let member: &Value = &serde_json::from_slice(&sample("MemberAdded")?)?;
    let groups = to.1;
    let groups_to_make = (from.1..groups).map(|number| {
        let stream = StreamId::new(company, StreamKind::Group, group(company, number).0);
        (stream, "GroupCreated", json!({ "name": format!("Group {number}"), "parent": null }))
    });
    let members_to_add = (from.0..to.0).map(|number| {
        let id = MemberId::derived(company.0, &number.to_string());
        let stream = StreamId::new(company, StreamKind::Member, id.0);
        (stream, "MemberAdded", identified(member, number, group(company, number % groups)))
    });
    stream::iter(groups_to_make.chain(members_to_add))
        .map(|(stream, event_type, data)| async move {
            let id = Uuid::new_v5(&stream.company.0, stream.to_string().as_bytes());
            let event = NewEvent {
                id: EventId(id),
                event_type: event_type.to_owned(),
                version: 1,
                data: serde_json::to_vec(&data)?,
                metadata: Metadata {
                    actor: Actor::Operator,
                    origin: None,
                    correlation: id,
                    causation: None,
                    idempotency: None,
                },
                recorded_at: now,
            };
            store.append(AppendToken::new(stream, None, 0), vec![event]).await?;
            anyhow::Ok(())
        })
        .buffer_unordered(AT_ONCE)
        .try_collect::<()>()
        .await
}

fn group(company: CompanyId, number: u32) -> GroupId {
    GroupId::derived(company.0, &number.to_string())
}

/// The sample of a member in `group`, with hashes of its own.
fn identified(sample: &Value, number: u32, group: GroupId) -> Value {
    let mut data = sample.clone();
    data["group"] = json!(group);
    for (field, of) in [("login_hash", 1_u64), ("email_hash", 2)] {
        data["identity"][field] = json!(format!("{of:032x}{number:032x}"));
    }
    data
}
