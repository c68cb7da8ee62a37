//! What can be asked of a person, as administrators see them.

use super::{Link, PasswordProof, SealedIdentity};
use crate::{GroupId, LinkId, Locale, MemberId, Roles, Sealed, SessionId, Time, TimeZone};

/// A command on a member. Who may give it is settled before.
///
/// What takes a Master Admin out of the roster (other roles, disabling, erasing) is asked of the company first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MemberCommand {
    /// A person joins and gets a link to set a password.
    Invite(Invite),
    /// A new invitation link; also the first one of somebody who was added without.
    RenewInvitation(RenewInvitation),
    /// The person may do other things.
    ChangeRoles(ChangeRoles),
    /// The person goes to another technician group, or out of any.
    Move(Move),
    /// The person can no longer sign in.
    Disable(Disable),
    /// The person can sign in again.
    Enable(Enable),
    /// *Forgot your password?*
    RequestPasswordReset(RequestPasswordReset),
    /// A password is set.
    SetPassword(SetPassword),
    /// The person's data is erased; its keys are destroyed after the event.
    Erase(Erase),
}

/// See [`MemberCommand::Invite`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invite {
    /// Who it is.
    pub identity: SealedIdentity,
    /// What they may do; at least one role.
    pub roles: Roles,
    /// Their technician group; only for technicians, who may be without.
    pub group: Option<GroupId>,
    /// The language they read.
    pub locale: Locale,
    /// Their time zone.
    pub time_zone: TimeZone,
    /// The link that sets their first password.
    pub invitation: Link,
}

/// See [`MemberCommand::RenewInvitation`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RenewInvitation {
    /// The link that sets their first password.
    pub invitation: Link,
}

/// See [`MemberCommand::ChangeRoles`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangeRoles {
    /// The roles to have; at least one. Without the technician role the person leaves their group.
    pub new: Roles,
}

/// See [`MemberCommand::Move`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Move {
    /// Where to; none: in no group.
    pub to: Option<GroupId>,
}

/// See [`MemberCommand::Disable`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Disable {
    /// Why; at most [`MAX_REASON`](crate::MAX_REASON) characters, may be empty.
    pub reason: String,
}

/// See [`MemberCommand::Enable`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Enable {}

/// See [`MemberCommand::RequestPasswordReset`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestPasswordReset {
    /// The link to give out, where none that lives is to be mailed again.
    pub reset: Link,
    /// When.
    pub now: Time,
}

/// See [`MemberCommand::SetPassword`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetPassword {
    /// What allows it.
    pub through: PasswordProof,
    /// The Argon2id hash, sealed to the person.
    pub hash: Sealed,
    /// Whether the password has the 15 characters that a person without a second step needs (S32).
    pub long: bool,
    /// The link whose token was right; none for a change.
    pub link: Option<LinkId>,
    /// The hash that the old password was compared with; none through a link.
    pub compared: Option<Sealed>,
    /// The session in which it is changed; none through a link.
    pub kept: Option<SessionId>,
    /// When.
    pub now: Time,
}

/// See [`MemberCommand::Erase`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Erase {
    /// Who asks for it; none: the operator.
    pub by: Option<MemberId>,
}
