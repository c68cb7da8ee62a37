//! `twostep config check|show`: settings are judged without starting anything.

mod data;
mod listening;
mod programs;
mod show;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use twostep_tests::harness::program;

const GOOD: &str = "
public_url = 'https://verify.example.com/'
[keys]
master_path = 'KEY'
[email]
from = 'no-reply@example.com'
host = 'mail.example.com'
[email.relays.main]
host = 'smtp.example.com'
port = 587
username = 'twostep'
password = 'hunter2 of the relay'
";

/// A folder with a settings file in which `KEY` stands for a master key beside it.
struct Place(tempfile::TempDir);

impl Place {
    fn new(settings: &str) -> Self {
        let place = Self(tempfile::tempdir().unwrap());
        let settings = settings.replace("KEY", &place.key().display().to_string());
        std::fs::write(place.0.path().join("settings.toml"), settings).unwrap();
        place
    }

    fn key(&self) -> PathBuf {
        self.0.path().join("master-key")
    }

    fn with_key(self, mode: u32) -> Self {
        std::fs::write(self.key(), "07".repeat(32)).unwrap();
        let mode = std::os::unix::fs::PermissionsExt::from_mode(mode);
        std::fs::set_permissions(self.key(), mode).unwrap();
        self
    }

    /// `twostep config check` with this data directory.
    fn check(&self, data: &Path) -> Output {
        self.config("check", &["--data", &data.display().to_string()])
    }

    /// `twostep config …`, which becomes `twostep-standalone config …`.
    fn config(&self, what: &str, more: &[&str]) -> Output {
        self.command(what, more).output().unwrap()
    }

    /// The same, printed as JSON.
    fn in_json(&self, what: &str) -> Output {
        let mut command = Command::new(program("twostep").unwrap());
        let file = self.0.path().join("settings.toml");
        command.args(["--output", "json", "config", what, "--config"]).arg(file).output().unwrap()
    }

    fn command(&self, what: &str, more: &[&str]) -> Command {
        let mut command = Command::new(program("twostep").unwrap());
        for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("TWOSTEP_")) {
            command.env_remove(name);
        }
        let file = self.0.path().join("settings.toml");
        command.args(["config", what, "--config"]).arg(file).args(more);
        command
    }
}

#[track_caller]
fn refused(output: &Output, because: &str) {
    let said =
        format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains(because), "{said}");
}

#[test]
fn settings_that_fit_are_said_to_fit() {
    let place = Place::new(GOOD);
    for place in [place, Place::new(GOOD).with_key(0o600)] {
        let output = place.config("check", &[]);
        assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stdout));
        assert!(String::from_utf8_lossy(&output.stdout).contains("fit the production profile"));
    }
}

#[test]
fn an_unknown_key_and_a_wrong_type_are_named_with_their_place() {
    let unknown = Place::new(&format!("{GOOD}[http]\nlistne = 'x'\n"));
    refused(&unknown.config("check", &[]), "there is no setting http.listne");
    let wrong = Place::new(&GOOD.replace("587", "'soon'"));
    refused(&wrong.config("check", &[]), "email.relays.main.port");
    refused(&wrong.config("show", &[]), "email.relays.main.port");
}

#[test]
fn everything_in_the_way_is_said_at_once() {
    let wrong = GOOD
        .replace("port = 587", "port = 587\nsecurity = 'none'\ncolour = 'blue'")
        .replace("password = 'hunter2 of the relay'", "password_file = '/nowhere/password'")
        .replace("host = 'mail.example.com'", "");
    let wrong = format!("{wrong}[delivery]\nconcurrency = 0\n[http]\nlisten = 'everywhere'\n");
    let place = Place::new(&wrong).with_key(0o644);
    let data = place.0.path().join("data");
    std::fs::create_dir(&data).unwrap();
    std::fs::write(data.join("profile"), "demo\n").unwrap();
    std::fs::write(data.join("log.db"), vec![0x5a; 16 * 1024]).unwrap();
    let output = place.check(&data);
    for because in [
        "reading email.relays.main.password from /nowhere/password",
        "there is no setting email.relays.main.colour",
        "expected one of `start-tls`, `implicit-tls`, `plain-loopback-demo` for key `email.relays.main.security`",
        "email.host is missing",
        "http.listen",
        "for key `delivery.concurrency`",
        "open to others (mode 0644)",
        "holds the data of the demo profile",
        "log.db",
    ] {
        refused(&output, because);
    }
    let demo = Place::new(GOOD).with_key(0o600).config("check", &["--profile", "demo"]);
    refused(&demo, "public_url");
    let plain = GOOD.replace("port = 587", "port = 587\nsecurity = 'plain-loopback-demo'");
    refused(&Place::new(&plain).config("check", &[]), "email: relay main: plain text");
}

/// A check and a start say the same of what neither can work with.
#[test]
fn a_start_refuses_what_a_check_refuses() {
    let both = "[http]\nlisten = '127.0.0.1:8490'\n[admin]\nlisten = '0.0.0.0:8490'\n";
    let sms = "[sms.providers.x.twilio]\naccount = 'AC'\ntoken = 'x'\nfrom = '+1'\n";
    let with = |more: &str| format!("{GOOD}{more}");
    let relay = |setting: &str| GOOD.replace("port = 587", &format!("port = 587\n{setting} = 0"));
    for (settings, because) in [
        (with("[delivery]\nconcurrency = 0\n"), "delivery.concurrency"),
        (with(both), "http.listen (127.0.0.1:8490) and admin.listen (0.0.0.0:8490) are the same port"),
        (GOOD.replace("smtp.example.com", ""), "relay main: `host` is empty"),
        (GOOD.replace("mail.example.com", ""), "`host` is empty: give the name that this host sends as"),
        (GOOD.replace("587", "0"), "email.relays.main.port"),
        (GOOD.replace("587", "0"), "a number of 1 to 65535"),
        (relay("connections"), "email.relays.main.connections"),
        (relay("timeout_seconds"), "email.relays.main.timeout_seconds"),
        (GOOD.replace("[email]", "[email]\nbreaker_failures = 0"), "email.breaker_failures"),
        (GOOD.replace("[email]", "[email]\nbreaker_seconds = 0"), "a number of 1 and more"),
        (GOOD.replace("[email]", "[email]\nbreaker_seconds = 99999999999"), "email.breaker_seconds"),
        (with(&format!("[sms]\nbreaker_failures = 0\n{sms}")), "sms.breaker_failures"),
        (with(&format!("[sms]\nbreaker_seconds = 0\n{sms}")), "sms.breaker_seconds"),
        (with(&format!("[sms.providers.x]\ntimeout_seconds = 0\n{sms}")), "sms.providers.x.timeout_seconds"),
    ] {
        let place = Place::new(&settings).with_key(0o600);
        refused(&place.config("check", &[]), because);
        let data = place.0.path().join("data");
        let mut start = Command::new("timeout");
        start.arg("20").arg(program("twostep-standalone").unwrap()).args(["run", "--config"]);
        start.arg(place.0.path().join("settings.toml")).arg("--data").arg(&data);
        refused(&start.output().unwrap(), because);
        assert!(!data.exists());
    }
}

#[test]
fn faults_are_those_of_the_program_that_was_called() {
    let wrong = Place::new(&GOOD.replace("587", "'soon'")).config("show", &[]);
    let said = String::from_utf8_lossy(&wrong.stderr).into_owned();
    assert!(said.starts_with("twostep: "), "{said}");
}

#[test]
fn secrets_and_data_that_are_open_to_others_are_warned_of() {
    let set = |path: &Path, mode| {
        std::fs::set_permissions(path, std::os::unix::fs::PermissionsExt::from_mode(mode)).unwrap();
    };
    let place = Place::new(&GOOD.replace("password = 'hunter2 of the relay'", "password_file = 'SECRET'"));
    let (secret, data) = (place.0.path().join("password"), place.0.path().join("data"));
    let file = place.0.path().join("settings.toml");
    let settings = std::fs::read_to_string(&file).unwrap().replace("SECRET", &secret.display().to_string());
    std::fs::write(&file, settings).unwrap();
    std::fs::write(&secret, "hunter2").unwrap();
    std::fs::create_dir(&data).unwrap();
    for (mode, directory, warned) in
        [(0o600, 0o700, 0), (0o640, 0o700, 0), (0o666, 0o700, 1), (0o604, 0o755, 2)]
    {
        set(&secret, mode);
        set(&data, directory);
        let output = place.check(&data);
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        assert_eq!(output.status.code(), Some(0), "{said}");
        assert_eq!(said.matches("is open to others").count(), warned, "{mode:o} {directory:o}: {said}");
    }
}

#[test]
fn both_say_it_in_json_too() {
    let json = |output: &Output| serde_json::from_slice::<serde_json::Value>(&output.stdout).unwrap();
    let good = Place::new(GOOD);
    let shown = json(&good.in_json("show"));
    assert_eq!(shown["email.host"]["value"], "mail.example.com");
    assert_eq!(shown["delivery.concurrency"]["source"], "default");
    let password = &shown["email.relays.main.password"];
    assert_eq!((&password["value"], &password["secret"]), (&serde_json::Value::Null, &true.into()));
    assert_eq!(json(&good.in_json("check"))["fits"], true);
    let wrong = json(&Place::new(&GOOD.replace("587", "'soon'")).in_json("check"));
    assert_eq!((&wrong["fits"], wrong["problems"].as_array().unwrap().len()), (&false.into(), 1), "{wrong}");
}

/// Whatever is written down of a variable is one that is heard.
#[test]
fn every_variable_in_the_documents_is_a_setting() {
    let root = twostep_tests::repository();
    let files =
        ["README.md", "SECURITY.md", "deploy/standalone.toml", "deploy/systemd/twostep-standalone.service"];
    let mut names = BTreeSet::new();
    for file in files {
        let text = std::fs::read_to_string(root.join(file)).unwrap();
        let words = text.split(|c: char| !(c.is_ascii_uppercase() || c == '_'));
        names.extend(words.filter(|word| word.starts_with("TWOSTEP_")).map(str::to_owned));
    }
    assert!(names.len() >= 3, "the documents weren't understood: {names:?}");
    for name in names {
        let mut command = Place::new(GOOD).command("check", &[]);
        let output = command.env(&name, "/nowhere").output().unwrap();
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(!said.contains("there is no setting"), "{name}: {said}");
        assert!(!said.is_empty(), "{name}");
    }
}

#[test]
fn a_log_filter_that_would_silence_everything_is_in_the_way() {
    let place = Place::new(GOOD).with_key(0o600);
    let because = "`warning` in the log filter `warning` is neither a level";
    for what in ["check", "show"] {
        let variable = place.command(what, &[]).env("TWOSTEP_LOG", "warning").output().unwrap();
        for output in [place.config(what, &["--log", "warning"]), variable] {
            refused(&output, because);
        }
    }
    let data = place.0.path().join("data");
    let mut start = Command::new("timeout");
    start.arg("20").arg(program("twostep-standalone").unwrap()).args(["--log", "warning", "run", "--config"]);
    refused(
        &start.arg(place.0.path().join("settings.toml")).arg("--data").arg(&data).output().unwrap(),
        because,
    );
}

#[test]
fn whoever_starts_beside_a_running_program_makes_no_keys() {
    let listen = "[http]\nlisten = '127.0.0.1:0'\n[admin]\nlisten = '127.0.0.1:0'\n";
    let place = Place::new(&format!("{GOOD}{listen}"));
    let data = place.0.path().join("data");
    std::fs::create_dir(&data).unwrap();
    std::fs::write(data.join("profile"), "production\n").unwrap();
    // As a program holds it that has only just begun: its log isn't there yet.
    let lock = std::fs::File::create(data.join("log.db.lock")).unwrap();
    lock.try_lock().unwrap();
    let mut command = Command::new(program("twostep-standalone").unwrap());
    command.args(["run", "--data"]).arg(&data).arg("--config").arg(place.0.path().join("settings.toml"));
    refused(&command.output().unwrap(), "log.db");
    assert!(!place.key().exists() && !data.join("keys.db").exists(), "keys were made");
}
