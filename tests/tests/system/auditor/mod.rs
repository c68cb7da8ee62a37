//! The auditor's program, on logs and through a server.

mod export;
mod long;
mod replay;
mod server;
mod unmasking;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::Value;
use twostep_domain::{CompanyId, MemberId, Role, Roles, Slug};
use twostep_event_store::{Actor, StreamId};
use twostep_tests::events::families;
use twostep_tests::schemas::{EVENTS, type_and_version};
use twostep_tests::story::LogEvent;
use uuid::Uuid;

/// The person whose streams the samples are put in.
const PERSON: Uuid = Uuid::from_u128(7);

/// The company with this short name.
fn company(slug: &str) -> CompanyId {
    CompanyId::of(&Slug::parse(slug).unwrap())
}

/// The second with this number.
fn second(number: i64) -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + TimeDelta::days(20_000) + TimeDelta::seconds(number)
}

/// Every sample as an event of `company`, in the order of their names and a second apart: the company's own first.
fn every_sample(company: CompanyId) -> Vec<LogEvent> {
    let files = std::fs::read_dir(EVENTS.samples_folder()).unwrap().map(|file| file.unwrap().path());
    let mut files: Vec<_> = files.collect();
    files.sort_by_key(|file| (!file.ends_with("CompanyRegistered.v1.json"), file.clone()));
    let actors = [
        Actor::Operator,
        Actor::Member { id: MemberId(PERSON), roles: Roles::of([Role::Technician]) },
        Actor::Visitor,
        Actor::system("relay"),
    ];
    let event = |(number, file): (usize, &std::path::PathBuf)| {
        let name = file.file_name().unwrap().to_str().unwrap();
        let (event_type, version) = type_and_version(name).unwrap();
        let written = |family: &twostep_tests::events::Family| {
            (family.catalogue)().iter().any(|event| event.name == event_type)
        };
        let kind = families().into_iter().find(written).unwrap().kind;
        let key = if kind.as_str() == "company" { company.0 } else { PERSON };
        LogEvent {
            stream: StreamId::new(company, kind, key),
            event_type: event_type.to_owned(),
            version,
            data: as_sealed(&std::fs::read(file).unwrap()),
            recorded_at: second(i64::try_from(number).unwrap()),
            actor: actors[number % actors.len()].clone(),
        }
    };
    files.iter().enumerate().map(event).collect()
}

/// The data of a sample, with what is sealed there in the shape that the vault gives it.
fn as_sealed(data: &[u8]) -> Vec<u8> {
    let mut data = serde_json::from_slice(data).unwrap();
    seal(&mut data);
    serde_json::to_vec(&data).unwrap()
}

fn seal(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(seal),
        Value::Object(fields) => fields.values_mut().for_each(seal),
        // Nothing else there is that long in one word, but for hashes.
        Value::String(text) if text.len() > 64 && !text.contains(' ') => {
            *text = format!("v1.{}", "A".repeat(80))
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}
