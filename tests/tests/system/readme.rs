//! What the README shows works as it is shown.

use std::process::Command;

use twostep_tests::harness::program;
use twostep_tests::repository;

/// Every command on `twostep` in the README, whether it stands in a line of its own or in a sentence.
fn shown() -> Vec<String> {
    let text = std::fs::read_to_string(repository().join("README.md")).unwrap();
    let mut commands = Vec::new();
    for (place, part) in text.split("```").enumerate() {
        if place % 2 == 1 {
            let block = part.replace("\\\n", " ");
            commands.extend(block.lines().map(str::to_owned));
        } else {
            commands.extend(part.split('`').skip(1).step_by(2).map(|code| code.replace('\n', " ")));
        }
    }
    commands.retain(|command| command.starts_with("twostep ") && command.contains("--"));
    commands
}

#[test]
fn the_operators_commands_are_shown_with_all_that_they_need() {
    let (program, nowhere) = (program("twostep").unwrap(), tempfile::tempdir().unwrap());
    let path = program.parent().unwrap();
    let shown = shown();
    assert!(shown.len() >= 6, "the README wasn't understood: {shown:?}");
    for command in shown {
        // Nothing is there: each is understood, and refused for that.
        let elsewhere = format!("{}/", nowhere.path().display());
        let run = command.replace("/var/lib/", &elsewhere).replace("/etc/", &elsewhere);
        let output =
            Command::new("/bin/sh").args(["-c", &run]).env_clear().env("PATH", path).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(1), "{command}\n{said}");
    }
}
