//! The data and the master key that a check looks at.

use std::path::Path;
use std::process::Command;

use twostep_tests::harness::{Product as _, program};
use twostep_tests::story::Stage;

use super::{GOOD, Place, refused};

#[test]
fn s24_a_master_key_that_is_missing_or_open_to_others_is_refused() {
    let unnamed = Place::new(&GOOD.replace("master_path = 'KEY'", ""));
    refused(&unnamed.config("check", &[]), "no master key: set keys.master_path");
    refused(&Place::new(GOOD).with_key(0o644).config("check", &[]), "open to others (mode 0644)");
    let place = Place::new(GOOD);
    let data = place.0.path().join("data");
    std::fs::create_dir(&data).unwrap();
    std::fs::write(data.join("log.db"), "").unwrap();
    refused(&place.check(&data), "no new key is made");
}

/// What a start looks at before anything else: whose data they are, whether the keys fit, whether the log is there.
#[tokio::test]
async fn data_that_a_start_refuses_are_refused_and_stay_as_they_are() {
    let stage = Stage::open("checked").await.unwrap();
    let place = Place::new(GOOD).with_key(0o600);
    let theirs = stage.product.data();
    refused(&place.check(&theirs), "holds the data of the demo profile");

    // The same data as an installation's.
    let data = place.0.path().join("data");
    let mut backup = Command::new(program("twostep").unwrap());
    backup.arg("--data").arg(&theirs).args(["backup", "--to"]).arg(&data);
    assert!(backup.status().unwrap().success());
    std::fs::write(data.join("profile"), "production\n").unwrap();
    refused(&place.check(&data), "the master key doesn't fit this key store");
    std::fs::copy(theirs.with_file_name("master-key"), place.key()).unwrap();
    let output = place.check(&data);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stdout));
    let (log, keys) = (data.join("log.db"), data.join("keys.db"));
    let aside = place.0.path().join("aside");
    std::fs::rename(&log, &aside).unwrap();
    refused(&place.check(&data), "no new log is begun");
    assert!(!log.exists());
    std::fs::rename(&aside, &log).unwrap();
    std::fs::remove_file(&keys).unwrap();
    refused(&place.check(&data), "put the key store back from its backup");
    assert!(!keys.exists());
}

/// A check that isn't told of the data directory sees what lies there.
#[test]
fn s24_a_master_key_in_a_data_directory_is_refused_also_where_nobody_names_the_directory() {
    let place = Place::new(GOOD).with_key(0o600);
    std::fs::write(place.0.path().join("log.db"), "").unwrap();
    refused(&place.config("check", &[]), "lies in the data directory");
}

#[test]
fn a_data_directory_that_cannot_be_written_is_in_the_way() {
    // Not even root makes a file there.
    let output = Place::new(GOOD).with_key(0o600).check(Path::new("/proc/self"));
    refused(&output, "data: /proc/self can't be written by the user who runs this check");
}

#[test]
fn a_folder_that_is_missing_is_told_before_the_first_start_fails_to_make_the_key_there() {
    let nowhere = Place::new(&GOOD.replace("KEY", "/nowhere/master-key"));
    refused(&nowhere.config("check", &[]), "keys.master_path: the folder /nowhere isn't there");
}
