//! Who must verify: one pure function.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::company::{Policy, TechnicianScope};
use crate::{Role, Roles};

/// What the policy looks at in a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subject<'a> {
    /// What they may do; a Master Account Holder is a Master Admin.
    pub roles: &'a Roles,
    /// What their technician group's box says in effect, by itself or by those above it; `Off` without a group.
    pub group: Enforcing,
}

/// Whether a group's box is ticked in effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Enforcing {
    /// Its technicians must verify in the mode *selected groups*.
    On,
    /// They needn't.
    Off,
}

/// A rule that hits a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// The policy covers all administrators.
    Administrators,
    /// The policy covers all technicians.
    AllTechnicians,
    /// The policy covers the technicians of selected groups, and this person's is one.
    SelectedGroup,
}

/// The rules of `policy` that hit `subject`; empty: the person needn't verify.
///
/// A union: an administrator who is a technician too must verify if either rule hits.
#[must_use]
pub fn requires_two_step(policy: &Policy, subject: &Subject<'_>) -> Vec<Reason> {
    let technician = subject.roles.has(Role::Technician);
    let administrators = policy.admins && subject.roles.administers();
    let technicians = match policy.technicians {
        TechnicianScope::All if technician => Some(Reason::AllTechnicians),
        TechnicianScope::SelectedGroups if technician && subject.group == Enforcing::On => {
            Some(Reason::SelectedGroup)
        }
        TechnicianScope::None | TechnicianScope::All | TechnicianScope::SelectedGroups => None,
    };
    administrators.then_some(Reason::Administrators).into_iter().chain(technicians).collect()
}

#[cfg(test)]
mod tests;
