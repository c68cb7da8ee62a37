//! The justfile is the manual of the repository: it must explain itself, and run as cloned.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use twostep_tests::repository;

use super::tree::git;

fn is_recipe(line: &str) -> bool {
    let starts = line.starts_with(|c: char| c.is_ascii_lowercase() || c == '@' || c == '_');
    starts && line.contains(':') && !line.contains(":=") && !line.starts_with("set ")
}

#[test]
fn every_recipe_has_a_comment() {
    let text = fs::read_to_string(repository().join("justfile")).unwrap();
    let mut before = "";
    let mut recipes = 0;
    for line in text.lines() {
        if is_recipe(line) {
            recipes += 1;
            assert!(before.starts_with("# "), "no comment over `{line}`");
        }
        if !line.starts_with('[') {
            before = line;
        }
    }
    assert!(recipes >= 4, "the justfile wasn't understood: {recipes} recipes");
}

#[test]
fn what_is_run_has_the_run_bit() {
    for file in ["just", ".ci/run"] {
        let mode = fs::metadata(repository().join(file)).unwrap().permissions().mode();
        assert_eq!(mode & 0o111, 0o111, "{file} is not executable");
        assert!(
            git(&["ls-files", "-s", file]).starts_with("100755 "),
            "git doesn't know that {file} is executable"
        );
    }
}
