//! What the policy in force means for people, in words (fact 13).

use twostep_api::{PolicyEffect, StuckPerson};

/// How many people a page names.
const NAMED: usize = 5;

/// Who must set up, and who is stuck in an old console.
pub(super) struct Effect {
    /// How many are covered, and how many set up.
    pub(super) counts: String,
    /// Who is stuck, and what to do about it; empty: nobody is.
    pub(super) stuck: Vec<String>,
}

impl From<PolicyEffect> for Effect {
    fn from(effect: PolicyEffect) -> Self {
        let set_up = match effect.to_set_up {
            0 => "Nobody has to set anything up.".to_owned(),
            1 => "1 person must set up at the next sign-in.".to_owned(),
            many => format!("{many} people must set up at their next sign-in."),
        };
        let covered = match effect.covered {
            0 => "Nobody is covered.".to_owned(),
            1 => "1 person is covered.".to_owned(),
            many => format!("{many} people are covered."),
        };
        Self { counts: format!("{covered} {set_up}"), stuck: stuck(&effect) }
    }
}

fn stuck(effect: &PolicyEffect) -> Vec<String> {
    let who = match effect.stuck {
        0 => return Vec::new(),
        1 => "1 person".to_owned(),
        many => format!("{many} people"),
    };
    let seen = match (effect.stuck_seen, effect.stuck) {
        (0, _) => "None of them has signed in with such a console yet.".to_owned(),
        (1, 1) => "It is the console of the last sign-in there.".to_owned(),
        (all, stuck) if all == stuck => "All of them signed in with such a console last.".to_owned(),
        (some, _) => format!("{some} of them signed in with such a console last."),
    };
    vec![
        format!(
            "{who} can't verify in an old Technician Console (7.50.3572 and earlier), which shows none of their \
             methods: {}. {seen}",
            named(effect)
        ),
        "What to do: allow the authenticator app or text messages as backup and have them add one, or update their \
         consoles. Until then they sign in on the website; in the console their printed codes work until they are \
         used up."
            .to_owned(),
    ]
}

fn named(effect: &PolicyEffect) -> String {
    let name =
        |person: &StuckPerson| person.name.clone().unwrap_or_else(|| "somebody without a name".to_owned());
    let mut names: Vec<String> = effect.stuck_people.iter().take(NAMED).map(name).collect();
    let named = u64::try_from(names.len()).unwrap_or(u64::MAX);
    let more = effect.stuck.saturating_sub(named);
    if more > 0 {
        names.push(format!("{more} more"));
    }
    match names.split_last() {
        Some((last, first)) if !first.is_empty() => format!("{} and {last}", first.join(", ")),
        _ => names.join(""),
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn said(covered: u64, to_set_up: u64, stuck: u64, stuck_seen: u64) -> Vec<String> {
        let person = |n| StuckPerson { id: Uuid::nil(), name: Some(format!("P{n}")), seen: n <= stuck_seen };
        let stuck_people = (1..=stuck.min(20)).map(person).collect();
        let effect = Effect::from(PolicyEffect { covered, to_set_up, stuck, stuck_seen, stuck_people });
        [effect.counts].into_iter().chain(effect.stuck).collect()
    }

    #[test]
    fn a_policy_that_touches_nobody_says_so_in_one_line() {
        assert_eq!(said(0, 0, 0, 0), ["Nobody is covered. Nobody has to set anything up."]);
        assert_eq!(said(1, 1, 0, 0), ["1 person is covered. 1 person must set up at the next sign-in."]);
    }

    #[test]
    fn whoever_is_stuck_is_counted_and_the_first_five_are_named() {
        let old = "can't verify in an old Technician Console (7.50.3572 and earlier), which shows none of their methods";
        let cases = [
            (1, 0, "1 person", "P1", "None of them has signed in with such a console yet."),
            (1, 1, "1 person", "P1", "It is the console of the last sign-in there."),
            (2, 2, "2 people", "P1 and P2", "All of them signed in with such a console last."),
            (
                7,
                3,
                "7 people",
                "P1, P2, P3, P4, P5 and 2 more",
                "3 of them signed in with such a console last.",
            ),
            (
                100,
                0,
                "100 people",
                "P1, P2, P3, P4, P5 and 95 more",
                "None of them has signed in with such a console yet.",
            ),
        ];
        for (stuck, seen, who, names, how) in cases {
            let [_, told, advice] = &said(100, 3, stuck, seen)[..] else { panic!("{stuck}") };
            assert_eq!(*told, format!("{who} {old}: {names}. {how}"));
            assert!(
                advice.starts_with("What to do: allow the authenticator app or text messages"),
                "{advice}"
            );
        }
    }
}
