//! What the operator of a cluster does and reads: the queue, the channels' keys, the programs' own words.

use std::os::unix::fs::PermissionsExt as _;
use std::process::{Command, Output};

use serde_json::Value;
use twostep_tests::harness::{Cluster, Inbox, Manner, Nats, Product as _, Workers, operate, program};

fn provision(nats: &Nats, more: &[&str]) -> Vec<Value> {
    let mut command = Command::new(program("twostep").unwrap());
    command.args(["--output", "json", "provision", "--nats-url", &nats.url()]).args(more);
    let done = command.output().unwrap();
    assert!(done.status.success(), "{done:?}");
    let text = String::from_utf8(done.stdout).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn the_queue_is_made_once_and_what_differs_is_said() {
    let home = tempfile::tempdir().unwrap();
    let nats = Nats::start(home.path()).unwrap();
    let first = provision(&nats, &[]);
    assert!(first.iter().all(|thing| thing["made"] == true), "{first:#?}");
    let again = provision(&nats, &[]);
    assert_eq!(again.len(), first.len());
    let untouched = |thing: &Value| thing["made"] == false && thing["changed"] == serde_json::json!([]);
    assert!(again.iter().all(untouched), "{again:#?}");
    let changed = provision(&nats, &["--urgent", "500"]);
    let stream = changed.iter().find(|thing| thing["name"] == "DELIVERY").unwrap();
    let expected = serde_json::json!([{ "setting": "max_msgs", "was": "10000", "is": "500" }]);
    assert_eq!(stream["changed"], expected);
    assert_eq!(changed.iter().filter(|thing| !untouched(thing)).count(), 1, "{changed:#?}");
    let left = provision(&nats, &[]);
    assert!(left.iter().all(untouched), "what nobody named was changed: {left:#?}");
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn without_a_broker_provision_says_where_there_is_none() {
    let home = tempfile::tempdir().unwrap();
    let mut nats = Nats::start(home.path()).unwrap();
    nats.stop().unwrap();
    let mut command = Command::new(program("twostep").unwrap());
    let done = command.args(["provision", "--nats-url", &nats.url()]).output().unwrap();
    assert_eq!(done.status.code(), Some(1));
    assert!(said(&done).contains(&nats.url()), "{}", said(&done));
}

#[tokio::test]
async fn a_channel_s_key_is_handed_out_to_whoever_has_the_master_key_and_into_a_file_of_its_own() {
    let (home, inbox) = (tempfile::tempdir().unwrap(), Inbox::start().unwrap());
    let cluster = Cluster::start(home.path(), &inbox, Workers { email: 0, sms: 0 }).unwrap();
    let (data, file) = (cluster.data(), home.path().join("key"));
    let ask = |key: &str| {
        let file = file.display().to_string();
        operate(&data, &["keys", "channel", "email", "--to", &file, "--master-key-path", key]).unwrap()
    };
    let other = home.path().join("other-key");
    std::fs::write(&other, "07".repeat(32)).unwrap();
    std::fs::set_permissions(&other, std::fs::Permissions::from_mode(0o600)).unwrap();
    let refused = ask(&other.display().to_string());
    assert!(said(&refused).contains("the master key doesn't fit this installation"), "{}", said(&refused));
    assert!(!file.exists());
    let master = home.path().join("master-key").display().to_string();
    assert!(ask(&master).status.success());
    assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    let key = std::fs::read_to_string(&file).unwrap();
    assert_eq!(key, std::fs::read_to_string(home.path().join("email-channel-key")).unwrap());
    let again = ask(&master);
    assert!(!again.status.success() && said(&again).contains("exists"), "{}", said(&again));
    assert!(!cluster.output().contains(key.split_whitespace().nth(1).unwrap()), "the log has the key");
}

#[test]
fn a_worker_that_lacks_a_setting_or_has_a_wrong_key_says_which_and_ends_with_1() {
    let run = |environment: &[(&str, &str)]| {
        let mut command = Command::new(program("twostep-email-worker").unwrap());
        command
            .args(["--profile", "demo", "--admin-listen", "127.0.0.1:0"])
            .envs(environment.iter().copied());
        let done = command.output().unwrap();
        assert_eq!(done.status.code(), Some(1), "{done:?}");
        said(&done)
    };
    let mut environment = vec![
        ("TWOSTEP_EMAIL__FROM", "no-reply@example.com"),
        ("TWOSTEP_EMAIL__HOST", "mail.example.com"),
        ("TWOSTEP_EMAIL__RELAYS__MAIN__HOST", "127.0.0.1"),
        ("TWOSTEP_EMAIL__RELAYS__MAIN__PORT", "25"),
        ("TWOSTEP_EMAIL__RELAYS__MAIN__SECURITY", "plain-loopback-demo"),
        ("TWOSTEP_CHANNEL_KEY", "sms-1 AAAA"),
    ];
    assert!(run(&environment).contains("nats"), "{}", run(&environment));
    environment.push(("TWOSTEP_NATS__URL", "nats://127.0.0.1:1"));
    let wrong = run(&environment);
    assert!(wrong.contains("channel_key") && wrong.contains("twostep keys channel"), "{wrong}");
    assert!(!wrong.contains("AAAA"), "{wrong}");
}

#[test]
fn every_program_of_a_cluster_has_help_with_examples_and_exit_codes() {
    let programs = ["twostep-command-service", "twostep-email-worker", "twostep-sms-worker", "twostep-web"];
    for name in programs {
        let help = Command::new(program(name).unwrap()).arg("--help").output().unwrap();
        let text = String::from_utf8(help.stdout).unwrap();
        assert!(text.contains("Examples:") && text.contains("Exit codes:"), "{name}: {text}");
        assert!(!text.contains("fail-point"), "{name} offers to die");
    }
}

#[test]
fn a_worker_in_production_can_t_be_told_to_die() {
    let mut command = Command::new(program("twostep-email-worker").unwrap());
    let done = command.args(["--fail-point", "claimed"]).output().unwrap();
    assert_eq!(done.status.code(), Some(2), "{done:?}");
}

/// The same master key, the same log: what was on its way in the broker's store still arrives.
#[tokio::test]
async fn a_cluster_that_is_stopped_as_asked_ends_well() {
    let (home, inbox) = (tempfile::tempdir().unwrap(), Inbox::start().unwrap());
    let manner = Manner::default();
    let mut cluster = Cluster::start_as(home.path(), &inbox, Workers { email: 1, sms: 1 }, manner).unwrap();
    cluster.stop().unwrap();
}
