//! Unmasking: only on the host of a service that runs, with the master key, and on record.

use std::fs;
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;

use anyhow::{Context as _, ensure};
use serde_json::{Value, json};
use twostep_api::{PossessionChallenge, ProblemType, Unmask, Unmasked, UnmaskedBy, UnmaskedScope};
use twostep_client::operator::{self, OperatorError};
use twostep_client::{AuditPage, Client};
use twostep_tests::harness::{Inbox, Product as _, Standalone, auditor};
use twostep_tests::story::{Technician, member_of, new_company, require_everybody};
use twostep_vault::MasterKey;
use uuid::Uuid;

const REASON: &str = "complaint 117: whose address is that?";

/// An installation with somebody who is set up, and the account holder's session.
struct Installation {
    home: tempfile::TempDir,
    inbox: Inbox,
    product: Standalone,
    company: Uuid,
    holder: Client,
    person: Uuid,
    technician: Technician,
    recovery: Vec<String>,
}

const LOGIN: &str = "zebediah@shown.example";

impl Installation {
    async fn start() -> anyhow::Result<Self> {
        let home = tempfile::tempdir()?;
        let inbox = Inbox::start()?;
        let product = Standalone::start(home.path(), &inbox)?;
        let (company, holder) = new_company(&product, "shown").await?;
        let roles = [twostep_api::Role::Technician];
        let person = member_of(&product, &inbox, &holder, company.id, LOGIN, &roles, None).await?;
        require_everybody(&holder, company.id).await?;
        let (technician, _, recovery) = Technician::set_up(&product, &inbox, LOGIN).await?;
        Ok(Self { home, inbox, product, company: company.id, holder, person, technician, recovery })
    }

    fn key(&self) -> String {
        self.home.path().join("master-key").display().to_string()
    }

    /// The auditor's program over the data directory; how it ended, what it showed and what it said.
    fn audit(&self, arguments: &[&str]) -> anyhow::Result<(bool, String, String)> {
        let data = self.product.data().display().to_string();
        said(&[&["--data", &data], arguments].concat())
    }

    /// A replay of the person's events with these options on top.
    fn replay(&self, key: &str, reason: &str, options: &[&str]) -> anyhow::Result<(bool, String, String)> {
        let unmasking = ["--output", "json", "replay", "--master-key-path", key, "--reason", reason];
        self.audit(&[&unmasking, options].concat())
    }

    /// The unmaskings that stand in the company's history, as everybody reads them who may.
    async fn recorded(&self) -> anyhow::Result<Vec<Value>> {
        let page = AuditPage { event_type: Some("PersonalDataUnmasked".to_owned()), ..AuditPage::default() };
        let events = self.holder.audit_events(&page).await?.events;
        events.into_iter().map(|event| Ok(serde_json::to_value(event)?)).collect()
    }
}

fn said(arguments: &[&str]) -> anyhow::Result<(bool, String, String)> {
    let output = auditor(arguments, &[])?.output()?;
    let text = |bytes| String::from_utf8(bytes);
    Ok((output.status.success(), text(output.stdout)?, text(output.stderr)?))
}

#[tokio::test]
async fn s22_an_unmasking_shows_what_is_personal_and_no_secret_and_is_an_event_with_its_reason() {
    shown().await.unwrap();
}

async fn shown() -> anyhow::Result<()> {
    let there = Installation::start().await?;
    let (_, masked, _) = there.audit(&["--output", "json", "replay"])?;
    ensure!(masked.contains("•••") && !masked.contains(LOGIN) && !masked.contains("127.0.0.1"), "{masked}");
    let person = there.person.to_string();
    let of_person = ["--company", "shown", "--person", &person];
    let (done, text, note) = there.replay(&there.key(), REASON, &of_person)?;
    ensure!(done && note.contains("PersonalDataUnmasked"), "{note}");
    for personal in ["Person zebediah", LOGIN, &format!("backup.{LOGIN}"), "127.0.0.1"] {
        ensure!(text.contains(&format!("\"{personal}\"")), "{personal} stays masked: {text}");
    }
    no_secret(&there, &text)?;

    let recorded = there.recorded().await?;
    let [event] = &recorded[..] else { anyhow::bail!("{recorded:?}") };
    let scope =
        json!({ "command": "replay", "member": person, "event_type": null, "from": null, "to": null });
    let uid = fs::metadata(there.home.path())?.uid();
    ensure!(event["data"] == json!({ "uid": uid, "scope": scope, "reason": REASON }), "{event}");
    ensure!(event["actor"] == json!({ "is": "operator" }), "{event}");

    let at = there.product.now().await?.to_rfc3339();
    let unmasking = ["--master-key-path", &there.key(), "--reason", REASON, "--company", "shown"];
    let state = ["--output", "json", "state", "--at", &at];
    let (done, text, note) = there.audit(&[&state[..], &unmasking, &["member", &person]].concat())?;
    ensure!(done, "{note}");
    let told: Value = serde_json::from_str(&text)?;
    ensure!(told["state"]["identity"]["email"] == LOGIN, "{told}");
    no_secret(&there, &text)?;

    let into = there.home.path().join("export");
    let export = ["export", "--into", into.to_str().context("a path")?];
    let (done, _, note) = there.audit(&[&export[..], &unmasking].concat())?;
    ensure!(done, "{note}");
    let manifest: Value = serde_json::from_slice(&fs::read(into.join("manifest.json"))?)?;
    ensure!(manifest["masked"] == false, "{manifest}");
    let text = fs::read_to_string(into.join("events.jsonl"))?;
    ensure!(text.contains(LOGIN) && text.contains("holder@shown.example"), "{text}");
    no_secret(&there, &text)?;
    let commands: Vec<_> =
        there.recorded().await?.iter().map(|event| event["data"]["scope"].clone()).collect();
    ensure!(commands.len() == 3 && commands[1]["command"] == "state" && commands[2]["command"] == "export");
    ensure!(commands[1]["to"]["time"].is_string(), "{commands:?}");

    // Whoever is erased stays masked, also in what happened before.
    there.holder.erase_member(there.company, there.person).await?;
    let (done, text, note) = there.replay(&there.key(), REASON, &["--company", "shown"])?;
    ensure!(done && text.contains("holder@shown.example"), "{note}");
    ensure!(!text.contains("zebediah"), "an erased person is shown: {text}");
    Ok(())
}

/// Nothing that lets anybody in, and nothing that opens everything.
fn no_secret(there: &Installation, text: &str) -> anyhow::Result<()> {
    let key = fs::read_to_string(there.key())?;
    let seed = there.technician.secret.replace(' ', "");
    for secret in [key.trim(), &seed, "$argon2"].into_iter().chain(there.recovery.iter().map(String::as_str))
    {
        ensure!(!text.contains(secret), "{secret} is shown");
    }
    let sealed = text.lines().filter(|line| line.contains("AuthenticatorPairingStarted"));
    for line in sealed {
        ensure!(line.contains("\"seed\":\"•••\""), "{line}");
    }
    let everywhere =
        fs::read_dir(there.product.data())?.map(|file| Ok(fs::read(file?.path()).unwrap_or_default()));
    let mut everywhere = everywhere.collect::<anyhow::Result<Vec<_>>>()?;
    everywhere.push(there.product.output().into_bytes());
    let key = key.trim().as_bytes();
    let holds = |bytes: &Vec<u8>| bytes.windows(key.len()).any(|window| window == key);
    ensure!(!everywhere.iter().any(holds), "the master key stands in a file or in the log");
    Ok(())
}

#[tokio::test]
async fn s22_without_the_key_a_reason_or_a_running_service_nothing_is_unmasked() {
    refused().await.unwrap();
}

async fn refused() -> anyhow::Result<()> {
    let mut there = Installation::start().await?;
    let home = there.home.path().to_owned();
    let wrong = home.join("wrong-key").display().to_string();
    fs::write(&wrong, "07".repeat(32))?;
    fs::set_permissions(&wrong, std::os::unix::fs::PermissionsExt::from_mode(0o600))?;
    let (key, long) = (there.key(), "x".repeat(501));
    let shown = ["--company", "shown"];
    for (key, reason, options, why) in [
        (&wrong, REASON, &shown[..], "the master key doesn't fit this installation"),
        (&home.join("no-key").display().to_string(), REASON, &shown, "there is no master key"),
        (&key, " ", &shown, "--reason: say why"),
        (&key, &long, &shown, "--reason: the reason has more than 500 characters"),
        (&key, REASON, &[], "--company"),
        (&key, REASON, &["--company", "elsewhere"], "no such company"),
    ] {
        let (done, text, said) = there.replay(key, reason, options)?;
        ensure!(!done && text.is_empty() && said.contains(why), "{why}: {text}: {said}");
    }
    let data = there.product.data();
    let log = data.join("log.db").display().to_string();
    let copy = ["--log", &log, "replay", "--company", "shown", "--master-key-path", &key, "--reason", REASON];
    let (done, text, why) = said(&copy)?;
    ensure!(!done && text.is_empty() && why.contains("--data"), "a copy was unmasked: {text}: {why}");
    let (done, _, why) = there.audit(&["replay", "--company", "shown", "--master-key-path", &key])?;
    ensure!(!done && why.contains("--reason"), "{why}");
    proof_of_another_request(&data, &key, there.company).await?;
    ensure!(there.recorded().await?.is_empty(), "what was refused is recorded as done");

    ensure!(there.product.stop()?, "the product did not stop well");
    let (done, text, why) = there.replay(&key, REASON, &shown)?;
    ensure!(!done && text.is_empty() && why.contains("the service isn't running"), "{text}: {why}");
    drop(there.inbox);
    Ok(())
}

/// A proof fits the request that it was made for, once.
async fn proof_of_another_request(data: &Path, key: &str, company: Uuid) -> anyhow::Result<()> {
    let key = MasterKey::read(Path::new(key), data)?;
    let scope = |command| UnmaskedScope { command, member: None, event_type: None, from: None, to: None };
    for changed in [false, true] {
        let PossessionChallenge { challenge } =
            operator::post(data, "possession-challenges", &json!({})).await?;
        let mut request = Unmask {
            company: Uuid::from_u128(1),
            scope: scope(UnmaskedBy::Replay),
            reason: REASON.to_owned(),
            challenge,
            proof: String::new(),
        };
        request.proof = key.prove(&request.challenge, &request.proven().each_ref().map(String::as_str));
        // Used up by a company that isn't there.
        if !changed {
            let first = operator::post::<Unmasked>(data, "unmaskings", &request).await;
            is(first, ProblemType::NotFound)?;
        }
        request.company = company;
        request.scope = scope(UnmaskedBy::Export);
        is(operator::post::<Unmasked>(data, "unmaskings", &request).await, ProblemType::Forbidden)?;
    }
    Ok(())
}

fn is(answer: Result<Unmasked, OperatorError>, kind: ProblemType) -> anyhow::Result<()> {
    match answer {
        Err(OperatorError::Refused(problem)) if problem.kind == kind => Ok(()),
        other => anyhow::bail!("{kind:?} was due: {other:?}"),
    }
}
