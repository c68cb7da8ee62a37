//! What a group's box says in effect.

use super::{Choice, GroupState};
use crate::Enforcing;

/// What the box of the first group of `chain` says in effect; the rest are the groups above it, nearest first.
///
/// The own explicit value wins, unless a group above is locked with *also subgroups*: then the topmost such group
/// speaks for all below it. *Follow* takes the nearest group above that ticks *also subgroups* and says something; off where none does.
/// A group that doesn't exist says nothing. The caller cuts a chain that runs in a circle (two moves at once could make one).
pub fn effective<'g>(chain: impl IntoIterator<Item = &'g GroupState>) -> Enforcing {
    let mut chain = chain.into_iter();
    let own = chain.next().and_then(GroupState::created).and_then(|group| said(group.enforcement().choice));
    let above = chain.filter_map(GroupState::created).filter(|group| group.enforcement().also_subgroups);
    above
        .fold(own, |below, group| {
            let here = said(group.enforcement().choice);
            // A lock overrules what was found below, even where the locked group itself follows one further up.
            if group.locks_subgroups() { here } else { below.or(here) }
        })
        .unwrap_or(Enforcing::Off)
}

/// Whether one of the groups `above` another locks that other's box.
pub fn locked_above<'g>(above: impl IntoIterator<Item = &'g GroupState>) -> bool {
    above.into_iter().filter_map(GroupState::created).any(super::Created::locks_subgroups)
}

fn said(choice: Choice) -> Option<Enforcing> {
    match choice {
        Choice::Follow => None,
        Choice::Enforce => Some(Enforcing::On),
        Choice::Dont => Some(Enforcing::Off),
    }
}
