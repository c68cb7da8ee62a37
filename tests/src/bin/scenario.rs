//! Plays the announcement's story against freshly started programs and prints one line of JSON.

use std::process::ExitCode;

use clap::{Parser, ValueEnum};
use twostep_tests::harness::{Cluster, Inbox, Standalone, Workers};
use twostep_tests::story::{Act, play};

/// Play the announcement's story over HTTP and SMTP, with a power cut in the middle.
///
/// Exit status: 0 when every step went as told, 1 at the first step that differs, 2 on bad usage.
#[derive(Parser)]
struct Arguments {
    /// How the programs are arranged.
    topology: Topology,
}

#[derive(Clone, Copy, ValueEnum)]
enum Topology {
    /// Every service in one process.
    Standalone,
    /// Every service a process of its own, with messages going through NATS.
    Cluster,
}

impl Topology {
    fn word(self) -> &'static str {
        match self {
            Self::Standalone => "standalone",
            Self::Cluster => "cluster",
        }
    }
}

#[tokio::main]
#[allow(clippy::print_stdout, clippy::print_stderr, reason = "it is a command-line program")]
async fn main() -> anyhow::Result<ExitCode> {
    let Arguments { topology } = Arguments::parse();
    let home = tempfile::tempdir()?;
    let inbox = Inbox::start()?;
    let mut act = Act::default();
    let played = match topology {
        Topology::Standalone => {
            let mut product = Standalone::start(home.path(), &inbox)?;
            play(&mut act, &mut product, &inbox).await
        }
        Topology::Cluster => {
            let mut product = Cluster::start(home.path(), &inbox, Workers { email: 2, sms: 2 })?;
            play(&mut act, &mut product, &inbox).await
        }
    };
    if let Err(error) = &played {
        eprintln!("{error:#}");
    }
    let line = serde_json::json!({
        "topology": topology.word(),
        "steps": act.steps(),
        "ok": played.is_ok(),
        "p50_ms": (act.p50_ms() * 10.0).round() / 10.0,
    });
    println!("{line}");
    Ok(if played.is_ok() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
