//! Settings judged without starting anything: whether a program would start with them, and everything that is in the way.

use std::io::{self, Write as _};
use std::process::ExitCode;

use clap::ValueEnum;
use serde::Serialize;

use super::{Effective, Layers, Settings, Survey, survey};
use crate::Profile;

/// How it is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Printed {
    /// For people.
    Text,
    /// One line of JSON.
    Json,
}

/// What a program says of settings of its own that could be read.
#[derive(Default)]
pub struct Judged {
    /// What keeps it from starting, each with the group of settings that it is about, or none.
    pub problems: Vec<(&'static str, String)>,
    /// What is worth saying.
    pub warnings: Vec<String>,
}

impl Judged {
    /// Adds what is in the way, with its causes, if anything is.
    pub fn add<E: Into<Box<dyn std::error::Error + Send + Sync>>>(
        &mut self,
        group: &'static str,
        check: Result<(), E>,
    ) {
        if let Err(error) = check {
            self.problems.push((group, in_words(&*error.into())));
        }
    }
}

/// What is in the way, and what is worth saying.
pub struct Checked {
    problems: Vec<String>,
    warnings: Vec<String>,
}

impl Checked {
    /// Reads the settings as far as that goes and has the program judge them.
    pub fn of<S: Settings>(layers: Layers, judge: impl FnOnce(S) -> Judged) -> Self {
        let Survey { settings, effective, faults, made_up, mut warnings } = survey::<S>(layers);
        let mut problems: Vec<String> = faults.iter().map(|fault| in_words(fault)).collect();
        let judged = settings.map(judge).unwrap_or_default();
        // A group in which a value means nothing is judged once it has all of its own.
        let made_up: Vec<_> = made_up.iter().filter_map(|name| name.split('.').next()).collect();
        for (group, why) in judged.problems {
            if made_up.contains(&group) {
                continue;
            }
            let why = if why.starts_with(group) { why } else { format!("{group}: {why}") };
            problems.push(effective.as_ref().map_or(why.clone(), |effective| placed(&why, effective)));
        }
        warnings.extend(judged.warnings);
        Self { problems, warnings }
    }

    /// Adds what else is in the way.
    #[must_use]
    pub fn with(mut self, problem: Option<String>) -> Self {
        self.problems.extend(problem);
        self
    }

    /// Prints it; the exit code is 1 where something is in the way.
    ///
    /// # Errors
    /// Nobody reads it.
    pub fn print(&self, profile: Profile, printed: Printed) -> io::Result<ExitCode> {
        let Self { problems, warnings } = self;
        let (mut out, fits) = (io::stdout(), problems.is_empty());
        if printed == Printed::Json {
            let told = Told { fits, profile: profile.as_str(), problems, warnings };
            writeln!(out, "{}", serde_json::to_string(&told)?)?;
        } else {
            for problem in problems {
                writeln!(out, "{problem}")?;
            }
            for warning in warnings {
                writeln!(out, "warning: {warning}")?;
            }
            if fits {
                writeln!(out, "the settings fit the {profile} profile")?;
            }
        }
        Ok(if fits { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }
}

#[derive(Serialize)]
struct Told<'a> {
    fits: bool,
    profile: &'static str,
    problems: &'a [String],
    warnings: &'a [String],
}

/// What is wrong, with its causes.
fn in_words(error: &(dyn std::error::Error + 'static)) -> String {
    let causes = std::iter::successors(error.source(), |cause| cause.source());
    causes.fold(error.to_string(), |said, cause| format!("{said}: {cause}"))
}

/// The same with where the setting stands that it begins with.
fn placed(problem: &str, effective: &Effective) -> String {
    let named = effective.entries().filter(|(name, ..)| {
        problem.strip_prefix(name).is_some_and(|rest| rest.starts_with([' ', ':', ';', ',']))
    });
    let named = named.max_by_key(|(name, ..)| name.len()).map(|(.., origin)| origin);
    match named.filter(|origin| *origin != "default") {
        Some(origin) => format!("{problem} ({origin})"),
        None => problem.to_owned(),
    }
}
