//! What somebody else's change means for a form that was drawn before it.

/// Where what is in force differs from what a form asked for, a line each: what it is called, in force, asked for.
pub(crate) fn differences<const N: usize>(fields: [(&str, String, String); N]) -> Vec<String> {
    let shown = |value: &str| if value.is_empty() { "nothing".to_owned() } else { format!("“{value}”") };
    let differ = fields.into_iter().filter(|(_, now, asked)| now != asked);
    differ
        .map(|(name, now, asked)| format!("{name}: in force is {}, you sent {}.", shown(&now), shown(&asked)))
        .collect()
}

/// A box, in words.
pub(crate) fn ticked(ticked: bool) -> String {
    if ticked { "ticked" } else { "not ticked" }.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_differs_is_told() {
        let lines = differences([
            ("Name", "Two".to_owned(), "Three".to_owned()),
            ("Lies in", "Top".to_owned(), "Top".to_owned()),
            ("Reason", String::new(), "x".to_owned()),
        ]);
        assert_eq!(
            lines,
            ["Name: in force is “Two”, you sent “Three”.", "Reason: in force is nothing, you sent “x”."]
        );
    }
}
