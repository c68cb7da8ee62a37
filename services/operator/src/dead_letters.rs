//! `twostep dead-letters …`.

use std::io::Write as _;
use std::path::Path;

use anyhow::bail;
use clap::{ArgGroup, Args, Subcommand};
use serde_json::json;
use twostep_api::{DeadLetter, DeadLetters as Listed, RedriveDeadLetter, RedrivenDeadLetter};
use twostep_client::operator as service;
use uuid::Uuid;

use crate::Output;

/// Messages that ended badly: refused for good, given back, or nobody knows whether a provider took them.
#[derive(Subcommand)]
pub(crate) enum DeadLetters {
    /// Lists those of the last 14 days, the latest first.
    List,
    /// Shows one: what was said of it, not what was in it or where it was to go.
    Show {
        /// Its id.
        id: Uuid,
    },
    /// Sends them once more, each once; codes and links that died are left out.
    Redrive(Redrive),
}

/// Which ones, and why.
#[derive(Args)]
#[command(group = ArgGroup::new("which").required(true).args(["id", "all", "by_error"]))]
pub(crate) struct Redrive {
    /// One's id.
    id: Option<Uuid>,
    /// All that may still be sent.
    #[arg(long)]
    all: bool,
    /// All of a class of error that may still be sent.
    #[arg(long, value_name = "CLASS", value_parser = ["rejected", "configuration", "poison", "unknown", "bounced"])]
    by_error: Option<String>,
    /// Why; it is recorded.
    #[arg(long)]
    reason: String,
}

/// Carries a command out.
pub(crate) async fn run(data: &Path, output: Output, command: DeadLetters) -> anyhow::Result<()> {
    match command {
        DeadLetters::List => list(data, output).await,
        DeadLetters::Show { id } => show(data, output, id).await,
        DeadLetters::Redrive(command) => redrive(data, output, command).await,
    }
}

async fn list(data: &Path, output: Output) -> anyhow::Result<()> {
    let listed: Listed = service::get(data, "dead-letters").await?;
    let mut out = std::io::stdout();
    if output == Output::Json {
        return Ok(writeln!(out, "{}", serde_json::to_string(&listed)?)?);
    }
    if listed.dead_letters.is_empty() {
        writeln!(out, "no message ended badly within the last 14 days")?;
    }
    for letter in listed.dead_letters {
        writeln!(out, "{}", line(&letter))?;
    }
    Ok(())
}

fn line(letter: &DeadLetter) -> String {
    let DeadLetter { id, company, channel, kind, error, .. } = letter;
    let (at, tries) = (letter.at.format("%Y-%m-%d %H:%M:%S UTC"), tries(letter));
    let still = if letter.may_be_redriven { "may be redriven" } else { "too late" };
    format!("{id}  {at}  {company}  {channel}  {kind}  {error}  {tries}  {still}")
}

fn tries(letter: &DeadLetter) -> String {
    letter.attempts.map_or_else(|| "- tries".to_owned(), |tries| format!("{tries} tries"))
}

async fn show(data: &Path, output: Output, id: Uuid) -> anyhow::Result<()> {
    let letter: DeadLetter = service::get(data, &format!("dead-letters/{id}")).await?;
    let mut out = std::io::stdout();
    if output == Output::Json {
        return Ok(writeln!(out, "{}", serde_json::to_string(&letter)?)?);
    }
    let DeadLetter { recipient, intent, reason, provider, .. } = &letter;
    writeln!(out, "{}", line(&letter))?;
    writeln!(out, "said by {}: {reason}", provider.as_deref().unwrap_or("the channel"))?;
    writeln!(out, "for the person {recipient}, because of the event {intent}")?;
    Ok(writeln!(out, "of no more use from {}", letter.expires_at.format("%Y-%m-%d %H:%M:%S UTC"))?)
}

async fn redrive(data: &Path, output: Output, command: Redrive) -> anyhow::Result<()> {
    let Redrive { id, by_error, reason, .. } = command;
    let request = RedriveDeadLetter { reason };
    if let Some(id) = id {
        let RedrivenDeadLetter { id } = once_more(data, id, &request).await?;
        return told(output, &[id], &[]);
    }
    let listed: Listed = service::get(data, "dead-letters").await?;
    let meant = |letter: &DeadLetter| {
        letter.may_be_redriven && by_error.as_ref().is_none_or(|error| *error == letter.error)
    };
    let (mut redriven, mut refused) = (Vec::new(), Vec::new());
    for letter in listed.dead_letters.into_iter().filter(meant) {
        match once_more(data, letter.id, &request).await {
            Ok(RedrivenDeadLetter { id }) => redriven.push(id),
            Err(error) => refused.push((letter.id, error.to_string())),
        }
    }
    told(output, &redriven, &refused)?;
    if !refused.is_empty() {
        bail!("{} of {} were refused", refused.len(), refused.len() + redriven.len());
    }
    Ok(())
}

async fn once_more(data: &Path, id: Uuid, request: &RedriveDeadLetter) -> anyhow::Result<RedrivenDeadLetter> {
    Ok(service::post(data, &format!("dead-letters/{id}/redrives"), request).await?)
}

fn told(output: Output, redriven: &[Uuid], refused: &[(Uuid, String)]) -> anyhow::Result<()> {
    let mut out = std::io::stdout();
    if output == Output::Json {
        let refused: Vec<_> = refused.iter().map(|(id, why)| json!({ "id": id, "why": why })).collect();
        return Ok(writeln!(out, "{}", json!({ "redriven": redriven, "refused": refused }))?);
    }
    for id in redriven {
        writeln!(out, "{id}: on its way again")?;
    }
    for (id, why) in refused {
        writeln!(out, "{id}: refused: {why}")?;
    }
    if redriven.is_empty() && refused.is_empty() {
        writeln!(out, "nothing to send: `twostep dead-letters list` shows what there is")?;
    }
    Ok(())
}
