//! What is public and called by tests alone is dead code: the compiler doesn't see it, since others could call it.

use std::collections::{BTreeMap, BTreeSet, HashSet};
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
    // The partition of an engine that has several: none does yet, and the rules for them have tests.
    "number",
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

/// A public function: its name, and whether it is of a type, so that others reach it by `.name(…)` or `::name` alone.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Function<'a> {
    name: &'a str,
    of_a_type: bool,
}

/// The functions that `text` makes public, in whatever measure.
fn public(text: &str) -> impl Iterator<Item = Function<'_>> {
    text.lines().filter_map(|line| {
        let code = line.trim_start();
        let name = code.starts_with("pub").then_some(code)?.split_once("fn ")?.1.split(['(', '<']).next()?;
        // A macro's name is somebody else's.
        (!name.starts_with('$')).then_some(Function { name, of_a_type: code.len() < line.len() })
    })
}

fn is_in_a_word(sign: char) -> bool {
    sign.is_alphanumeric() || sign == '_'
}

/// How a word stands in the product, as far as it can be a call.
#[derive(Default)]
struct Uses<'a> {
    /// After `.` and before `(` or `::<`, or after `::`.
    reached: HashSet<&'a str>,
    /// Anywhere but in its definition.
    named: HashSet<&'a str>,
}

impl<'a> Uses<'a> {
    fn count(&mut self, text: &'a str) {
        let mut rest = text;
        while let Some(start) = rest.find(is_in_a_word) {
            let end =
                rest[start..].find(|sign| !is_in_a_word(sign)).map_or(rest.len(), |length| start + length);
            let at = text.len() - rest.len();
            let (before, word, after) = (text[..at + start].trim_end(), &rest[start..end], &rest[end..]);
            if !before.ends_with("fn") {
                self.named.insert(word);
            }
            let called = after.starts_with('(') || after.starts_with("::<");
            if before.ends_with("::") || (before.ends_with('.') && called) {
                self.reached.insert(word);
            }
            rest = after;
        }
    }

    fn has(&self, function: &Function<'_>) -> bool {
        let uses = if function.of_a_type { &self.reached } else { &self.named };
        uses.contains(function.name)
    }
}

/// `text` without `pub use …;`: to pass a name on is not to use it.
fn without_re_exports(text: &str) -> String {
    let mut parts = text.split("pub use ");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |kept, part| kept + part.split_once(';').map_or("", |(_, rest)| rest))
}

#[test]
fn every_public_function_has_a_caller_that_is_no_test() {
    let product = product();
    let texts: Vec<String> = product.iter().map(|(_, text)| without_re_exports(text)).collect();
    let mut uses = Uses::default();
    texts.iter().for_each(|text| uses.count(text));
    let found: BTreeSet<(&str, &str)> = product
        .iter()
        .flat_map(|(file, text)| {
            public(text).filter(|it| !uses.has(it)).map(move |it| (it.name, file.as_str()))
        })
        .collect();
    let unused: Vec<_> = found.iter().filter(|(name, _)| !FOR_OTHERS.contains(name)).collect();
    assert!(unused.is_empty(), "called by nobody but tests: {unused:#?}");
    let names: BTreeSet<&str> = found.iter().map(|(name, _)| *name).collect();
    let stale: Vec<_> = FOR_OTHERS.iter().filter(|name| !names.contains(**name)).collect();
    assert!(stale.is_empty(), "called after all, or gone: {stale:?}");
}

#[test]
fn a_word_is_a_call_where_it_stands_like_one() {
    let mut uses = Uses::default();
    uses.count(
        "pub fn kept(&self) { self.field.called(1).generic::<u8>(); map(Self::passed); let kept = taken; }",
    );
    let of_a_type = |name| Function { name, of_a_type: true };
    assert!(["called", "generic", "passed"].into_iter().all(|name| uses.has(&of_a_type(name))));
    assert!(!["kept", "taken", "field"].into_iter().any(|name| uses.has(&of_a_type(name))));
    assert!(uses.has(&Function { name: "taken", of_a_type: false }));
}
