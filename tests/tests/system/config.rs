//! `twostep config check|show`: settings are judged without starting anything.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use twostep_tests::harness::program;
use twostep_tests::story::Stage;

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
fn s24_a_master_key_that_is_missing_or_open_to_others_is_refused() {
    let unnamed = Place::new(&GOOD.replace("master_path = 'KEY'", ""));
    refused(&unnamed.config("check", &[]), "no master key: set keys.master_path");
    refused(&Place::new(GOOD).with_key(0o644).config("check", &[]), "open to others (mode 0644)");
    let place = Place::new(GOOD);
    let data = place.0.path().join("data");
    std::fs::create_dir(&data).unwrap();
    std::fs::write(data.join("log.db"), "").unwrap();
    refused(&place.check(&data), "no new key is made");
}

/// What a start looks at before anything else: whose data they are, whether the keys fit, whether the log is there.
#[tokio::test]
async fn data_that_a_start_refuses_are_refused_and_stay_as_they_are() {
    let stage = Stage::open("checked").await.unwrap();
    let place = Place::new(GOOD).with_key(0o600);
    let theirs = stage.product.data();
    refused(&place.check(&theirs), "holds the data of the demo profile");

    // The same data as an installation's.
    let data = place.0.path().join("data");
    let mut backup = Command::new(program("twostep").unwrap());
    backup.arg("--data").arg(&theirs).args(["backup", "--to"]).arg(&data);
    assert!(backup.status().unwrap().success());
    std::fs::write(data.join("profile"), "production\n").unwrap();
    refused(&place.check(&data), "the master key doesn't fit this key store");
    std::fs::copy(theirs.with_file_name("master-key"), place.key()).unwrap();
    let output = place.check(&data);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stdout));
    let (log, keys) = (data.join("log.db"), data.join("keys.db"));
    let aside = place.0.path().join("aside");
    std::fs::rename(&log, &aside).unwrap();
    refused(&place.check(&data), "no new log is begun");
    assert!(!log.exists());
    std::fs::rename(&aside, &log).unwrap();
    std::fs::remove_file(&keys).unwrap();
    refused(&place.check(&data), "put the key store back from its backup");
    assert!(!keys.exists());
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
fn what_cannot_be_read_is_told_and_the_rest_is_shown() {
    let unread = GOOD
        .replace(
            "password = 'hunter2 of the relay'",
            "password_file = '/nowhere/password'\npasswort = 'hunter2'",
        )
        .replace("587", "'soon'");
    let output = Place::new(&unread).config("show", &[]);
    refused(&output, "reading email.relays.main.password from /nowhere/password");
    refused(&output, "there is no setting email.relays.main.passwort");
    refused(&output, "email.relays.main.port");
    let shown = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(shown.contains("email.relays.main.host = \"smtp.example.com\""), "{shown}");
    assert!(shown.contains("delivery.concurrency = 8 # default"), "{shown}");
    // What a fault is about has no value that could be shown, and a name that doesn't exist may be a secret's.
    for hidden in ["password", "hunter2", "passwort", ".port"] {
        assert!(!shown.contains(hidden), "{hidden}: {shown}");
    }
}

/// A check that isn't told of the data directory sees what lies there.
#[test]
fn s24_a_master_key_in_a_data_directory_is_refused_also_where_nobody_names_the_directory() {
    let place = Place::new(GOOD).with_key(0o600);
    std::fs::write(place.0.path().join("log.db"), "").unwrap();
    refused(&place.config("check", &[]), "lies in the data directory");
}

#[test]
fn a_data_directory_that_cannot_be_written_is_in_the_way() {
    // Not even root makes a file there.
    let output = Place::new(GOOD).with_key(0o600).check(Path::new("/proc/self"));
    refused(&output, "data: /proc/self can't be written by the user who runs this check");
}

#[test]
fn a_folder_that_is_missing_is_told_before_the_first_start_fails_to_make_the_key_there() {
    let nowhere = Place::new(&GOOD.replace("KEY", "/nowhere/master-key"));
    refused(&nowhere.config("check", &[]), "keys.master_path: the folder /nowhere isn't there");
}

/// The range and the place, in the words of whoever sets it.
#[test]
fn a_number_that_is_no_port_is_told_with_its_range_and_its_place() {
    let listen = format!("{GOOD}[http]\nlisten = '127.0.0.1:99999'\n");
    for (wrong, setting, range) in [
        (GOOD.replace("587", "99999"), "email.relays.main.port", "a number of 0 to 65535"),
        (listen, "http.listen", "an IP address and a port of 0 to 65535"),
    ] {
        let place = Place::new(&wrong);
        let output = place.config("check", &[]);
        let file = place.0.path().join("settings.toml");
        for words in [setting, range, &file.display().to_string()] {
            refused(&output, words);
        }
    }
}

#[test]
fn a_port_in_use_is_warned_of() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap();
    let place = Place::new(&format!("{GOOD}[http]\nlisten = '{address}'\n[admin]\nlisten = '127.0.0.1:0'\n"));
    let output = place.config("check", &[]);
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    // It may be this installation's own, running: no reason to say that the settings don't fit.
    assert_eq!(output.status.code(), Some(0), "{said}");
    assert!(said.contains(&format!("warning: http.listen: {address} is in use")), "{said}");
    assert!(!said.contains("admin.listen"), "{said}");
}

#[test]
fn an_address_that_this_machine_has_not_is_in_the_way() {
    // TEST-NET-1 (RFC 5737): nobody's.
    let place =
        Place::new(&format!("{GOOD}[http]\nlisten = '192.0.2.1:8443'\n[admin]\nlisten = '127.0.0.1:0'\n"));
    refused(
        &place.config("check", &[]),
        "http.listen: no interface of this machine has the address 192.0.2.1",
    );
}

#[test]
fn s10_show_prints_every_setting_with_its_source_and_no_secret() {
    let place = Place::new(GOOD);
    let output = place.config("show", &["--redacted"]);
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert_eq!(output.status.code(), Some(0), "{said}");
    let file = Path::new(place.0.path()).join("settings.toml").display().to_string();
    assert!(said.contains(&format!("email.relays.main.host = \"smtp.example.com\" # {file}")), "{said}");
    assert!(said.contains("delivery.concurrency = 8 # default"), "{said}");
    assert!(said.contains("email.relays.main.password = \"[redacted]\""), "{said}");
    assert!(!said.contains("hunter2"), "{said}");
}

/// Where people put them, whatever is said of the place.
#[test]
fn s10_show_prints_no_secret_out_of_a_webhook_s_headers_body_and_url() {
    let webhook = r#"
[sms.providers.gateway.webhook]
url = "https://u:hunter2@gw.example.com/send?key=hunter2"
headers.authorization = "Bearer hunter2"
body = '{"to": "{to}", "text": "{text}", "key": "hunter2"}'
"#;
    let place = Place::new(&format!("{GOOD}{webhook}"));
    for output in [place.config("show", &[]), place.in_json("show")] {
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        assert_eq!(output.status.code(), Some(0), "{said}");
        assert!(said.contains("https://[redacted]@gw.example.com/send?[redacted]"), "{said}");
        assert!(said.contains("sms.providers.gateway.webhook.headers.authorization"), "{said}");
        assert!(!said.contains("hunter2"), "{said}");
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
