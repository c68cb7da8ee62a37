//! `load`: the load generator makes its own people and lets them verify.

use std::process::Command;

use serde_json::Value;
use twostep_tests::harness::{Inbox, Product as _, Standalone, program};

#[test]
fn the_load_generator_seeds_its_people_and_every_one_of_their_codes_is_accepted() {
    let (home, inbox) = (tempfile::tempdir().unwrap(), Inbox::start().unwrap());
    let product = Standalone::start(home.path(), &inbox).unwrap();
    let mut load = Command::new(program("load").unwrap());
    load.args(["--people", "5", "--connections", "3", "--rounds", "2", "--rate", "200"]);
    load.args(["--api", &product.api_url(), "--admin", &product.admin_url(), "--inbox", &inbox.http]);
    let done = load.arg("--data").arg(product.data()).output().unwrap();
    assert_eq!(done.status.code(), Some(0), "{done:?}");
    let outcome: Value = serde_json::from_slice(&done.stdout).unwrap();
    assert_eq!((&outcome["verified"], &outcome["errors"]), (&10.into(), &0.into()));
    assert!(outcome["per_second"].as_f64().unwrap() > 0.0, "{outcome}");
    let [p50, p99, max] = ["p50_ms", "p99_ms", "max_ms"].map(|name| outcome[name].as_f64().unwrap());
    assert!(0.0 < p50 && p50 <= p99 && p99 <= max, "{outcome}");
}
