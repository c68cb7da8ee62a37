//! What every key store must do; an adapter's test calls [`run`].

use twostep_domain::KeyPeriod;

use super::{KeyStore, Slot};
use crate::{KeyClass, KeyId};

/// Runs all cases, each on an empty store that `make` makes.
///
/// # Panics
/// When the store doesn't conform: the message names the case.
pub fn run(make: impl Fn() -> Box<dyn KeyStore>) {
    the_first_key_stays(make().as_ref());
    a_destroyed_key_stays_destroyed(make().as_ref());
    only_live_keys_of_the_class_are_listed(make().as_ref());
    of_many_at_once_one_wins(make().as_ref());
    all_keys_are_wrapped_anew_or_none(make().as_ref());
}

fn key(number: u8) -> KeyId {
    KeyClass::Code(KeyPeriod(format!("2026-11-{number:02}"))).first()
}

fn the_first_key_stays(store: &dyn KeyStore) {
    assert!(store.is_empty().expect("reads"), "a new store is empty");
    assert_eq!(store.get(&key(1)).expect("reads"), Slot::Absent);
    let put = |bytes: &[u8]| store.insert_if_absent(&[(key(1), bytes.to_vec())]).expect("writes");
    assert_eq!(put(b"first"), [Slot::Live(b"first".to_vec())]);
    assert_eq!(put(b"second"), [Slot::Live(b"first".to_vec())], "the first key stays");
    assert_eq!(store.get(&key(1)).expect("reads"), Slot::Live(b"first".to_vec()));
    let next = KeyId { version: 2, ..key(1) };
    assert_eq!(store.get(&next).expect("reads"), Slot::Absent, "versions are different keys");
    assert!(!store.is_empty().expect("reads"));
}

fn a_destroyed_key_stays_destroyed(store: &dyn KeyStore) {
    store.insert_if_absent(&[(key(1), b"one".to_vec()), (key(2), b"two".to_vec())]).expect("writes");
    store.destroy(&[key(1), key(3)]).expect("destroys");
    store.destroy(&[key(1)]).expect("destroys again");
    let put =
        store.insert_if_absent(&[(key(1), b"new".to_vec()), (key(3), b"new".to_vec())]).expect("writes");
    assert_eq!(put, [Slot::Destroyed, Slot::Destroyed], "also one that never was");
    assert_eq!(store.get(&key(1)).expect("reads"), Slot::Destroyed);
    assert_eq!(store.get(&key(2)).expect("reads"), Slot::Live(b"two".to_vec()), "no other key is touched");
    assert!(!store.is_empty().expect("reads"));
}

fn only_live_keys_of_the_class_are_listed(store: &dyn KeyStore) {
    let keys = [key(1), key(2), KeyClass::Index.first()];
    let keys: Vec<_> = keys.into_iter().map(|id| (id, b"wrapped".to_vec())).collect();
    store.insert_if_absent(&keys).expect("writes");
    store.destroy(&[key(1)]).expect("destroys");
    assert_eq!(store.list(KeyClass::CODE).expect("reads"), [key(2)]);
    assert_eq!(store.list(KeyClass::LINK).expect("reads"), []);
}

fn of_many_at_once_one_wins(store: &dyn KeyStore) {
    let answers: Vec<Vec<Slot>> = std::thread::scope(|scope| {
        let put = |byte: u8| move || store.insert_if_absent(&[(key(1), vec![byte])]).expect("writes");
        let writers: Vec<_> = (0..8).map(|byte| scope.spawn(put(byte))).collect();
        writers.into_iter().map(|writer| writer.join().expect("does not panic")).collect()
    });
    let there = store.get(&key(1)).expect("reads");
    assert!(answers.iter().all(|answer| *answer == [there.clone()]), "all see the same key");
}

fn all_keys_are_wrapped_anew_or_none(store: &dyn KeyStore) {
    let keys = [(key(1), b"1".to_vec()), (key(2), b"2".to_vec()), (key(3), b"3".to_vec())];
    store.insert_if_absent(&keys).expect("writes");
    store.destroy(&[key(3)]).expect("destroys");
    let refused = store.rewrap(&mut |id, _| (*id != key(2)).then(|| b"new".to_vec()));
    assert!(refused.is_err(), "one key gave nothing");
    assert_eq!(store.get(&key(1)).expect("reads"), Slot::Live(b"1".to_vec()), "then none has changed");
    let count = store.rewrap(&mut |_, wrapped| Some([wrapped, b"+"].concat())).expect("writes");
    assert_eq!(count, 2, "destroyed keys don't count");
    assert_eq!(store.get(&key(1)).expect("reads"), Slot::Live(b"1+".to_vec()));
    assert_eq!(store.get(&key(2)).expect("reads"), Slot::Live(b"2+".to_vec()));
    assert_eq!(store.get(&key(3)).expect("reads"), Slot::Destroyed);
}
