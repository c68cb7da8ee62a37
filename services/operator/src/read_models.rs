//! `twostep read-models …`.

use std::io::Write as _;
use std::path::Path;

use anyhow::bail;
use clap::Subcommand;
use twostep_api::{RebuiltModel, RebuiltModels};
use twostep_client::operator as service;

use crate::Output;

/// What the log adds up to for those who ask.
#[derive(Subcommand)]
pub(crate) enum ReadModels {
    /// Builds every read model anew from the log, beside the live one, which answers meanwhile; compares the two and
    /// puts the new one in its place. Fails where they differed.
    Rebuild,
}

/// Carries a command out.
pub(crate) async fn run(data: &Path, output: Output, command: ReadModels) -> anyhow::Result<()> {
    let ReadModels::Rebuild = command;
    let rebuilt: RebuiltModels = service::post(data, "read-models/rebuilds", &serde_json::json!({})).await?;
    let mut out = std::io::stdout();
    match output {
        Output::Json => writeln!(out, "{}", serde_json::to_string(&rebuilt)?)?,
        Output::Text => {
            for RebuiltModel { model, same } in &rebuilt.models {
                let found = if *same { "was what the log adds up to" } else { "DIFFERED from the log" };
                writeln!(out, "{model}: {found}")?;
            }
        }
    }
    if rebuilt.models.iter().any(|model| !model.same) {
        bail!(
            "a read model was not what the log adds up to. The rebuilt one answers now; what was answered before may \
             have been wrong. It is a defect of the program: keep a copy of the data directory and report it"
        );
    }
    Ok(())
}
