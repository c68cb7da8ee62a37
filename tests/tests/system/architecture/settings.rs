//! The table of settings in README.md names what there is, all of it and nothing else.

use std::collections::BTreeSet;
use std::fs;

use twostep_tests::repository;

/// Where the settings of `twostep-standalone` are declared: every field is a setting or a part of its name.
const DECLARED_IN: &[&str] = &[
    "services/standalone/src/settings.rs",
    "services/command-service/installation/src/settings.rs",
    "services/email-worker/channel/src/config.rs",
    "services/sms-worker/channel/src/config.rs",
];

fn read(file: &str) -> String {
    fs::read_to_string(repository().join(file)).unwrap()
}

/// The names of public fields.
fn declared() -> BTreeSet<String> {
    let text: String = DECLARED_IN.iter().map(|file| read(file)).collect();
    let fields = text.lines().filter_map(|line| {
        let field = line.strip_prefix("    pub(crate) ").or_else(|| line.strip_prefix("    pub "))?;
        let (name, _) = field.split_once(": ")?;
        name.chars().all(|sign| sign.is_ascii_lowercase() || sign == '_').then(|| name.to_owned())
    });
    fields.collect()
}

/// The parts of the names in the first column of the table, without those that people choose.
fn documented() -> BTreeSet<String> {
    let readme = read("README.md");
    let table = readme.split("| setting | default | meaning |").nth(1).unwrap();
    let rows = table.lines().skip(2).take_while(|line| line.starts_with('|'));
    let names = rows.flat_map(|row| row.split('|').nth(1).unwrap().split('`').skip(1).step_by(2));
    let parts = names.flat_map(|name| name.split('.'));
    parts.filter(|part| !part.is_empty() && !part.starts_with('<')).map(str::to_owned).collect()
}

#[test]
fn the_readme_names_every_setting_and_no_other() {
    let (declared, documented) = (declared(), documented());
    assert!(declared.contains("breaker_seconds") && documented.contains("breaker_seconds"));
    assert_eq!(documented, declared);
}
