//! Erasing one person makes that person, and no other, unreadable: at once, in every file, and after a restart.

use std::path::Path;

use anyhow::ensure;
use twostep_api::{ProblemType, Role, Standing};
use twostep_tests::harness::{Inbox, Standalone};
use twostep_tests::story::{Office, Person, Raw, password, refused, sign_in};

#[tokio::test]
async fn s24_an_erased_person_and_no_other_is_unreadable_also_after_a_restart() {
    let home = tempfile::tempdir().unwrap();
    let inbox = Inbox::start().unwrap();
    let mut product = Standalone::start(home.path(), &inbox).unwrap();
    erased(home.path(), &mut product, &inbox).await.unwrap();
}

async fn erased(home: &Path, product: &mut Standalone, inbox: &Inbox) -> anyhow::Result<()> {
    let office = Office::open(product, "forget").await?;
    let gone = office.person(product, inbox, "zebediah", &[Role::Technician], None).await?;
    let stays = office.person(product, inbox, "winifred", &[Role::Technician], None).await?;
    // Links that are still in the mailbox must not bring anything back.
    let link = office
        .holder
        .session
        .invite_member(office.id, &office.invitation("yorick", &[Role::Auditor], None))
        .await?;
    let mail = inbox.next_that(&office.login("yorick"), 0, |mail| !mail.links.is_empty()).await?;
    office.holder.session.erase_member(office.id, gone.id).await?;
    office.holder.session.erase_member(office.id, link.id).await?;
    let token = mail.link_token().unwrap();
    for restarted in [false, true] {
        if restarted {
            product.kill_and_restart()?;
        }
        refused(product.api()?.invitation(&token).await, ProblemType::LinkDead)?;
        is_gone(product, &office, &gone).await?;
        is_there(product, &office, &stays).await?;
        for name in ["zebediah", "yorick"] {
            nowhere_in(home, name)?;
            ensure!(!product.output().contains(name), "{name} stands in the log output");
        }
    }
    // The login is free for somebody else, who is another person.
    let again = office.person(product, inbox, "zebediah", &[Role::Technician], None).await?;
    ensure!(again.id != gone.id, "the erased person came back");
    is_there(product, &office, &again).await?;
    is_gone_from_the_list(product, &office, &gone).await
}

async fn is_gone(product: &Standalone, office: &Office, gone: &Person) -> anyhow::Result<()> {
    let holder = product.api()?.with_token(&office.holder.token);
    let shown = holder.member(office.id, gone.id).await?.value;
    ensure!(shown.standing == Standing::Erased, "{shown:?}");
    ensure!(
        shown.name.is_none() && shown.login.is_none() && shown.email.is_none(),
        "still readable: {shown:?}"
    );
    refused(product.api()?.with_token(&gone.token).me().await, ProblemType::NotSignedIn)?;
    let answer = sign_in(&product.api()?, &gone.login, &password(&gone.login)).await;
    ensure!(answer.is_err(), "an erased person signed in");
    is_gone_from_the_list(product, office, gone).await
}

async fn is_gone_from_the_list(product: &Standalone, office: &Office, gone: &Person) -> anyhow::Result<()> {
    let raw = Raw::new(product).with_token(&office.holder.token);
    let list = raw.call("GET", &format!("/companies/{}/members", office.id), None).await?.json()?;
    let id = gone.id.to_string();
    let entry = list["members"]
        .as_array()
        .and_then(|all| all.iter().find(|member| member["id"] == id.as_str()).cloned());
    ensure!(
        entry.is_some_and(|entry| entry["name"].is_null() && entry["email"].is_null()),
        "the list tells who it was"
    );
    // Nothing can be done with whoever is erased.
    for (method, path) in [("POST", "unlock"), ("POST", "invitation")] {
        let answer =
            raw.call(method, &format!("/companies/{}/members/{}/{path}", office.id, gone.id), None).await?;
        ensure!(answer.problem == "not-found", "{path}: {answer:?}");
    }
    Ok(())
}

async fn is_there(product: &Standalone, office: &Office, person: &Person) -> anyhow::Result<()> {
    let holder = product.api()?.with_token(&office.holder.token);
    let shown = holder.member(office.id, person.id).await?.value;
    ensure!(
        shown.email.as_deref() == Some(&person.login) && shown.name.is_some(),
        "another person is unreadable: {shown:?}"
    );
    let answer = sign_in(&product.api()?, &person.login, &password(&person.login)).await?;
    ensure!(answer.token.is_some(), "another person can't sign in");
    Ok(())
}

/// No file of the product holds `word`, in any capitals.
fn nowhere_in(folder: &Path, word: &str) -> anyhow::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            nowhere_in(&path, word)?;
        } else if path.is_file() {
            let bytes = std::fs::read(&path)?.to_ascii_lowercase();
            let found = bytes.windows(word.len()).any(|window| window == word.as_bytes());
            ensure!(!found, "{word} stands in {}", path.display());
        }
    }
    Ok(())
}
