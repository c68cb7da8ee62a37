//! What somebody else's change means for a form that was drawn before it.

use crate::fields::Fields;

/// One value of a form: what it is called, and what it says.
pub(crate) type Said = (&'static str, String);

/// The form field that repeats what a value said when the page was drawn.
pub(crate) fn was(name: &str) -> String {
    format!("was {name}")
}

/// Where what a form asked for differs from what is in force, a line each. A value that is as the form was drawn wasn't
/// touched, and isn't told. One that the form doesn't repeat counts as touched.
pub(crate) fn differences<const N: usize>(form: &Fields, now: [Said; N], asked: [Said; N]) -> Vec<String> {
    let shown = |value: &str| if value.is_empty() { "nothing".to_owned() } else { format!("“{value}”") };
    let touched = |(name, asked): &Said| {
        let field = was(name);
        !form.ticked(&field) || form.text(&field) != asked
    };
    let differ = now.into_iter().zip(asked).filter(|((_, now), asked)| *now != asked.1 && touched(asked));
    differ
        .map(|((name, now), (_, asked))| {
            format!("{name}: in force is {}, you sent {}.", shown(&now), shown(&asked))
        })
        .collect()
}

/// A box, in words.
pub(crate) fn ticked(ticked: bool) -> String {
    if ticked { "ticked" } else { "not ticked" }.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(name: &str, place: &str, reason: &str) -> [Said; 3] {
        [("Name", name.to_owned()), ("Lies in", place.to_owned()), ("Reason", reason.to_owned())]
    }

    #[test]
    fn only_what_differs_is_told() {
        let lines = differences(&Fields::default(), said("Two", "Top", ""), said("Three", "Top", "x"));
        assert_eq!(
            lines,
            ["Name: in force is “Two”, you sent “Three”.", "Reason: in force is nothing, you sent “x”."]
        );
    }

    #[test]
    fn what_is_as_the_form_was_drawn_isn_t_called_sent() {
        let drawn = Fields::parse(b"was+Name=One&was+Lies+in=Top&was+Reason=");
        let told = |now, asked| differences(&drawn, now, asked);
        assert!(told(said("One", "Side", ""), said("One", "Top", "")).is_empty(), "only the other touched");
        assert_eq!(
            told(said("Two", "Side", "why"), said("Three", "Top", "")),
            ["Name: in force is “Two”, you sent “Three”."]
        );
        assert_eq!(
            told(said("One", "Side", ""), said("Three", "Top", "")),
            ["Name: in force is “One”, you sent “Three”."],
            "only this one touched the name"
        );
    }
}
