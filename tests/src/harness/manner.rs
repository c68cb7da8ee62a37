//! How the programs of a cluster are run: on which ports, how loud, and who hears them.

use std::os::unix::process::CommandExt as _;
use std::path::PathBuf;
use std::process::Command;

use super::{Child, Ear, program};

/// How a cluster is run.
#[derive(Clone)]
pub struct Manner {
    /// The port of the pages, before those of API and admin ports; none: wherever it is free.
    pub first_port: Option<u16>,
    /// What is logged.
    pub log: &'static str,
    /// Whether clocks can be moved.
    pub test_clock: bool,
    /// Who hears what the program of a name says.
    pub ear: Option<fn(&str) -> Ear>,
    /// Whether Ctrl-C leaves the programs to whoever started them.
    pub apart: bool,
    /// More variables in the environment of every program of ours that uses the queue.
    pub environment: Vec<(&'static str, PathBuf)>,
}

impl Default for Manner {
    /// As tests want it: free ports, clocks that move, everything logged.
    fn default() -> Self {
        let environment = Vec::new();
        Self { first_port: None, log: "debug", test_clock: true, ear: None, apart: false, environment }
    }
}

impl Manner {
    /// A program of ours, told how to log and how to run.
    pub(super) fn command(&self, name: &str) -> anyhow::Result<Command> {
        let mut command = Command::new(program(name)?);
        let format = if self.ear.is_some() { "pretty" } else { "json" };
        command.args(["--log-format", format, "--log", self.log, "--profile", "demo"]);
        if self.test_clock {
            command.arg("--test-clock");
        }
        command.env("NO_COLOR", "1");
        Ok(command)
    }

    /// What more stands in the environment of whoever uses the queue.
    pub(super) fn variables(&self) -> impl Iterator<Item = (&'static str, &PathBuf)> {
        self.environment.iter().map(|(name, value)| (*name, value))
    }

    /// Starts a program and waits until it is ready.
    pub(super) fn start(
        &self,
        name: &str,
        mut command: Command,
        ready: impl Fn(&str) -> bool,
    ) -> anyhow::Result<Child> {
        if self.apart {
            command.process_group(0);
        }
        Ok(Child::start_heard(command, ready, self.ear.map(|ear| ear(name)))?.0)
    }
}
