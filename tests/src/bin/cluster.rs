//! The demo as separate processes on this machine: nats-server, command service, workers, pages, inbox.

use std::collections::HashSet;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use clap::Parser;
use tokio::signal::unix::{SignalKind, signal};
use twostep_demo_company::{Credentials, Seed, path, say};
use twostep_tests::harness::{Cluster, Ear, Inbox, Manner, Product as _, Workers};

/// How often it is looked whether everything runs.
const LOOK: Duration = Duration::from_millis(500);

/// Run the demo as separate processes, with one log of all. Ctrl-C stops all.
///
/// Exit status: 0 stopped as asked, 1 a part didn't start or ended badly (the message says which), 2 wrong arguments.
#[derive(Parser)]
struct Arguments {
    /// How many e-mail workers run.
    #[arg(long, default_value_t = 1)]
    email_workers: usize,
    /// How many SMS workers run.
    #[arg(long, default_value_t = 1)]
    sms_workers: usize,
    /// The port of the web pages; then come the API, its admin port, the pages' admin port and the inbox. NATS and the workers
    /// take free ports elsewhere.
    #[arg(long, default_value_t = 8410, value_parser = clap::value_parser!(u16).range(1..=65_531))]
    port: u16,
    /// Where its data lie.
    #[arg(long, default_value = ".data/cluster")]
    data: PathBuf,
}

#[tokio::main]
#[allow(clippy::print_stderr, reason = "it is a command-line program")]
async fn main() -> ExitCode {
    match run(Arguments::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("cluster: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: Arguments) -> anyhow::Result<()> {
    let Arguments { email_workers, sms_workers, port, data } = arguments;
    let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    std::fs::create_dir_all(&data).with_context(|| format!("making {}", data.display()))?;
    let home = data.canonicalize()?;
    let inbox = Inbox::start_at(&format!("127.0.0.1:{}", port + 4), true)?;
    let workers = Workers { email: email_workers, sms: sms_workers };
    let manner = Manner {
        first_port: Some(port),
        log: "info",
        test_clock: false,
        ear: Some(ear),
        apart: true,
        ..Manner::default()
    };
    let mut cluster = Cluster::start_as(&home, &inbox, workers, manner)?;
    let made = tokio::select! {
        made = credentials(&cluster, &inbox) => made.map(Some),
        _ = interrupt.recv() => Ok(None),
        _ = terminate.recv() => Ok(None),
    };
    if let Some(credentials) = made? {
        say(&banner(&cluster, &inbox, &credentials, &home));
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
            watched = watch(&mut cluster) => watched?,
        }
    }
    cluster.stop()
}

/// Says which programs end by themselves; nobody starts them again, so that it can be seen what happens without them.
async fn watch(cluster: &mut Cluster) -> anyhow::Result<()> {
    let mut told = HashSet::new();
    loop {
        tokio::time::sleep(LOOK).await;
        for (name, how) in cluster.gone()? {
            if told.insert(name.clone()) {
                say(&format!("{:<16} {name} ended ({how}); it isn't started again\n", "cluster"));
            }
        }
    }
}

/// Prints each line with the name of who says it.
fn ear(name: &str) -> Ear {
    let name = name.to_owned();
    Arc::new(move |line| say(&format!("{name:<16} {line}\n")))
}

/// Those of an earlier start, or of the company that is made now.
async fn credentials(cluster: &Cluster, inbox: &Inbox) -> anyhow::Result<Credentials> {
    let data = cluster.data();
    if let Some(credentials) = Credentials::read(&data)? {
        return Ok(credentials);
    }
    let address = |url: &str| url.trim_start_matches("http://").parse::<SocketAddr>();
    let seed = Seed::new(address(&cluster.api_url())?, address(&inbox.http)?, data.join("operator.sock"));
    let credentials = seed.run().await.context("making the demo company")?;
    credentials.write(&data)?;
    Ok(credentials)
}

fn banner(cluster: &Cluster, inbox: &Inbox, credentials: &Credentials, home: &Path) -> String {
    let workers = |workers: &[twostep_tests::harness::Worker]| {
        let urls: Vec<_> = workers.iter().map(|worker| format!("{}/metrics", worker.admin_url())).collect();
        urls.join("  ")
    };
    let admin = cluster.admin_urls();
    format!(
        "\nTwostep runs as separate processes. Everything is on this machine; Ctrl-C stops all, the data stay.\n\n\
         \x20 Web pages      {}/\n\
         \x20 Inbox          http://{}/\n\
         \x20 API            {}/api/v1/openapi.json\n\
         \x20 Admin ports    {}/readyz (API), {}/readyz (pages)\n\
         \x20 NATS           {}; after a stop: nats-server -a 127.0.0.1 -p {} -js -sd {}\n\
         \x20 E-mail workers {}\n\
         \x20 SMS workers    {}\n\
         \x20 Data           {}\n\n{}\n  (kept in {})\n\n",
        cluster.url(),
        inbox.http,
        cluster.api_url(),
        admin[0],
        admin[1],
        cluster.nats.url(),
        cluster.nats.port(),
        cluster.nats.store().display(),
        workers(&cluster.email),
        workers(&cluster.sms),
        home.display(),
        credentials.table(),
        path(&cluster.data()).display()
    )
}
