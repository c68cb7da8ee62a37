//! `twostep-audit replay`.

use std::io::{self, BufWriter, Write};

use clap::Args;
use twostep_api::UnmaskedBy;

use crate::progress::Progress;
use crate::selection::Selection;
use crate::source::Origin;
use crate::unmasking::Unmasking;
use crate::{Output, table};

/// Which events.
#[derive(Args)]
pub(crate) struct Replay {
    #[command(flatten)]
    selection: Selection,
    #[command(flatten)]
    unmasking: Unmasking,
}

/// Carries the command out.
pub(crate) async fn run(from: Origin, output: Output, replay: Replay) -> anyhow::Result<()> {
    let Replay { selection, unmasking } = replay;
    let source = from.open()?;
    let scope = selection.scope(UnmaskedBy::Replay);
    let personal = unmasking.recorded(from.data(), selection.company, scope).await?;
    let mut pages = source.pages(&selection, personal).await?;
    let progress = Progress::of(pages.length(), true);
    let mut out = BufWriter::new(io::stdout().lock());
    let mut first = true;
    while let Some(page) = pages.next().await? {
        progress.read(page.read);
        match output {
            _ if page.events.is_empty() => {}
            Output::Text => {
                out.write_all(table::events(&page.events, first).as_bytes())?;
                first = false;
            }
            Output::Json => {
                for event in &page.events {
                    serde_json::to_writer(&mut out, event).map_err(io::Error::from)?;
                    out.write_all(b"\n")?;
                }
            }
        }
        out.flush()?;
    }
    Ok(())
}
