//! What a member's events add up to.

use serde::{Deserialize, Serialize};

use super::{Link, MemberEvent, Password, Person, SealedIdentity, Standing};
use crate::{Digest, GroupId, Roles, Time};

/// A person of a company, or the place for one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum MemberState {
    /// Nobody.
    #[default]
    Absent,
    /// A member.
    Present(Box<Person>),
    /// Somebody whose data was erased.
    Erased {
        /// The keyed hash of the login, to release its claim by.
        login_hash: Digest,
    },
}

impl MemberState {
    /// The person, if there is one whose data wasn't erased.
    #[must_use]
    pub fn person(&self) -> Option<&Person> {
        match self {
            Self::Present(person) => Some(person),
            Self::Absent | Self::Erased { .. } => None,
        }
    }

    /// Whether the person is there and not disabled.
    #[must_use]
    pub fn is_enabled(&self) -> bool {
        self.person().is_some_and(|person| person.standing() == Standing::Enabled)
    }

    /// Who it is.
    #[must_use]
    pub fn identity(&self) -> Option<&SealedIdentity> {
        self.person().map(Person::identity)
    }

    /// The key of the login's stream, kept when the rest is erased.
    #[must_use]
    pub fn login_hash(&self) -> Option<&Digest> {
        match self {
            Self::Absent => None,
            Self::Present(person) => Some(&person.identity().login_hash),
            Self::Erased { login_hash } => Some(login_hash),
        }
    }

    /// What the person may do.
    #[must_use]
    pub fn roles(&self) -> Option<&Roles> {
        self.person().map(Person::roles)
    }

    /// The person's technician group.
    #[must_use]
    pub fn group(&self) -> Option<GroupId> {
        self.person().and_then(Person::group)
    }

    /// The password, also of somebody who is disabled.
    #[must_use]
    pub fn password(&self) -> Option<&Password> {
        self.person().and_then(Person::password)
    }

    /// The invitation that would be accepted at `now`.
    #[must_use]
    pub fn live_invitation(&self, now: Time) -> Option<&Link> {
        self.person()?.invitation().filter(|link| now < link.expires_at)
    }

    /// The reset link that would be accepted at `now`.
    #[must_use]
    pub fn live_reset(&self, now: Time) -> Option<&Link> {
        self.person()?.reset().filter(|link| now < link.expires_at)
    }

    /// "Able to sign in", as the break-glass rule means it: enabled, login claimed, password or live invitation.
    ///
    /// `login_claimed` is a fact: the login's stream names this person. Locks that pass don't count.
    #[must_use]
    pub fn able_to_sign_in(&self, login_claimed: bool, now: Time) -> bool {
        self.is_enabled()
            && login_claimed
            && (self.password().is_some() || self.live_invitation(now).is_some())
    }

    pub(super) fn after(self, event: &MemberEvent) -> Self {
        match self {
            Self::Absent => match Person::joining(event) {
                Some(person) => Self::Present(Box::new(person)),
                None => Self::Absent,
            },
            Self::Present(mut person) => {
                if let MemberEvent::MemberErased(_) = event {
                    return Self::Erased { login_hash: person.identity().login_hash.clone() };
                }
                person.apply(event);
                Self::Present(person)
            }
            Self::Erased { login_hash } => Self::Erased { login_hash },
        }
    }
}
