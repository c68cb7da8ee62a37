//! What may be linked, from deny.toml: the same rules for those who don't have cargo-deny.

use std::collections::HashSet;
use std::fs;
use std::path::Path;

use serde::Deserialize;
use twostep_tests::repository;

use super::metadata::{Dependency, METADATA};
use super::tree::files;

#[derive(Deserialize)]
struct Deny {
    licenses: Licences,
    bans: Bans,
}

#[derive(Deserialize)]
struct Licences {
    allow: Vec<String>,
}

#[derive(Deserialize)]
struct Bans {
    deny: Vec<Ban>,
}

#[derive(Deserialize)]
struct Ban {
    #[serde(rename = "crate")]
    name: String,
}

fn rules() -> Deny {
    toml::from_str(&fs::read_to_string(repository().join("deny.toml")).unwrap()).unwrap()
}

/// Whether an SPDX expression can be met with the allowed licences; `AND` binds tighter than `OR`, `/` is an old `OR`.
fn allows(expression: &str, allowed: &[String]) -> bool {
    let spaced = expression.replace('/', " OR ").replace('(', " ( ").replace(')', " ) ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut rest = &words[..];
    any_of(&mut rest, allowed) && rest.is_empty()
}

fn any_of(words: &mut &[&str], allowed: &[String]) -> bool {
    let mut met = all_of(words, allowed);
    while let ["OR", rest @ ..] = *words {
        *words = rest;
        met |= all_of(words, allowed);
    }
    met
}

fn all_of(words: &mut &[&str], allowed: &[String]) -> bool {
    let mut met = one(words, allowed);
    while let ["AND", rest @ ..] = *words {
        *words = rest;
        met &= one(words, allowed);
    }
    met
}

fn one(words: &mut &[&str], allowed: &[String]) -> bool {
    match *words {
        ["(", rest @ ..] => {
            *words = rest;
            let met = any_of(words, allowed);
            let [")", rest @ ..] = *words else { return false };
            *words = rest;
            met
        }
        [licence, "WITH", exception, rest @ ..] => {
            *words = rest;
            allowed.contains(&format!("{licence} WITH {exception}"))
        }
        [licence, rest @ ..] => {
            *words = rest;
            allowed.iter().any(|it| it == licence)
        }
        [] => false,
    }
}

#[test]
fn every_package_has_an_allowed_licence() {
    let rules = rules();
    let linked = METADATA.linked_by(None);
    let wrong: Vec<_> = METADATA
        .packages
        .iter()
        .filter(|package| linked.contains(&*package.name))
        .filter(|package| !package.license.as_deref().is_some_and(|it| allows(it, &rules.licenses.allow)))
        .map(|package| (&package.name, &package.license))
        .collect();
    assert!(wrong.is_empty(), "{wrong:?}");
}

#[test]
fn no_banned_package_is_linked() {
    let linked = METADATA.linked_by(None);
    assert!(linked.contains("serde"), "the walk over what is linked found nothing");
    let banned: Vec<_> =
        rules().bans.deny.into_iter().filter(|ban| linked.contains(&*ban.name)).map(|ban| ban.name).collect();
    assert!(banned.is_empty(), "{banned:?}");
}

#[test]
fn every_dependency_that_is_declared_is_used_by_the_code_of_its_package() {
    let root: toml::Table = fs::read_to_string(repository().join("Cargo.toml")).unwrap().parse().unwrap();
    let declared = root["workspace"]["dependencies"].as_table().unwrap();
    let used = |name: &str| METADATA.ours().any(|it| it.dependencies.iter().any(|used| used.name == name));
    let mut idle: Vec<_> = declared.keys().filter(|name| !used(name)).cloned().collect();
    for package in METADATA.ours() {
        let folder = Path::new(&package.manifest_path).parent().unwrap().strip_prefix(repository()).unwrap();
        let sources = files().into_iter().filter(|file| Path::new(file).starts_with(folder));
        let sources = sources.filter(|file| file.ends_with(".rs") || file.ends_with(".html"));
        let text: String = sources.map(|file| fs::read_to_string(repository().join(file)).unwrap()).collect();
        let words: HashSet<&str> = text.split(|sign: char| !sign.is_alphanumeric() && sign != '_').collect();
        let unnamed = |used: &&Dependency| !words.contains(used.name.replace('-', "_").as_str());
        let unnamed = package.dependencies.iter().filter(unnamed);
        idle.extend(unnamed.map(|used| format!("{} of {}", used.name, package.name)));
    }
    assert!(idle.is_empty(), "used by nobody: {idle:?}");
}

#[test]
fn licence_expressions_are_read_as_spdx_means_them() {
    let allowed = ["MIT".to_owned(), "ISC".to_owned(), "Apache-2.0 WITH LLVM-exception".to_owned()];
    for good in [
        "MIT",
        "GPL-2.0-only OR MIT",
        "GPL-2.0-only/MIT",
        "ISC AND (MIT OR X)",
        "Apache-2.0 WITH LLVM-exception",
    ] {
        assert!(allows(good, &allowed), "{good}");
    }
    for bad in ["", "X", "MIT AND X", "(MIT OR X) AND Y", "Apache-2.0", "(MIT", "MIT MIT", "X OR MIT AND Y"] {
        assert!(!allows(bad, &allowed), "{bad}");
    }
}
