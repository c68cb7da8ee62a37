//! Running the built programs: each is a child process, spoken to over HTTP, SMTP and its command line alone.

mod auditor;
mod child;
mod cluster;
mod contract;
mod inbox;
mod manner;
mod nats;
mod operator;
mod plain;
mod port;
mod product;
mod standalone;
mod totp;

use std::path::PathBuf;

use anyhow::Context as _;

pub use auditor::{auditor, lines, lines_and_peak};
pub use child::{Child, Ear};
pub use cluster::{Cluster, Worker, Workers};
pub use contract::fulfils;
pub use inbox::{Inbox, Message};
pub use manner::Manner;
pub use nats::Nats;
pub use operator::{create_company, operate};
pub use plain::{Answer, Plain, answer};
pub use port::Port;
pub use product::Product;
pub use standalone::Standalone;
pub use totp::{code_at, codes_at};

/// The built program `name`, beside the running test or program.
///
/// # Errors
/// It isn't built: `cargo build --workspace --bins`.
pub fn program(name: &str) -> anyhow::Result<PathBuf> {
    let own = std::env::current_exe().context("where am I?")?;
    let mut folders = own.ancestors().skip(1).take(2).map(|folder| folder.join(name));
    let found = folders.find(|path| path.is_file());
    found.with_context(|| format!("{name} is not built: cargo build --workspace --bins --locked"))
}
