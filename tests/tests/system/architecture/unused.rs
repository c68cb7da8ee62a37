//! What is public and called by tests alone is dead code: the compiler doesn't see it, since others could call it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use twostep_tests::repository;

use super::tree::files;

/// Called by tests alone, and there for them or for somebody outside of this tree.
const FOR_OTHERS: &[&str] = &[
    // Clocks and conformance suites are what tests work with.
    "frozen_at",
    "run_all",
    // One step of a worker at a time.
    "run_once",
    // Of the typed client: the pages for auditors are to come.
    "audit_events",
];

/// The product's sources and templates without tests: path and text.
fn product() -> Vec<(String, String)> {
    let all = files();
    let ours = |file: &&String| {
        let parts: Vec<&str> = file.split('/').collect();
        let tests = parts.iter().any(|part| matches!(*part, "tests" | "tests.rs"));
        !tests && matches!(parts[0], "shared" | "services")
    };
    let sources = all.iter().filter(|file| file.ends_with(".rs") || file.ends_with(".html")).filter(ours);
    let mut texts = BTreeMap::new();
    let mut for_tests = BTreeSet::new();
    for file in sources {
        let text = fs::read_to_string(repository().join(file)).unwrap();
        let folder = file.rsplit_once('/').map_or("", |(folder, _)| folder);
        let modules = text.split("#[cfg(test)]\nmod ").skip(1).filter_map(|rest| rest.split_once(';'));
        for_tests.extend(modules.map(|(module, _)| format!("{folder}/{module}.rs")));
        texts.insert(file.clone(), without_tests(&text));
    }
    texts.into_iter().filter(|(file, _)| !for_tests.contains(file)).collect()
}

/// `text` without comments and up to its module of tests.
fn without_tests(text: &str) -> String {
    let ends = ["#[cfg(test)]\nmod tests {", "#[cfg(test)]\npub(crate) mod tests {"];
    let end = ends.iter().filter_map(|end| text.find(end)).min().unwrap_or(text.len());
    let lines = text[..end].lines().map(|line| line.split("//").next().unwrap_or_default());
    lines.collect::<Vec<_>>().join("\n")
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|sign: char| !sign.is_alphanumeric() && sign != '_')
}

/// The functions that `text` makes public, in whatever measure.
fn public(text: &str) -> impl Iterator<Item = &str> {
    let lines = text.lines().map(str::trim_start).filter(|line| line.starts_with("pub"));
    lines.filter_map(|line| line.split_once("fn ")?.1.split(['(', '<']).next())
}

#[test]
fn every_public_function_has_a_caller_that_is_no_test() {
    let product = product();
    let mut uses: BTreeMap<&str, usize> = BTreeMap::new();
    for word in product.iter().flat_map(|(_, text)| words(text)) {
        *uses.entry(word).or_default() += 1;
    }
    let named_once = |name: &&str| uses.get(name) == Some(&1);
    let found: BTreeSet<(&str, &str)> = product
        .iter()
        .flat_map(|(file, text)| public(text).filter(named_once).map(move |name| (name, file.as_str())))
        .collect();
    let unused: Vec<_> = found.iter().filter(|(name, _)| !FOR_OTHERS.contains(name)).collect();
    assert!(unused.is_empty(), "called by nobody but tests: {unused:?}");
    let names: BTreeSet<&str> = found.iter().map(|(name, _)| *name).collect();
    let stale: Vec<_> = FOR_OTHERS.iter().filter(|name| !names.contains(**name)).collect();
    assert!(stale.is_empty(), "called after all, or gone: {stale:?}");
}
