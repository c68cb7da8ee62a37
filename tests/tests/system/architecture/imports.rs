//! Who may import what.

use std::collections::BTreeSet;

use super::metadata::{METADATA, Package};

/// The packages of ours that a package may use, and those that its tests may use on top.
///
/// The domain uses nothing of ours; ports know domain types at most and never an adapter; an adapter knows its port.
/// The command-service never links the in-process queue; the workers never see the log, the commands, the keys or the
/// read models; no service uses another, except standalone, which composes them.
const MAY_IMPORT: &[(&str, &[&str], &[&str])] = &[
    ("api", &[], &[]),
    ("clock", &[], &[]),
    ("domain", &[], &[]),
    ("client", &["api"], &[]),
    ("runtime", &["clock"], &[]),
    ("event-store", &["domain"], &[]),
    ("event-store-sqlite", &["clock", "domain", "event-store"], &[]),
    ("vault", &["clock", "domain"], &[]),
    ("delivery", &["clock", "domain"], &[]),
    ("delivery-local", &["clock", "delivery", "domain"], &[]),
    ("projections", &["clock", "domain", "event-store", "vault"], &["event-store-sqlite"]),
    ("commands", &["clock", "domain", "event-store", "projections", "vault"], &["event-store-sqlite"]),
    (
        "command-service",
        &["api", "clock", "commands", "delivery", "domain", "event-store", "projections", "runtime", "vault"],
        &["client", "delivery-local", "event-store-sqlite"],
    ),
    ("web", &["api", "client", "clock", "runtime"], &[]),
    ("email-worker", &["clock", "delivery", "domain", "runtime"], &["dev-inbox", "delivery-local"]),
    ("sms-worker", &["clock", "delivery", "domain", "runtime"], &["dev-inbox", "delivery-local"]),
    ("dev-inbox", &["clock", "runtime"], &[]),
    (
        "operator",
        &[
            "api",
            "clock",
            "commands",
            "domain",
            "event-store",
            "event-store-sqlite",
            "projections",
            "runtime",
            "vault",
        ],
        &[],
    ),
    (
        "standalone",
        &[
            "api",
            "client",
            "clock",
            "command-service",
            "commands",
            "delivery",
            "delivery-local",
            "dev-inbox",
            "domain",
            "email-worker",
            "event-store",
            "event-store-sqlite",
            "operator",
            "projections",
            "runtime",
            "sms-worker",
            "vault",
            "web",
        ],
        &[],
    ),
    // The log to make long histories for the measures, log and vault to try what still opens when nothing runs: tests
    // speak to child processes.
    ("tests", &["api", "client", "domain", "event-store", "event-store-sqlite"], &["vault"]),
];

/// Packages of others that only these of ours may use directly.
const KEPT_TO: &[(&str, &[&str])] = &[
    ("lettre", &["email-worker", "dev-inbox"]),
    ("rusqlite", &["event-store-sqlite", "vault", "commands", "projections"]),
    ("axum", &["runtime", "command-service", "web", "dev-inbox", "operator", "standalone"]),
    ("clap", &["runtime", "command-service", "dev-inbox", "operator", "standalone", "tests"]),
    ("argon2", &["vault"]),
    ("chacha20poly1305", &["vault", "delivery"]),
    ("totp-rs", &["vault"]),
    ("rand", &["vault", "delivery", "standalone", "web"]),
];

/// What the domain may use: shapes and arithmetic, nothing that waits, reads, writes or draws.
const DOMAIN: &[&str] =
    &["chrono", "phonenumber", "schemars", "serde", "serde_json", "thiserror", "uuid", "zeroize"];

fn short(package: &str) -> Option<&str> {
    package.strip_prefix("twostep-")
}

fn used(package: &Package, tests_only: bool) -> impl Iterator<Item = &str> {
    let kind = tests_only.then_some("dev");
    package.dependencies.iter().filter(move |used| used.kind.as_deref() == kind).map(|used| &*used.name)
}

#[test]
fn packages_import_what_the_architecture_allows() {
    let mut wrong = Vec::new();
    for package in METADATA.ours() {
        let name = short(&package.name).unwrap();
        let Some((_, always, in_tests)) = MAY_IMPORT.iter().find(|(other, ..)| *other == name) else {
            wrong.push(format!("{name} has no line in MAY_IMPORT"));
            continue;
        };
        let ours = |tests_only| used(package, tests_only).filter_map(short);
        wrong.extend(ours(false).filter(|it| !always.contains(it)).map(|it| format!("{name} uses {it}")));
        let tests = ours(true).filter(|it| !always.contains(it) && !in_tests.contains(it) && *it != name);
        wrong.extend(tests.map(|it| format!("the tests of {name} use {it}")));
    }
    assert!(wrong.is_empty(), "not allowed by the architecture: {wrong:#?}");
}

#[test]
fn the_table_of_imports_has_no_line_without_a_package() {
    let packages: BTreeSet<&str> = METADATA.ours().filter_map(|package| short(&package.name)).collect();
    let listed: BTreeSet<&str> = MAY_IMPORT.iter().map(|(name, ..)| *name).collect();
    assert_eq!(listed, packages);
}

#[test]
fn what_one_place_decides_is_linked_there_only() {
    for (external, users) in KEPT_TO {
        for package in METADATA.ours() {
            let name = short(&package.name).unwrap();
            let uses = used(package, false).any(|used| used == *external);
            assert!(!uses || users.contains(&name), "{name} uses {external}, which belongs to {users:?}");
        }
    }
}

#[test]
fn the_domain_uses_nothing_that_does_io() {
    let domain = METADATA.ours().find(|package| package.name == "twostep-domain").unwrap();
    let others: Vec<_> = used(domain, false).filter(|used| !DOMAIN.contains(used)).collect();
    assert!(others.is_empty(), "{others:?}");
}

#[test]
fn standalone_links_no_broker_and_no_other_store() {
    let linked = METADATA.linked_by(Some("twostep-standalone"));
    assert!(linked.contains("rusqlite"), "the walk over what is linked found nothing");
    for heavy in ["async-nats", "tonic", "kurrentdb", "eventstore"] {
        assert!(!linked.contains(heavy), "standalone links {heavy}");
    }
}

#[test]
fn the_command_service_links_neither_a_mailer_nor_the_in_process_queue() {
    let linked = METADATA.linked_by(Some("twostep-command-service"));
    for foreign in ["lettre", "twostep-delivery-local", "twostep-email-worker", "twostep-sms-worker"] {
        assert!(!linked.contains(foreign), "command-service links {foreign}");
    }
}

#[test]
fn the_workers_link_no_log_no_commands_no_keys_and_no_read_models() {
    for worker in ["twostep-email-worker", "twostep-sms-worker"] {
        let linked = METADATA.linked_by(Some(worker));
        for foreign in ["event-store", "event-store-sqlite", "commands", "vault", "projections"] {
            assert!(!linked.contains(&*format!("twostep-{foreign}")), "{worker} links {foreign}");
        }
    }
}
