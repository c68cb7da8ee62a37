//! What of an event nobody is shown.

use serde_json::Value;
use twostep_vault::is_sealed;

/// What stands for something sealed, or for a hash of something that lets in.
pub(crate) const MASK: &str = "•••";

/// What holds hashes of tokens and printed codes. Those of logins, addresses and numbers stay: equal ones are the same (ADR 4).
const CREDENTIALS: [&str; 3] = ["token", "codes", "code"];

/// Masks every sealed field in `value` that `open` doesn't open, as only who holds its key may know more than that it is there,
/// and what is a hash of something that lets in.
pub(crate) fn mask(value: &mut Value, open: &mut dyn FnMut(&str) -> Option<String>) {
    match value {
        Value::String(text) if is_sealed(text) => {
            *text = open(text).unwrap_or_else(|| MASK.to_owned());
        }
        Value::Array(items) => items.iter_mut().for_each(|item| mask(item, open)),
        Value::Object(fields) => {
            for (name, field) in fields {
                if CREDENTIALS.contains(&name.as_str()) {
                    hide(field);
                }
                mask(field, open);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn hide(value: &mut Value) {
    match value {
        Value::String(text) => MASK.clone_into(text),
        Value::Array(items) => items.iter_mut().for_each(hide),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::fs;

    use super::*;

    /// Fields with hashes that auditors see: of logins, addresses and numbers.
    const SHOWN: [&str; 7] = [
        "destination_hash",
        "email_hash",
        "excluded",
        "hash",
        "login_hash",
        "reset_by",
        "work_address_first",
    ];

    /// Every file in `folder` of the schemas.
    fn all(folder: &str) -> Vec<Value> {
        let folder = format!("{}/../../schemas/{folder}", env!("CARGO_MANIFEST_DIR"));
        let files = fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
        files.map(|file| serde_json::from_slice(&fs::read(file).unwrap()).unwrap()).collect()
    }

    /// Notes the fields under `schema` whose values are digests; `field`: what `schema` is the value of.
    fn digests<'a>(schema: &'a Value, field: Option<&'a str>, found: &mut BTreeSet<&'a str>) {
        match schema {
            Value::Array(items) => items.iter().for_each(|item| digests(item, field, found)),
            Value::Object(parts) => {
                if parts.get("$ref").is_some_and(|kind| kind == "#/$defs/Digest") {
                    found.extend(field);
                }
                for (part, inner) in parts {
                    match (part.as_str(), inner) {
                        ("properties", Value::Object(fields)) => {
                            fields.iter().for_each(|(field, kind)| digests(kind, Some(field), found));
                        }
                        ("$defs", Value::Object(kinds)) => {
                            kinds.values().for_each(|kind| digests(kind, None, found));
                        }
                        _ => digests(inner, field, found),
                    }
                }
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }

    #[test]
    fn of_every_hash_in_an_event_it_is_known_whether_it_is_shown() {
        let schemas = all("events");
        let mut found = BTreeSet::new();
        schemas.iter().for_each(|schema| digests(schema, None, &mut found));
        let known: BTreeSet<_> = CREDENTIALS.into_iter().chain(SHOWN).collect();
        assert_eq!(found, known, "a hash of what lets in belongs among CREDENTIALS");
    }

    #[test]
    fn hashes_of_tokens_and_printed_codes_are_shown_to_nobody() {
        let mut seen = BTreeSet::new();
        for mut event in all("samples") {
            mask(&mut event, &mut |_| Some("opened".to_owned()));
            for (name, shown) in event.as_object().into_iter().flatten() {
                let Some(name) = CREDENTIALS.into_iter().find(|credential| credential == name) else {
                    continue;
                };
                let masked = match shown {
                    Value::Array(items) => !items.is_empty() && items.iter().all(|item| item == MASK),
                    one => one == MASK,
                };
                assert!(masked, "{name}: {shown}");
                seen.insert(name);
            }
        }
        assert_eq!(seen, BTreeSet::from(CREDENTIALS), "no sample has it");
    }
}
