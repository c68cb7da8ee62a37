//! Changes over two streams that a crash cuts in two: they are made one thing a little after the next start.

use std::path::Path;
use std::time::Duration;

use anyhow::Context as _;
use twostep_api::{ChangeStanding, ProblemType, Role};
use twostep_domain::{CompanyId, EventId};
use twostep_event_store::{Actor, Metadata, NewEvent, Reader as _, StreamId, Writer as _};
use twostep_event_store_sqlite::{SqliteReader, SqliteStore};
use twostep_tests::harness::{Inbox, Standalone};
use twostep_tests::story::{Latest, Office, refused};
use uuid::Uuid;

/// How long we wait for what comes soon.
const PATIENCE: Duration = Duration::from_secs(10);

/// What the log holds of a Master Admin's disabling where the process dies after the first of its two appends.
async fn first_half(log: &Path, company: Uuid, member: Uuid) -> anyhow::Result<()> {
    let store = SqliteStore::open(log)?;
    let stream = StreamId::company(CompanyId(company));
    let loaded = store.load(&stream, None).await?;
    let last = loaded.events.last().map(|event| event.envelope.recorded_at);
    let metadata = Metadata {
        actor: Actor::Operator,
        origin: None,
        correlation: Uuid::now_v7(),
        causation: None,
        idempotency: None,
    };
    let event = NewEvent {
        id: EventId(Uuid::now_v7()),
        event_type: "MasterAdminRemoved".to_owned(),
        version: 1,
        data: serde_json::to_vec(&serde_json::json!({ "member": member, "because": "disabled" }))?,
        metadata,
        recorded_at: last.unwrap_or_default(),
    };
    store.append(loaded.token, vec![event]).await?;
    Ok(())
}

/// The roster's events about `member`, in their order.
async fn roster_events(log: &Path, company: Uuid, member: Uuid) -> anyhow::Result<Vec<String>> {
    let store = SqliteReader::open(log)?;
    let loaded = store.load(&StreamId::company(CompanyId(company)), None).await?;
    let about = loaded.events.into_iter().filter(|event| {
        event.envelope.event_type.starts_with("MasterAdmin")
            && String::from_utf8_lossy(&event.data).contains(&member.to_string())
    });
    Ok(about.map(|event| event.envelope.event_type).collect())
}

#[tokio::test]
async fn a_master_admin_half_out_of_the_roster_is_in_it_again_a_minute_after_the_next_start() {
    let home = tempfile::tempdir().unwrap();
    let inbox = Inbox::start().unwrap();
    let mut product = Standalone::start(home.path(), &inbox).unwrap();
    cut_short(&mut product, &inbox).await.unwrap();
}

async fn cut_short(product: &mut Standalone, inbox: &Inbox) -> anyhow::Result<()> {
    let office = Office::open(product, "halves").await?;
    let second = office.person(product, inbox, "second", &[Role::MasterAdmin], None).await?;
    let (company, member) = (office.id, second.id);
    product.kill_and_restart_after(|data| {
        let log = data.join("log.db");
        // The store waits on threads of this test's runtime.
        let handle = tokio::runtime::Handle::current();
        let written = std::thread::spawn(move || handle.block_on(first_half(&log, company, member)));
        written.join().expect("it doesn't panic")
    })?;
    product.now().await?;
    let log = product.data().join("log.db");
    let found = roster_events(&log, company, member).await?;
    assert_eq!(found, ["MasterAdminAdded", "MasterAdminRemoved"], "another process may be at it");
    // It is looked at every minute.
    product.advance(121).await?;
    let back = async {
        while roster_events(&log, company, member).await?.len() < 3 {}
        anyhow::Ok(())
    };
    tokio::time::timeout(PATIENCE, back).await.context("the roster stays as it is")??;
    let found = roster_events(&log, company, member).await?;
    assert_eq!(found, ["MasterAdminAdded", "MasterAdminRemoved", "MasterAdminAdded"]);
    // Once is enough, and the change can be asked for again.
    product.kill_and_restart()?;
    product.advance(121).await?;
    let holder = product.api()?.with_token(&office.holder.token);
    let off = ChangeStanding { enabled: false, reason: "a test".to_owned() };
    holder.save_standing(company, member, &off).await?;
    refused(product.api()?.with_token(&second.token).me().await, ProblemType::NotSignedIn)?;
    let found = roster_events(&product.data().join("log.db"), company, member).await?;
    assert_eq!(found.len(), 4, "{found:?}");
    Ok(())
}
