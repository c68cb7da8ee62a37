//! SECURITY.md says which test holds which rule: it must tell the truth.

use std::collections::BTreeSet;
use std::fs;

use twostep_tests::repository;

use super::tree::files;

/// What stands in the table for a rule that no test holds.
const NOT_YET: &str = "not yet";

/// Rule number and the last cell of its row.
fn rules() -> Vec<(u32, String)> {
    let text = fs::read_to_string(repository().join("SECURITY.md")).unwrap();
    text.lines()
        .filter_map(|line| {
            let cells: Vec<_> = line.split(" | ").collect();
            let number = cells.first()?.strip_prefix("| S")?.parse().ok()?;
            Some((number, cells.last()?.trim_end_matches(" |").to_owned()))
        })
        .collect()
}

/// The names of all functions of the form `s<number>_…`.
fn tests_of_rules() -> BTreeSet<String> {
    let sources = files().into_iter().filter(|file| file.ends_with(".rs"));
    let texts = sources.map(|file| fs::read_to_string(repository().join(file)).unwrap_or_default());
    texts.flat_map(|text| text.lines().filter_map(name_of_test).collect::<Vec<_>>()).collect()
}

fn name_of_test(line: &str) -> Option<String> {
    let code = line.trim_start();
    let name = code.strip_prefix("async ").unwrap_or(code).strip_prefix("fn s")?.split('(').next()?;
    let (number, _) = name.split_once('_')?;
    number.parse::<u32>().ok()?;
    Some(format!("s{name}"))
}

#[test]
fn the_table_has_every_rule_once_and_in_order() {
    let numbers: Vec<u32> = rules().into_iter().map(|(number, _)| number).collect();
    assert_eq!(numbers, (1..=35).collect::<Vec<_>>());
}

#[test]
fn every_test_in_the_table_exists_and_no_rule_with_a_test_is_called_open() {
    let tests = tests_of_rules();
    let mut wrong = Vec::new();
    for (number, cell) in rules() {
        let own: Vec<_> = tests.iter().filter(|name| name.starts_with(&format!("s{number}_"))).collect();
        let named = cell.trim_matches('`');
        let right = if cell == NOT_YET { own.is_empty() } else { own.iter().any(|name| *name == named) };
        if !right {
            wrong.push(format!("SECURITY.md says {cell} for S{number}; its tests are {own:?}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
