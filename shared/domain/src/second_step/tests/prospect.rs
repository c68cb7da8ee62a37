//! Whom a policy leaves stuck, case by case.

use std::collections::BTreeSet;

use super::world::World;
use crate::company::Epoch;
use crate::second_step::{Enrolled, Prospect};
use crate::{BackupKind, Capabilities, Method};

/// Every case, written out from facts 7, 12 and 13; never computed. Letters: `a`pp, `s`ms, `e`-mail, `p`rinted codes.
///
/// `holds`: what is set up, `-` for nothing, with `!` where a mass reset undid it. `next`: what the next sign-in brings.
/// Then who is stuck (`x`): on an old console (app and SMS), and on consoles that can show the app alone, all three, nothing.
const TABLE: &str = "
    covered  holds  primary  backups |  next     old  a  ase  none
    no       -      e        p       |  pass     .    .  .    .
    no       e      e        p       |  verify   x    x  .    x
    no       a      e        p       |  verify   .    .  .    x
    no       e!     e        p       |  pass     .    .  .    .
    yes      -      a        p       |  set-up   .    .  .    x
    yes      -      s        p       |  set-up   .    x  .    x
    yes      -      e        p       |  set-up   x    x  .    x
    yes      -      e        ep      |  set-up   x    x  .    x
    yes      -      e        ap      |  set-up   .    .  .    x
    yes      -      e        s       |  set-up   .    x  .    x
    yes      e      e        p       |  verify   x    x  .    x
    yes      e      e        ap      |  verify   x    x  .    x
    yes      ae     e        p       |  verify   x    x  .    x
    yes      ae     e        ap      |  verify   .    .  .    x
    yes      se     e        s       |  verify   .    x  .    x
    yes      ae     a        p       |  verify   .    .  .    x
    yes      a      e        p       |  set-up   x    x  .    x
    yes      a      e        ap      |  set-up   .    .  .    x
    yes      e      a        p       |  set-up   .    .  .    x
    yes      e      s        ep      |  set-up   .    x  .    x
    yes      ase    s        ap      |  verify   .    .  .    x
    yes      ae!    e        p       |  set-up   x    x  .    x
    yes      e!     e        ap      |  set-up   .    .  .    x
";

#[test]
fn the_policy_leaves_stuck_exactly_whom_the_table_says() {
    let mut cells = 0;
    for line in TABLE.lines().map(str::trim).filter(|line| !line.is_empty()).skip(1) {
        let (case, expected) = line.split_once('|').unwrap();
        let [covered, holds, primary, backups] = case.split_whitespace().collect::<Vec<_>>()[..] else {
            panic!("{line}")
        };
        let mut requirement = if covered == "yes" { World::new() } else { World::uncovered() }.requirement;
        requirement.required_epoch = Epoch(2);
        requirement.primary = *methods(primary).first().unwrap();
        requirement.backups = kinds(backups);
        let epoch = Epoch(if holds.ends_with('!') { 1 } else { 2 });
        let enrolled = Enrolled { epoch, company: 7, methods: methods(holds), printed: false };
        let prospect = requirement.prospect(Some(enrolled).filter(|_| holds != "-").as_ref());

        let [next, stuck @ ..] = &expected.split_whitespace().collect::<Vec<_>>()[..] else {
            panic!("{line}")
        };
        let brings = match prospect {
            Prospect::NotAsked => "pass",
            Prospect::Verifies { .. } => "verify",
            Prospect::SetsUp { .. } => "set-up",
        };
        assert_eq!(brings, *next, "{line}");
        let consoles = [Capabilities::default(), shows("a"), shows("ase"), shows("")];
        for (console, expected) in consoles.iter().zip(stuck) {
            assert_eq!(prospect.is_stuck(console), *expected == "x", "{line}: {console:?}");
            cells += 1;
        }
    }
    assert_eq!(cells, 23 * 4);
}

#[test]
fn whoever_kept_only_the_primary_is_without_a_backup() {
    let mut requirement = World::new().requirement;
    requirement.required_epoch = Epoch(2);
    for (holds, primary, backups, without) in [
        ("ae", "a", "e", false),
        ("ae", "a", "se", false),
        ("ae", "a", "s", true),
        ("ae", "a", "p", true),
        ("ap", "a", "p", false),
        ("ap", "a", "s", true),
        // Who lacks the primary is asked for it, and for a backup with it.
        ("e", "a", "s", false),
        // The primary is no backup, and what was reset counts for nothing.
        ("a", "a", "as", true),
        ("a!", "a", "s", false),
    ] {
        requirement.primary = *methods(primary).first().unwrap();
        requirement.backups = kinds(backups);
        let epoch = Epoch(if holds.ends_with('!') { 1 } else { 2 });
        let enrolled = Enrolled { epoch, company: 7, methods: methods(holds), printed: holds.contains('p') };
        assert_eq!(
            requirement.leaves_without_backup(Some(&enrolled)),
            without,
            "{holds} {primary} {backups}"
        );
    }
    assert!(!requirement.leaves_without_backup(None));
}

#[test]
fn whoever_was_turned_off_when_no_longer_covered_is_stuck_nowhere() {
    let mut requirement = World::uncovered().requirement;
    let enrolled = Enrolled { epoch: Epoch(1), company: 7, methods: methods("e"), printed: false };
    requirement.turned_off = Some(8);
    assert_eq!(requirement.prospect(Some(&enrolled)), Prospect::NotAsked);
    requirement.turned_off = Some(7);
    assert_eq!(requirement.prospect(Some(&enrolled)), Prospect::Verifies { with: methods("e") });
}

fn shows(letters: &str) -> Capabilities {
    Capabilities(methods(letters))
}

fn methods(letters: &str) -> BTreeSet<Method> {
    kinds(letters).into_iter().filter_map(BackupKind::method).collect()
}

fn kinds(letters: &str) -> BTreeSet<BackupKind> {
    let kind = |letter| match letter {
        'a' => BackupKind::App,
        's' => BackupKind::Sms,
        'e' => BackupKind::Email,
        'p' => BackupKind::Printed,
        other => panic!("{other}"),
    };
    letters.chars().filter(|letter| !"-!".contains(*letter)).map(kind).collect()
}
