//! What the whole-system tests and the programs beside them share.

pub mod events;
pub mod faults;
pub mod harness;
pub mod load;
pub mod messages;
pub mod schemas;
pub mod story;

use std::path::PathBuf;

/// The folder that holds the workspace.
#[must_use]
pub fn repository() -> PathBuf {
    let here = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    here.parent().map_or_else(|| here.clone(), PathBuf::from)
}
