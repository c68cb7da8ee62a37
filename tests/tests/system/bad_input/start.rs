//! A service that can't start says why, to whoever runs it, and harms nothing.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use anyhow::{bail, ensure};
use twostep_tests::harness::{Child, Inbox, Product as _, Standalone, create_company, operate, program};

#[tokio::test]
async fn a_service_that_cannot_start_says_why_and_harms_nothing() {
    refusals().await.unwrap();
}

async fn refusals() -> anyhow::Result<()> {
    let home = tempfile::tempdir()?;
    let inbox = Inbox::start()?;
    let product = Standalone::start(home.path(), &inbox)?;
    create_company(&product.data(), "first", "holder@first.example")?;
    refused_with(home.path(), &inbox, &["log.db", "another process", "stop that one first"])?;
    create_company(&product.data(), "second", "holder@second.example")?;
    drop(product);

    let (key, set_aside) = (home.path().join("master-key"), home.path().join("set-aside"));
    fs::rename(&key, &set_aside)?;
    refused_with(home.path(), &inbox, &["master-key", "no new key is made", "backup"])?;
    ensure!(!key.exists(), "a new master key was made beside old data");
    fs::write(&key, "11".repeat(32))?;
    fs::set_permissions(&key, fs::Permissions::from_mode(0o600))?;
    refused_with(home.path(), &inbox, &["master key", "doesn't fit"])?;
    fs::set_permissions(&key, fs::Permissions::from_mode(0o644))?;
    refused_with(home.path(), &inbox, &["master-key", "chmod 600"])?;
    fs::rename(&set_aside, &key)?;

    without_its_log(home.path(), &inbox)?;
    for file in ["log.db", "keys.db"] {
        damaged(home.path(), &inbox, file)?;
    }
    // After all of it the data are as they were.
    let product = Standalone::start(home.path(), &inbox)?;
    ensure!(
        create_company(&product.data(), "first", "holder@first.example").is_err(),
        "the first company is gone"
    );
    create_company(&product.data(), "third", "holder@third.example")?;
    Ok(())
}

/// Keys without a log: nothing is begun anew beside them.
fn without_its_log(home: &Path, inbox: &Inbox) -> anyhow::Result<()> {
    let (data, aside) = (home.join("data"), home.join("aside"));
    fs::create_dir(&aside)?;
    let parts: Vec<_> = ["log.db", "log.db-wal", "log.db-shm"]
        .map(|part| (data.join(part), aside.join(part)))
        .into_iter()
        .filter(|(part, _)| part.exists())
        .collect();
    parts.iter().try_for_each(|(part, aside)| fs::rename(part, aside))?;
    refused_with(home, inbox, &["no log", "log.db", "backup", "no new log is begun"])?;
    ensure!(!data.join("log.db").exists(), "a new log was begun beside old keys");
    parts.iter().try_for_each(|(part, aside)| fs::rename(aside, part))?;

    let (key, set_aside) = (home.join("master-key"), home.join("set-aside"));
    parts.iter().try_for_each(|(part, aside)| fs::rename(part, aside))?;
    fs::rename(&key, &set_aside)?;
    refused_with(home, inbox, &["master-key", "no new key is made"])?;
    ensure!(!key.exists(), "a new master key was made beside an old key store");
    fs::rename(&set_aside, &key)?;
    parts.iter().try_for_each(|(part, aside)| fs::rename(aside, part))?;
    Ok(())
}

/// A company that can't be: every wrong option is named at once.
#[tokio::test]
async fn a_company_is_refused_with_all_that_is_wrong_with_it() {
    let home = tempfile::tempdir().unwrap();
    let inbox = Inbox::start().unwrap();
    let product = Standalone::start(home.path(), &inbox).unwrap();
    let wrong = [
        ("--slug", "Not A Slug"),
        ("--country", "Utopia"),
        ("--locale", "xx"),
        ("--time-zone", "Mars/Olympus"),
        ("--holder-email", "nobody"),
    ];
    let mut arguments = vec!["company", "create", "--name", "Some", "--holder-name", "Somebody"];
    arguments.extend(wrong.iter().flat_map(|(option, value)| [*option, *value]));
    let output = operate(&product.data(), &arguments).unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(1), "{said}");
    for (option, _) in wrong {
        assert_eq!(said.matches(&format!("\n  {option}: ")).count(), 1, "{option}: {said}");
    }
    // Mended, the link is printed with its end.
    let right = ["--slug", "right", "--country", "DE", "--holder-email", "holder@right.example"];
    let output = operate(&product.data(), &[&arguments[..6], &right].concat()).unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let end = (product.now().await.unwrap() + chrono::Duration::days(7)).format("%Y-%m-%d");
    assert!(said.contains(&format!("works once, until {end} ")), "{said}");
}

/// Settings that can't be: each is named, with what to do.
#[test]
fn settings_that_cannot_be_are_named() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let taken = taken.local_addr().unwrap().to_string();
    for (setting, value, words) in [
        ("TWOSTEP_HTTP__LISTEN", taken.as_str(), ["http.listen", "in use"]),
        ("TWOSTEP_HTTP__LISTNE", "127.0.0.1:1", ["there is no setting http.listne", "TWOSTEP_HTTP__LISTNE"]),
        ("TWOSTEP_HTTP__LISTEN", "everywhere", ["http.listen", "socket address"]),
    ] {
        let home = tempfile::tempdir().unwrap();
        let mut command = std::process::Command::new(program("twostep-standalone").unwrap());
        command
            .args(["run", "--profile", "demo", "--data"])
            .arg(home.path().join("data"))
            .env("TWOSTEP_PUBLIC_URL", "http://127.0.0.1:1/")
            .env("TWOSTEP_HTTP__LISTEN", "127.0.0.1:0")
            .env("TWOSTEP_ADMIN__LISTEN", "127.0.0.1:0")
            .env("TWOSTEP_KEYS__MASTER_PATH", home.path().join("master-key"))
            .env("TWOSTEP_EMAIL__FROM", "no-reply@example.com")
            .env("TWOSTEP_EMAIL__HOST", "mail.example.com")
            .env("TWOSTEP_EMAIL__RELAYS__INBOX__HOST", "127.0.0.1")
            .env("TWOSTEP_EMAIL__RELAYS__INBOX__PORT", "1")
            .env("TWOSTEP_EMAIL__RELAYS__INBOX__SECURITY", "plain-loopback-demo")
            .env(setting, value);
        let Err(error) = Child::start(command, |line| line.contains("ready")) else {
            panic!("it started with {setting}={value}")
        };
        let said = format!("{error:#}");
        assert!(words.iter().all(|word| said.contains(word)), "{setting}={value}: {said}");
        assert!(!home.path().join("master-key").exists(), "a key was made for settings that can't be");
    }
}

/// Overwritten with something else, the file is named and kept.
fn damaged(home: &Path, inbox: &Inbox, file: &str) -> anyhow::Result<()> {
    let data = home.join("data");
    let parts = ["", "-wal", "-shm"].map(|part| data.join(format!("{file}{part}")));
    let whole: Vec<Option<Vec<u8>>> = parts.iter().map(|part| fs::read(part).ok()).collect();
    // What the journal beside the file still holds would mend it.
    for journal in &parts[1..] {
        let _ = fs::remove_file(journal);
    }
    let broken = vec![0x5a; 16 * 1024];
    fs::write(&parts[0], &broken)?;
    refused_with(home, inbox, &[file])?;
    ensure!(fs::read(&parts[0])? == broken, "{file} was changed");
    for (part, bytes) in parts.iter().zip(whole) {
        match bytes {
            Some(bytes) => fs::write(part, bytes)?,
            None => drop(fs::remove_file(part)),
        }
    }
    Ok(())
}

/// It doesn't start, and says all of `words`.
fn refused_with(home: &Path, inbox: &Inbox, words: &[&str]) -> anyhow::Result<()> {
    let Err(error) = Standalone::start(home, inbox) else { bail!("it started; {words:?} was due") };
    let said = format!("{error:#}");
    for word in words {
        ensure!(said.contains(word), "it doesn't say {word:?}: {said}");
    }
    Ok(())
}
