//! What a person may do in a company.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A role. The Master Account Holder is a Master Admin whom the company's stream names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Sets the company's policy and manages everybody.
    MasterAdmin,
    /// Manages the groups assigned to them.
    Admin,
    /// Belongs to a technician group.
    Technician,
    /// Reads the history, masked.
    Auditor,
    /// Sees deliveries and dead letters.
    Operator,
}

/// Any union of roles.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct Roles(pub BTreeSet<Role>);

impl Roles {
    /// Of the roles given.
    #[must_use]
    pub fn of<const N: usize>(roles: [Role; N]) -> Self {
        Self(BTreeSet::from(roles))
    }

    /// Whether `role` is among them.
    #[must_use]
    pub fn has(&self, role: Role) -> bool {
        self.0.contains(&role)
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether the policy's rule for administrators counts this person: auditors and operators are administrators.
    #[must_use]
    pub fn administers(&self) -> bool {
        self.0.iter().any(|role| match role {
            Role::MasterAdmin | Role::Admin | Role::Auditor | Role::Operator => true,
            Role::Technician => false,
        })
    }
}
