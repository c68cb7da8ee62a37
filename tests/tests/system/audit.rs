//! What an auditor reads over HTTP: the whole history of the own company, in order, with nothing of a person in it.

use std::collections::BTreeSet;

use anyhow::{Context as _, ensure};
use twostep_api::{AuditEvent, Policy, Role, Technicians};
use twostep_client::{AuditPage, Client};
use twostep_tests::harness::{Inbox, Product as _, Standalone};
use twostep_tests::story::{Office, password, save_policy, sign_in_at};

#[tokio::test]
async fn an_auditor_reads_the_whole_history_of_the_own_company_and_nobody_s_name() {
    let home = tempfile::tempdir().unwrap();
    let inbox = Inbox::start().unwrap();
    let product = Standalone::start(home.path(), &inbox).unwrap();
    Office::open(&product, "foreign").await.unwrap();
    let office = Office::open(&product, "audited").await.unwrap();
    let auditor = office.person(&product, &inbox, "auditor", &[Role::Auditor], None).await.unwrap();
    let technician = office.person(&product, &inbox, "tech", &[Role::Technician], None).await.unwrap();
    let mut auditor = auditor.session;
    the_history(&auditor, &office).await.unwrap();
    a_change_is_there_at_once(&auditor, &office).await.unwrap();
    of_a_person(&auditor, &office, technician.id).await.unwrap();
    // The index is only an index: it comes back where it stood, or from nothing.
    let before = whole(&auditor, &AuditPage::default()).await.unwrap().len();
    let mut product = product;
    for lost in [false, true] {
        if lost {
            product.stop().unwrap();
            std::fs::remove_file(product.data().join("audit-index.db")).unwrap();
        }
        product.kill_and_restart().unwrap();
        let login = office.login("auditor");
        let again = sign_in_at(&product.api().unwrap(), "audited", &login, &password(&login)).await.unwrap();
        auditor = product.api().unwrap().with_token(again.token.as_deref().unwrap_or_default());
        let events = whole(&auditor, &AuditPage::default()).await.unwrap();
        assert!(events.len() > before && in_order(&events), "{} of {before}", events.len());
    }
}

/// Every event from `page` on, read three at a time.
async fn whole(auditor: &Client, page: &AuditPage) -> anyhow::Result<Vec<AuditEvent>> {
    let (mut page, mut all) = (AuditPage { limit: Some(3), ..page.clone() }, Vec::new());
    loop {
        let found = auditor.audit_events(&page).await?;
        ensure!(found.events.len() <= 3, "{} on a page of 3", found.events.len());
        all.extend(found.events);
        if found.next.is_none() {
            return Ok(all);
        }
        page.cursor = found.next;
    }
}

/// Whether nothing is missing and nothing is there twice.
fn in_order(events: &[AuditEvent]) -> bool {
    (1..).zip(events).all(|(number, event)| event.number == number)
}

async fn the_history(auditor: &Client, office: &Office) -> anyhow::Result<()> {
    let events = whole(auditor, &AuditPage::default()).await?;
    ensure!(in_order(&events));
    ensure!(events.iter().filter(|event| event.event_type == "CompanyRegistered").count() == 1);
    let kinds: BTreeSet<_> = events.iter().map(|event| &*event.kind).collect();
    let all = BTreeSet::from(["company", "login", "member", "second-step", "delivery"]);
    ensure!(kinds.is_superset(&all), "{kinds:?}");
    let text = serde_json::to_string(&events)?;
    for personal in [office.login("tech"), office.login("auditor"), "Person tech".to_owned()] {
        ensure!(!text.contains(&personal), "the history holds {personal}");
    }
    let invited =
        events.iter().find(|event| event.event_type == "MemberInvited").context("nobody was invited")?;
    ensure!(invited.data["identity"]["name"] == "•••", "{}", invited.data);
    let signed_in = events.iter().find(|event| event.event_type == "SignedIn").context("nobody is in")?;
    ensure!(signed_in.data["token"] == "•••", "a token's hash is shown: {}", signed_in.data);
    let accepted =
        events.iter().find(|event| event.event_type == "PasswordChanged").context("nobody came in")?;
    ensure!(accepted.address.as_deref() == Some("•••"), "from where? {accepted:?}");
    Ok(())
}

async fn a_change_is_there_at_once(auditor: &Client, office: &Office) -> anyhow::Result<()> {
    let changes = AuditPage { event_type: Some("PolicyChanged".to_owned()), ..AuditPage::default() };
    let holder = &office.holder.session;
    for (number, technicians) in (1..).zip([Technicians::All, Technicians::SelectedGroups]) {
        save_policy(holder, office.id, |policy| Policy { technicians, ..policy }).await?;
        let seen = whole(auditor, &changes).await?;
        ensure!(seen.len() == number, "{} of {number} changes", seen.len());
        let last = &seen[number - 1];
        ensure!(last.data["new"]["technicians"] != last.data["old"]["technicians"], "{}", last.data);
        ensure!(last.actor["is"] == "member" && last.actor["id"] == office.holder.id.to_string().as_str());
        ensure!(last.actor["roles"] == serde_json::json!(["master_admin"]), "{}", last.actor);
        ensure!(last.client.is_some() && last.address.as_deref() == Some("•••"), "from where? {last:?}");
        let later = AuditPage { from: Some(last.recorded_at), ..changes.clone() };
        ensure!(whole(auditor, &later).await?.last().map(|event| event.id) == Some(last.id));
        let earlier = AuditPage { until: Some(last.recorded_at), ..changes.clone() };
        ensure!(whole(auditor, &earlier).await?.len() == number - 1);
    }
    Ok(())
}

async fn of_a_person(auditor: &Client, office: &Office, person: uuid::Uuid) -> anyhow::Result<()> {
    let page = AuditPage { member: Some(person), ..AuditPage::default() };
    let events = whole(auditor, &page).await?;
    let own = person.to_string();
    ensure!(events.iter().all(|event| event.key == own || event.actor["id"] == own.as_str()));
    ensure!(events.iter().any(|event| event.event_type == "SignedIn") && events.len() > 3);
    let nobody = AuditPage { member: Some(office.id), ..AuditPage::default() };
    ensure!(whole(auditor, &nobody).await?.is_empty());
    Ok(())
}
