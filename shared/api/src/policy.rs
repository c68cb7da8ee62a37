//! The company's policy.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

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
    #[schema(minimum = 60, maximum = 600)]
    pub code_life_seconds: u64,
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
    /// Why; 1 to 500 characters.
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

/// The policy as it was saved, and what it means for people.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SavedPolicy {
    /// What is in force now.
    pub policy: Policy,
    /// What it means for people; absent where that isn't known yet: ask `policy/effect`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effect: Option<PolicyEffect>,
}

/// What a policy means for the people who can sign in, disabled ones aside.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PolicyEffect {
    /// How many it covers.
    pub covered: u64,
    /// How many set up at their next sign-in: they lack the primary method, or have nothing that counts.
    pub to_set_up: u64,
    /// How many must verify and can't in their Technician Console, as it can show none of their methods. Printed codes
    /// help them out there until they are used up.
    pub stuck: u64,
    /// How many of the stuck signed in with such a console last. Of the others, technicians all, no console is known
    /// yet: they are stuck if theirs shows app and text messages only, like 7.50.3572 and earlier.
    pub stuck_seen: u64,
    /// Some of the stuck, 20 at the most, those whose console is known first.
    pub stuck_people: Vec<StuckPerson>,
    /// How many verify with the primary method and have no backup that is allowed, printed codes aside that weren't
    /// chosen as backup; chosen ones count, also once they are used up. Nobody asks them to add one.
    pub without_backup: u64,
    /// Some of these, 20 at the most.
    pub without_backup_people: Vec<NamedPerson>,
}

/// Somebody of whom a count tells.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct NamedPerson {
    /// Who.
    pub id: Uuid,
    /// The name; masked for auditors.
    pub name: Option<String>,
}

/// Somebody who can't verify in their Technician Console.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct StuckPerson {
    /// Who.
    pub id: Uuid,
    /// The name; masked for auditors.
    pub name: Option<String>,
    /// Whether they signed in with such a console last.
    pub seen: bool,
}
