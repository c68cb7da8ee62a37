//! The company's policy over HTTP: whom it covers, and what a change does to those who are set up.

mod changes;
mod effect;
mod roster;

use anyhow::{Context as _, ensure};
use serde_json::json;
use twostep_api::{
    Choice, ConfirmCode, Enforcement, Method, Policy, ProblemType, PutEnforcement, Role, SmsCountries,
    StartSetUp, Technicians,
};
use twostep_tests::harness::{Inbox, Product as _, Standalone, code_at};
use twostep_tests::story::{Latest, Office, Raw, refused, save_policy};
use uuid::Uuid;

#[tokio::test]
async fn the_policy_covers_the_union_of_its_rules() {
    let home = tempfile::tempdir().unwrap();
    let inbox = Inbox::start().unwrap();
    let product = Standalone::start(home.path(), &inbox).unwrap();
    let office = Office::open(&product, "scope").await.unwrap();
    ahead_of_time(&product, &office).await.unwrap();
    union(&office).await.unwrap();
    only_whoever_saw_the_latest_saves(&product, &office).await.unwrap();
    texts_that_reach_nobody_are_no_method(&office).await.unwrap();
}

/// The holder sets up before anybody asks: the policy below covers holders, too, and their session goes on.
async fn ahead_of_time(product: &Standalone, office: &Office) -> anyhow::Result<()> {
    let holder = &office.holder.session;
    holder.start_set_up(&StartSetUp::default()).await?;
    let secret = holder.start_pairing().await?.secret;
    let code = code_at(&secret, product.now().await?.timestamp())?;
    holder.confirm_pairing(&ConfirmCode { code }).await?;
    holder.make_recovery_codes().await?;
    holder.activate().await?;
    ensure!(!holder.me().await?.covered, "covered by no rule");
    Ok(())
}

/// Every scope × every kind of person × both states of the box (facts 2, 4 and 5).
async fn union(office: &Office) -> anyhow::Result<()> {
    let holder = &office.holder.session;
    let group = office.group("Group", None).await?;
    let mut people: Vec<(Vec<Role>, Uuid)> = vec![(vec![Role::MasterAdmin], office.holder.id)];
    let kinds = [
        vec![Role::MasterAdmin],
        vec![Role::Admin],
        vec![Role::Technician],
        vec![Role::Admin, Role::Technician],
        vec![Role::Auditor],
        vec![Role::Operator],
    ];
    for (number, roles) in kinds.into_iter().enumerate() {
        let group = roles.contains(&Role::Technician).then_some(group);
        let invitation = office.invitation(&format!("p{number}"), &roles, group);
        people.push((roles, holder.invite_member(office.id, &invitation).await?.id));
    }
    for ticked in [false, true] {
        if ticked {
            let etag = holder.group(office.id, group).await?.etag.context("no ETag")?;
            let enforcement = Enforcement { choice: Choice::Enforce, also_subgroups: false };
            let put = PutEnforcement { enforcement, reason: String::new() };
            holder.put_enforcement(office.id, group, &etag, &put).await?;
        }
        for admins in [false, true] {
            for technicians in [Technicians::None, Technicians::All, Technicians::SelectedGroups] {
                // Another life each time, so that it is always a change.
                save_policy(holder, office.id, |policy| Policy {
                    admins,
                    technicians,
                    code_life_seconds: policy.code_life_seconds ^ 1,
                    ..policy
                })
                .await?;
                for (roles, id) in &people {
                    let technician = roles.contains(&Role::Technician);
                    let administers = roles.iter().any(|role| *role != Role::Technician);
                    let by_technicians = match technicians {
                        Technicians::None => false,
                        Technicians::All => technician,
                        Technicians::SelectedGroups => technician && ticked,
                    };
                    let due = admins && administers || by_technicians;
                    let covered = holder.member(office.id, *id).await?.value.covered;
                    ensure!(
                        covered == due,
                        "{roles:?} with admins {admins}, {technicians:?}, box {ticked}: {covered}"
                    );
                }
            }
        }
    }
    Ok(())
}

/// ETag, 428 and 412: nobody's change is overwritten unseen.
async fn only_whoever_saw_the_latest_saves(product: &Standalone, office: &Office) -> anyhow::Result<()> {
    let raw = Raw::new(product).with_token(&office.holder.token);
    let path = format!("/companies/{}/policy", office.id);
    let seen = raw.call("GET", &path, None).await?;
    let (etag, policy) = (seen.etag.clone().context("no ETag")?, seen.json()?);
    let put = |life: u16| {
        let mut policy = policy.clone();
        policy["code_life_seconds"] = json!(life);
        json!({ "policy": policy, "reason": "a test" })
    };
    ensure!(
        raw.call("PUT", &path, Some(&put(120))).await?.status == 428,
        "saved without having seen anything"
    );
    let saving = raw.with_header("if-match", &etag);
    let (one, other) = (put(121), put(122));
    let (left, right) =
        tokio::join!(saving.call("PUT", &path, Some(&one)), saving.call("PUT", &path, Some(&other)));
    let mut statuses = [left?.status, right?.status];
    statuses.sort_unstable();
    ensure!(statuses == [200, 412], "two saved what they saw at once: {statuses:?}");
    let now = raw.call("GET", &path, None).await?;
    ensure!(now.etag.as_ref().is_some_and(|now| *now != etag), "the ETag stayed");
    let fresh = raw.with_header("if-match", &now.etag.clone().context("no ETag")?);
    let same = json!({ "policy": now.json()?, "reason": "a test" });
    ensure!(
        fresh.call("PUT", &path, Some(&same)).await?.problem == "nothing-changed",
        "the same was saved again"
    );
    let long = json!({ "policy": put(123)["policy"], "reason": "x".repeat(501) });
    ensure!(fresh.call("PUT", &path, Some(&long)).await?.problem == "invalid-fields", "a reason without end");
    Ok(())
}

async fn texts_that_reach_nobody_are_no_method(office: &Office) -> anyhow::Result<()> {
    let holder = &office.holder.session;
    let backups = vec![twostep_api::ProofKind::Email, twostep_api::ProofKind::Printed];
    save_policy(holder, office.id, |policy| Policy {
        backups: backups.clone(),
        primary: Method::App,
        ..policy
    })
    .await?;
    let nowhere = SmsCountries { countries: vec![], reason: String::new() };
    holder.save_sms_countries(office.id, &nowhere).await?;
    let sms = save_policy(holder, office.id, |policy| Policy { primary: Method::Sms, ..policy }).await;
    ensure!(
        sms.is_err_and(|error| format!("{error:#}").contains("fields")),
        "SMS was saved with no country allowed"
    );
    let somewhere = SmsCountries { countries: vec!["DE".to_owned()], reason: String::new() };
    holder.save_sms_countries(office.id, &somewhere).await?;
    save_policy(holder, office.id, |policy| Policy { primary: Method::Sms, ..policy }).await?;
    refused(holder.save_sms_countries(office.id, &nowhere).await, ProblemType::InvalidFields)
}
