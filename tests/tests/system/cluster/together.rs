//! `./just cluster`: all of it as one program that starts and stops the others.

use std::process::Command;

use twostep_tests::harness::{Child, Port, program};

#[test]
fn the_cluster_says_where_everything_is_and_ctrl_c_stops_all_of_it() {
    let (home, held) = (tempfile::tempdir().unwrap(), Port::row(5).unwrap());
    let first = held[0].number();
    drop(held);
    let mut command = Command::new(program("cluster").unwrap());
    command.args(["--email-workers", "2", "--sms-workers", "1", "--port", &first.to_string()]);
    command.arg("--data").arg(home.path());
    let (mut cluster, _) = Child::start(command, |line| line.contains("kept in")).unwrap();
    let said = cluster.output();
    for words in ["email-worker-2", "sms-worker-1", "nats-server", "command-service", "holder@demo.example"] {
        assert!(said.contains(words), "no {words} in\n{said}");
    }
    cluster.signal("INT").unwrap();
    assert!(cluster.wait().unwrap(), "{}", cluster.output());
    assert!(cluster.said_all(), "a program goes on");
}

/// A program that `cluster` started, by its name.
fn started(cluster: &Child, name: &str) -> String {
    let id = cluster.id();
    let children = std::fs::read_to_string(format!("/proc/{id}/task/{id}/children")).unwrap();
    let is = |child: &&str| {
        let command = std::fs::read_to_string(format!("/proc/{child}/cmdline")).unwrap_or_default();
        command.split('\0').next().is_some_and(|program| program.ends_with(name))
    };
    children.split_whitespace().find(is).unwrap().to_owned()
}

#[test]
fn a_program_that_dies_is_named_and_the_others_still_end_as_asked() {
    let (home, held) = (tempfile::tempdir().unwrap(), Port::row(5).unwrap());
    let first = held[0].number();
    drop(held);
    let mut command = Command::new(program("cluster").unwrap());
    command.args(["--port", &first.to_string(), "--data"]).arg(home.path());
    let (mut cluster, _) = Child::start(command, |line| line.contains("kept in")).unwrap();
    let worker = started(&cluster, "twostep-email-worker");
    let killed = Command::new("kill").args(["-KILL", &worker]).status().unwrap();
    assert!(killed.success());
    let deadline = std::time::Instant::now() + std::time::Duration::from_secs(30);
    while !cluster.output().contains("email-worker-1 ended (signal: 9 (SIGKILL)); it isn't started again") {
        assert!(std::time::Instant::now() < deadline, "{}", cluster.output());
        std::thread::yield_now();
    }
    cluster.signal("INT").unwrap();
    assert!(!cluster.wait().unwrap(), "a worker was killed, and all is said to have ended well");
    assert!(cluster.said_all(), "a program goes on");
    let said = cluster.output();
    assert!(said.contains("cluster: not ended as asked: email-worker-1"), "{said}");
    assert!(!home.path().join("data/operator.sock").exists(), "the command service was killed as well");
}
