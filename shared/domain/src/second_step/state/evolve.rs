//! The fold: what each event changes. Total — an event that fits nothing changes nothing — and without a clock.

use super::set_up::{AppStep, ContactStep, LinkProgress};
use super::sign_in::{PendingSignIn, Stage};
use super::{Authenticator, Challenge, PrintedCodes, Proof, SecondStepState, Session, SessionProof, SetUp};
use crate::second_step::{
    CodeAccepted, CodeRejected, CodeRequested, CodeResent, Dispatch, During, MailedLink,
    PasswordChangeAuthorised, RecoveryCodesIssued, SecondStepEvent as Event, SetUpStarted, SignInStarted,
    SignedIn, Typed, life,
};
use crate::{BackupKind, ChallengeId, Method, SetUpId, SignInId, Time};

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
        // The count of failures, a lock and the sends stay: a reset is no success (S11).
        Event::MfaResetForced(_) => {
            state.enrolment = None;
            state.set_ups.clear();
            state.pending.clear();
            state.sessions.clear();
        }
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
            state.proven(e.during, BackupKind::Printed);
        }
        Event::SecondStepLocked(_) => state.failures = state.failures.locked(),
        Event::SecondStepUnlocked(_) => state.failures = super::Failures::None,
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
        // Telling somebody changes nothing here.
        Event::NoticeRequested(_) => {}
    }
    state
}

/// Set-up.
impl SecondStepState {
    fn set_up_started(&mut self, e: &SetUpStarted) {
        self.prune(e.at);
        self.set_ups.retain(|set_up| set_up.owner != e.owner && set_up.id != e.set_up);
        self.set_ups.push(SetUp {
            id: e.set_up,
            owner: e.owner,
            epoch: e.epoch,
            company: e.company,
            primary: e.primary,
            backups: e.backups.clone(),
            keeps: e.keeps.clone(),
            edits: e.edits,
            expires_at: e.expires_at,
            app: None,
            phone: None,
            email: None,
            printed: None,
        });
        keep_last(&mut self.set_ups, life::MAX_SET_UPS);
        if let crate::second_step::SetUpOwner::SignIn(sign_in) = e.owner {
            self.change_pending(sign_in, |pending| {
                pending.expires_at = pending.expires_at.max(e.expires_at);
            });
        }
    }

    fn contact_asked(&mut self, id: SetUpId, dispatch: &Dispatch, link: Option<MailedLink>, at: Time) {
        self.sends.add(&dispatch.destination_hash, at);
        let step = ContactStep::Asked {
            challenge: Challenge::new(dispatch.clone()),
            link: link.map(|link| LinkProgress { link, opened: false, wrong: 0 }),
        };
        self.change_set_up(id, |set_up| {
            if let Some(slot) = set_up.contact_mut(dispatch.method) {
                *slot = Some(step);
            }
        });
    }

    fn contact_verified(&mut self, id: SetUpId, method: Method, challenge: ChallengeId, at: Time) {
        self.prune(at);
        let mut proven = None;
        self.change_set_up(id, |set_up| {
            if let Some(Some(step)) = set_up.contact_mut(method)
                && step.challenge_id() == challenge
            {
                let contact = step.as_contact();
                proven = Some(contact.hash.clone());
                *step = ContactStep::Verified { challenge, contact };
            }
        });
        if let Some(hash) = proven {
            self.sends.succeeded(&hash);
        }
    }

    fn recovery_codes_issued(&mut self, e: &RecoveryCodesIssued) {
        self.prune(e.at);
        let printed = PrintedCodes { codes: e.codes.clone(), as_backup: e.as_backup };
        match e.set_up {
            Some(id) => self.change_set_up(id, |set_up| set_up.printed = Some(printed)),
            None => {
                if let Some(enrolment) = &mut self.enrolment {
                    enrolment.methods.printed = Some(printed);
                }
            }
        }
    }

    fn method_removed(&mut self, kind: BackupKind) {
        let Some(enrolment) = &mut self.enrolment else { return };
        match kind {
            BackupKind::App => enrolment.methods.app = None,
            BackupKind::Sms => enrolment.methods.phone = None,
            BackupKind::Email => enrolment.methods.email = None,
            BackupKind::Printed => enrolment.methods.printed = None,
        }
    }
}

/// Sign-in, codes and sessions.
impl SecondStepState {
    fn sign_in_started(&mut self, e: &SignInStarted) {
        self.prune(e.at);
        self.pending.retain(|pending| pending.id != e.sign_in);
        self.pending.push(PendingSignIn {
            id: e.sign_in,
            purpose: e.purpose,
            token: e.token.clone(),
            client: e.client.clone(),
            excluded: e.excluded.clone(),
            started_at: e.at,
            expires_at: e.expires_at,
            stage: Stage::Judging,
            challenges: Default::default(),
        });
        keep_last(&mut self.pending, life::MAX_PENDING);
        self.drop_orphans();
    }

    fn code_requested(&mut self, e: &CodeRequested) {
        self.prune(e.at);
        match e.during {
            During::SignIn(id) => {
                self.sends.add(&e.dispatch.destination_hash, e.at);
                self.change_pending(id, |pending| {
                    pending.challenges.insert(e.dispatch.method, Challenge::new(e.dispatch.clone()));
                });
            }
            During::SetUp(id) => self.contact_asked(id, &e.dispatch, None, e.at),
        }
    }

    fn code_resent(&mut self, e: &CodeResent) {
        self.prune(e.at);
        self.sends.add(&e.dispatch.destination_hash, e.at);
    }

    fn code_rejected(&mut self, e: &CodeRejected) {
        self.prune(e.at);
        self.failures = self.failures.one_more(e.at);
        match (e.during, e.typed, e.challenge) {
            (During::SetUp(id), Typed::ScreenCode, Some(challenge)) => {
                self.change_link(id, challenge, |link| link.wrong = link.wrong.saturating_add(1));
            }
            (During::SetUp(id), Typed::Code, Some(challenge)) => self.change_set_up(id, |set_up| {
                for step in [&mut set_up.phone, &mut set_up.email].into_iter().flatten() {
                    if let ContactStep::Asked { challenge: asked, .. } = step {
                        asked.rejected(challenge);
                    }
                }
            }),
            (During::SignIn(id), _, Some(challenge)) => self.change_pending(id, |pending| {
                pending.challenges.values_mut().for_each(|asked| asked.rejected(challenge));
            }),
            (During::SetUp(_) | During::SignIn(_), _, None) => {}
        }
    }

    fn code_accepted(&mut self, e: &CodeAccepted) {
        self.prune(e.at);
        if let (Some(step), Some(app)) =
            (e.step, self.enrolment.as_mut().and_then(|enrolment| enrolment.methods.app.as_mut()))
        {
            app.last_step = app.last_step.max(step);
        }
        if let Some(hash) =
            self.latest_challenge(e.during, e.method).map(|asked| asked.dispatch.destination_hash.clone())
            && e.challenge.is_some()
        {
            self.sends.succeeded(&hash);
        }
        self.proven(e.during, e.method.into());
    }

    /// A success in a sign-in or step-up clears the count; one in a set-up doesn't, as it may be against a contact
    /// that whoever guesses owns themselves (S11).
    fn proven(&mut self, during: During, kind: BackupKind) {
        let During::SignIn(id) = during else { return };
        self.failures = super::Failures::None;
        self.change_pending(id, |pending| {
            pending.challenges.clear();
            pending.stage = Stage::Proven(Proof::password().and(kind));
        });
    }

    fn signed_in(&mut self, e: &SignedIn) {
        self.prune(e.at);
        self.pending.retain(|pending| pending.id != e.sign_in);
        self.sessions.retain(|session| session.id != e.session);
        let proof = Proof { amr: e.amr.clone(), aal: e.aal };
        self.sessions.push(Session {
            id: e.session,
            token: e.token.clone(),
            client: e.client.clone(),
            second_step: if proof.has_second_step() {
                SessionProof::Proven { at: e.at }
            } else {
                SessionProof::None
            },
            proof,
            started_at: e.at,
            seen_at: e.at,
            expires_at: e.expires_at,
        });
        keep_last(&mut self.sessions, life::MAX_SESSIONS);
        self.drop_orphans();
    }

    fn password_change_authorised(&mut self, e: &PasswordChangeAuthorised) {
        self.prune(e.at);
        self.pending.clear();
        self.sessions.retain(|session| Some(session.id) == e.session);
        for session in &mut self.sessions {
            if let Some(at) = session.proved_at() {
                session.second_step = SessionProof::Spent { at };
            }
        }
        self.drop_orphans();
    }
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
pub(super) fn keep_last<T>(list: &mut Vec<T>, most: usize) {
    let excess = list.len().saturating_sub(most);
    list.drain(..excess);
}
