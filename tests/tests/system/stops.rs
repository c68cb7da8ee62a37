//! How the service ends, and what is said of one that isn't running.

use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};

use anyhow::ensure;
use twostep_tests::harness::{Child, Inbox, Port, Product as _, Standalone, operate, program};

/// A terminal that closes sends SIGHUP, often twice.
#[tokio::test]
async fn sighup_ends_the_service_as_well_as_sigterm() {
    hung_up().unwrap();
}

fn hung_up() -> anyhow::Result<()> {
    let home = tempfile::tempdir()?;
    let inbox = Inbox::start()?;
    let mut product = Standalone::start(home.path(), &inbox)?;
    product.signal("HUP")?;
    // It may be gone by now.
    let _ = product.signal("HUP");
    ensure!(product.wait()?, "it ended badly: {}", product.output());
    ensure!(product.output().contains("SIGHUP: stopping"), "{}", product.output());
    Ok(())
}

#[test]
fn sighup_ends_the_inbox_well() {
    let command = Command::new(program("twostep-dev-inbox").unwrap());
    let (mut inbox, _) = Child::start(command, |line| line.contains("smtp")).unwrap();
    inbox.signal("HUP").unwrap();
    assert!(inbox.wait().unwrap(), "{}", inbox.output());
}

/// With the log gone to a terminal that was closed, as with any reader that went away.
#[test]
fn a_stop_comes_also_where_nobody_reads_the_log_any_more() {
    let (home, held) = (tempfile::tempdir().unwrap(), Port::row(3).unwrap());
    let mut command = Command::new(program("twostep-standalone").unwrap());
    command.args(["--log", "info", "demo", "--port", &held[0].number().to_string()]);
    command.arg("--data").arg(home.path()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut running = command.spawn().unwrap();
    let mut said = BufReader::new(running.stdout.take().unwrap()).lines();
    let ready = said.any(|line| line.unwrap().contains("3. Sign in as admin@demo.example"));
    drop(running.stderr.take());
    let sent = Command::new("kill").args(["-HUP", &running.id().to_string()]).status();
    let ended = running.wait().unwrap();
    assert!(ready && sent.unwrap().success() && ended.success(), "{ended}");
}

#[tokio::test]
async fn after_a_stop_or_a_power_cut_the_operator_is_told_that_the_service_isn_t_running() {
    told().unwrap();
}

fn told() -> anyhow::Result<()> {
    let home = tempfile::tempdir()?;
    let inbox = Inbox::start()?;
    let mut product = Standalone::start(home.path(), &inbox)?;
    let (data, socket) = (product.data(), product.data().join("operator.sock"));
    let told = || {
        let output = operate(&data, &["read-models", "rebuild"])?;
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        ensure!(output.status.code() == Some(1), "{said}");
        for words in
            ["the service isn't running", "systemctl start twostep-standalone or twostep-command-service"]
        {
            ensure!(said.contains(words), "{said}");
        }
        ensure!(!said.contains("http://"), "an address of nobody's use: {said}");
        anyhow::Ok(())
    };
    ensure!(socket.exists(), "it runs without a socket");
    ensure!(product.stop()?, "it ended badly");
    ensure!(!socket.exists(), "the socket stays after a stop");
    told()?;
    // What a power cut leaves: a socket that nobody listens at.
    drop(std::os::unix::net::UnixListener::bind(&socket)?);
    told()
}
