//! `schemas/asyncapi.yaml` says of the queue what the code does.

use std::collections::BTreeSet;
use std::path::PathBuf;

use serde_json::{Map, Value, json};
use twostep_domain::DeliveryId;
use twostep_domain::delivery::{Channel, Urgency};
use yaml_rust2::{Yaml, YamlLoader};

use crate::declaration::{ADVISORIES, dead_subject, outcome_subject, subject};
use crate::{Declaration, Sizes};

fn schemas() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../schemas")
}

fn document() -> Value {
    let text = std::fs::read_to_string(schemas().join("asyncapi.yaml")).unwrap();
    let mut documents = YamlLoader::load_from_str(&text).unwrap();
    assert_eq!(documents.len(), 1);
    as_json(&documents.remove(0))
}

fn as_json(yaml: &Yaml) -> Value {
    match yaml {
        Yaml::String(text) => json!(text),
        Yaml::Integer(number) => json!(number),
        Yaml::Boolean(truth) => json!(truth),
        Yaml::Array(items) => items.iter().map(as_json).collect(),
        Yaml::Hash(fields) => {
            let field = |(name, value): (&Yaml, &Yaml)| (name.as_str().unwrap().to_owned(), as_json(value));
            Value::Object(fields.iter().map(field).collect())
        }
        other => panic!("{other:?} has no place in the document"),
    }
}

/// What lies below `at` under the name `name`, wherever.
fn all_of<'a>(at: &'a Value, name: &str, found: &mut Vec<&'a str>) {
    match at {
        Value::Object(fields) => {
            found.extend(fields.get(name).and_then(Value::as_str));
            fields.values().for_each(|value| all_of(value, name, found));
        }
        Value::Array(items) => items.iter().for_each(|value| all_of(value, name, found)),
        _ => {}
    }
}

fn references(document: &Value) -> Vec<&str> {
    let mut found = Vec::new();
    all_of(document, "$ref", &mut found);
    found
}

/// The subjects that an address stands for, where its parameters have so many values that they can be listed.
fn subjects_of(document: &Value, channel: &Value) -> Vec<String> {
    let mut subjects = vec![channel["address"].as_str().unwrap().to_owned()];
    for (name, parameter) in channel["parameters"].as_object().unwrap() {
        let parameter = match parameter["$ref"].as_str() {
            Some(reference) => document.pointer(reference.trim_start_matches('#')).unwrap(),
            None => parameter,
        };
        let place = format!("{{{name}}}");
        assert!(subjects[0].contains(&place), "{} has no {place}", subjects[0]);
        if let Some(values) = parameter["enum"].as_array() {
            let with = |value: &Value| {
                let value = value.as_str().unwrap().to_owned();
                subjects.iter().map(|subject| subject.replace(&place, &value)).collect::<Vec<_>>()
            };
            subjects = values.iter().flat_map(with).collect();
        }
    }
    subjects
}

#[test]
fn the_document_has_every_stream_consumer_and_bucket_and_no_other() {
    let declaration = Declaration::of(&Sizes::default());
    let streams = declaration.streams.iter().map(|(stream, consumers)| {
        let consumers = consumers.iter().map(|consumer| {
            (consumer.durable_name.clone().unwrap(), Value::from(consumer.filter_subject.clone()))
        });
        let declared = json!({
            "subjects": stream.subjects,
            "retention": stream.retention,
            "max_age_seconds": stream.max_age.as_secs(),
            "consumers": consumers.collect::<Map<_, _>>(),
        });
        (stream.name.clone(), declared)
    });
    let buckets = declaration
        .buckets
        .iter()
        .map(|bucket| (bucket.bucket.clone(), json!({ "max_age_seconds": bucket.max_age.as_secs() })));
    let declared =
        json!({ "streams": streams.collect::<Map<_, _>>(), "buckets": buckets.collect::<Map<_, _>>() });
    assert_eq!(document()["x-jetstream"], declared);
}

#[test]
fn the_document_has_every_subject_and_no_other() {
    let id = DeliveryId::derived(uuid::Uuid::nil(), "any");
    let mut used = BTreeSet::from([ADVISORIES.replace("*.*", "{stream}.{consumer}")]);
    for channel in [Channel::Email, Channel::Sms] {
        used.extend([Urgency::Urgent, Urgency::Notice].map(|urgency| subject(channel, urgency, id)));
        used.extend([outcome_subject(channel, id), dead_subject(channel)]);
    }
    let used: BTreeSet<String> =
        used.into_iter().map(|subject| subject.replace(&id.to_string(), "{id}")).collect();
    let document = document();
    let channels = document["channels"].as_object().unwrap();
    let told: BTreeSet<String> =
        channels.values().flat_map(|channel| subjects_of(&document, channel)).collect();
    assert_eq!(told, used);
}

#[test]
fn every_channel_has_somebody_who_sends_and_every_one_of_ours_somebody_who_receives_or_reads() {
    let document = document();
    let told: BTreeSet<(&str, &str)> = document["operations"]
        .as_object()
        .unwrap()
        .values()
        .map(|operation| {
            assert!(!operation["x-by"].as_array().unwrap().is_empty(), "{operation} is nobody's");
            (operation["channel"]["$ref"].as_str().unwrap(), operation["action"].as_str().unwrap())
        })
        .collect();
    let both = |channel| [(channel, "send"), (channel, "receive")];
    // People read the dead letters, and the server sends the advisories.
    let wanted = [both("#/channels/requests"), both("#/channels/reports")].into_iter().flatten();
    let wanted = wanted.chain([("#/channels/dead", "send"), ("#/channels/worn_out", "receive")]);
    assert_eq!(told, wanted.collect());
}

#[test]
fn whatever_the_document_refers_to_is_there_and_every_schema_of_a_message_is_referred_to() {
    let document = document();
    let mut files = BTreeSet::new();
    for reference in references(&document) {
        match reference.strip_prefix('#') {
            Some(pointer) => assert!(document.pointer(pointer).is_some(), "{reference} leads nowhere"),
            None => {
                assert!(schemas().join(reference).is_file(), "{reference} is no file");
                files.insert(reference.trim_start_matches("./messages/").to_owned());
            }
        }
    }
    let kept = std::fs::read_dir(schemas().join("messages")).unwrap();
    let kept: BTreeSet<String> = kept.map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
    assert_eq!(files, kept);
}
