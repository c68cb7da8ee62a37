//! A command that would leave no Master Admin able to sign in is refused, also where two race.

use anyhow::ensure;
use serde_json::{Value, json};
use twostep_api::{ChangeRoles, ChangeStanding, ProblemType, Role, TransferAccount};
use twostep_tests::harness::{Inbox, Product as _, Standalone};
use twostep_tests::story::{Latest, Office, Raw, Reply, append_to_company, password, refused, token};
use uuid::Uuid;

#[tokio::test]
async fn two_master_admins_cannot_remove_each_other() {
    let home = tempfile::tempdir().unwrap();
    let inbox = Inbox::start().unwrap();
    let mut product = Standalone::start(home.path(), &inbox).unwrap();
    let office = Office::open(&product, "roster").await.unwrap();
    races(&mut product, &inbox, &office).await.unwrap();
}

/// Somebody who can be one of the last two.
struct Last {
    id: Uuid,
    token: String,
}

/// The holder is somebody whose invitation ran out: able to sign in are two others, who remove each other at the same time.
async fn races(product: &mut Standalone, inbox: &Inbox, office: &Office) -> anyhow::Result<()> {
    let first = &office.holder;
    let second = office.person(product, inbox, "second", &[Role::MasterAdmin], None).await?;
    let invitation = office.invitation("absent", &[Role::MasterAdmin], None);
    let absent = first.session.invite_member(office.id, &invitation).await?;
    // Not any more by a hand-over: that waits until somebody has accepted.
    let early = first.session.transfer_account(office.id, &TransferAccount { to: absent.id }).await;
    refused(early, ProblemType::InvalidFields)?;
    product.kill_and_restart_after(|data| {
        let handed_over = json!({ "from": first.id, "to": absent.id });
        append_to_company(&data.join("log.db"), office.id, "AccountHolderTransferred", &handed_over)
    })?;
    product.now().await?;
    product.advance(8 * 24 * 3_600).await?;
    let erase: (&str, &str, Option<Value>) = ("DELETE", "personal-data", None);
    let demote = ("PUT", "roles", Some(json!({ "roles": ["technician"] })));
    let disable = ("PUT", "standing", Some(json!({ "enabled": false })));
    for (number, (method, path, body)) in
        [demote.clone(), disable.clone(), demote, disable, erase].into_iter().enumerate()
    {
        let passwords = [
            (first.id, &first.login, password("holder")),
            (second.id, &second.login, password(&second.login)),
        ];
        let mut last = Vec::new();
        for (id, login, password) in passwords {
            last.push(Last { id, token: token(product, &office.slug, login, &password).await? });
        }
        let remove = |by: &Last, whom: &Last| {
            let raw = Raw::new(product).with_token(&by.token);
            let member = format!("/companies/{}/members/{}", office.id, whom.id);
            let body = body.clone();
            async move {
                let seen = raw.call("GET", &member, None).await?;
                let raw = raw.with_header("if-match", &seen.etag.unwrap_or_default());
                raw.call(method, &format!("{member}/{path}"), body.as_ref()).await
            }
        };
        let (left, right) = tokio::join!(remove(&last[0], &last[1]), remove(&last[1], &last[0]));
        let answers = [left?, right?];
        let removed = answers.iter().filter(|answer| (200..300).contains(&answer.status)).count();
        ensure!(removed == 1, "round {number}, {path}: {removed} of two were removed: {answers:?}");
        let survivor = if (200..300).contains(&answers[0].status) { 0 } else { 1 };
        refused_rightly(&answers[1 - survivor])?;
        let back = product.api()?.with_token(&last[survivor].token);
        let gone = last[1 - survivor].id;
        match path {
            "roles" => {
                drop(back.save_roles(office.id, gone, &ChangeRoles { roles: vec![Role::MasterAdmin] }).await?)
            }
            "standing" => {
                let enable = ChangeStanding { enabled: true, reason: String::new() };
                back.save_standing(office.id, gone, &enable).await?;
            }
            _ => drop(back.policy(office.id).await?),
        }
    }
    Ok(())
}

/// The loser lost the role before, and then doesn't even see the other, or would have been the last to go.
fn refused_rightly(answer: &Reply) -> anyhow::Result<()> {
    let kinds = ["would-lock-out", "forbidden", "not-found", "not-signed-in"];
    ensure!(kinds.contains(&answer.problem.as_str()), "refused for another reason: {answer:?}");
    Ok(())
}
