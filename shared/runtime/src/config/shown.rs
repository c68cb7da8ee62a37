//! What people see of a value.

use toml::Value;
use url::{Position, Url};

/// What stands in a secret's place.
pub(super) const REDACTED: &str = "[redacted]";

/// The value; of a URL neither who signs in nor its query, where people put passwords and keys.
pub(super) fn shown(value: &Value) -> Value {
    match value {
        Value::String(text) => Value::String(without_secrets(text).unwrap_or_else(|| text.clone())),
        Value::Array(items) => Value::Array(items.iter().map(shown).collect()),
        Value::Table(table) => {
            Value::Table(table.iter().map(|(name, item)| (name.clone(), shown(item))).collect())
        }
        plain => plain.clone(),
    }
}

/// The URL without them; none: it is no URL, or has none.
fn without_secrets(text: &str) -> Option<String> {
    let url = Url::parse(text).ok().filter(Url::has_host)?;
    let who = !url.username().is_empty() || url.password().is_some();
    if !who && url.query().is_none() {
        return None;
    }
    let who = if who { format!("{REDACTED}@") } else { String::new() };
    let query = url.query().map(|_| format!("?{REDACTED}")).unwrap_or_default();
    let (scheme, place) = (&url[..Position::BeforeUsername], &url[Position::BeforeHost..Position::AfterPath]);
    Some(format!("{scheme}{who}{place}{query}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_url_people_see_where_it_leads_and_not_who_signs_in_or_what_is_asked() {
        for (given, seen) in [
            (
                "https://u:hunter2@gw.example.com:8443/x?key=hunter2",
                "https://[redacted]@gw.example.com:8443/x?[redacted]",
            ),
            ("https://hunter2@gw.example.com/x", "https://[redacted]@gw.example.com/x"),
            ("https:u:hunter2@gw.example.com/", "https://[redacted]@gw.example.com/"),
            ("https://gw.example.com/x?hunter2#hunter2", "https://gw.example.com/x?[redacted]"),
            ("https://gw.example.com/x", "https://gw.example.com/x"),
            ("smtp.example.com", "smtp.example.com"),
            ("localhost:25", "localhost:25"),
        ] {
            assert_eq!(shown(&Value::String(given.to_owned())), Value::String(seen.to_owned()));
        }
        let list = Value::Array(vec![
            Value::String("https://hunter2@gw.example.com/".to_owned()),
            Value::Integer(1),
        ]);
        assert!(!shown(&list).to_string().contains("hunter2"));
    }
}
