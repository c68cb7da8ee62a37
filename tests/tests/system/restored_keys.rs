//! A key store that comes back from a backup: erasures that happened since are carried out again before anything else.

use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, ensure};
use twostep_api::{ProblemType, Role, Standing};
use twostep_tests::harness::{Inbox, Product as _, Standalone};
use twostep_tests::story::{Office, Person, password, refused, sign_in};

#[tokio::test]
async fn s24_a_restored_key_store_gives_no_erased_person_back_and_everybody_else() {
    let home = tempfile::tempdir().unwrap();
    let inbox = Inbox::start().unwrap();
    let mut product = Standalone::start(home.path(), &inbox).unwrap();
    restored(home.path(), &mut product, &inbox).await.unwrap();
}

async fn restored(home: &Path, product: &mut Standalone, inbox: &Inbox) -> anyhow::Result<()> {
    let office = Office::open(product, "restored").await?;
    let gone = office.person(product, inbox, "zebediah", &[Role::Technician], None).await?;
    let stays = office.person(product, inbox, "winifred", &[Role::Technician], None).await?;
    let backup = home.join("keys.backup");
    product.kill_and_restart_after(|data| {
        std::fs::copy(data.join("keys.db"), &backup)?;
        Ok(())
    })?;
    let before = keys_of(&backup, &gone)?;
    ensure!(before == 2, "the backup holds {before} keys of whoever is erased later");

    product.now().await?;
    product.api()?.with_token(&office.holder.token).erase_member(office.id, gone.id).await?;
    product.kill_and_restart_after(|data| {
        std::fs::copy(&backup, data.join("keys.db"))?;
        Ok(())
    })?;
    // It is ready: by now the keys are gone again, not soon.
    let left = keys_of(&product.data().join("keys.db"), &gone)?;
    ensure!(left == 0, "{left} keys of an erased person came back");
    ensure!(keys_of(&product.data().join("keys.db"), &stays)? == 2, "another person's keys are gone");
    product.now().await?;

    let holder = product.api()?.with_token(&office.holder.token);
    let shown = holder.member(office.id, gone.id).await?.value;
    ensure!(shown.standing == Standing::Erased && shown.name.is_none(), "{shown:?}");
    refused(product.api()?.with_token(&gone.token).me().await, ProblemType::NotSignedIn)?;
    ensure!(sign_in(&product.api()?, &gone.login, &password(&gone.login)).await.is_err(), "signed in");
    let shown = holder.member(office.id, stays.id).await?.value;
    ensure!(shown.email.as_ref() == Some(&stays.login), "another person is unreadable: {shown:?}");
    sign_in(&product.api()?, &stays.login, &password(&stays.login)).await?.token.context("no token")?;
    Ok(())
}

#[tokio::test]
async fn a_key_store_that_is_older_than_the_log_is_told_with_whose_keys_it_lacks() {
    let home = tempfile::tempdir().unwrap();
    let inbox = Inbox::start().unwrap();
    let mut product = Standalone::start(home.path(), &inbox).unwrap();
    older_keys(home.path(), &mut product, &inbox).await.unwrap();
}

async fn older_keys(home: &Path, product: &mut Standalone, inbox: &Inbox) -> anyhow::Result<()> {
    let office = Office::open(product, "older").await?;
    let backup = home.join("keys.backup");
    product.kill_and_restart_after(|data| {
        std::fs::copy(data.join("keys.db"), &backup)?;
        Ok(())
    })?;
    product.now().await?;
    let office = Office {
        holder: Person { session: product.api()?.with_token(&office.holder.token), ..office.holder },
        ..office
    };
    let late = office.person(product, inbox, "late", &[Role::Technician], None).await?;
    product.kill_and_restart()?;
    ensure!(!product.output().contains("is older than the log"), "keys are missed that are there");
    product.kill_and_restart_after(|data| {
        std::fs::copy(&backup, data.join("keys.db"))?;
        Ok(())
    })?;
    product.now().await?;
    let told = async {
        loop {
            let said = product.output();
            if let Some(line) = said.lines().find(|line| line.contains("is older than the log")) {
                break line.to_owned();
            }
            tokio::task::yield_now().await;
        }
    };
    let line =
        tokio::time::timeout(std::time::Duration::from_secs(20), told).await.context("nothing was told")?;
    ensure!(line.contains("ERROR") && line.contains(&late.id.to_string()), "{line}");
    ensure!(!line.contains(&office.holder.id.to_string()), "somebody whose keys are there is named: {line}");
    Ok(())
}

/// Counts in the file itself: the product would say that nobody erased has any.
const COUNT: &str = "
import sqlite3, sys
query = 'SELECT count(*) FROM keys WHERE wrapped IS NOT NULL AND owner LIKE ?'
print(sqlite3.connect(sys.argv[1]).execute(query, ['%/' + sys.argv[2]]).fetchone()[0])
";

/// How many keys of `person` the key store at `path` holds.
fn keys_of(path: &Path, person: &Person) -> anyhow::Result<u64> {
    let looked = Command::new("python3").args(["-c", COUNT]).arg(path).arg(person.id.to_string()).output();
    let looked = looked.context("starting python3, which looks into the key store")?;
    ensure!(looked.status.success(), "{}", String::from_utf8_lossy(&looked.stderr));
    Ok(String::from_utf8(looked.stdout)?.trim().parse()?)
}
