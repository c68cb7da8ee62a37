//! `twostep keys rotate`: another master key, while people work.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::{Context as _, ensure};
use twostep_api::Role;
use twostep_tests::harness::{Inbox, Product as _, Standalone, operate};
use twostep_tests::story::{Office, password, token};

/// Rotates the key in the file `key` of `home`; what was said where it wasn't.
fn rotate(home: &Path, key: &str) -> anyhow::Result<Result<String, String>> {
    let key = home.join(key).display().to_string();
    let output = operate(&home.join("data"), &["keys", "rotate", "--master-key-path", &key])?;
    let said = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    Ok(if output.status.success() { Ok(said(&output.stdout)) } else { Err(said(&output.stderr)) })
}

/// The keys in `home` that were in use before.
fn old_keys(home: &Path) -> anyhow::Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(home)? {
        names.push(entry?.file_name().to_string_lossy().into_owned());
    }
    names.retain(|name| name.starts_with("master-key.until-"));
    Ok(names)
}

#[tokio::test]
async fn s24_the_master_key_rotates_while_people_sign_in_and_nothing_has_to_be_restarted() {
    rotated_online().await.unwrap();
}

async fn rotated_online() -> anyhow::Result<()> {
    let home = tempfile::tempdir()?;
    let inbox = Inbox::start()?;
    let mut product = Standalone::start(home.path(), &inbox)?;
    let office = Arc::new(Office::open(&product, "rotated").await?);
    let ann = office.person(&product, &inbox, "ann", &[Role::Technician], None).await?;
    let key = home.path().join("master-key");
    let first = fs::read_to_string(&key)?;

    let stranger = home.path().join("wrong-key");
    fs::write(&stranger, "07".repeat(32))?;
    fs::set_permissions(&stranger, Permissions::from_mode(0o600))?;
    let refused = rotate(home.path(), "wrong-key")?.expect_err("a stranger's key rotated ours");
    ensure!(refused.contains("doesn't fit this installation"), "{refused}");
    ensure!(fs::read_to_string(&key)? == first, "what was refused changed the key");

    let done = AtomicBool::new(false);
    let (said, signed_in) = tokio::join!(
        async {
            let home = home.path().to_owned();
            let said = tokio::task::spawn_blocking(move || rotate(&home, "master-key")).await;
            done.store(true, Ordering::Release);
            said
        },
        async {
            let mut signed_in = 0;
            while !done.load(Ordering::Acquire) {
                token(&product, &office.slug, &ann.login, &password(&ann.login)).await?;
                signed_in += 1;
            }
            anyhow::Ok(signed_in)
        }
    );
    let said = said??.map_err(anyhow::Error::msg)?;
    ensure!(said.contains("nothing has to be restarted"), "{said}");
    ensure!(signed_in? > 0, "nobody signed in meanwhile");
    let second = fs::read_to_string(&key)?;
    ensure!(second != first, "the key is the old one");
    ensure!(fs::metadata(&key)?.permissions().mode() & 0o777 == 0o600, "others may read the new key");
    let old = old_keys(home.path())?.pop().context("the old key is lost")?;
    ensure!(fs::read_to_string(home.path().join(&old))? == first, "{old} isn't the old key");
    let refused = rotate(home.path(), &old)?.expect_err("the old key is still one");
    ensure!(refused.contains("doesn't fit this installation"), "{refused}");

    let ben = office.person(&product, &inbox, "ben", &[Role::Technician], None).await?;
    product.kill_and_restart()?;
    for person in [&ann, &ben] {
        token(&product, &office.slug, &person.login, &password(&person.login)).await?;
    }
    Ok(())
}

#[tokio::test]
async fn a_rotation_without_the_service_draws_no_key_and_a_refused_one_says_where_it_stays() {
    drawn_or_not().await.unwrap();
}

async fn drawn_or_not() -> anyhow::Result<()> {
    let home = tempfile::tempdir()?;
    let inbox = Inbox::start()?;
    let mut product = Standalone::start(home.path(), &inbox)?;
    let (stranger, next) = (home.path().join("wrong-key"), home.path().join("wrong-key.next"));
    fs::write(&stranger, "07".repeat(32))?;
    fs::set_permissions(&stranger, Permissions::from_mode(0o600))?;
    let refused = rotate(home.path(), "wrong-key")?.expect_err("a stranger's key rotated ours");
    ensure!(next.exists() && refused.contains(&format!("stays in {}", next.display())), "{refused}");

    ensure!(product.stop()?, "it ended badly");
    let refused = rotate(home.path(), "master-key")?.expect_err("nobody was there to rotate");
    ensure!(refused.contains("the service isn't running"), "{refused}");
    ensure!(!home.path().join("master-key.next").exists(), "a key was drawn for nobody");
    Ok(())
}

#[tokio::test]
async fn s24_a_rotation_that_broke_off_is_finished_by_the_same_command() {
    finished().await.unwrap();
}

async fn finished() -> anyhow::Result<()> {
    let home = tempfile::tempdir()?;
    let inbox = Inbox::start()?;
    let mut product = Standalone::start(home.path(), &inbox)?;
    let office = Office::open(&product, "rotated").await?;
    let key = home.path().join("master-key");
    let [next, first] = ["master-key.next", "first"].map(|name| home.path().join(name));

    // Before anything was wrapped: the new key lies there.
    fs::copy(&key, &first)?;
    fs::write(&next, "31".repeat(32))?;
    fs::set_permissions(&next, Permissions::from_mode(0o600))?;
    rotate(home.path(), "master-key")?.map_err(anyhow::Error::msg)?;
    ensure!(fs::read_to_string(&key)? == "31".repeat(32), "another key was drawn");
    // After everything was: the file still holds the old one.
    fs::rename(&key, &next)?;
    fs::rename(&first, &key)?;
    fs::remove_file(home.path().join(old_keys(home.path())?.pop().context("no old key")?))?;
    rotate(home.path(), "master-key")?.map_err(anyhow::Error::msg)?;
    ensure!(fs::read_to_string(&key)? == "31".repeat(32) && !next.exists(), "the file holds another key");
    ensure!(old_keys(home.path())?.len() == 1, "the old key is lost");
    product.kill_and_restart()?;
    token(&product, &office.slug, &office.holder.login, &password("holder")).await?;
    Ok(())
}
