//! The operator's command line.

use std::path::Path;
use std::process::{Command, Output};

use anyhow::{Context as _, bail};
use twostep_api::CreatedCompany;

use super::program;

/// `twostep company create`: gives what it printed.
///
/// # Errors
/// It fails; the error holds what it said.
pub fn create_company(data: &Path, slug: &str, holder_email: &str) -> anyhow::Result<CreatedCompany> {
    let name = format!("Company {slug}");
    let output = operate(
        data,
        &[
            "--output",
            "json",
            "company",
            "create",
            "--slug",
            slug,
            "--name",
            &name,
            "--country",
            "DE",
            "--product-name",
            "Rescue",
            "--holder-name",
            "Account Holder",
            "--holder-email",
            holder_email,
        ],
    )?;
    if !output.status.success() {
        bail!("twostep company create failed: {}", String::from_utf8_lossy(&output.stderr));
    }
    serde_json::from_slice(&output.stdout).context("what twostep company create printed")
}

/// `twostep` with `arguments`, on the installation in `data`.
///
/// # Errors
/// It can't be started.
pub fn operate(data: &Path, arguments: &[&str]) -> anyhow::Result<Output> {
    let mut command = Command::new(program("twostep")?);
    command.arg("--data").arg(data).args(arguments).output().context("starting twostep")
}
