//! Log output of a process: to stderr, for people or for machines.

mod names;

use std::io::{IsTerminal, stderr};

use clap::ValueEnum;
use serde::Deserialize;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::util::TryInitError;

/// How log lines look.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Format {
    /// One line for people, coloured on a terminal unless `NO_COLOR` is set.
    Pretty,
    /// One JSON object per line.
    Json,
}

impl Format {
    /// For people where stderr is a terminal, else for machines.
    #[must_use]
    pub fn for_stderr() -> Self {
        if stderr().is_terminal() { Self::Pretty } else { Self::Json }
    }
}

/// Why log output could not be started.
#[derive(Debug, thiserror::Error)]
pub enum TelemetryError {
    /// The filter is not in the form that tracing reads.
    #[error("`{filter}` is not a log filter; write for example `info` or `info,twostep_commands=debug`")]
    Filter {
        /// What was given.
        filter: String,
        /// What is wrong with it.
        #[source]
        source: tracing_subscriber::filter::ParseError,
    },
    /// It would silence everything: what is no level is taken for a part, here one that doesn't exist.
    #[error(
        "`{word}` in the log filter `{filter}` is neither a level (off, error, warn, info, debug, trace) nor a part of this program: write for example `info` or `info,twostep_delivery=debug`"
    )]
    Nothing {
        /// What was given.
        filter: String,
        /// What of it means nothing.
        word: String,
    },
    /// Something else in this process writes the log already.
    #[error("starting the log output")]
    AlreadyStarted(#[from] TryInitError),
}

/// Starts log output to stderr, at the levels that `filter` names (`info`, `info,twostep_commands=debug`).
///
/// # Errors
/// A filter that can't be read; a second call in one process.
pub fn init(format: Format, filter: &str) -> Result<(), TelemetryError> {
    use tracing_subscriber::util::SubscriberInitExt;
    let levels = EnvFilter::try_new(filter)
        .map_err(|source| TelemetryError::Filter { filter: filter.to_owned(), source })?;
    if let Some(word) = names::unknown(filter) {
        return Err(TelemetryError::Nothing { filter: filter.to_owned(), word: word.to_owned() });
    }
    // Where stderr is a terminal that was closed, to complain there would be a panic, and the stop wouldn't come.
    let output =
        tracing_subscriber::fmt().with_env_filter(levels).with_writer(stderr).log_internal_errors(false);
    match format {
        Format::Json => output.json().flatten_event(true).finish().try_init()?,
        Format::Pretty => output.with_ansi(colours()).finish().try_init()?,
    }
    Ok(())
}

/// Whether stderr takes colours: a terminal, and nobody set `NO_COLOR` (<https://no-color.org>).
#[must_use]
pub fn colours() -> bool {
    stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bad_filter_is_refused_with_an_example() {
        let error = init(Format::Json, "twostep=loud").unwrap_err();
        assert!(error.to_string().contains("write for example `info`"), "{error}");
    }

    #[test]
    fn a_filter_that_would_silence_everything_is_refused_with_what_is_allowed() {
        let error = init(Format::Json, "warning").unwrap_err().to_string();
        assert!(error.contains("`warning`") && error.contains("off, error, warn, info"), "{error}");
    }

    #[test]
    fn starting_twice_is_an_error_not_a_panic() {
        init(Format::Pretty, "off").unwrap();
        assert!(matches!(init(Format::Json, "off"), Err(TelemetryError::AlreadyStarted(_))));
    }
}
