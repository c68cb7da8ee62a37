//! The company's policy.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{Method, ProofKind};

/// What *Global Settings → Two-step verification* holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    /// All administrators, the Master Account Holder included.
    pub admins: bool,
    /// Which technicians.
    pub technicians: Technicians,
    /// The primary method.
    pub primary: Method,
    /// What may be a backup.
    pub backups: Vec<ProofKind>,
    /// Life of mailed and texted codes in seconds, 60 to 600.
    pub code_life_seconds: u16,
    /// Whether people prove their work address before their first set-up.
    #[serde(default)]
    pub confirm_work_address_first: bool,
}

/// Which technicians the policy covers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Technicians {
    /// None.
    None,
    /// All.
    All,
    /// The members of groups whose box is ticked.
    SelectedGroups,
}

/// *Save Changes*; needs `If-Match` with the policy's ETag.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PutPolicy {
    /// The new policy.
    pub policy: Policy,
    /// Why; at most 500 characters.
    pub reason: String,
    /// How it treats those who are set up; nothing said: lossless.
    #[serde(default)]
    pub transition: Transition,
    /// Ends the enrolments of people whom the new policy doesn't cover.
    #[serde(default)]
    pub turn_off_uncovered: bool,
}

/// How a change treats those who are set up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Transition {
    /// Only those who lack the new primary are asked for it.
    #[default]
    Lossless,
    /// Everybody sets up again.
    Reset,
}
