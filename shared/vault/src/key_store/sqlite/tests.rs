//! What the embedded key store promises.

use std::os::unix::fs::PermissionsExt as _;

use twostep_domain::{CompanyId, MemberId};
use uuid::Uuid;

use super::*;

fn person(number: u128) -> KeyId {
    KeyClass::Identity(CompanyId(Uuid::from_u128(1)), MemberId(Uuid::from_u128(number))).first()
}

/// As long as a wrapped key, and its last 20 bytes are found nowhere else.
fn wrapped(number: u128) -> Wrapped {
    format!("{number:070}>>").into_bytes()
}

/// Whether the end of that key is in one of the files: also half a key would be too much.
fn is_left_in(directory: &Path) -> impl Fn(u128) -> bool {
    let files = std::fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path());
    let bytes = files.flat_map(|file| std::fs::read(file).unwrap()).collect::<Vec<_>>();
    let text = String::from_utf8_lossy(&bytes).into_owned();
    move |number| text.contains(&String::from_utf8(wrapped(number)).unwrap()[52..])
}

#[test]
fn it_conforms() {
    let directory = tempfile::tempdir().unwrap();
    let number = std::cell::Cell::new(0);
    super::super::conformance::run(|| {
        number.set(number.get() + 1);
        let path = directory.path().join(format!("keys-{}.db", number.get()));
        Box::new(SqliteKeyStore::open(&path).unwrap())
    });
}

#[test]
fn the_file_is_its_owners_and_a_newer_layout_is_refused() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("new").join("keys.db");
    drop(SqliteKeyStore::open(&path).unwrap());
    assert_eq!(path.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    assert!(SqliteKeyStore::open_existing(&path).unwrap().is_some());
    Connection::open(&path).unwrap().pragma_update(None, "user_version", 2).unwrap();
    assert!(SqliteKeyStore::open(&path).is_err());
    assert!(SqliteKeyStore::open_existing(&path).is_err());
}

#[test]
fn looking_for_a_store_makes_none() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("keys.db");
    assert!(SqliteKeyStore::open_existing(&path).unwrap().is_none());
    assert!(!path.exists());
    std::fs::write(&path, "").unwrap();
    assert!(SqliteKeyStore::open_existing(&path).unwrap().is_none(), "nothing was laid out yet");
    assert_eq!(path.metadata().unwrap().len(), 0);
}

#[test]
fn s30_a_file_that_was_removed_or_replaced_takes_and_gives_no_key() {
    let directory = tempfile::tempdir().unwrap();
    let (path, aside) = (directory.path().join("keys.db"), directory.path().join("aside.db"));
    let store = SqliteKeyStore::open(&path).unwrap();
    store.insert_if_absent(&[(person(1), wrapped(1))]).unwrap();
    std::fs::copy(&path, &aside).unwrap();
    std::fs::remove_file(&path).unwrap();
    let refuses = |store: &SqliteKeyStore| {
        store.get(&person(1)).is_err()
            && store.insert_if_absent(&[(person(2), wrapped(2))]).is_err()
            && store.destroy(&[person(1)]).is_err()
    };
    assert!(refuses(&store), "without a file");
    std::fs::rename(&aside, &path).unwrap();
    assert!(refuses(&store), "over another file");
    let reopened = SqliteKeyStore::open(&path).unwrap();
    assert_eq!(reopened.get(&person(1)).unwrap(), Slot::Live(wrapped(1)));
    assert_eq!(reopened.get(&person(2)).unwrap(), Slot::Absent);
}

#[test]
fn s24_a_destroyed_key_is_in_no_file_however_the_pages_were_filled() {
    let directory = tempfile::tempdir().unwrap();
    let store = SqliteKeyStore::open(&directory.path().join("keys.db")).unwrap();
    // In an order that splits pages and moves cells, destroyed while others still come.
    let order: Vec<u128> = (0..1_200).map(|number| number * 7_919 % 1_200).collect();
    let goes = |number: &u128| !number.is_multiple_of(3);
    let destroy = |some: &[u128]| {
        let ids: Vec<_> = some.iter().copied().filter(goes).map(person).collect();
        store.destroy(&ids).unwrap();
    };
    let batches: Vec<_> = order.chunks(40).collect();
    for (at, batch) in batches.iter().enumerate() {
        let keys: Vec<_> = batch.iter().map(|&number| (person(number), wrapped(number))).collect();
        store.insert_if_absent(&keys).unwrap();
        assert!(is_left_in(directory.path())(batch[0]));
        if at % 2 == 1 {
            destroy(batches[at / 2]);
        }
    }
    batches[batches.len() / 2..].iter().for_each(|batch| destroy(batch));
    let is_left = is_left_in(directory.path());
    for number in order {
        assert_eq!(is_left(number), !goes(&number), "key {number}");
    }
}
