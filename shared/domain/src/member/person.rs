//! A person who is a member.

use serde::{Deserialize, Serialize};

use super::resets::RecentResets;
use super::{Link, MemberAdded, MemberEvent, MemberInvited, Password, SealedIdentity};
use crate::{Digest, GroupId, Locale, Roles, Time, TimeZone};

/// A member whose data is readable.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    identity: SealedIdentity,
    roles: Roles,
    group: Option<GroupId>,
    locale: Locale,
    time_zone: TimeZone,
    standing: Standing,
    access: Access,
    resets: RecentResets,
}

/// Whether a person may sign in at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Standing {
    /// They may.
    Enabled,
    /// They may not; a password waits for the day when they may again.
    Disabled,
}

/// What a person signs in with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Access {
    /// Nothing of ours: added without a link, or the invitation died.
    Nothing,
    /// A link that sets the first password.
    Invited(Link),
    /// A password.
    Password {
        /// The password.
        password: Password,
        /// A link that sets another one.
        reset: Option<Link>,
    },
}

impl Person {
    /// The person whom `event` brings into the company, if it is one that does: a stream begins with it.
    pub(super) fn joining(event: &MemberEvent) -> Option<Self> {
        match event {
            MemberEvent::MemberInvited(event) => Some(Self::invited(event)),
            MemberEvent::MemberAdded(event) => Some(Self::added(event)),
            MemberEvent::InvitationRenewed(_)
            | MemberEvent::MemberRolesChanged(_)
            | MemberEvent::MemberMoved(_)
            | MemberEvent::MemberDisabled(_)
            | MemberEvent::MemberEnabled(_)
            | MemberEvent::PasswordResetRequested(_)
            | MemberEvent::PasswordChanged(_)
            | MemberEvent::MemberErased(_)
            | MemberEvent::NoticeRequested(_)
            | MemberEvent::RequestAnswered(_) => None,
        }
    }

    fn invited(event: &MemberInvited) -> Self {
        Self {
            identity: event.identity.clone(),
            roles: event.roles.clone(),
            group: event.group,
            locale: event.locale,
            time_zone: event.time_zone.clone(),
            standing: Standing::Enabled,
            access: Access::Invited(event.invitation.clone()),
            resets: RecentResets::default(),
        }
    }

    fn added(event: &MemberAdded) -> Self {
        Self {
            identity: event.identity.clone(),
            roles: event.roles.clone(),
            group: event.group,
            locale: event.locale,
            time_zone: event.time_zone.clone(),
            standing: Standing::Enabled,
            access: Access::Nothing,
            resets: RecentResets::default(),
        }
    }

    pub(super) fn apply(&mut self, event: &MemberEvent) {
        match event {
            // The person is there already; the erasure is the state's, the notice the relay's, the answer the ledger's.
            MemberEvent::MemberInvited(_)
            | MemberEvent::MemberAdded(_)
            | MemberEvent::MemberErased(_)
            | MemberEvent::NoticeRequested(_)
            | MemberEvent::RequestAnswered(_) => {}
            MemberEvent::InvitationRenewed(event) => self.access = Access::Invited(event.invitation.clone()),
            MemberEvent::MemberRolesChanged(event) => self.roles = event.new.clone(),
            MemberEvent::MemberMoved(event) => self.group = event.new,
            MemberEvent::MemberDisabled(_) => {
                self.standing = Standing::Disabled;
                self.kill_links();
            }
            MemberEvent::MemberEnabled(_) => self.standing = Standing::Enabled,
            MemberEvent::PasswordResetRequested(event) => {
                if event.reset.mailed {
                    self.resets.note(event.at);
                }
                if let Access::Password { reset, .. } = &mut self.access {
                    *reset = Some(event.reset.clone());
                }
            }
            MemberEvent::PasswordChanged(event) => {
                let password = Password::set(event, self.reset());
                self.access = Access::Password { password, reset: None };
            }
        }
    }

    /// A link that lay in a mailbox while its owner was disabled doesn't come back to life with them.
    fn kill_links(&mut self) {
        match &mut self.access {
            Access::Nothing => {}
            Access::Invited(_) => self.access = Access::Nothing,
            Access::Password { reset, .. } => *reset = None,
        }
    }

    /// The reset links mailed of late.
    pub(super) fn resets(&self) -> &RecentResets {
        &self.resets
    }

    /// Who it is.
    #[must_use]
    pub fn identity(&self) -> &SealedIdentity {
        &self.identity
    }

    /// What they may do.
    #[must_use]
    pub fn roles(&self) -> &Roles {
        &self.roles
    }

    /// Their technician group.
    #[must_use]
    pub fn group(&self) -> Option<GroupId> {
        self.group
    }

    /// The language they read.
    #[must_use]
    pub fn locale(&self) -> Locale {
        self.locale
    }

    /// Their time zone.
    #[must_use]
    pub fn time_zone(&self) -> &TimeZone {
        &self.time_zone
    }

    /// Whether they may sign in at all.
    #[must_use]
    pub fn standing(&self) -> Standing {
        self.standing
    }

    /// What they sign in with.
    #[must_use]
    pub fn access(&self) -> &Access {
        &self.access
    }

    /// Their password.
    #[must_use]
    pub fn password(&self) -> Option<&Password> {
        match &self.access {
            Access::Nothing | Access::Invited(_) => None,
            Access::Password { password, .. } => Some(password),
        }
    }

    /// The invitation that wasn't used yet; it may have expired.
    #[must_use]
    pub fn invitation(&self) -> Option<&Link> {
        match &self.access {
            Access::Nothing | Access::Password { .. } => None,
            Access::Invited(link) => Some(link),
        }
    }

    /// The reset link that wasn't used yet; it may have expired.
    #[must_use]
    pub fn reset(&self) -> Option<&Link> {
        match &self.access {
            Access::Nothing | Access::Invited(_) => None,
            Access::Password { reset, .. } => reset.as_ref(),
        }
    }

    /// The keyed hash of the mailbox that can't be the second step at `now`: it reset the password, and the link could still live (S18).
    ///
    /// The second step's own stream keeps it out for longer: until another method was proven.
    #[must_use]
    pub fn excluded_mailbox(&self, now: Time) -> Option<&Digest> {
        self.password()?.reset_until().filter(|until| now < *until).map(|_| &self.identity.email_hash)
    }
}
