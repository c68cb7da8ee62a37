//! `twostep config …`: the program that has the settings knows them.

use std::ffi::OsString;
use std::os::unix::process::CommandExt as _;
use std::path::Path;

use clap::Args;

use crate::{Output, standalone};

/// What is handed on: `check` or `show`, and their options.
#[derive(Args)]
pub(crate) struct Config {
    /// `check --config FILE` or `show --config FILE --redacted`; `check --help` lists the options.
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, required = true, value_name = "ARGUMENTS")]
    arguments: Vec<OsString>,
}

/// Becomes that program: found beside this one, else on PATH. Comes back only where it can't be started.
pub(crate) fn run(data: Option<&Path>, output: Output, config: Config) -> anyhow::Error {
    let mut command = standalone::command();
    command.arg("config").args(config.arguments);
    if output == Output::Json {
        command.args(["--output", "json"]);
    }
    if let Some(data) = data {
        command.env("TWOSTEP_DATA", data);
    }
    anyhow::Error::new(command.exec()).context(standalone::not_found())
}
