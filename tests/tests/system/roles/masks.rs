//! S22: whoever only audits sees nobody's name and address; whoever is in charge of somebody sees them in full.

use anyhow::{Context as _, ensure};
use serde_json::Value;
use twostep_tests::harness::{Inbox, Standalone};
use twostep_tests::story::Raw;

use super::cast::{Cast, cast};

#[tokio::test]
async fn s22_an_auditor_sees_everybody_masked_and_an_admin_their_own_people_in_full() {
    who_sees_what().await.unwrap();
}

async fn who_sees_what() -> anyhow::Result<()> {
    let home = tempfile::tempdir()?;
    let inbox = Inbox::start()?;
    let product = Standalone::start(home.path(), &inbox)?;
    let cast = cast(&product, &inbox).await?;
    let people = format!("/companies/{}/members", cast.office.id);
    let raw = |column: &str| {
        let token = cast.tokens[column].as_deref().context("no token")?;
        anyhow::Ok(Raw::new(&product).with_token(token))
    };
    let one = format!("{people}/{}", cast.technician);
    for column in ["holder", "master", "admin", "both", "technician"] {
        let answer = raw(column)?.call("GET", &one, None).await?;
        is_in_full(&cast, &answer.json()?).with_context(|| format!("as {column}"))?;
    }
    let auditor = raw("auditor")?;
    is_masked(&auditor.call("GET", &one, None).await?.json()?)?;
    let listed = auditor.call("GET", &format!("{people}?limit=200"), None).await?;
    let members = listed.json()?["members"].as_array().cloned().context("no members")?;
    let own = cast.office.login("auditor");
    let (own, others): (Vec<_>, Vec<_>) = members.iter().partition(|member| member["login"] == own.as_str());
    ensure!(own.len() == 1 && others.len() >= 8, "{} others are listed", others.len());
    for member in others {
        is_masked(member)?;
    }
    for name in ["tech", "victim", "holder", "admin"] {
        ensure!(!listed.text.contains(&cast.office.login(name)), "the list holds the address of {name}");
    }
    let admin = raw("admin")?.call("GET", &people, None).await?.json()?;
    let found = admin["members"].as_array().context("no members")?;
    let technician = found.iter().find(|member| member["id"] == cast.technician.to_string().as_str());
    is_in_full(&cast, technician.context("an Admin's own technician isn't listed")?)
}

fn is_in_full(cast: &Cast, member: &Value) -> anyhow::Result<()> {
    let login = cast.office.login("tech");
    ensure!(member["name"] == "Person tech", "{member}");
    ensure!(member["login"] == login.as_str() && member["email"] == login.as_str(), "{member}");
    Ok(())
}

fn is_masked(member: &Value) -> anyhow::Result<()> {
    for field in ["name", "login", "email"] {
        let text = member[field].as_str().with_context(|| format!("no {field}: {member}"))?;
        ensure!(text.contains('•'), "{field} isn't masked: {member}");
        ensure!(!text.contains("Person") && !text.contains("Holder"), "{field} shows a name: {member}");
    }
    Ok(())
}
