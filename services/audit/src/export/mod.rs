//! `twostep-audit export`: files for somebody else's tools, and a manifest by which they are known to be whole.

mod cloudevents;
mod manifest;
mod ocsf;
mod writer;

use std::io::{self, Write as _};
use std::path::PathBuf;

use anyhow::Context as _;
use clap::{Args, ValueEnum};
use serde::Serialize;
use serde_json::Value;
use twostep_api::{AuditEvent, UnmaskedBy};

use crate::Output;
use crate::progress::Progress;
use crate::selection::Selection;
use crate::source::Origin;
use crate::unmasking::Unmasking;
use manifest::{Manifest, Mark};
use writer::Writer;

/// What, whereto, and in which shape.
#[derive(Args)]
pub(crate) struct Export {
    /// A directory that isn't there yet: events.jsonl goes there, and manifest.json once that is whole.
    #[arg(long, value_name = "DIRECTORY")]
    into: PathBuf,
    /// The shape of a line.
    #[arg(long, value_enum, default_value_t = Format::Cloudevents)]
    format: Format,
    #[command(flatten)]
    selection: Selection,
    #[command(flatten)]
    unmasking: Unmasking,
}

/// The shape of a line.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum, Serialize)]
#[serde(rename_all = "lowercase")]
enum Format {
    /// CloudEvents 1.0, an event a line.
    Cloudevents,
    /// OCSF 1.4: Account Change (3001) and Authentication (3002); what is neither is left out and counted.
    Ocsf,
}

impl Format {
    /// The version of the shape.
    const fn version(self) -> &'static str {
        match self {
            Self::Cloudevents => cloudevents::VERSION,
            Self::Ocsf => ocsf::VERSION,
        }
    }

    /// The line for `event`; nothing where the shape has no place for it.
    fn line(self, event: &AuditEvent) -> Option<Value> {
        match self {
            Self::Cloudevents => Some(cloudevents::line(event)),
            Self::Ocsf => ocsf::line(event),
        }
    }
}

/// Carries the command out.
pub(crate) async fn run(from: Origin, output: Output, export: Export) -> anyhow::Result<()> {
    let Export { into, format, selection, unmasking } = export;
    let (masked, source) = (!unmasking.is_wanted(), from.open()?);
    let scope = selection.scope(UnmaskedBy::Export);
    let personal = unmasking.recorded(from.data(), selection.company, scope).await?;
    let mut pages = source.pages(&selection, personal).await?;
    let progress = Progress::of(pages.length(), false);
    let mut writer = Writer::begin(&into)?;
    let (mut first, mut last, mut left_out) = (None, None, 0);
    let incomplete = || format!("{} holds no whole export: remove it, and export again", into.display());
    while let Some(page) = pages.next().await.with_context(incomplete)? {
        for event in &page.events {
            let Some(line) = format.line(event) else {
                left_out += 1;
                continue;
            };
            writer.line(&line).with_context(incomplete)?;
            first.get_or_insert_with(|| Mark::of(event));
            last = Some(Mark::of(event));
        }
        progress.read(page.read);
    }
    drop(progress);
    let manifest = writer.end(|file| Manifest::new(format, masked, &selection, file, left_out, first, last));
    let manifest = manifest.with_context(incomplete)?;
    let text = match output {
        Output::Json => serde_json::to_string(&manifest)?,
        Output::Text => format!(
            "{} holds {} events, {} left out; SHA-256 {}",
            into.display(),
            manifest.count,
            manifest.left_out,
            manifest.sha256
        ),
    };
    Ok(writeln!(io::stdout(), "{text}")?)
}
