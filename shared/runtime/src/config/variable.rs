//! The environment's names of settings: `http.listen` is `TWOSTEP_HTTP__LISTEN`.

/// The prefix of our environment variables.
const PREFIX: &str = "TWOSTEP_";

/// The variable of a setting.
pub(super) fn of(key: &str) -> String {
    format!("{PREFIX}{}", key.replace('.', "__").to_uppercase())
}

/// The setting of a variable; none: it isn't ours. `not_ours` stand without the prefix.
pub(super) fn setting(name: &str, not_ours: &[&str]) -> Option<String> {
    let key = name.strip_prefix(PREFIX).filter(|key| !not_ours.contains(key))?;
    Some(key.to_lowercase().replace("__", "."))
}
