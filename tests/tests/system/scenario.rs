//! `scenario`: the program that plays the whole story.

use std::os::unix::fs::PermissionsExt as _;
use std::process::{Command, Output};

use serde_json::Value;
use twostep_tests::harness::program;

fn scenario() -> Command {
    Command::new(program("scenario").unwrap())
}

/// The one line that it prints.
fn line(output: &Output) -> Value {
    let text = String::from_utf8(output.stdout.clone()).unwrap();
    let line = text.strip_suffix('\n').unwrap_or_else(|| panic!("{output:?}"));
    assert!(!line.contains('\n'), "more than a line: {text}");
    serde_json::from_str(line).unwrap()
}

#[test]
fn the_scenario_prints_one_line_of_json_and_ends_well() {
    let output = scenario().arg("standalone").output().unwrap();
    let line = line(&output);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    assert_eq!((&line["topology"], &line["ok"]), (&Value::from("standalone"), &Value::from(true)));
    assert!(line["steps"].as_u64().unwrap() > 15 && line["p50_ms"].as_f64().unwrap() > 0.0, "{line}");
}

#[test]
fn the_same_story_goes_as_told_in_a_cluster() {
    let output = scenario().arg("cluster").output().unwrap();
    let line = line(&output);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    assert_eq!((&line["topology"], &line["ok"]), (&Value::from("cluster"), &Value::from(true)));
}

#[test]
fn the_scenario_ends_with_1_at_the_first_step_that_differs_and_names_it() {
    // Somebody else's authenticator app: its digits are wrong.
    let folder = tempfile::tempdir().unwrap();
    let app = folder.path().join("python3");
    std::fs::write(&app, "#!/bin/sh\ncat >/dev/null\necho 000000\n").unwrap();
    std::fs::set_permissions(&app, std::fs::Permissions::from_mode(0o755)).unwrap();
    let path = format!("{}:{}", folder.path().display(), std::env::var("PATH").unwrap());
    let output = scenario().arg("standalone").env("PATH", path).output().unwrap();
    let line = line(&output);
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    assert_eq!(line["ok"], false);
    let said = String::from_utf8(output.stderr).unwrap();
    let next = line["steps"].as_u64().unwrap() + 1;
    assert!(said.starts_with(&format!("step {next}: Set up mobile app")), "{said}");
    assert!(said.trim_end().lines().count() == 1, "it went on: {said}");
}

#[test]
fn a_topology_that_there_is_not_is_bad_usage() {
    let output = scenario().arg("elsewhere").output().unwrap();
    assert_eq!(output.status.code(), Some(2), "{output:?}");
    assert!(output.stdout.is_empty());
}
