//! Replaying a log, and asking what was.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::Stdio;

use twostep_api::{AuditEvent, AuditState};
use twostep_tests::harness::{auditor, lines};
use twostep_tests::story::{long_log, write_log};

use super::{PERSON, company, every_sample, second};

/// What a replay of the log shows with `options` on top.
fn replayed(log: &Path, options: &[&str]) -> Vec<AuditEvent> {
    let arguments = [&["--log", log.to_str().unwrap(), "replay"], options].concat();
    lines(auditor(&arguments, &[]).unwrap()).unwrap()
}

/// What it says where it refuses, and its exit code.
fn refused(arguments: &[&str]) -> (Option<i32>, String) {
    let output = auditor(arguments, &[]).unwrap().output().unwrap();
    (output.status.code(), String::from_utf8(output.stderr).unwrap())
}

#[tokio::test]
async fn a_replay_shows_each_company_s_events_in_order_by_place_type_and_person_and_nothing_personal() {
    let home = tempfile::tempdir().unwrap();
    let log = home.path().join("log.db");
    let (first, other) = (company("first"), company("other"));
    let mut events = every_sample(first);
    let (count, data) = (events.len(), events.iter().map(|event| event.data.clone()).collect::<Vec<_>>());
    events.extend(every_sample(other).into_iter().take(3));
    write_log(&log, events).await.unwrap();

    let all = replayed(&log, &[]);
    assert_eq!(all.len(), count + 3);
    let own = replayed(&log, &["--company", "first"]);
    assert!((1..).zip(&own).all(|(number, event)| event.number == number && event.company == first.0));
    assert_eq!(own.len(), count);
    let other = replayed(&log, &["--company", &other.to_string()]);
    assert_eq!(other.iter().map(|event| event.number).collect::<Vec<_>>(), [1, 2, 3]);

    let text = serde_json::to_string(&own).unwrap();
    assert!(data.iter().any(|data| String::from_utf8_lossy(data).contains("\"v1.")), "nothing is sealed");
    assert!(text.contains("•••") && !text.contains("\"v1."), "what is sealed is shown");

    let numbers = |options: &[&str]| {
        let shown = replayed(&log, &[&["--company", "first"], options].concat());
        shown.into_iter().map(|event| event.number).collect::<Vec<_>>()
    };
    assert_eq!(numbers(&["--from", "3", "--to", "5"]), [3, 4, 5]);
    let [from, to] = [second(2), second(5)].map(|time| time.to_rfc3339());
    assert_eq!(numbers(&["--from", &from, "--to", &to]), [3, 4, 5]);
    assert_eq!(numbers(&["--from", "2200-01-01"]), [] as [u64; 0]);
    let of_type = own.iter().filter(|event| event.event_type == "PolicyChanged").map(|event| event.number);
    assert_eq!(numbers(&["--type", "PolicyChanged"]), of_type.collect::<Vec<_>>());
    let person = PERSON.to_string();
    let theirs = |event: &&AuditEvent| {
        let subject = event.key == person && ["member", "second-step"].contains(&&*event.kind);
        subject || event.actor["id"] == *person
    };
    let theirs: Vec<_> = own.iter().filter(theirs).map(|event| event.number).collect();
    assert!(theirs.len() > 10 && theirs.len() < count);
    assert_eq!(numbers(&["--person", &person]), theirs);
}

#[tokio::test]
async fn a_table_has_a_line_for_each_event_and_its_columns_stay_where_they_are() {
    let home = tempfile::tempdir().unwrap();
    let log = home.path().join("log.db");
    long_log(&log, company("long"), 1_200).await.unwrap();
    let log = log.to_str().unwrap();
    let output =
        auditor(&["--log", log, "--output", "text", "replay"], &[("NO_COLOR", "1")]).unwrap().output();
    let text = String::from_utf8(output.unwrap().stdout).unwrap();
    assert!(!text.contains('\u{1b}'), "there are colours in it");
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines.len(), 1 + 1_200, "a header and a line for each event");
    let at = lines[0].find("event").unwrap();
    let named = |line: &str, name| line.get(at..).is_some_and(|rest| rest.starts_with(name));
    assert!(named(lines[1], "CompanyRegistered") && lines[1].contains("operator"), "{}", lines[1]);
    let moved = lines[2..].iter().find(|line| !named(line, "SignedIn"));
    assert_eq!(moved, None, "below {}", lines[0]);
}

#[tokio::test]
async fn whoever_stops_reading_ends_it_and_it_is_no_failure() {
    let home = tempfile::tempdir().unwrap();
    let log = home.path().join("log.db");
    long_log(&log, company("long"), 3_000).await.unwrap();
    let mut command = auditor(&["--log", log.to_str().unwrap(), "replay"], &[]).unwrap();
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    assert!(line.contains("CompanyRegistered"), "{line}");
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), output.stderr), (Some(0), vec![]));
}

#[tokio::test]
async fn a_state_is_told_from_a_log_as_of_a_moment_or_not_at_all() {
    let home = tempfile::tempdir().unwrap();
    let log = home.path().join("log.db");
    write_log(&log, every_sample(company("first"))).await.unwrap();
    let path = log.to_str().unwrap();
    let at = second(1_000).to_rfc3339();
    let told = |question: &[&str]| {
        let arguments = [&["--log", path, "state", "--at", &at], question].concat();
        let mut told: Vec<AuditState> = lines(auditor(&arguments, &[]).unwrap()).unwrap();
        told.remove(0)
    };
    let whole = told(&["company"]);
    assert_eq!((whole.company, whole.id), (company("first").0, company("first").0));
    assert!(whole.state["policy"]["primary"].is_string(), "{whole:?}");
    assert_eq!(told(&["--company", "first", "company"]).state, whole.state);
    let person = told(&["member", &PERSON.to_string()]);
    let shown = |field: &str| person.state[field].to_string();
    assert!(shown("standing") == "\"enabled\"" && shown("identity").contains("•••"), "{person:?}");
    let group = told(&["group", &PERSON.to_string()]);
    assert!(group.state["name"].is_string(), "{group:?}");

    let before = second(-1).to_rfc3339();
    let (code, said) = refused(&["--log", path, "state", "--at", &before, "company"]);
    assert!(code == Some(1) && said.contains("it wasn't there at"), "{code:?}: {said}");
    let nobody = uuid::Uuid::from_u128(99).to_string();
    let (code, said) = refused(&["--log", path, "state", "--at", &at, "member", &nobody]);
    assert!(code == Some(1) && said.contains("this log doesn't have it"), "{code:?}: {said}");
}

#[test]
fn what_is_no_log_and_no_type_is_refused_by_name() {
    let home = tempfile::tempdir().unwrap();
    let missing = home.path().join("log.db");
    let (code, said) = refused(&["--log", missing.to_str().unwrap(), "replay"]);
    assert!(
        code == Some(1) && said.contains("is not there") && said.contains("of a backup"),
        "{code:?}: {said}"
    );
    assert!(!missing.exists(), "it made one");
    let (code, said) = refused(&["--log", "x", "replay", "--type", "policy_changed"]);
    assert!(code == Some(2) && said.contains("written like PolicyChanged"), "{code:?}: {said}");
    let (code, said) = refused(&["replay"]);
    assert!(code == Some(2) && said.contains("--server"), "{code:?}: {said}");
}
