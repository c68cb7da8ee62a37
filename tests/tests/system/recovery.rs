//! A power cut at any moment: what was acknowledged is there, what was to be sent is sent, once.

use std::sync::Arc;

use anyhow::{Context as _, ensure};
use serde_json::json;
use twostep_api::Role;
use twostep_tests::harness::{Inbox, Product as _, Standalone};
use twostep_tests::story::{Office, Raw, password};

/// Requests at the same time.
const BURST: usize = 60;

/// How many of them are answered when the power is cut.
const ROUNDS: [usize; 3] = [1, 9, 25];

#[tokio::test(flavor = "multi_thread")]
async fn what_was_acknowledged_before_a_power_cut_is_there_after_it() {
    let home = tempfile::tempdir().unwrap();
    let inbox = Inbox::start().unwrap();
    let mut product = Standalone::start(home.path(), &inbox).unwrap();
    let office = Office::open(&product, "cut").await.unwrap();
    let somebody = office.person(&product, &inbox, "somebody", &[Role::Technician], None).await.unwrap();
    inbox.misbehave(&json!({ "mail": [{ "stage": "mail", "drop": true }] })).await.unwrap();
    let mut acknowledged = Vec::new();
    for (round, after) in ROUNDS.into_iter().enumerate() {
        acknowledged.extend(burst(&mut product, &office, &somebody.login, round, after).await.unwrap());
    }
    assert!(acknowledged.len() >= 20, "only {} acknowledged", acknowledged.len());
    inbox.misbehave(&json!({})).await.unwrap();
    each_is_mailed_once(&mut product, &inbox, &acknowledged).await.unwrap();
}

/// Invitations and sign-ins at once; the power is cut when `after` of them are answered. Gives who was invited for sure.
async fn burst(
    product: &mut Standalone,
    office: &Office,
    login: &str,
    round: usize,
    after: usize,
) -> anyhow::Result<Vec<String>> {
    let raw = Raw::new(product).with_token(&office.holder.token);
    let (sender, mut answers) = tokio::sync::mpsc::unbounded_channel();
    let path: Arc<str> = format!("/companies/{}/members", office.id).into();
    for number in 0..BURST {
        let (raw, sender, path) = (raw.clone(), sender.clone(), path.clone());
        let (signs_in, login) = (number % 4 == 0, login.to_owned());
        let invited = invited(round, number);
        tokio::spawn(async move {
            let (path, body) = if signs_in {
                ("/sign-ins", json!({ "login": login, "password": password(&login) }))
            } else {
                (&*path, json!({ "name": "Somebody", "email": invited, "roles": ["technician"] }))
            };
            if let Ok(answer) = raw.call("POST", path, Some(&body)).await {
                let _ = sender.send((signs_in, invited, answer));
            }
        });
    }
    drop(sender);
    let mut answered = Vec::new();
    while answered.len() < after {
        answered.push(answers.recv().await.context("too few answers")?);
    }
    product.kill_and_restart()?;
    while let Some(late) = answers.recv().await {
        answered.push(late);
    }
    let raw = Raw::new(product).with_token(&office.holder.token);
    let listed = raw.call("GET", &format!("{path}?limit=200"), None).await?.text;
    let mut invited = Vec::new();
    for (signed_in, whom, answer) in answered {
        ensure!(answer.status == 201, "{answer:?}");
        if signed_in {
            let token = answer.json()?["token"].as_str().context("no token")?.to_owned();
            let me = raw.with_token(&token).call("GET", "/me", None).await?;
            ensure!(me.status == 200, "an acknowledged session is lost: {me:?}");
        } else {
            ensure!(listed.contains(&whom), "{whom} was acknowledged and is lost");
            invited.push(whom);
        }
    }
    Ok(invited)
}

/// Nothing could be sent before the cuts, and the queue was lost with each: everybody gets one mail.
async fn each_is_mailed_once(
    product: &mut Standalone,
    inbox: &Inbox,
    invited: &[String],
) -> anyhow::Result<()> {
    product.kill_and_restart()?;
    product.advance(120).await?;
    for address in invited {
        inbox.next(address, 0).await.with_context(|| format!("{address} was never written to"))?;
    }
    // A mail whose outcome isn't recorded yet may come twice after a cut; these are recorded.
    while recorded(product).await? < mails(inbox).await? {}
    product.kill_and_restart()?;
    let raw = Raw::new(product);
    ensure!(raw.call("GET", "/openapi.json", None).await?.status == 200, "it doesn't answer");
    for address in invited {
        let mails = inbox.all(address).await?.len();
        ensure!(mails == 1, "{address} got {mails} mails");
    }
    Ok(())
}

/// Mails to people of the bursts, whether their invitation was acknowledged or not.
async fn mails(inbox: &Inbox) -> anyhow::Result<usize> {
    let mut mails = 0;
    for round in 0..ROUNDS.len() {
        for number in 0..BURST {
            mails += inbox.all(&invited(round, number)).await?.len();
        }
    }
    Ok(mails)
}

/// Mails whose submission the running process has recorded.
async fn recorded(product: &Standalone) -> anyhow::Result<usize> {
    let counter = r#"twostep_delivery_outcomes_total{channel="email",outcome="submitted"}"#;
    Ok(usize::try_from(product.metric(counter).await?)?)
}

fn invited(round: usize, number: usize) -> String {
    format!("burst{round}.{number}@cut.example")
}
