//! Technician groups.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// Creates a group.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateGroup {
    /// Its name; no other group in the same place has it, whatever its capitals.
    pub name: String,
    /// The group it lies in.
    #[serde(default)]
    pub parent: Option<Uuid>,
}

/// Renames or moves a group.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangeGroup {
    /// Its name; no other group in the same place has it, whatever its capitals.
    pub name: String,
    /// The group it lies in.
    #[serde(default)]
    pub parent: Option<Uuid>,
}

/// The groups that the asker may see.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Groups {
    /// By name, parents before children.
    pub groups: Vec<Group>,
}

/// A group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Group {
    /// Its id.
    pub id: Uuid,
    /// Its name.
    pub name: String,
    /// The group it lies in.
    pub parent: Option<Uuid>,
    /// Its box.
    pub enforcement: Enforcement,
    /// Whether its technicians must verify in the mode *selected groups*.
    pub effective: bool,
    /// Who locked the box, if it is locked here.
    pub locked_by: Option<Uuid>,
    /// The group above whose lock holds here too.
    pub locked_above: Option<Uuid>,
    /// The Admins assigned.
    pub admins: Vec<Uuid>,
    /// Its members.
    pub members: u64,
    /// Whom its box reaches.
    pub reach: Reach,
}

/// Whom a group's box reaches in the mode *selected groups*: the people to whom it makes a difference.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Reach {
    /// Members of the group itself; 0 where a lock above speaks for it.
    pub here: u64,
    /// Members of the groups below that follow it, once *also subgroups* is ticked.
    pub below: u64,
    /// How many groups those are.
    pub subgroups: u64,
}

/// The box *Enforce two-step verification*.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Enforcement {
    /// What the group says.
    pub choice: Choice,
    /// Whether subgroups that follow their parent take it over.
    #[serde(default)]
    pub also_subgroups: bool,
}

/// What a group says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Choice {
    /// As the nearest group above that ticks *also subgroups*.
    Follow,
    /// Its technicians must verify.
    Enforce,
    /// They needn't.
    Dont,
}

/// Sets the box; needs `If-Match` with the group's ETag.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PutEnforcement {
    /// The box.
    pub enforcement: Enforcement,
    /// Why; may be empty.
    #[serde(default)]
    pub reason: String,
}

/// Locks or unlocks the box against Admins.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Lock {
    /// Whether it is locked.
    pub locked: bool,
}
