//! `twostep break-glass`.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use clap::Args;
use twostep_api::{BreakGlass as Request, GlassBroken, PossessionChallenge};
use twostep_client::operator as service;

use crate::{Output, master_key};

/// Whom to let in.
#[derive(Args)]
pub(crate) struct BreakGlass {
    /// The company's short name.
    #[arg(long)]
    company: String,
    /// The Master Admin's login or id.
    #[arg(long)]
    member: String,
    /// Why; it is recorded, and every Master Admin is told.
    #[arg(long)]
    reason: String,
    /// The installation's master key; left out, the key in TWOSTEP_KEYS__MASTER or the file that TWOSTEP_KEYS__MASTER_FILE names.
    #[arg(long, env = "TWOSTEP_KEYS__MASTER_PATH", value_name = "FILE")]
    master_key_path: Option<PathBuf>,
}

/// Carries the command out.
pub(crate) async fn run(data: &Path, output: Output, command: BreakGlass) -> anyhow::Result<()> {
    let key = master_key::held(data, command.master_key_path.as_deref())?;
    let PossessionChallenge { challenge } =
        service::post(data, "possession-challenges", &serde_json::json!({})).await?;
    let BreakGlass { company, member, reason, .. } = command;
    let mut request = Request { company, member, reason, challenge, proof: String::new() };
    request.proof = key.prove(&request.challenge, &request.proven());
    let broken: GlassBroken = service::post(data, "break-glass", &request).await?;
    let text = match output {
        Output::Json => serde_json::to_string(&broken)?,
        Output::Text => format!(
            "The second step is reset and every session is over; all Master Admins are told.\n\
             Give this link to the person: it sets a new password, works once, and dies at {}:\n\n  {}\n",
            broken.expires_at.format("%Y-%m-%d %H:%M UTC"),
            broken.url
        ),
    };
    Ok(writeln!(std::io::stdout(), "{text}")?)
}
