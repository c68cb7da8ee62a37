//! Positions: a command's answer says where it left the log, and a question waits until it is answered from there.

use anyhow::{Context as _, ensure};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use twostep_api::{Role, Technicians};
use twostep_tests::harness::{Inbox, Product as _, Standalone};
use twostep_tests::story::{Office, Raw, Reply, Technician, password, save_policy};

const LEAST: &str = "twostep-min-position";

#[tokio::test]
async fn a_question_is_answered_from_the_position_that_it_names_or_not_at_all() {
    let home = tempfile::tempdir().unwrap();
    let inbox = Inbox::start().unwrap();
    let product = Standalone::start(home.path(), &inbox).unwrap();
    let office = Office::open(&product, "positions").await.unwrap();
    questions(&product, &office).await.unwrap();
    every_command_tells(&product, &inbox, &office).await.unwrap();
}

async fn questions(product: &Standalone, office: &Office) -> anyhow::Result<()> {
    let raw = Raw::new(product).with_token(&office.holder.token);
    let groups = format!("/companies/{}/groups", office.id);
    let created = raw.call("POST", &groups, Some(&json!({ "name": "First" }))).await?;
    let position = created.position.context("no position")?;
    let read = raw.with_header(LEAST, &position).call("GET", &groups, None).await?;
    ensure!(read.status == 200 && read.text.contains("First"), "{read:?}");

    // What isn't there yet is waited for: the next event, which the other request makes.
    let next = beyond(&position, 1)?;
    let (asking, second) = (raw.with_header(LEAST, &next), json!({ "name": "Second" }));
    let (read, written) =
        tokio::join!(asking.call("GET", &groups, None), raw.call("POST", &groups, Some(&second)));
    let (read, written) = (read?, written?);
    ensure!(written.status == 201 && read.status == 200, "{written:?}\n{read:?}");
    ensure!(read.text.contains("Second"), "answered from before the position: {read:?}");

    // What doesn't come is refused, and says when to ask again. Nothing of it holds for whoever isn't known.
    let never = beyond(&position, 1_000_000)?;
    for path in [groups.as_str(), "/me", "/sessions", &format!("/companies/{}/policy", office.id)] {
        let late = raw.with_header(LEAST, &never).call("GET", path, None).await?;
        ensure!((late.status, &*late.problem) == (503, "unavailable"), "{path}: {late:?}");
        let again: u64 = late.retry_after.as_deref().context("no Retry-After")?.parse()?;
        ensure!((1..=5).contains(&again), "{path}: ask again after {again} s");
    }
    let nobody = Raw::new(product).with_header(LEAST, &never).call("GET", &groups, None).await?;
    ensure!(nobody.status == 401, "{nobody:?}");
    for text in ["", "42", "not a position", "MC4x.", "bm9uZQ"] {
        let odd = raw.with_header(LEAST, text).call("GET", &groups, None).await?;
        ensure!((odd.status, &*odd.problem) == (400, "malformed"), "{text:?}: {odd:?}");
    }
    Ok(())
}

/// So many events further on. The text is opaque to clients; this test reads it, to name a place before it exists.
fn beyond(position: &str, further: u64) -> anyhow::Result<String> {
    let plain = String::from_utf8(URL_SAFE_NO_PAD.decode(position)?)?;
    let (partition, offset) = plain.split_once('.').context("another form of positions")?;
    let offset: u64 = offset.parse()?;
    Ok(URL_SAFE_NO_PAD.encode(format!("{partition}.{}", offset + further)))
}

/// Commands of every kind: each success that changed something says where.
async fn every_command_tells(product: &Standalone, inbox: &Inbox, office: &Office) -> anyhow::Result<()> {
    let raw = Raw::new(product).with_token(&office.holder.token);
    let company = format!("/companies/{}", office.id);
    let person = office.person(product, inbox, "tech", &[Role::Technician], None).await?;
    let own = Raw::new(product).with_token(&person.token);
    let invited = raw
        .call(
            "POST",
            &format!("{company}/members"),
            Some(&json!({
                "name": "Somebody", "email": office.login("new"), "roles": ["technician"],
            })),
        )
        .await?;
    let invited_id = invited.json()?["id"].as_str().context("no id")?.to_owned();
    let mut told: Vec<(&str, Reply)> = vec![("an invitation", invited)];
    let mut ask = async |what, raw: &Raw, method, path: &str, body: Option<Value>| {
        let answer = raw.call(method, path, body.as_ref()).await?;
        told.push((what, answer));
        anyhow::Ok(())
    };
    let renew = format!("{company}/members/{invited_id}/invitation");
    ask("another invitation", &raw, "POST", &renew, None).await?;
    let erase = format!("{company}/members/{invited_id}/personal-data");
    ask("an erasure", &raw, "DELETE", &erase, None).await?;
    let passwords = json!({ "old": password(&person.login), "new": password("somebody else") });
    ask("a new password", &own, "POST", "/me/password", Some(passwords)).await?;
    ask("a set-up", &own, "POST", "/set-up", Some(json!({}))).await?;
    let resets = json!({ "members": [person.id] });
    ask("resets", &raw, "POST", &format!("{company}/members/resets"), Some(resets)).await?;
    let sign_in = json!({
        "company": office.slug, "login": person.login, "password": password("somebody else"),
    });
    ask("a sign-in", &Raw::new(product), "POST", "/sign-ins", Some(sign_in)).await?;
    ask("a session's end", &raw, "DELETE", "/sessions/current", None).await?;
    for (what, answer) in &told {
        ensure!((200..300).contains(&answer.status), "{what}: {answer:?}");
        ensure!(answer.position.is_some(), "{what} says no position: {answer:?}");
    }
    unlocking_tells(product, inbox, office).await
}

async fn unlocking_tells(product: &Standalone, inbox: &Inbox, office: &Office) -> anyhow::Result<()> {
    let holder =
        twostep_tests::story::token(product, &office.slug, &office.holder.login, &password("holder")).await?;
    let session = product.api()?.with_token(&holder);
    save_policy(&session, office.id, |policy| twostep_api::Policy {
        technicians: Technicians::All,
        ..policy
    })
    .await?;
    let login = office.login("guesser");
    let roles = [Role::Technician];
    let id =
        twostep_tests::story::member_of(product, inbox, &session, office.id, &login, &roles, None).await?;
    Technician::set_up(product, inbox, &login).await?;
    let pending = twostep_tests::story::sign_in(&product.api()?, &login, &password(&login)).await?;
    let guesser = Raw::new(product).with_token(&pending.token.context("no token")?);
    let path = format!("/sign-ins/{}/verifications", pending.id);
    let wrong = guesser.call("POST", &path, Some(&json!({ "method": "app", "code": "000000" }))).await?;
    ensure!(wrong.problem == "code-rejected", "{wrong:?}");
    let unlock = format!("/companies/{}/members/{id}/unlock", office.id);
    let raw = Raw::new(product).with_token(&holder);
    let unlocked = raw.call("POST", &unlock, None).await?;
    ensure!(unlocked.status == 204 && unlocked.position.is_some(), "{unlocked:?}");
    let nothing = raw.call("POST", &unlock, None).await?;
    ensure!(nothing.status == 204, "{nothing:?}");
    Ok(())
}
