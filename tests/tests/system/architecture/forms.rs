//! What forms have to say beside their fields.

use std::fs;

use twostep_tests::repository;

use super::tree::files;

#[test]
fn every_field_for_a_reason_says_that_it_is_kept() {
    let mut fields = 0;
    for file in files().iter().filter(|file| file.starts_with("services/web/templates/")) {
        let text = fs::read_to_string(repository().join(file)).unwrap();
        for line in text.lines().filter(|line| line.contains(r#"name="reason""#)) {
            let hint =
                line.split(r#"aria-describedby=""#).nth(1).and_then(|rest| rest.split(['"', ' ']).next());
            let hint = hint.unwrap_or_else(|| panic!("{file}: nothing describes {line}"));
            let said = text.split(&format!(r#"id="{hint}">"#)).nth(1).unwrap();
            assert!(said.starts_with("Kept in the history"), "{file}: {line}");
            fields += 1;
        }
    }
    assert_eq!(fields, 5);
}
