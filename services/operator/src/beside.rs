//! The programs that run an installation: they know settings and files.

use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::Command;

/// The one that is all of them.
pub(crate) const STANDALONE: &str = "twostep-standalone";

/// A call of one: found beside this one, else on PATH.
pub(crate) fn command(program: &str) -> Command {
    let own = std::env::current_exe().ok();
    let beside = own.as_deref().and_then(Path::parent).map(|folder| folder.join(program));
    let mut command = Command::new(beside.filter(|path| path.is_file()).unwrap_or_else(|| program.into()));
    // What it says of faults begins with the name that was typed.
    command.arg0("twostep");
    command
}

/// What to say where it can't be started.
pub(crate) fn not_found(program: &str) -> String {
    format!("{program} can't be started: it lies neither beside twostep nor on PATH")
}
