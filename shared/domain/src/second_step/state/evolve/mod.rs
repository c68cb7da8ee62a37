//! The fold: what each event changes. Total — an event that fits nothing changes nothing — and without a clock.

mod set_up;
mod sign_in;

use super::set_up::{AppStep, LinkProgress};
use super::{Authenticator, ContactStep, Failures, PendingSignIn, SecondStepState, SetUp, Stage};
use crate::second_step::{MailedLink, SecondStepEvent as Event};
use crate::{BackupKind, ChallengeId, Method, SetUpId, SignInId};

/// The state after `event`.
pub(in crate::second_step) fn evolve(mut state: SecondStepState, event: &Event) -> SecondStepState {
    match event {
        Event::SetUpStarted(e) => state.set_up_started(e),
        Event::AuthenticatorPairingStarted(e) => {
            state.prune(e.at);
            state.change_set_up(e.set_up, |set_up| {
                set_up.app = Some(AppStep::Shown {
                    pairing: e.pairing,
                    seed: e.seed.clone(),
                    expires_at: e.expires_at,
                });
            });
        }
        Event::AuthenticatorPaired(e) => {
            state.prune(e.at);
            state.change_set_up(e.set_up, |set_up| {
                if let Some(AppStep::Shown { pairing, seed, .. }) = &set_up.app
                    && *pairing == e.pairing
                {
                    let app = Authenticator { pairing: e.pairing, seed: seed.clone(), last_step: e.step };
                    set_up.app = Some(AppStep::Paired(app));
                }
            });
        }
        Event::EmailVerificationRequested(e) => {
            state.prune(e.at);
            let link = MailedLink { key: e.link_key.clone(), expires_at: e.link_expires_at };
            state.contact_asked(e.set_up, &e.dispatch, Some(link), e.at);
        }
        Event::PhoneVerificationRequested(e) => {
            state.prune(e.at);
            state.contact_asked(e.set_up, &e.dispatch, None, e.at);
        }
        Event::VerificationLinkOpened(e) => {
            state.prune(e.at);
            state.change_link(e.set_up, e.challenge, |link| link.opened = true);
        }
        Event::PrimaryEmailVerified(e) => state.contact_verified(e.set_up, Method::Email, e.challenge, e.at),
        Event::BackupEmailVerified(e) => state.contact_verified(e.set_up, Method::Email, e.challenge, e.at),
        Event::PrimaryPhoneVerified(e) => state.contact_verified(e.set_up, Method::Sms, e.challenge, e.at),
        Event::BackupPhoneVerified(e) => state.contact_verified(e.set_up, Method::Sms, e.challenge, e.at),
        Event::RecoveryCodesIssued(e) => state.recovery_codes_issued(e),
        Event::MfaActivated(e) => {
            state.prune(e.at);
            state.activated(e);
        }
        Event::MethodRemoved(e) => state.method_removed(e.method),
        Event::MfaTurnedOff(_) => {
            state.enrolment = None;
            state.set_ups.clear();
            state.pending.clear();
        }
        // The count of failures, a lock, the sends and the changes begun stay: a reset is no success (S11).
        Event::MfaResetForced(_) => {
            state.enrolment = None;
            state.set_ups.clear();
            state.pending.clear();
            state.sessions.clear();
        }
        // About others.
        Event::ResetsRequested(_) => {}
        Event::SignInStarted(e) => state.sign_in_started(e),
        // The SignedIn of the same append says the rest.
        Event::SecondStepNotRequired(_) => {}
        Event::SetUpRequired(e) => state.change_pending(e.sign_in, |pending| {
            let proof = match &pending.stage {
                Stage::Proven(proof) => Some(proof.clone()),
                Stage::SetUp { proof } => proof.clone(),
                Stage::Judging | Stage::Verify { .. } => None,
            };
            pending.challenges.clear();
            pending.stage = Stage::SetUp { proof };
        }),
        Event::ChallengeIssued(e) => state.change_pending(e.sign_in, |pending| {
            pending.stage = Stage::Verify { offered: e.offered.clone() };
        }),
        Event::CodeRequested(e) => state.code_requested(e),
        Event::CodeResent(e) => state.code_resent(e),
        Event::CodeRejected(e) => state.code_rejected(e),
        Event::CodeAccepted(e) => state.code_accepted(e),
        Event::RecoveryCodeAccepted(e) => {
            state.prune(e.at);
            if let Some(printed) = state.enrolment.as_mut().and_then(|it| it.methods.printed.as_mut()) {
                printed.codes.remove(&e.code);
            }
            state.reset_by = None;
            state.proven(e.during, BackupKind::Printed, e.at);
        }
        // What the password had opened is over, so that after an unlocking nobody guesses on without it (S16).
        Event::SecondStepLocked(_) => {
            state.failures = state.failures.locked();
            state.pending.clear();
            state.drop_orphans();
        }
        Event::SecondStepUnlocked(_) => state.failures = Failures::None,
        Event::SignedIn(e) => state.signed_in(e),
        Event::SteppedUp(e) => {
            state.prune(e.at);
            state.pending.retain(|pending| pending.id != e.sign_in);
            if let Some(session) = state.sessions.iter_mut().find(|session| session.id == e.session) {
                session.prove(e.amr.iter().copied(), e.aal, e.at);
                session.seen_at = session.seen_at.max(e.at);
            }
        }
        Event::SessionSeen(e) => {
            state.prune(e.at);
            if let Some(session) = state.sessions.iter_mut().find(|session| session.id == e.session) {
                session.seen_at = session.seen_at.max(e.at);
            }
        }
        Event::SessionEnded(e) => {
            state.sessions.retain(|session| session.id != e.session);
            state.drop_orphans();
        }
        Event::PasswordChangeAuthorised(e) => state.password_change_authorised(e),
        // Telling somebody changes nothing here, nor does what changed nothing.
        Event::NoticeRequested(_) | Event::RequestAnswered(_) => {}
    }
    state
}

/// Finding and dropping.
impl SecondStepState {
    fn change_set_up(&mut self, id: SetUpId, change: impl FnOnce(&mut SetUp)) {
        if let Some(set_up) = self.set_ups.iter_mut().find(|set_up| set_up.id == id) {
            change(set_up);
        }
    }

    fn change_link(&mut self, id: SetUpId, challenge: ChallengeId, change: impl FnOnce(&mut LinkProgress)) {
        self.change_set_up(id, |set_up| {
            if let Some(step @ ContactStep::Asked { .. }) = &mut set_up.email
                && step.challenge_id() == challenge
                && let ContactStep::Asked { link: Some(link), .. } = step
            {
                change(link);
            }
        });
    }

    fn change_pending(&mut self, id: SignInId, change: impl FnOnce(&mut PendingSignIn)) {
        if let Some(pending) = self.pending.iter_mut().find(|pending| pending.id == id) {
            change(pending);
        }
    }
}

/// Keeps the `most` last.
fn keep_last<T>(list: &mut Vec<T>, most: usize) {
    let excess = list.len().saturating_sub(most);
    list.drain(..excess);
}
