//! What the shell, pages and decisions ask of the state. All of it is public; secrets are sealed or hashed.

use std::collections::BTreeSet;

use super::{
    Challenge, Enrolment, Failures, PendingSignIn, SecondStepState, Session, SessionOver, SessionStanding,
    SetUp, Stage,
};
use crate::notice::Contact;
use crate::second_step::{During, MailedLink, Purpose, Requirement, SetUpOwner};
use crate::{BackupKind, ChallengeId, Digest, Method, PairingId, Sealed, SessionId, SetUpId, SignInId, Time};

/// The enrolment in force.
impl SecondStepState {
    /// What the last activation put in force, whether it counts or not.
    #[must_use]
    pub fn enrolment(&self) -> Option<&Enrolment> {
        self.enrolment.as_ref()
    }

    /// The enrolment, if it counts under `requirement`.
    #[must_use]
    pub fn counting(&self, requirement: &Requirement) -> Option<&Enrolment> {
        self.enrolment.as_ref().filter(|enrolment| enrolment.counts(requirement))
    }

    /// The counting enrolment lacks the company's primary method: after proving an old one, it is set up (lossless change).
    #[must_use]
    pub fn lacks_primary(&self, requirement: &Requirement) -> bool {
        requirement.covers()
            && self.counting(requirement).is_some_and(|enrolment| !enrolment.methods.has(requirement.primary))
    }

    /// The app of the enrolment: its pairing and sealed seed.
    #[must_use]
    pub fn app_pairing(&self) -> Option<(PairingId, &Sealed)> {
        let app = self.enrolment.as_ref()?.methods.app.as_ref()?;
        Some((app.pairing, &app.seed))
    }

    /// The keyed hashes of the printed codes that are left in the enrolment.
    #[must_use]
    pub fn printed_codes(&self) -> &BTreeSet<Digest> {
        static NONE: BTreeSet<Digest> = BTreeSet::new();
        let printed = self.enrolment.as_ref().and_then(|enrolment| enrolment.methods.printed.as_ref());
        printed.map_or(&NONE, |printed| &printed.codes)
    }

    /// The verified addresses and numbers of the enrolment, for notices.
    #[must_use]
    pub fn contacts(&self) -> Vec<Contact> {
        self.enrolment.as_ref().map(|enrolment| enrolment.methods.contacts()).unwrap_or_default()
    }
}

/// Sign-ins, step-ups and their codes.
impl SecondStepState {
    /// The pending sign-in or step-up, if it lives.
    #[must_use]
    pub fn pending(&self, sign_in: SignInId, now: Time) -> Option<&PendingSignIn> {
        let pending =
            self.pending.iter().find(|pending| pending.id == sign_in && now < pending.expires_at)?;
        match pending.purpose {
            Purpose::SignIn => Some(pending),
            Purpose::StepUp(session) => self.session(session, now).map(|_| pending),
        }
    }

    /// The mailbox that can't be the second step of a new sign-in: it reset the password, and nothing else was proven
    /// since, however long ago that was (S18).
    #[must_use]
    pub fn reset_by(&self) -> Option<&Digest> {
        self.reset_by.as_ref()
    }

    /// What the dialog of a pending sign-in offers under `requirement`, the preferred first; empty outside that stage.
    #[must_use]
    pub fn offered(&self, sign_in: SignInId, requirement: &Requirement, now: Time) -> Vec<BackupKind> {
        match (self.pending(sign_in, now), self.counting(requirement)) {
            (Some(pending), Some(enrolment)) if matches!(pending.stage, Stage::Verify { .. }) => {
                enrolment.offered(requirement, &pending.client, pending.excluded.as_ref())
            }
            _ => Vec::new(),
        }
    }

    /// The last code sent for `method`, live or not: what a typed code is compared with.
    #[must_use]
    pub fn latest_challenge(&self, during: During, method: Method) -> Option<&Challenge> {
        match during {
            During::SignIn(id) => {
                self.pending.iter().find(|pending| pending.id == id)?.challenges.get(&method)
            }
            During::SetUp(id) => self.set_up_by_id(id)?.contact(method)?.challenge(),
        }
    }
}

/// Set-ups and their links.
impl SecondStepState {
    /// The owner's set-up, if both live.
    #[must_use]
    pub fn set_up(&self, owner: SetUpOwner, now: Time) -> Option<&SetUp> {
        self.set_ups
            .iter()
            .find(|set_up| set_up.owner == owner && now < set_up.expires_at)
            .filter(|_| self.may_set_up(owner, now))
    }

    /// Whether `owner` is a live session, or a live sign-in that waits for a set-up.
    #[must_use]
    pub fn may_set_up(&self, owner: SetUpOwner, now: Time) -> bool {
        match owner {
            SetUpOwner::SignIn(id) => {
                self.pending(id, now).is_some_and(|pending| matches!(pending.stage, Stage::SetUp { .. }))
            }
            SetUpOwner::Session(id) => self.session(id, now).is_some(),
        }
    }

    /// The set-up that a mailed link belongs to, and the link where it still waits to be used; none: dead or unknown.
    #[must_use]
    pub fn link(&self, challenge: ChallengeId, now: Time) -> Option<(&SetUp, Option<&MailedLink>)> {
        let set_up = self
            .set_ups
            .iter()
            .find(|set_up| set_up.email.as_ref().is_some_and(|email| email.challenge_id() == challenge))?;
        self.set_up(set_up.owner, now)?;
        match set_up.email.as_ref()? {
            super::ContactStep::Verified { .. } => Some((set_up, None)),
            super::ContactStep::Asked { link, .. } => {
                link.as_ref().filter(|link| link.is_live(now)).map(|link| (set_up, Some(&link.link)))
            }
        }
    }

    pub(super) fn set_up_by_id(&self, id: SetUpId) -> Option<&SetUp> {
        self.set_ups.iter().find(|set_up| set_up.id == id)
    }
}

/// Limits.
impl SecondStepState {
    /// Wrong guesses in a row.
    #[must_use]
    pub fn failures(&self) -> Failures {
        self.failures
    }

    /// Whether the second step is locked.
    #[must_use]
    pub fn is_locked(&self) -> bool {
        self.failures.is_locked()
    }

    /// When the next guess is possible, if not now; a lock has no such time.
    #[must_use]
    pub fn retry_at(&self, now: Time) -> Option<Time> {
        self.failures.retry_at(now)
    }

    /// When the next message to `destination` (its keyed hash) is possible, if not now.
    #[must_use]
    pub fn next_send_at(&self, destination: &Digest, now: Time) -> Option<Time> {
        self.sends.next_at(destination, now)
    }

    /// When the next set-up may be started, or the next printed codes asked for in a session, if not now.
    #[must_use]
    pub fn next_change_at(&self, now: Time) -> Option<Time> {
        self.changes.next_at(now)
    }
}

/// Sessions.
impl SecondStepState {
    /// The session, if it lives.
    #[must_use]
    pub fn session(&self, session: SessionId, now: Time) -> Option<&Session> {
        self.sessions.iter().find(|live| live.id == session && live.is_live(now))
    }

    /// Whether the session isn't over, even where `now` was read before its last use: there is something to end.
    pub(in crate::second_step) fn has_session(&self, session: SessionId, now: Time) -> bool {
        self.sessions.iter().any(|held| held.id == session && !held.is_over(now))
    }

    /// The live sessions, oldest first.
    pub fn sessions(&self, now: Time) -> impl Iterator<Item = &Session> {
        self.sessions.iter().filter(move |session| session.is_live(now))
    }

    /// What the session may do under `requirement` (S16).
    ///
    /// A lossless change of the primary asks at the next sign-in: a session that proved an old method stays.
    ///
    /// # Errors
    /// The session is over.
    pub fn judge_session(
        &self,
        session: SessionId,
        requirement: &Requirement,
        now: Time,
    ) -> Result<SessionStanding, SessionOver> {
        let session = self.session(session, now).ok_or(SessionOver)?;
        let below = match self.counting(requirement) {
            Some(_) => session.proved_at().is_none(),
            None => requirement.covers(),
        };
        Ok(if below { SessionStanding::SecondStepRequired } else { SessionStanding::Full })
    }
}
