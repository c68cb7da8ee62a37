//! The settings of each program, checked by itself.

use std::path::PathBuf;
use std::process::{Command, Output};

use twostep_tests::harness::program;

use super::refused;

/// `twostep config check` of a settings file of this name.
fn check(name: &str, settings: &str, more: &[&str]) -> Output {
    let place = tempfile::tempdir().unwrap();
    let file: PathBuf = place.path().join(name);
    std::fs::write(&file, settings).unwrap();
    let mut command = Command::new(program("twostep").unwrap());
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("TWOSTEP_")) {
        command.env_remove(name);
    }
    command.args(["config", "check", "--config"]).arg(&file).args(more).output().unwrap()
}

const WORKER: &str = "
[nats]
url = 'tls://nats.example.com:4222'
[email]
from = 'no-reply@example.com'
host = 'mail.example.com'
[email.relays.main]
host = 'smtp.example.com'
port = 587
";

const SERVICE: &str = "
public_url = 'https://verify.example.com/'
[nats]
url = 'tls://nats.example.com:4222'
";

fn keyed(worker: &str) -> String {
    format!("channel_key = 'email-1 {}'\n{worker}", "BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc")
}

#[track_caller]
fn fits(output: &Output) {
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert_eq!(output.status.code(), Some(0), "{said}{}", String::from_utf8_lossy(&output.stderr));
    assert!(said.contains("fit the production profile"), "{said}");
}

#[test]
fn the_file_s_name_or_an_option_says_whose_settings_they_are() {
    let key = tempfile::tempdir().unwrap();
    let key = format!("{SERVICE}[keys]\nmaster_path = '{}'\n", key.path().join("master-key").display());
    fits(&check("command-service.toml", &key, &[]));
    fits(&check("email-worker.toml", &keyed(WORKER), &[]));
    fits(&check("any.toml", &keyed(WORKER), &["--program", "email-worker"]));
    fits(&check("any.toml", "public_url = 'https://verify.example.com/'\n", &["--program=twostep-web"]));
    refused(&check("sms-worker.toml", &keyed(WORKER), &[]), "there is no setting email");
    refused(&check("any.toml", WORKER, &["--program", "relay"]), "--program takes one of standalone,");
}

#[test]
fn what_is_wrong_is_told_with_its_setting_and_its_line() {
    let unknown = check("web.toml", "public_url = 'https://x.example/'\n\n[http]\nlistne = 'x'\n", &[]);
    refused(&unknown, "there is no setting http.listne, but line 4 of ");
    let judged = check("web.toml", "\npublic_url = 'http://x.example/'\n", &[]);
    refused(&judged, "it must begin with https:// (line 2 of ");
    let wrong = check("email-worker.toml", &keyed(&WORKER.replace("[email]", "[email]\nfront = 1")), &[]);
    refused(&wrong, "there is no setting email.front, but line 6 of ");
}

#[test]
fn a_worker_without_its_channel_s_key_is_told_which_command_writes_it() {
    refused(&check("email-worker.toml", WORKER, &[]), "twostep keys channel email --to FILE");
}

#[test]
fn the_service_s_public_address_is_that_of_the_pages() {
    for (wrong, because) in [
        ("http://verify.example.com/", "it must begin with https://"),
        ("https://example.com/verify", "it must have no path"),
    ] {
        let settings = SERVICE.replace("https://verify.example.com/", wrong);
        refused(&check("command-service.toml", &settings, &[]), because);
    }
}

#[test]
fn s10_an_address_of_the_broker_with_a_password_is_refused_and_not_shown() {
    let settings = keyed(&WORKER.replace("tls://", "tls://ann:hunter2@"));
    let output = check("email-worker.toml", &settings, &[]);
    refused(&output, "nats.credentials_path or nats.nkey_path");
    let said =
        format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(!said.contains("hunter2"), "{said}");
    let clear = check("email-worker.toml", &keyed(&WORKER.replace("tls://", "nats://")), &[]);
    refused(&clear, "nats.url goes to nats.example.com without TLS");
}
