//! Erasing one person makes that person, and no other, unreadable: at once, in every file, and after a restart.

use std::path::Path;

use anyhow::ensure;
use secrecy::ExposeSecret as _;
use twostep_api::{ProblemType, Role, Standing, TransferAccount};
use twostep_domain::{CompanyId, MemberId, Sealed};
use twostep_event_store::{Checkpoint, Reader as _};
use twostep_event_store_sqlite::SqliteStore;
use twostep_tests::harness::{Inbox, Product as _, Standalone};
use twostep_tests::story::{Office, Person, Raw, password, refused, sign_in};
use twostep_vault::{Existing, Field, MasterKey, Owner, SqliteKeyStore, Vault};
use uuid::Uuid;

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

#[tokio::test]
async fn s24_the_keys_that_are_left_open_nothing_of_a_former_account_holder() {
    let home = tempfile::tempdir().unwrap();
    let inbox = Inbox::start().unwrap();
    let product = Standalone::start(home.path(), &inbox).unwrap();
    former_holder(home.path(), product, &inbox).await.unwrap();
}

async fn former_holder(home: &Path, mut product: Standalone, inbox: &Inbox) -> anyhow::Result<()> {
    let office = Office::open(&product, "handed").await?;
    let heir = office.person(&product, inbox, "winifred", &[Role::MasterAdmin], None).await?;
    office.holder.session.transfer_account(office.id, &TransferAccount { to: heir.id }).await?;
    heir.session.erase_member(office.id, office.holder.id).await?;
    ensure!(product.stop()?, "it did not stop well: {}", product.output());
    nowhere_in(home, &office.holder.login)?;
    let everybody = [office.holder.id, heir.id];
    let left = opened(&product.data(), &home.join("master-key"), office.id, &everybody).await?;
    ensure!(left.contains(&heir.login), "the search finds nobody");
    for text in left {
        ensure!(!text.contains(&office.holder.login), "it still opens: {text}");
    }
    Ok(())
}

/// Every text in the log that opens with the keys that are left, as whatever field of whomever.
async fn opened(data: &Path, master: &Path, company: Uuid, people: &[Uuid]) -> anyhow::Result<Vec<String>> {
    let master = MasterKey::read(master, data)?;
    let vault = Vault::open(SqliteKeyStore::open(&data.join("keys.db"))?, master, Existing::Log)?;
    let company = CompanyId(company);
    let people = people.iter().map(|&person| Owner::Member(company, MemberId(person)));
    let owners: Vec<_> = people.chain([Owner::Company(company)]).collect();
    let log = SqliteStore::open(data.join("log.db"))?;
    let mut found = Vec::new();
    for event in log.read(&Checkpoint::start(), usize::MAX).await? {
        let stored = String::from_utf8(event.data)? + &serde_json::to_string(&event.envelope.metadata)?;
        for sealed in stored.split('"').filter(|text| text.starts_with("v1.")) {
            let sealed = Sealed(sealed.to_owned());
            for (&owner, field) in owners.iter().flat_map(|owner| Field::ALL.map(|field| (owner, field))) {
                if let Ok(text) = vault.unseal(owner, field, &sealed) {
                    found.push(text.expose_secret().to_owned());
                }
            }
        }
    }
    Ok(found)
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
