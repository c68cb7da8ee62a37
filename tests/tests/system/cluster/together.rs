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
