//! The groups as lists show them.

use std::collections::{HashMap, HashSet};

use twostep_api::{Choice, Enforcement, Group};
use uuid::Uuid;

/// A group in the tree.
pub(super) struct Branch {
    pub(super) id: Uuid,
    pub(super) name: String,
    /// How deep it lies; drawn up to 4.
    pub(super) depth: usize,
    pub(super) members: u64,
    pub(super) box_says: &'static str,
    pub(super) locked: bool,
}

/// The groups in the order of the tree, each with its depth.
pub(super) fn branches(groups: &[Group]) -> Vec<Branch> {
    let mut below: HashMap<Option<Uuid>, Vec<&Group>> = HashMap::new();
    for group in groups {
        // An Admin may see a group without seeing the one above it.
        let parent = group.parent.filter(|parent| groups.iter().any(|other| other.id == *parent));
        below.entry(parent).or_default().push(group);
    }
    let mut branches = Vec::with_capacity(groups.len());
    let mut open: Vec<(&Group, usize)> = Vec::new();
    let mut push = |open: &mut Vec<(_, usize)>, parent: Option<Uuid>, depth| {
        // Taken out: whoever was drawn isn't drawn again.
        let children = below.remove(&parent).unwrap_or_default();
        open.extend(children.into_iter().rev().map(|group| (group, depth)));
    };
    push(&mut open, None, 0);
    let mut drawn = HashSet::new();
    // The API ties no ring of parents; if there were one, its first group would stand at the top and nobody be lost.
    let mut rest = groups.iter();
    loop {
        while let Some((group, depth)) = open.pop() {
            if drawn.insert(group.id) {
                branches.push(branch(group, depth));
                push(&mut open, Some(group.id), depth + 1);
            }
        }
        match rest.find(|group| !drawn.contains(&group.id)) {
            Some(group) => open.push((group, 0)),
            None => return branches,
        }
    }
}

fn branch(group: &Group, depth: usize) -> Branch {
    Branch {
        id: group.id,
        name: group.name.clone(),
        depth: depth.min(4),
        members: group.members,
        box_says: if group.locked_above.is_some() { "As locked above" } else { box_says(&group.enforcement) },
        locked: group.locked_by.is_some() || group.locked_above.is_some(),
    }
}

fn box_says(enforcement: &Enforcement) -> &'static str {
    match (enforcement.choice, enforcement.also_subgroups) {
        (Choice::Enforce, true) => "Enforced, also in subgroups",
        (Choice::Enforce, false) => "Enforced",
        (Choice::Dont, _) => "Not enforced",
        (Choice::Follow, _) => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn group(id: u128, parent: Option<u128>, name: &str) -> Group {
        Group {
            id: Uuid::from_u128(id),
            name: name.to_owned(),
            parent: parent.map(Uuid::from_u128),
            enforcement: Enforcement { choice: Choice::Follow, also_subgroups: false },
            effective: false,
            locked_by: None,
            locked_above: None,
            admins: Vec::new(),
            members: 0,
            reach: twostep_api::Reach::default(),
        }
    }

    fn drawn(groups: &[Group]) -> Vec<(String, usize)> {
        branches(groups).into_iter().map(|branch| (branch.name, branch.depth)).collect()
    }

    #[test]
    fn children_stand_below_their_parent_in_the_order_given() {
        let groups =
            [group(1, None, "A"), group(2, None, "B"), group(3, Some(1), "A1"), group(4, Some(1), "A2")];
        let named = |rows: &[(&str, usize)]| {
            rows.iter().map(|(name, depth)| ((*name).to_owned(), *depth)).collect::<Vec<_>>()
        };
        assert_eq!(drawn(&groups), named(&[("A", 0), ("A1", 1), ("A2", 1), ("B", 0)]));
    }

    #[test]
    fn a_ring_of_parents_is_drawn_from_its_first_group_on() {
        let groups =
            [group(1, Some(3), "A"), group(2, Some(1), "B"), group(3, Some(2), "C"), group(4, None, "D")];
        let rows = drawn(&groups);
        assert_eq!(
            rows.iter().map(|(name, depth)| (name.as_str(), *depth)).collect::<Vec<_>>(),
            [("D", 0), ("A", 0), ("B", 1), ("C", 2)]
        );
    }

    #[test]
    fn a_box_that_a_lock_above_overrules_is_not_shown_for_what_counts() {
        let dont = Enforcement { choice: Choice::Dont, also_subgroups: false };
        let free = Group { enforcement: dont, ..group(2, Some(1), "A1") };
        let overruled = Group { locked_above: Some(Uuid::from_u128(1)), ..free.clone() };
        let says = |group: Group| branches(&[group])[0].box_says;
        assert_eq!([says(free), says(overruled)], ["Not enforced", "As locked above"]);
    }

    #[test]
    fn a_group_whose_parent_is_hidden_stands_at_the_top() {
        assert_eq!(drawn(&[group(3, Some(1), "A1")]), [("A1".to_owned(), 0)]);
    }
}
