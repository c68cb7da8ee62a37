//! The program that runs an installation: it knows settings and files.

use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::Command;

/// Its name.
pub(crate) const PROGRAM: &str = "twostep-standalone";

/// A call of it: found beside this one, else on PATH.
pub(crate) fn command() -> Command {
    let own = std::env::current_exe().ok();
    let beside = own.as_deref().and_then(Path::parent).map(|folder| folder.join(PROGRAM));
    let mut command = Command::new(beside.filter(|path| path.is_file()).unwrap_or_else(|| PROGRAM.into()));
    // What it says of faults begins with the name that was typed.
    command.arg0("twostep");
    command
}

/// What to say where it can't be started.
pub(crate) fn not_found() -> String {
    format!("{PROGRAM} can't be started: it lies neither beside twostep nor on PATH")
}
