//! One person, as rules and lists see them.

use twostep_domain::member::{MemberEvent, SealedIdentity};
use twostep_domain::second_step::Outline;
use twostep_domain::{Digest, GroupId, Roles, SessionId, Time};

/// One person, as rules and lists see them.
#[derive(Clone, Debug, PartialEq)]
pub struct MemberView {
    /// Who it is, sealed.
    pub identity: Option<Box<SealedIdentity>>,
    /// What they may do.
    pub roles: Roles,
    /// Their technician group.
    pub group: Option<GroupId>,
    /// Whether they can sign in.
    pub standing: Standing,
    /// When they were last enabled again: what they had open before is over (S16).
    pub enabled_again: Option<Time>,
    /// Their password, as far as sessions are judged by it; none yet: they were invited.
    pub password: Option<PasswordMark>,
    /// Whether an administrator's reset was the last that became of their two-step verification.
    pub reset: bool,
    /// What is set up, and what their console can show.
    pub second_step: Outline,
    /// Whether wrong codes locked their second step.
    pub locked: bool,
    /// The last revision of their member stream.
    pub revision: u64,
}

/// Which password it is: what began with an older one is over (S16).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PasswordMark {
    /// The revision of the member's stream at which it was set.
    pub revision: u64,
    /// The session in which it was changed, which lives on.
    pub kept: Option<SessionId>,
    /// Whether it has the length to be asked for alone (S32).
    pub long: bool,
}

/// Whether somebody can sign in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// With a password, or a first one to set.
    Enabled,
    /// Not at present.
    Disabled,
    /// Never again: the data is gone.
    Erased,
}

impl MemberView {
    /// The keyed hash of the work address; none once erased.
    #[must_use]
    pub fn work_address(&self) -> Option<Digest> {
        self.identity.as_ref().map(|identity| identity.email_hash.clone())
    }

    pub(super) fn apply(&mut self, event: MemberEvent, at: Time) {
        match event {
            MemberEvent::MemberInvited(_)
            | MemberEvent::MemberAdded(_)
            | MemberEvent::InvitationRenewed(_)
            | MemberEvent::PasswordResetRequested(_)
            | MemberEvent::NoticeRequested(_)
            | MemberEvent::RequestAnswered(_) => {}
            MemberEvent::MemberRolesChanged(event) => self.roles = event.new,
            MemberEvent::MemberMoved(event) => self.group = event.new,
            MemberEvent::MemberDisabled(_) => self.standing = Standing::Disabled,
            MemberEvent::MemberEnabled(_) => {
                self.standing = Standing::Enabled;
                self.enabled_again = Some(at);
            }
            MemberEvent::PasswordChanged(event) => {
                self.password =
                    Some(PasswordMark { revision: self.revision, kept: event.kept, long: event.long });
            }
            MemberEvent::MemberErased(_) => {
                self.standing = Standing::Erased;
                self.identity = None;
                self.second_step = Outline::default();
            }
        }
    }
}
