//! `twostep config …`: the program that has the settings knows them.

use std::ffi::{OsStr, OsString};
use std::os::unix::process::CommandExt as _;
use std::path::Path;

use anyhow::{Context as _, bail};
use clap::Args;

use crate::Output;
use crate::beside::{STANDALONE, command, not_found};

/// The programs that have settings.
const PROGRAMS: [&str; 5] = ["standalone", "command-service", "email-worker", "sms-worker", "web"];

/// What is handed on: `check` or `show`, and their options.
#[derive(Args)]
pub(crate) struct Config {
    /// `check --config FILE` or `show --config FILE --redacted`. Checked are the settings of the program that --program
    /// names (standalone, command-service, email-worker, sms-worker, web), else of the one that FILE is named after, else
    /// of twostep-standalone, whose settings are those that are shown; its `check --help` lists the options.
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, required = true, value_name = "ARGUMENTS")]
    arguments: Vec<OsString>,
}

/// Becomes that program: found beside this one, else on PATH. Comes back only where it can't be started.
pub(crate) fn run(data: Option<&Path>, output: Output, config: Config) -> anyhow::Error {
    start(data, output, config.arguments).err().unwrap_or_else(|| anyhow::anyhow!("nothing was started"))
}

fn start(data: Option<&Path>, output: Output, mut arguments: Vec<OsString>) -> anyhow::Result<()> {
    let program = match take(&mut arguments, "--program")? {
        Some(named) => known(&named).with_context(|| {
            format!("--program takes one of {}, not {}", PROGRAMS.join(", "), named.display())
        })?,
        None => {
            let file = value(&arguments, "--config").or_else(|| std::env::var_os("TWOSTEP_CONFIG"));
            let named = file.as_deref().and_then(|file| known(Path::new(file).file_stem()?));
            named.unwrap_or_else(|| STANDALONE.to_owned())
        }
    };
    let mut command = command(&program);
    if program == STANDALONE {
        command.arg("config").args(arguments);
        if output == Output::Json {
            command.args(["--output", "json"]);
        }
    } else {
        if arguments.first().is_none_or(|what| what != "check") {
            bail!(
                "the settings of {program} can be checked (config check), and those of {STANDALONE} also shown"
            );
        }
        command.arg(if output == Output::Json { "--check=json" } else { "--check" }).args(&arguments[1..]);
    }
    if let Some(data) = data {
        command.env("TWOSTEP_DATA", data);
    }
    Err(anyhow::Error::new(command.exec()).context(not_found(&program)))
}

/// The program's whole name, if it is one of ours.
fn known(name: &OsStr) -> Option<String> {
    let name = name.to_str()?;
    let short = name.strip_prefix("twostep-").unwrap_or(name);
    PROGRAMS.contains(&short).then(|| format!("twostep-{short}"))
}

/// Takes an option and its value out.
fn take(arguments: &mut Vec<OsString>, option: &str) -> anyhow::Result<Option<OsString>> {
    let found = value(arguments, option);
    let Some(at) = arguments.iter().position(|argument| is(argument, option)) else { return Ok(None) };
    let whole = arguments.remove(at);
    if whole == option {
        if at >= arguments.len() {
            bail!("{option} wants a value");
        }
        arguments.remove(at);
    }
    Ok(found)
}

/// The value of an option: after it, or after its equals sign.
fn value(arguments: &[OsString], option: &str) -> Option<OsString> {
    let at = arguments.iter().position(|argument| is(argument, option))?;
    match arguments[at].to_str().and_then(|argument| argument.split_once('=')) {
        Some((_, value)) => Some(value.into()),
        None => arguments.get(at + 1).cloned(),
    }
}

fn is(argument: &OsStr, option: &str) -> bool {
    argument.to_str().and_then(|argument| argument.split('=').next()) == Some(option)
}
