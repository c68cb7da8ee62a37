//! On which line of a TOML text each setting stands.

use std::collections::BTreeMap;

use toml::de::{DeTable, DeValue};

/// The line of each setting, by its dotted name; none where the text isn't TOML.
pub(super) fn lines(text: &str) -> BTreeMap<String, usize> {
    let mut lines = BTreeMap::new();
    if let Ok(table) = DeTable::parse(text) {
        add("", table.get_ref(), text, &mut lines);
    }
    lines
}

fn add(prefix: &str, table: &DeTable<'_>, text: &str, lines: &mut BTreeMap<String, usize>) {
    for (name, value) in table {
        let key = if prefix.is_empty() {
            name.get_ref().to_string()
        } else {
            format!("{prefix}.{}", name.get_ref())
        };
        match value.get_ref() {
            DeValue::Table(inner) => add(&key, inner, text, lines),
            _ => {
                let before = text.get(..name.span().start).unwrap_or_default();
                lines.insert(key, before.matches('\n').count() + 1);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_setting_stands_where_its_name_is() {
        let text = "url = 'x'\n# more\n[http]\nlisten = \"\"\"\n\n\"\"\"\ntrusted = [\n1]\n[mail.relays]\nmain.port = 1\n";
        let found: Vec<_> = lines(text).into_iter().collect();
        let wanted = [("http.listen", 4), ("http.trusted", 7), ("mail.relays.main.port", 10), ("url", 1)];
        assert_eq!(found, wanted.map(|(name, line)| (name.to_owned(), line)));
        assert!(lines("url = ").is_empty());
    }
}
