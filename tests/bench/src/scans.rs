//! Reading the whole log, and building the read models from it.

use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use anyhow::ensure;
use rusqlite::{Connection, OpenFlags};
use twostep_domain::company::CompanyEvent;
use twostep_domain::second_step::SecondStepEvent;
use twostep_domain::{CompanyId, Event as _, Slug, StreamKind};
use twostep_event_store::{Reader, RecordedEvent, Subscription};
use twostep_event_store_sqlite::SqliteReader;
use twostep_projections::{AuditIndex, DeliveryStatus, Directory, ReadModel};
use twostep_tests::story::long_log;

use crate::row::{Row, Side};
use crate::spent::Meter;

/// Events of the log.
const LENGTH: u32 = 1_000_000;

/// Runs of each.
const RUNS: usize = 5;

/// A million sign-ins: read and decoded beside read raw; built into all read models beside read and decoded.
///
/// # Errors
/// The store's.
pub(crate) async fn rows() -> anyhow::Result<Vec<Row>> {
    let home = tempfile::tempdir()?;
    let log = home.path().join("log.db");
    long_log(&log, CompanyId::of(&Slug::parse("long")?), usize::try_from(LENGTH)?).await?;
    let reader: Arc<dyn Reader> = Arc::new(SqliteReader::open(&log)?);
    let (mut raws, mut replays, mut builds) = (Vec::new(), Vec::new(), Vec::new());
    for run in 0..RUNS {
        raws.push(measured(async { raw(&log) }).await?);
        replays.push(measured(replay(reader.clone())).await?);
        builds.push(measured(build(reader.clone(), home.path().join(format!("index-{run}.db")))).await?);
    }
    let [raw, replay, build] = [raws, replays, builds].map(|runs| Side::median(&runs));
    Ok(vec![
        Row::at_least(
            "replay of 1,000,000 events, decoded, beside SQLite's raw scan",
            "events/s",
            replay,
            raw,
            0.25,
        ),
        Row::at_least(
            "all read models built from 1,000,000 events, beside the replay",
            "events/s",
            build,
            replay,
            0.2,
        ),
    ])
}

async fn measured(work: impl Future<Output = anyhow::Result<()>>) -> anyhow::Result<Side> {
    let meter = Meter::own()?;
    let begun = Instant::now();
    work.await?;
    let took = begun.elapsed().as_secs_f64();
    Ok(Side { figure: f64::from(LENGTH) / took, spent: Some(meter.read(LENGTH.into(), 0)?) })
}

/// Every byte of every event, by SQLite alone.
fn raw(log: &Path) -> anyhow::Result<()> {
    let connection = Connection::open_with_flags(log, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    let mut statement = connection.prepare("SELECT envelope, data FROM events ORDER BY position")?;
    let mut rows = statement.query([])?;
    let (mut count, mut bytes) = (0_u32, 0);
    while let Some(row) = rows.next()? {
        count += 1;
        bytes += row.get_ref(0)?.as_blob()?.len() + row.get_ref(1)?.as_blob()?.len();
    }
    ensure!(count == LENGTH && bytes > 0, "{count} events");
    Ok(())
}

async fn replay(reader: Arc<dyn Reader>) -> anyhow::Result<()> {
    let mut subscription = Subscription::new(reader, twostep_event_store::Checkpoint::start());
    let mut count = 0_u32;
    while count < LENGTH {
        for event in subscription.next().await? {
            decode(&event)?;
            count += 1;
        }
    }
    ensure!(count == LENGTH, "{count} events");
    Ok(())
}

fn decode(event: &RecordedEvent) -> anyhow::Result<()> {
    let envelope = &event.envelope;
    let (name, version, data) = (envelope.event_type.as_str(), envelope.version, event.data.as_slice());
    match envelope.kind {
        StreamKind::Company => CompanyEvent::decode(name, version, data).map(drop)?,
        _ => SecondStepEvent::decode(name, version, data).map(drop)?,
    }
    Ok(())
}

async fn build(reader: Arc<dyn Reader>, index: std::path::PathBuf) -> anyhow::Result<()> {
    let directory = ReadModel::<Directory>::follow(reader.clone());
    let deliveries = ReadModel::<DeliveryStatus>::follow(reader.clone());
    let audit = AuditIndex::follow(reader.clone(), &index).await?;
    let head = reader.head(CompanyId::of(&Slug::parse("long")?)).await?;
    directory.reached(&head).await?;
    deliveries.reached(&head).await?;
    audit.reached(&head).await?;
    Ok(())
}
