//! The messages of the queue: samples of every shape ever sent, which a program of today has to read. A worker of the last
//! release may lay down what the service of the next one takes up.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use serde_json::Value;
use twostep_tests::messages::{Shape, messages};
use twostep_tests::schemas::MESSAGES;

/// `<Type>[.v<n>].<case>.json` and what is in it.
fn samples() -> BTreeMap<String, Vec<u8>> {
    let read = |entry: std::io::Result<fs::DirEntry>| {
        let path = entry.unwrap().path();
        (path.file_name().unwrap().to_str().unwrap().to_owned(), fs::read(&path).unwrap())
    };
    fs::read_dir(MESSAGES.samples_folder()).unwrap().map(read).collect()
}

/// The file of the schema that the sample `file` is of: its name without the case.
fn schema_of(file: &str) -> String {
    let case = file.strip_suffix(".json").and_then(|stem| stem.rsplit_once('.'));
    format!("{}.json", case.unwrap_or_else(|| panic!("{file} names no type and case")).0)
}

fn shape_of(file: &str) -> Shape {
    let found = messages().into_iter().find(|shape| file.split('.').next() == Some(shape.name));
    found.unwrap_or_else(|| panic!("nothing reads {file}"))
}

/// Where something that was sent is missing, or another, in how it is written today.
fn lost(sent: &Value, written: &Value, at: &str) -> Vec<String> {
    match (sent, written) {
        (Value::Object(sent), Value::Object(written)) => {
            let field = |(name, value): (&String, &Value)| match written.get(name) {
                Some(other) => lost(value, other, &format!("{at}.{name}")),
                None if value.is_null() => Vec::new(),
                None => vec![format!("{at}.{name} is gone")],
            };
            sent.iter().flat_map(field).collect()
        }
        _ if sent == written => Vec::new(),
        _ => vec![format!("{at} was {sent} and is {written}")],
    }
}

#[test]
fn every_message_sent_today_has_a_sample() {
    let sampled: BTreeSet<String> = samples().keys().map(|file| schema_of(file)).collect();
    let wanted = MESSAGES.wanted().unwrap();
    let missing: Vec<_> = wanted.keys().filter(|file| !sampled.contains(*file)).collect();
    assert!(missing.is_empty(), "write schemas/message-samples/ by hand for {missing:?}");
}

#[test]
fn every_outcome_has_a_sample() {
    let schema: Value = serde_json::to_value(shape_of("Report.json").schema).unwrap();
    let outcomes = schema["$defs"]["Outcome"]["oneOf"].as_array().unwrap();
    let named: BTreeSet<&str> =
        outcomes.iter().map(|one| one["properties"]["is"]["const"].as_str().unwrap()).collect();
    let reports: Vec<Value> = samples()
        .into_iter()
        .filter(|(file, _)| schema_of(file) == "Report.json")
        .map(|(_, data)| serde_json::from_slice(&data).unwrap())
        .collect();
    let sampled: BTreeSet<&str> =
        reports.iter().map(|report| report["outcome"]["is"].as_str().unwrap()).collect();
    assert_eq!(sampled, named);
}

#[test]
fn every_sample_of_a_message_fits_its_schema() {
    for (file, data) in samples() {
        let schema = fs::read(MESSAGES.folder().join(schema_of(&file)))
            .unwrap_or_else(|_| panic!("no schema for {file}"));
        let validator = jsonschema::validator_for(&serde_json::from_slice(&schema).unwrap()).unwrap();
        let sample: Value = serde_json::from_slice(&data).unwrap();
        let errors: Vec<_> = validator.iter_errors(&sample).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{file}: {errors:?}");
    }
}

#[test]
fn every_message_ever_sent_is_read_today_and_nothing_of_it_is_lost() {
    for (file, data) in samples() {
        let shape = shape_of(&file);
        let written = (shape.reencode)(&data).unwrap_or_else(|error| panic!("{file}: {error:?}"));
        let today = shape.version.is_none_or(|version| file.contains(&format!(".v{version}.")));
        let sent = serde_json::from_slice(&data).unwrap();
        let lost = if today { lost(&sent, &written, shape.name) } else { Vec::new() };
        assert!(lost.is_empty(), "{file}: {lost:?}");
    }
}

#[test]
fn a_request_of_a_newer_version_is_refused() {
    let request = shape_of("Request.v1.json");
    let (_, sample) = samples().into_iter().find(|(file, _)| file.starts_with("Request.v1.")).unwrap();
    let mut newer: Value = serde_json::from_slice(&sample).unwrap();
    newer["version"] = (request.version.unwrap() + 1).into();
    let error = (request.reencode)(&serde_json::to_vec(&newer).unwrap()).unwrap_err();
    assert!(error.to_string().contains("version 2"), "{error}");
}
