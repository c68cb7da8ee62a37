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
    ("languages", &["domain"], &[]),
    ("event-store-sqlite", &["domain", "event-store"], &[]),
    ("vault", &["domain"], &[]),
    ("delivery", &["clock", "domain"], &[]),
    ("delivery-local", &["clock", "delivery", "domain"], &[]),
    ("delivery-nats", &["clock", "delivery", "domain"], &[]),
    ("projections", &["domain", "event-store"], &[]),
    ("history", &["api", "domain", "event-store", "projections", "vault"], &[]),
    ("commands", &["clock", "domain", "event-store", "projections", "vault"], &[]),
    (
        "service",
        &[
            "api",
            "clock",
            "commands",
            "delivery",
            "domain",
            "event-store",
            "history",
            "projections",
            "runtime",
            "vault",
        ],
        &["delivery-local"],
    ),
    // The service over the embedded log, for the programs that hold one.
    (
        "installation",
        &[
            "api",
            "commands",
            "delivery",
            "domain",
            "event-store-sqlite",
            "projections",
            "runtime",
            "service",
            "vault",
        ],
        &[],
    ),
    ("web", &["api", "client", "clock", "runtime"], &[]),
    ("email-channel", &["clock", "delivery", "domain", "languages", "runtime"], &["dev-inbox"]),
    ("sms-channel", &["clock", "delivery", "domain", "languages", "runtime"], &["dev-inbox"]),
    ("dev-inbox", &["clock", "runtime"], &[]),
    ("demo-company", &["api", "client", "vault"], &[]),
    ("operator", &["api", "client", "delivery-nats", "runtime", "vault"], &[]),
    // Of the log it gets the half that reads: see below.
    (
        "audit",
        &[
            "api",
            "client",
            "domain",
            "event-store",
            "event-store-sqlite",
            "history",
            "projections",
            "runtime",
            "vault",
        ],
        &[],
    ),
    ("worker", &["clock", "delivery", "delivery-nats", "domain", "runtime"], &[]),
    ("email-worker", &["clock", "delivery-nats", "domain", "email-channel", "runtime", "worker"], &[]),
    ("sms-worker", &["clock", "delivery-nats", "domain", "runtime", "sms-channel", "worker"], &[]),
    ("command-service", &["commands", "delivery-nats", "domain", "installation", "runtime"], &[]),
    (
        "standalone",
        &[
            "client",
            "clock",
            "service",
            "commands",
            "delivery",
            "delivery-local",
            "demo-company",
            "dev-inbox",
            "domain",
            "email-channel",
            "event-store-sqlite",
            "installation",
            "runtime",
            "service",
            "sms-channel",
            "vault",
            "web",
        ],
        &[],
    ),
    // The log to make long histories, log and vault to try what still opens when nothing runs, the queue's
    // messages for their schemas: tests speak to child processes.
    (
        "tests",
        &["api", "client", "delivery", "demo-company", "domain", "event-store", "event-store-sqlite"],
        &["vault"],
    ),
    // Whatever is measured, and what it is measured beside.
    (
        "bench",
        &[
            "api",
            "client",
            "clock",
            "delivery",
            "delivery-local",
            "delivery-nats",
            "domain",
            "email-channel",
            "event-store",
            "event-store-sqlite",
            "projections",
            "runtime",
            "tests",
        ],
        &[],
    ),
];

/// Packages of others that only these of ours may use directly.
const KEPT_TO: &[(&str, &[&str])] = &[
    ("lettre", &["bench", "email-channel"]),
    ("async-nats", &["delivery-nats"]),
    ("rusqlite", &["bench", "event-store-sqlite", "vault", "commands", "projections"]),
    ("axum", &["bench", "runtime", "service", "web", "dev-inbox", "standalone"]),
    ("fluent-bundle", &["languages"]),
    (
        "clap",
        &[
            "audit",
            "bench",
            "runtime",
            "worker",
            "command-service",
            "dev-inbox",
            "email-worker",
            "operator",
            "sms-worker",
            "standalone",
            "tests",
            "web",
        ],
    ),
    ("argon2", &["bench", "vault"]),
    ("chacha20poly1305", &["vault", "delivery"]),
    ("totp-rs", &["vault"]),
    ("rand", &["vault", "delivery", "web", "worker"]),
];

/// What the domain may use: shapes and arithmetic, nothing that waits, reads, writes or draws.
const DOMAIN: &[&str] = &[
    "chrono",
    "phonenumber",
    "schemars",
    "serde",
    "serde_json",
    "thiserror",
    "unicode-normalization",
    "unicode-security",
    "uuid",
    "zeroize",
];

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
        let [product, tests] = [false, true].map(|tests_only| {
            let ours = used(package, tests_only).filter_map(short).filter(|it| *it != name);
            ours.collect::<BTreeSet<_>>()
        });
        wrong.extend(product.iter().filter(|it| !always.contains(it)).map(|it| format!("{name} uses {it}")));
        let only_tests = tests.iter().filter(|it| !always.contains(it) && !in_tests.contains(it));
        wrong.extend(only_tests.map(|it| format!("the tests of {name} use {it}")));
        let idle = always.iter().filter(|it| !product.contains(*it));
        wrong.extend(idle.map(|it| format!("{name} doesn't use {it}: take it out of the table")));
        let idle = in_tests.iter().filter(|it| !tests.contains(*it));
        wrong.extend(idle.map(|it| format!("the tests of {name} don't use {it}: take it out of the table")));
    }
    assert!(wrong.is_empty(), "not as the architecture has it: {wrong:#?}");
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
        let uses = |package: &&Package| used(package, false).any(|used| used == *external);
        let found: BTreeSet<_> = METADATA.ours().filter(uses).filter_map(|it| short(&it.name)).collect();
        assert_eq!(found, users.iter().copied().collect(), "who uses {external}");
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
    assert!(linked.contains("async-nats"), "the walk over what is linked found nothing");
    for foreign in ["lettre", "twostep-delivery-local", "twostep-email-channel", "twostep-sms-channel"] {
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

#[test]
fn whoever_audits_names_nothing_that_writes_a_log() {
    let read = |file: &String| std::fs::read_to_string(twostep_tests::repository().join(file)).unwrap();
    let theirs =
        |file: &String| file.starts_with("services/audit/") || file.starts_with("shared/history/src");
    let all = super::tree::files();
    let sources: Vec<&String> = all.iter().filter(|file| file.ends_with(".rs") && theirs(file)).collect();
    assert!(sources.len() > 10, "{sources:?}");
    for file in sources {
        let text = read(file);
        for writes in ["SqliteStore", "WriterLock", "Writer as _", "event_store::Writer", "append("] {
            assert!(!text.contains(writes), "{file} names {writes}");
        }
    }
}
