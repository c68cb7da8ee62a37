//! `twostep provision`.

use std::io::Write as _;
use std::num::NonZeroU32;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::Context as _;
use clap::Args;
use serde_json::json;
use twostep_delivery_nats::{
    Declaration, Difference, NatsConnection, Provisioned, Role, Sizes, connect, provision,
};

use crate::Output;

/// Where to, and how much.
#[derive(Args)]
pub(crate) struct Provision {
    /// Where NATS is: `nats://host:4222`, `tls://host:4222`, several with commas.
    #[arg(long, env = "TWOSTEP_NATS__URL", value_name = "URL")]
    nats_url: String,
    /// A file of NATS credentials (a user's JWT and seed).
    #[arg(long, env = "TWOSTEP_NATS__CREDENTIALS_PATH", value_name = "FILE")]
    credentials_path: Option<PathBuf>,
    /// A file with an nkey's seed.
    #[arg(long, env = "TWOSTEP_NATS__NKEY_PATH", value_name = "FILE")]
    nkey_path: Option<PathBuf>,
    /// PEM file of the authorities that the server's certificate must come from; the system's where none is named.
    #[arg(long, env = "TWOSTEP_NATS__CA_PATH", value_name = "FILE")]
    ca_path: Option<PathBuf>,
    /// Copies of everything: 3 in a cluster.
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..=5))]
    replicas: u16,
    /// The most messages that somebody waits for; more wait in the log.
    #[arg(long, default_value_t = 10_000, value_parser = clap::value_parser!(i64).range(1..))]
    urgent: i64,
    /// The most notices; more wait in the log.
    #[arg(long, default_value_t = 100_000, value_parser = clap::value_parser!(i64).range(1..))]
    notices: i64,
    /// After how many seconds a silent worker counts as gone: the same as `nats.patience_seconds` of every program.
    #[arg(long, env = "TWOSTEP_NATS__PATIENCE_SECONDS", default_value = "30")]
    patience_seconds: NonZeroU32,
}

/// Makes the queue as declared and says what was otherwise.
pub(crate) async fn run(output: Output, command: Provision) -> anyhow::Result<()> {
    let to = NatsConnection {
        url: command.nats_url,
        name: "provision".to_owned(),
        role: Role::Provision,
        credentials: command.credentials_path,
        nkey: command.nkey_path,
        ca: command.ca_path,
    };
    let sizes = Sizes {
        urgent: command.urgent,
        notices: command.notices,
        patience: Duration::from_secs(command.patience_seconds.get().into()),
        replicas: command.replicas.into(),
        ..Sizes::default()
    };
    let connected = connect(&to).await?;
    let done = provision(&connected, &Declaration::of(&sizes)).await;
    let done = done.with_context(|| format!("the queue at {} isn't as declared", to.url))?;
    let mut out = std::io::stdout();
    for thing in done {
        match output {
            Output::Json => writeln!(out, "{}", as_json(&thing))?,
            Output::Text => writeln!(out, "{}", as_text(&thing))?,
        }
    }
    Ok(())
}

fn as_json(Provisioned { name, made, changed }: &Provisioned) -> serde_json::Value {
    let changed = changed
        .iter()
        .map(|Difference { setting, was, is }| json!({ "setting": setting, "was": was, "is": is }));
    json!({ "name": name, "made": made, "changed": changed.collect::<Vec<_>>() })
}

fn as_text(Provisioned { name, made, changed }: &Provisioned) -> String {
    let first = match (made, changed.is_empty()) {
        (true, _) => "made",
        (false, true) => "is as declared",
        (false, false) => "changed",
    };
    changed.iter().fold(format!("{name}: {first}"), |said, Difference { setting, was, is }| {
        format!("{said}\n  {setting} was {was}, is {is}")
    })
}
