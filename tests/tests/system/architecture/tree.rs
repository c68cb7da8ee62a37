//! What files may be called and contain.

use std::fs;
use std::path::Path;
use std::process::Command;

use twostep_tests::repository;

use super::metadata::METADATA;

/// Names that say nothing about what is inside.
const EMPTY_NAMES: &[&str] =
    &["util", "utils", "common", "helper", "helpers", "manager", "managers", "misc", "shared_utils"];

/// Hosts of package registries, taken apart so that this file doesn't name them.
const REGISTRIES: &[&[&str]] = &[
    &["crates", "io"],
    &["pypi", "org"],
    &["pythonhosted", "org"],
    &["npmjs", "org"],
    &["npmjs", "com"],
    &["deb", "debian", "org"],
    &["proxy", "golang", "org"],
];

/// First folders of paths that exist on one machine only.
const MACHINE_FOLDERS: &[&str] = &["root", "home", "Users", "work"];

/// Every file that git tracks or would add.
pub(super) fn files() -> Vec<String> {
    git(&["ls-files", "--cached", "--others", "--exclude-standard"])
        .lines()
        .filter(|file| repository().join(file).is_file())
        .map(str::to_owned)
        .collect()
}

pub(super) fn git(arguments: &[&str]) -> String {
    let output = Command::new("git").args(arguments).current_dir(repository()).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// The texts of the tree, without lock files, which name where packages come from.
fn texts() -> impl Iterator<Item = (String, String)> {
    let locks = |file: &String| file.ends_with(".lock") || file.ends_with("-lock.json");
    files().into_iter().filter(move |file| !locks(file)).filter_map(|file| {
        let text = fs::read_to_string(repository().join(&file)).ok()?;
        Some((file, text))
    })
}

#[test]
fn no_folder_or_source_file_has_a_name_that_says_nothing() {
    for file in files() {
        for part in Path::new(&file).iter().map(|part| part.to_str().unwrap()) {
            let name = part.strip_suffix(".rs").unwrap_or(part);
            assert!(!EMPTY_NAMES.contains(&name), "{file}: name it after what it holds");
        }
    }
}

#[test]
fn nothing_is_left_to_do_in_code() {
    let unfinished = [concat!("to", "do!("), concat!("unimpl", "emented!(")];
    for (file, text) in texts().filter(|(file, _)| file.ends_with(".rs")) {
        for word in unfinished {
            assert!(!text.contains(word), "{file} says {word}");
        }
    }
}

#[test]
fn no_file_names_a_package_registry() {
    for (file, text) in texts() {
        for parts in REGISTRIES {
            let host = parts.join(".");
            assert!(!text.contains(&host), "{file} names {host}");
        }
    }
}

#[test]
fn no_file_names_a_path_of_one_machine() {
    for (file, text) in texts() {
        for folder in MACHINE_FOLDERS {
            let path = format!("/{folder}/");
            let found = text.match_indices(&path).find(|(at, _)| is_start_of_path(&text[..*at]));
            assert!(found.is_none(), "{file} names a path in {path}");
        }
    }
}

/// Whether what follows `before` starts an absolute path, not a part of a longer one or of a URL.
fn is_start_of_path(before: &str) -> bool {
    before.chars().next_back().is_none_or(|c| c.is_whitespace() || "\"'`(=:,<>[".contains(c))
}

#[test]
fn every_package_takes_over_the_workspaces_lints() {
    for package in METADATA.ours() {
        let manifest: toml::Table = fs::read_to_string(&package.manifest_path).unwrap().parse().unwrap();
        let inherits =
            manifest.get("lints").and_then(|lints| lints.get("workspace")).and_then(toml::Value::as_bool);
        assert_eq!(inherits, Some(true), "{} lacks `lints.workspace = true`", package.name);
    }
}
