//! Backups: whole copies, made while people work or while nobody runs, that a service starts from.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use anyhow::ensure;
use twostep_api::{BackedUp, Role};
use twostep_tests::harness::{Inbox, Product as _, Standalone, operate};
use twostep_tests::story::{Office, Person, Raw, password, sign_in_at, token};

/// People who work at the same time.
const AT_ONCE: usize = 6;

/// `twostep backup`, or what it said.
fn back_up(data: &Path, to: &Path) -> anyhow::Result<BackedUp> {
    let to = to.display().to_string();
    let output = operate(data, &["--output", "json", "backup", "--to", &to])?;
    ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Ok(serde_json::from_slice(&output.stdout)?)
}

/// What is in the directory, with owner's rights alone.
fn holds_a_whole_copy(backup: &Path) -> anyhow::Result<()> {
    ensure!(fs::metadata(backup)?.permissions().mode() & 0o777 == 0o700, "others may look into it");
    let mut names = Vec::new();
    for entry in fs::read_dir(backup)? {
        let entry = entry?;
        ensure!(entry.metadata()?.permissions().mode() & 0o077 == 0, "others may read {entry:?}");
        names.push(entry.file_name().to_string_lossy().into_owned());
    }
    names.sort();
    ensure!(names == ["keys.db", "log.db", "profile"], "{names:?}");
    Ok(())
}

/// A home whose data are the backup's, as README says how.
fn restored(backup: &Path, home: &Path) -> anyhow::Result<tempfile::TempDir> {
    let other = tempfile::tempdir()?;
    fs::copy(home.join("master-key"), other.path().join("master-key"))?;
    let copied =
        std::process::Command::new("cp").arg("-a").args([backup, &other.path().join("data")]).status();
    ensure!(copied?.success(), "cp failed");
    Ok(other)
}

#[tokio::test]
async fn a_backup_made_while_people_sign_in_and_come_in_is_whole_and_a_service_starts_from_it() {
    made_and_restored().await.unwrap();
}

async fn made_and_restored() -> anyhow::Result<()> {
    let home = tempfile::tempdir()?;
    let inbox = Inbox::start()?;
    let mut product = Standalone::start(home.path(), &inbox)?;
    let office = Arc::new(Office::open(&product, "kept").await?);
    let ann = office.person(&product, &inbox, "ann", &[Role::Technician], None).await?;
    let to = home.path().join("first");
    let written = while_people_work(&product, &office, &ann, &to).await?;
    holds_a_whole_copy(&to)?;
    let log = fs::read(to.join("log.db"))?;
    let refusal = back_up(&product.data(), &to).unwrap_err().to_string();
    ensure!(refusal.contains("is there already") && fs::read(to.join("log.db"))? == log, "{refusal}");

    let other = restored(&to, home.path())?;
    let again = Standalone::start(other.path(), &inbox)?;
    let session = token(&again, &office.slug, &office.holder.login, &password("holder")).await?;
    token(&again, &office.slug, &ann.login, &password(&ann.login)).await?;
    let raw = Raw::new(&again).with_token(&session);
    let list = raw.call("GET", &format!("/companies/{}/members", office.id), None).await?.json()?;
    let members = list["members"].as_array().cloned().unwrap_or_default();
    ensure!(members.len() > AT_ONCE, "{} people came in before the backup", members.len());
    ensure!(members.iter().all(|member| member["name"].is_string()), "somebody is unreadable: {list}");

    // Of data that a killed process left, too.
    let to = home.path().join("second");
    let mut later = None;
    product.kill_and_restart_after(|data| {
        later = Some(back_up(data, &to)?);
        Ok(())
    })?;
    holds_a_whole_copy(&to)?;
    ensure!(later.is_some_and(|later| later.events > written.events), "nothing that happened since");
    Ok(())
}

/// The backup, made while several people invite others and somebody signs in, again and again.
async fn while_people_work(
    product: &Standalone,
    office: &Arc<Office>,
    ann: &Person,
    to: &Path,
) -> anyhow::Result<BackedUp> {
    let number = Arc::new(AtomicU32::new(0));
    let invite = async |office: &Office, number: &AtomicU32| {
        let name = format!("new{}", number.fetch_add(1, Ordering::Relaxed));
        let invitation = office.invitation(&name, &[Role::Technician], None);
        office.holder.session.invite_member(office.id, &invitation).await
    };
    for _ in 0..AT_ONCE {
        invite(office, &number).await?;
    }
    let (data, to) = (product.data(), to.to_owned());
    let backup = tokio::task::spawn_blocking(move || back_up(&data, &to));
    let inviting = async || {
        while !backup.is_finished() {
            invite(office, &number).await?;
        }
        anyhow::Ok(())
    };
    let signing_in = async {
        while !backup.is_finished() {
            sign_in_at(&product.api()?, &office.slug, &ann.login, &password(&ann.login)).await?;
        }
        anyhow::Ok(())
    };
    tokio::try_join!(inviting(), inviting(), inviting(), inviting(), inviting(), inviting(), signing_in)?;
    backup.await?
}

#[test]
fn where_nothing_runs_and_nothing_is_a_backup_is_refused_and_leaves_nothing() {
    let home = tempfile::tempdir().unwrap();
    let to = home.path().join("backup");
    let refusal = back_up(home.path(), &to).unwrap_err().to_string();
    assert!(refusal.contains("there is no log in"), "{refusal}");
    fs::write(home.path().join("log.db"), "no log").unwrap();
    assert!(back_up(home.path(), &to).is_err());
    let mut left: Vec<_> =
        fs::read_dir(home.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    left.sort();
    assert_eq!(left, ["log.db", "log.db.lock"]);
}
