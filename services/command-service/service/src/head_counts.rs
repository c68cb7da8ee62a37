//! How many people groups have, and how many their boxes reach.

use std::collections::HashMap;

use twostep_api::Reach;
use twostep_domain::group::{
    Choice, Created, Enforcement, Group, GroupEnforcementChanged, GroupState, effective,
};
use twostep_domain::{Aggregate as _, GroupId};
use twostep_projections::{CompanyView, Standing};

/// The heads of a company's groups, counted in one pass over its people.
pub(crate) struct HeadCounts {
    members: HashMap<GroupId, u64>,
    reach: HashMap<GroupId, Reach>,
}

impl HeadCounts {
    /// Counts them.
    pub(crate) fn of(view: &CompanyView) -> Self {
        let mut members = HashMap::new();
        for (_, member) in view.members(None).filter(|(_, member)| member.standing != Standing::Erased) {
            if let Some(group) = member.group {
                *members.entry(group).or_insert(0) += 1;
            }
        }
        let mut reach: HashMap<GroupId, Reach> = HashMap::new();
        for (id, _, _) in view.groups() {
            let people = members.get(&id).copied().unwrap_or(0);
            let chain = view.chain(id);
            let states: Vec<&GroupState> = chain.iter().map(|(_, group, _)| *group).collect();
            for (place, (above, _, _)) in chain.iter().enumerate() {
                if !decides(&states, place) {
                    continue;
                }
                let reach = reach.entry(*above).or_default();
                if place == 0 {
                    reach.here = people;
                } else {
                    reach.below += people;
                    reach.subgroups += 1;
                }
            }
        }
        Self { members, reach }
    }

    /// The people of `group`.
    pub(crate) fn members(&self, group: GroupId) -> u64 {
        self.members.get(&group).copied().unwrap_or(0)
    }

    /// Those whom the box of `group` reaches.
    pub(crate) fn reach(&self, group: GroupId) -> Reach {
        self.reach.get(&group).copied().unwrap_or_default()
    }
}

/// Whether the box of the group at `place` makes a difference to the first of `chain`, once *also subgroups* is ticked.
fn decides(chain: &[&GroupState], place: usize) -> bool {
    let saying = |choice| {
        let box_set = with_box(chain[place], choice);
        let states = chain.iter().enumerate();
        effective(states.map(|(at, state)| if at == place { &box_set } else { *state }))
    };
    saying(Choice::Enforce) != saying(Choice::Dont)
}

fn with_box(state: &GroupState, choice: Choice) -> GroupState {
    let old = state.created().map(Created::enforcement).unwrap_or_default();
    let new = Enforcement { choice, also_subgroups: true };
    Group::evolve(state.clone(), &GroupEnforcementChanged { old, new, reason: String::new() }.into())
}

#[cfg(test)]
mod tests {
    use twostep_domain::group::{GroupCreated, GroupEnforcementLocked};
    use twostep_domain::{MemberId, Name};
    use uuid::Uuid;

    use super::*;

    fn group(choice: Choice, also_subgroups: bool, locked: bool) -> GroupState {
        let created = GroupCreated { name: Name::parse("Group").unwrap(), parent: None };
        let state = Group::evolve(GroupState::default(), &created.into());
        let new = Enforcement { choice, also_subgroups };
        let old = Enforcement::default();
        let set = GroupEnforcementChanged { old, new, reason: String::new() };
        let state = Group::evolve(state, &set.into());
        let by = MemberId(Uuid::nil());
        if locked { Group::evolve(state, &GroupEnforcementLocked { by }.into()) } else { state }
    }

    /// Whom the last group's box reaches: the first group, through those between.
    fn reaches(below: &[GroupState]) -> bool {
        let own = group(Choice::Follow, false, false);
        let chain: Vec<&GroupState> = below.iter().chain([&own]).collect();
        decides(&chain, below.len())
    }

    #[test]
    fn a_box_reaches_its_own_people_and_the_groups_that_follow_it() {
        let follows = || group(Choice::Follow, false, false);
        assert!(reaches(&[]));
        assert!(reaches(&[follows()]));
        assert!(reaches(&[follows(), follows()]));
        assert!(!reaches(&[group(Choice::Dont, false, false)]), "it says something itself");
        assert!(reaches(&[follows(), group(Choice::Dont, false, false)]), "what it says is for itself alone");
        assert!(!reaches(&[follows(), group(Choice::Dont, true, false)]), "a nearer one speaks for it");
    }

    #[test]
    fn a_lock_above_leaves_a_box_nobody() {
        let (own, above) = (group(Choice::Enforce, false, false), group(Choice::Dont, true, true));
        assert!(!decides(&[&own, &above], 0));
        assert!(decides(&[&own, &above], 1), "the locked group's box reaches down instead");
    }
}
