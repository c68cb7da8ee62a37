//! Somebody's second step as far as the policy looks at it, followed from the events: no secret, no address.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{MfaActivated, Purpose, SecondStepEvent as Event, SetUpOwner, SetUpStarted, SignInStarted};
use crate::company::Epoch;
use crate::{BackupKind, Capabilities, ClientKind, Method, SetUpId, Time};

/// Set-ups remembered at once: more than can be alive.
const MOST: usize = 64;

/// What somebody set up, and what their console can show. Read models keep one for everybody; decisions fold the state.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outline {
    enrolled: Option<Enrolled>,
    set_ups: Vec<UnderWay>,
    console: Option<Capabilities>,
}

/// An activation in force.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Enrolled {
    /// The epoch that it counts under.
    pub epoch: Epoch,
    /// The company revision that it was judged under.
    pub company: u64,
    /// What was proven, printed codes aside.
    pub methods: BTreeSet<Method>,
    /// Whether printed codes were the chosen backup.
    pub printed: bool,
}

/// A set-up under way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct UnderWay {
    id: SetUpId,
    owner: SetUpOwner,
    /// What has a place in it: a work address that is only proven hasn't.
    allowed: BTreeSet<Method>,
    keeps: BTreeSet<Method>,
    proven: BTreeSet<Method>,
    expires_at: Time,
}

impl Outline {
    /// What is set up.
    #[must_use]
    pub fn enrolled(&self) -> Option<&Enrolled> {
        self.enrolled.as_ref()
    }

    /// What the console could show that they signed in with last; none: they never did.
    #[must_use]
    pub fn console(&self) -> Option<&Capabilities> {
        self.console.as_ref()
    }

    /// Follows `event`.
    pub fn apply(&mut self, event: &Event) {
        match event {
            Event::SetUpStarted(e) => self.set_up_started(e),
            Event::AuthenticatorPaired(e) => self.proven(e.set_up, Method::App),
            Event::PrimaryEmailVerified(e) => self.proven(e.set_up, Method::Email),
            Event::BackupEmailVerified(e) => self.proven(e.set_up, Method::Email),
            Event::PrimaryPhoneVerified(e) => self.proven(e.set_up, Method::Sms),
            Event::BackupPhoneVerified(e) => self.proven(e.set_up, Method::Sms),
            Event::MfaActivated(e) => self.activated(e),
            Event::MfaTurnedOff(_) | Event::MfaResetForced(_) => {
                self.enrolled = None;
                self.set_ups.clear();
            }
            Event::SignInStarted(e) => self.sign_in_started(e),
            // A method goes by the activation that follows in the same append; the rest changes nothing of this.
            Event::MethodRemoved(_)
            | Event::AuthenticatorPairingStarted(_)
            | Event::EmailVerificationRequested(_)
            | Event::PhoneVerificationRequested(_)
            | Event::VerificationLinkOpened(_)
            | Event::RecoveryCodesIssued(_)
            | Event::ResetsRequested(_)
            | Event::SecondStepNotRequired(_)
            | Event::SetUpRequired(_)
            | Event::ChallengeIssued(_)
            | Event::CodeRequested(_)
            | Event::CodeResent(_)
            | Event::CodeRejected(_)
            | Event::CodeAccepted(_)
            | Event::RecoveryCodeAccepted(_)
            | Event::SecondStepLocked(_)
            | Event::SecondStepUnlocked(_)
            | Event::SignedIn(_)
            | Event::SteppedUp(_)
            | Event::SessionSeen(_)
            | Event::SessionEnded(_)
            | Event::PasswordChangeAuthorised(_)
            | Event::NoticeRequested(_)
            | Event::RequestAnswered(_) => {}
        }
    }

    fn set_up_started(&mut self, e: &SetUpStarted) {
        self.set_ups.retain(|set_up| set_up.owner != e.owner && e.at < set_up.expires_at);
        if self.set_ups.len() == MOST {
            self.set_ups.remove(0);
        }
        self.set_ups.push(UnderWay {
            id: e.set_up,
            owner: e.owner,
            allowed: methods(&e.backups).chain([e.primary]).collect(),
            keeps: methods(&e.keeps).collect(),
            proven: BTreeSet::new(),
            expires_at: e.expires_at,
        });
    }

    fn proven(&mut self, set_up: SetUpId, method: Method) {
        if let Some(set_up) = self.set_ups.iter_mut().find(|it| it.id == set_up)
            && set_up.allowed.contains(&method)
        {
            set_up.proven.insert(method);
        }
    }

    fn activated(&mut self, e: &MfaActivated) {
        let Some(set_up) = self.set_ups.iter().find(|it| it.id == e.set_up) else { return };
        let had = self.enrolled.take().map(|enrolled| enrolled.methods).unwrap_or_default();
        let methods = had.intersection(&set_up.keeps).chain(&set_up.proven).copied().collect();
        let printed = e.backup == BackupKind::Printed;
        self.enrolled = Some(Enrolled { epoch: e.epoch, company: e.company, methods, printed });
        self.set_ups.clear();
    }

    /// Whoever says nothing of themselves is taken for an old console: the website says what it can do.
    fn sign_in_started(&mut self, e: &SignInStarted) {
        let website = e.client.kind == ClientKind::Web && e.client.capabilities == Capabilities::all();
        if e.purpose == Purpose::SignIn && !website {
            self.console = Some(e.client.capabilities.clone());
        }
    }
}

fn methods(kinds: &BTreeSet<BackupKind>) -> impl Iterator<Item = Method> {
    kinds.iter().copied().filter_map(BackupKind::method)
}
