//! People of a company.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// A role.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Sets the policy, manages everybody.
    MasterAdmin,
    /// Manages the groups assigned.
    Admin,
    /// Belongs to a technician group.
    Technician,
    /// Reads the history.
    Auditor,
    /// Sees deliveries.
    Operator,
}

/// Invites a person.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct InviteMember {
    /// Their name.
    pub name: String,
    /// Their work address: the invitation goes there.
    pub email: String,
    /// Their login; nothing said: the work address. Each part of it is in one alphabet; kept as Unicode composes it (NFKC).
    #[serde(default)]
    pub login: Option<String>,
    /// What they may do.
    pub roles: Vec<Role>,
    /// Their technician group.
    #[serde(default)]
    pub group: Option<Uuid>,
    /// Their language: en, de, fr, es, hu; nothing said: the company's. It is kept and changes nothing yet: there are
    /// English texts only.
    #[serde(default)]
    pub locale: Option<String>,
    /// Their time zone; nothing said: the company's.
    #[serde(default)]
    pub time_zone: Option<String>,
}

/// A page of members.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Members {
    /// The members of this page.
    pub members: Vec<Member>,
    /// The cursor of the next page; none: this is the last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// A person, as administrators see them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Member {
    /// Their id.
    pub id: Uuid,
    /// Their name; none: erased.
    pub name: Option<String>,
    /// Their login; none: erased.
    pub login: Option<String>,
    /// Their work address; none: erased.
    pub email: Option<String>,
    /// What they may do.
    pub roles: Vec<Role>,
    /// Whether they hold the account.
    pub account_holder: bool,
    /// Their technician group.
    pub group: Option<Uuid>,
    /// Whether they can sign in.
    pub standing: Standing,
    /// Whether the policy covers them.
    pub covered: bool,
    /// Where their two-step verification stands.
    pub activation: Activation,
    /// Whether wrong codes locked their second step.
    pub locked: bool,
}

/// Whether somebody can sign in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// Invited, no password yet.
    Invited,
    /// Can sign in.
    Active,
    /// Can't.
    Disabled,
    /// Their data is gone.
    Erased,
}

/// Where somebody's two-step verification stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Activation {
    /// Not set up.
    Off,
    /// On.
    On,
    /// Set up once, reset since: to be set up again.
    Reset,
}

/// Sets the roles.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangeRoles {
    /// What they may do.
    pub roles: Vec<Role>,
}

/// Moves somebody to another group.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MoveMember {
    /// The group; `null`: out of every group. Left out by mistake, it would take somebody out of the policy's reach.
    #[serde(deserialize_with = "Option::deserialize")]
    #[schema(required = true)]
    pub group: Option<Uuid>,
}

/// Disables or enables somebody.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangeStanding {
    /// Whether they can sign in.
    pub enabled: bool,
    /// Why; may be empty.
    #[serde(default)]
    pub reason: String,
}

/// *Force two-step verification reset* on several people at once.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ResetMembers {
    /// Whom; at most 500.
    pub members: Vec<Uuid>,
    /// Why; may be empty.
    #[serde(default)]
    pub reason: String,
}

/// What became of a reset, a person each.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct ResetResult {
    /// In the order asked.
    pub members: Vec<ResetOutcome>,
}

/// What became of one person's reset.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ResetOutcome {
    /// Whose.
    pub member: Uuid,
    /// Whether they must set up again now.
    pub reset: bool,
    /// Why not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}
