//! What can have happened to a person, as administrators see them.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Link, SealedIdentity};
use crate::answered::RequestAnswered;
use crate::codec::events;
use crate::notice::NoticeRequested;
use crate::{GroupId, Locale, MemberId, Roles, Sealed, SessionId, Time, TimeZone};

events! {
    /// The events of a member's stream.
    pub enum MemberEvent {
        MemberInvited = 1,
        MemberAdded = 1,
        InvitationRenewed = 1,
        MemberRolesChanged = 1,
        MemberMoved = 1,
        MemberDisabled = 1,
        MemberEnabled = 1,
        PasswordResetRequested = 1,
        PasswordChanged = 1,
        MemberErased = 1,
        NoticeRequested = 1,
        RequestAnswered = 1,
    }
}

/// A person was invited; the mail with the link follows from this event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MemberInvited {
    /// Who it is, sealed to the person.
    pub identity: SealedIdentity,
    /// What they may do.
    pub roles: Roles,
    /// Their technician group.
    pub group: Option<GroupId>,
    /// The language they read.
    pub locale: Locale,
    /// Their time zone.
    pub time_zone: TimeZone,
    /// The link that sets their first password.
    pub invitation: Link,
}

/// A person was added without a link (an import that brings its own sign-in).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MemberAdded {
    /// Who it is, sealed to the person.
    pub identity: SealedIdentity,
    /// What they may do.
    pub roles: Roles,
    /// Their technician group.
    pub group: Option<GroupId>,
    /// The language they read.
    pub locale: Locale,
    /// Their time zone.
    pub time_zone: TimeZone,
}

/// A new invitation link, the old one is dead.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct InvitationRenewed {
    /// The link that sets their first password.
    pub invitation: Link,
}

/// The person may do other things.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MemberRolesChanged {
    /// What they could.
    pub old: Roles,
    /// What they can.
    pub new: Roles,
}

/// The person is in another group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MemberMoved {
    /// Where they were.
    pub old: Option<GroupId>,
    /// Where they are.
    pub new: Option<GroupId>,
}

/// The person can't sign in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MemberDisabled {
    /// Why, in the words of who did it; may be empty.
    pub reason: String,
}

/// The person can sign in again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MemberEnabled {}

/// The person asked for a link to set a new password; the mail follows from this event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PasswordResetRequested {
    /// The link; the same as before where it is mailed again.
    pub reset: Link,
    /// When.
    pub at: Time,
}

/// The person has another password.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PasswordChanged {
    /// The Argon2id hash, sealed to the person.
    pub hash: Sealed,
    /// How it was set.
    pub through: PasswordProof,
    /// Whether it has the 15 characters that a person without a second step needs (S32).
    pub long: bool,
    /// The session in which it was changed: of those that began with an older password it alone lives on (S16).
    pub kept: Option<SessionId>,
}

/// What allowed a password to be set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum PasswordProof {
    /// The invitation's link.
    Invitation,
    /// A reset's link: the mailbox can't be the second step of a sign-in with this password while the link could live.
    Reset,
    /// The old password, and a second step where one is set up.
    Change,
}

/// The person's data is unreadable for ever: both data keys are destroyed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MemberErased {
    /// Who asked for it; none: the operator.
    pub by: Option<MemberId>,
}
