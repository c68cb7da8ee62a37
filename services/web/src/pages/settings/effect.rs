//! What the policy in force means for people, in words (fact 13).

use twostep_api::PolicyEffect;

/// How many people a page names.
const NAMED: usize = 5;

/// Who must set up, and who is stuck in an old console.
pub(super) struct Effect {
    /// How many are covered, and how many set up.
    pub(super) counts: String,
    /// Who is stuck or has no backup, and what to do about it; empty: nobody is.
    pub(super) troubles: Vec<String>,
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
        let troubles = stuck(&effect).into_iter().chain(without_backup(&effect)).collect();
        Self { counts: format!("{covered} {set_up}"), troubles }
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
            named(effect.stuck_people.iter().map(|person| &person.name), effect.stuck)
        ),
        "What to do: allow the authenticator app or text messages as backup and have them add one, or update their \
         consoles. Until then they sign in on the website; in the console their printed codes work until they are \
         used up."
            .to_owned(),
    ]
}

/// They are asked for nothing, so that it is said here or nowhere.
fn without_backup(effect: &PolicyEffect) -> Option<String> {
    let has = match effect.without_backup {
        0 => return None,
        1 => "1 person has".to_owned(),
        many => format!("{many} people have"),
    };
    let people = named(effect.without_backup_people.iter().map(|person| &person.name), effect.without_backup);
    Some(format!(
        "{has} no backup that is allowed: {people}. Without the primary method only printed codes let them in, and \
         they aren't asked for another backup: they add one in their account, under MFA authenticator, Edit."
    ))
}

/// The first names, and how many more there are of `all`.
fn named<'n>(people: impl Iterator<Item = &'n Option<String>>, all: u64) -> String {
    let name = |name: &Option<String>| name.clone().unwrap_or_else(|| "somebody without a name".to_owned());
    let mut names: Vec<String> = people.take(NAMED).map(name).collect();
    let named = u64::try_from(names.len()).unwrap_or(u64::MAX);
    let more = all.saturating_sub(named);
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
    use twostep_api::{NamedPerson, StuckPerson};
    use uuid::Uuid;

    use super::*;

    fn said(covered: u64, to_set_up: u64, stuck: u64, stuck_seen: u64) -> Vec<String> {
        let person = |n| StuckPerson { id: Uuid::nil(), name: Some(format!("P{n}")), seen: n <= stuck_seen };
        let stuck_people = (1..=stuck.min(20)).map(person).collect();
        let told = PolicyEffect { covered, to_set_up, stuck, stuck_seen, stuck_people, ..nobody() };
        let effect = Effect::from(told);
        [effect.counts].into_iter().chain(effect.troubles).collect()
    }

    fn nobody() -> PolicyEffect {
        PolicyEffect {
            covered: 0,
            to_set_up: 0,
            stuck: 0,
            stuck_seen: 0,
            stuck_people: Vec::new(),
            without_backup: 0,
            without_backup_people: Vec::new(),
        }
    }

    #[test]
    fn whoever_has_no_backup_is_counted_and_named() {
        let told = |without_backup: u64| {
            let person = |n| NamedPerson { id: Uuid::nil(), name: Some(format!("P{n}")) };
            let without_backup_people = (1..=without_backup).map(person).collect();
            Effect::from(PolicyEffect { without_backup, without_backup_people, ..nobody() }).troubles.concat()
        };
        assert!(told(1).starts_with("1 person has no backup that is allowed: P1."), "{}", told(1));
        let many = "7 people have no backup that is allowed: P1, P2, P3, P4, P5 and 2 more.";
        assert!(told(7).starts_with(many), "{}", told(7));
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
