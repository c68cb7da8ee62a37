//! Changes over two streams that a crash cuts in two: they are made one thing a little after the next start.

use std::path::Path;
use std::time::Duration;

use anyhow::Context as _;
use serde_json::json;
use twostep_api::{ChangeStanding, ProblemType, Role};
use twostep_domain::CompanyId;
use twostep_event_store::{Reader as _, StreamId};
use twostep_event_store_sqlite::SqliteReader;
use twostep_tests::harness::{Inbox, Product as _, Standalone};
use twostep_tests::story::{Latest, Office, append_to_company, refused};
use uuid::Uuid;

/// How long we wait for what comes soon.
const PATIENCE: Duration = Duration::from_secs(10);

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
    // Of a disabling, the first of its two appends.
    product.kill_and_restart_after(|data| {
        let removed = json!({ "member": member, "because": "disabled" });
        append_to_company(&data.join("log.db"), company, "MasterAdminRemoved", &removed)
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
