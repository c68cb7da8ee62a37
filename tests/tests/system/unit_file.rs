//! The systemd units, as systemd reads them, and the settings files beside them, as the programs do.

use std::path::{Path, PathBuf};
use std::process::Command;

use twostep_tests::harness::program;
use twostep_tests::repository;

const PROGRAMS: [&str; 5] = ["standalone", "command-service", "email-worker", "sms-worker", "web"];

fn unit(name: &str) -> PathBuf {
    let at = if name.ends_with("worker") { "@" } else { "" };
    repository().join(format!("deploy/systemd/twostep-{name}{at}.service"))
}

/// What it says; nothing where there is no systemd-analyze here.
fn systemd_complains(home: &Path, name: &str) -> Option<Vec<String>> {
    let text = std::fs::read_to_string(unit(name)).unwrap();
    let installed = format!("/usr/bin/twostep-{name} ");
    assert!(text.contains(&installed), "another program is started");
    let hardening = repository().join("deploy/systemd/twostep-.service.d/hardening.conf");
    let hardening = std::fs::read_to_string(hardening).unwrap();
    // It isn't installed here, and systemd looks for it.
    let instance = unit(name).file_name().unwrap().to_str().unwrap().replace('@', "@1");
    let copy = home.join(&instance);
    std::fs::write(&copy, text.replace(&installed, "/bin/true ") + &hardening).unwrap();
    let verify = Command::new("systemd-analyze").args(["verify", "--man=no"]).arg(&copy).output();
    let said = String::from_utf8_lossy(&verify.ok()?.stderr).into_owned();
    // What it thinks of the machine's other units isn't ours to mend.
    Some(said.lines().filter(|line| line.contains(&instance)).map(str::to_owned).collect())
}

#[test]
fn systemd_understands_every_line_of_every_unit() {
    let home = tempfile::tempdir().unwrap();
    for name in PROGRAMS {
        match systemd_complains(home.path(), name) {
            Some(said) => assert!(said.is_empty(), "{said:#?}"),
            None => eprintln!("{name} isn't judged: there is no systemd-analyze here"),
        }
    }
}

/// What isn't there on this machine are the secrets, or the broker: the first thing that a start misses is one of them.
#[test]
fn every_program_takes_the_settings_file_that_is_there_for_it() {
    let home = tempfile::tempdir().unwrap();
    for name in PROGRAMS {
        let mut command = Command::new(program(&format!("twostep-{name}")).unwrap());
        if name == "standalone" {
            command.arg("run");
        }
        command.arg("--config").arg(repository().join(format!("deploy/{name}.toml")));
        if matches!(name, "standalone" | "command-service") {
            command.arg("--data").arg(home.path().join(name));
        }
        if name == "web" {
            // It needs no secret, and would run.
            command.env("TWOSTEP_HTTP__LISTEN", "192.0.2.1:1");
        }
        let done = command.output().unwrap();
        let said = String::from_utf8_lossy(&done.stderr);
        assert_eq!(done.status.code(), Some(1), "{name}: {said}");
        let missed = ["/etc/twostep/", "192.0.2.1"];
        assert!(missed.iter().any(|word| said.contains(word)), "{name}: {said}");
        assert!(!said.contains("there is no setting"), "{name}: {said}");
    }
}
