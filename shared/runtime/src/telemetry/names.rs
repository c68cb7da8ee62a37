//! The names of the parts that log.

/// Every package of the workspace and every one that it uses: `name = "…"` lines.
const PACKAGES: &str = include_str!("../../../../Cargo.lock");

/// What of a filter is neither a level nor the name of a part.
pub(super) fn unknown(filter: &str) -> Option<&str> {
    directives(filter).map(str::trim).find(|directive| !is_level(directive) && !is_part(part_of(directive)))
}

/// The parts of a filter; a span's fields hold commas, too.
fn directives(filter: &str) -> impl Iterator<Item = &str> {
    let mut depth = 0_usize;
    filter.split(move |letter| {
        match letter {
            '[' | '{' => depth += 1,
            ']' | '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        letter == ',' && depth == 0
    })
}

fn is_level(word: &str) -> bool {
    word.parse::<tracing_subscriber::filter::LevelFilter>().is_ok()
}

/// The crate that a directive is about; empty where it is about all.
fn part_of(directive: &str) -> &str {
    let target = directive.split(['[', '=']).next().unwrap_or_default();
    target.split("::").next().unwrap_or_default().trim()
}

fn is_part(name: &str) -> bool {
    // Targets go by their beginning: `twostep` is all of ours.
    let is = |package: &str| package.replace('-', "_") == name;
    let packages = || PACKAGES.lines().filter_map(|line| line.strip_prefix("name = \"")?.strip_suffix('"'));
    name.is_empty() || name == "twostep" || packages().any(is)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_and_parts_are_known_and_nothing_else_is() {
        for known in [
            "",
            "info",
            "WARN",
            "off",
            "3",
            "info,twostep_delivery=debug",
            "warn, twostep_email_channel::smtp=trace",
            "twostep=debug,hyper_util",
            "info,[request{path=\"/a,b\",id=1}]=debug,rustls[x]=info",
        ] {
            assert_eq!(unknown(known), None, "{known}");
        }
        for (filter, word) in [
            ("warning", "warning"),
            ("info,nonsense", "nonsense"),
            ("nonsense=info", "nonsense=info"),
            ("info,twostep_delivrey=debug", "twostep_delivrey=debug"),
        ] {
            assert_eq!(unknown(filter), Some(word), "{filter}");
        }
    }
}
