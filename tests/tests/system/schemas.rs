//! The shapes on disk: schemas as the types have them, and a sample of every version ever written.

use std::collections::BTreeMap;
use std::fs;

use serde_json::Value;
use twostep_domain::DecodeError;
use twostep_tests::events::{Family, families};
use twostep_tests::schemas::{ALL, EVENTS, type_and_version};

fn samples() -> BTreeMap<String, Vec<u8>> {
    let read = |entry: std::io::Result<fs::DirEntry>| {
        let path = entry.unwrap().path();
        (path.file_name().unwrap().to_str().unwrap().to_owned(), fs::read(&path).unwrap())
    };
    fs::read_dir(EVENTS.samples_folder()).unwrap().map(read).collect()
}

fn writes(family: &Family, name: &str) -> Option<u16> {
    (family.catalogue)().iter().find(|event| event.name == name).map(|event| event.version)
}

#[test]
fn the_checked_in_schemas_are_those_of_the_types() {
    let differences: Vec<_> = ALL.iter().flat_map(|schemas| schemas.differences().unwrap()).collect();
    assert!(differences.is_empty(), "run `./just schemas`: {differences:?}");
}

#[test]
fn every_type_written_today_has_a_sample() {
    let samples = samples();
    let missing: Vec<_> =
        EVENTS.wanted().unwrap().into_keys().filter(|file| !samples.contains_key(file)).collect();
    assert!(missing.is_empty(), "write schemas/samples/ by hand for {missing:?}");
}

#[test]
fn every_sample_fits_its_schema() {
    for (file, data) in samples() {
        let schema = fs::read(EVENTS.folder().join(&file)).unwrap_or_else(|_| panic!("no schema for {file}"));
        let validator = jsonschema::validator_for(&serde_json::from_slice(&schema).unwrap()).unwrap();
        let sample: Value = serde_json::from_slice(&data).unwrap();
        let errors: Vec<_> = validator.iter_errors(&sample).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{file}: {errors:?}");
    }
}

#[test]
fn every_sample_is_read_by_every_stream_that_has_its_type_and_written_the_same() {
    for (file, data) in samples() {
        let (name, version) =
            type_and_version(&file).unwrap_or_else(|| panic!("{file} names no type and version"));
        let mut readers = 0;
        for family in families() {
            let Some(newest) = writes(&family, name) else { continue };
            readers += 1;
            let again =
                (family.reencode)(name, version, &data).unwrap_or_else(|error| panic!("{file}: {error:?}"));
            if version == newest {
                let (read, written): (Value, Value) =
                    (serde_json::from_slice(&data).unwrap(), serde_json::from_slice(&again).unwrap());
                assert_eq!(written, read, "{file}");
            }
        }
        assert!(readers > 0, "nothing reads {file}");
    }
}

#[test]
fn a_type_or_version_newer_than_the_program_is_refused_by_name() {
    for family in families() {
        let newest = (family.catalogue)().remove(0);
        for (name, version) in [(newest.name, newest.version + 1), ("InventedLater", 1)] {
            let error = (family.reencode)(name, version, b"{}").unwrap_err();
            assert!(matches!(error, DecodeError::Unknown { .. }), "{:?}: {error:?}", family.kind);
        }
    }
}
