//! `twostep provision`.

use std::io::Write as _;
use std::num::NonZeroU32;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::Context as _;
use clap::Args;
use serde_json::json;
use twostep_delivery_nats::{
    Declaration, Difference, NatsConnection, Provisioned, Role, Sizes, connect, provision, sizes,
};

use crate::Output;

/// Where to, and how much.
#[derive(Args)]
pub(crate) struct Provision {
    /// Where NATS is: `nats://host:4222`, `tls://host:4222`, several with commas.
    #[arg(long, env = "TWOSTEP_NATS__URL", hide_env_values = true, value_name = "URL")]
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
    /// Copies of everything: 3 in a cluster. This and the sizes stay as they are where they are left out; 1 at first.
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..=5))]
    replicas: Option<u16>,
    /// The most messages that somebody waits for; more wait in the log. 10000 at first.
    #[arg(long, value_parser = clap::value_parser!(i64).range(1..))]
    urgent: Option<i64>,
    /// The most notices; more wait in the log. 100000 at first.
    #[arg(long, value_parser = clap::value_parser!(i64).range(1..))]
    notices: Option<i64>,
    /// After how many seconds a silent worker counts as gone: the same as `nats.patience_seconds` of every program. 30 at
    /// first.
    #[arg(long, env = "TWOSTEP_NATS__PATIENCE_SECONDS")]
    patience_seconds: Option<NonZeroU32>,
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
    let connected = connect(&to).await?;
    let there = sizes(&connected).await;
    let there = there.with_context(|| format!("the queue at {} can't be looked at", to.url))?;
    let patience = command.patience_seconds.map(|seconds| Duration::from_secs(seconds.get().into()));
    let sizes = Sizes {
        urgent: command.urgent.unwrap_or(there.urgent),
        notices: command.notices.unwrap_or(there.notices),
        patience: patience.unwrap_or(there.patience),
        replicas: command.replicas.map_or(there.replicas, Into::into),
        ..there
    };
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
