//! What the events of sign-ins, codes and sessions change.

use super::keep_last;
use crate::second_step::state::{
    Challenge, ContactStep, Failures, PendingSignIn, Proof, SecondStepState, Session, SessionProof, Stage,
};
use crate::second_step::{
    CodeAccepted, CodeRejected, CodeRequested, CodeResent, During, PasswordChangeAuthorised, SignInStarted,
    SignedIn, Typed, life,
};
use crate::{BackupKind, Time};

impl SecondStepState {
    pub(super) fn sign_in_started(&mut self, e: &SignInStarted) {
        self.prune(e.at);
        self.pending.retain(|pending| pending.id != e.sign_in);
        self.pending.push(PendingSignIn {
            id: e.sign_in,
            purpose: e.purpose,
            token: e.token.clone(),
            client: e.client.clone(),
            excluded: e.excluded.clone(),
            password: e.password,
            started_at: e.at,
            proven_at: None,
            expires_at: e.expires_at,
            stage: Stage::Judging,
            challenges: Default::default(),
        });
        keep_last(&mut self.pending, life::MAX_PENDING);
        self.drop_orphans();
    }

    pub(super) fn code_requested(&mut self, e: &CodeRequested) {
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

    pub(super) fn code_resent(&mut self, e: &CodeResent) {
        self.prune(e.at);
        self.sends.add(&e.dispatch.destination_hash, e.at);
    }

    pub(super) fn code_rejected(&mut self, e: &CodeRejected) {
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

    pub(super) fn code_accepted(&mut self, e: &CodeAccepted) {
        self.prune(e.at);
        if let (Some(step), Some(app)) =
            (e.step, self.enrolment.as_mut().and_then(|enrolment| enrolment.methods.app.as_mut()))
        {
            app.last_step = app.last_step.max(step);
        }
        let to = self.latest_challenge(e.during, e.method).filter(|_| e.challenge.is_some());
        let to = to.map(|asked| asked.dispatch.destination_hash.clone());
        if let Some(hash) = &to {
            self.sends.succeeded(hash);
        }
        if matches!(e.during, During::SignIn(_)) && to != self.reset_by {
            self.reset_by = None;
        }
        self.proven(e.during, e.method.into(), e.at);
    }

    /// A success in a sign-in or step-up clears the count; one in a set-up doesn't, as it may be against a contact
    /// that whoever guesses owns themselves (S11).
    pub(super) fn proven(&mut self, during: During, kind: BackupKind, at: Time) {
        let During::SignIn(id) = during else { return };
        self.failures = Failures::None;
        self.change_pending(id, |pending| {
            pending.challenges.clear();
            pending.proven_at = Some(at);
            pending.stage = Stage::Proven(Proof::password().and(kind));
        });
    }

    pub(super) fn signed_in(&mut self, e: &SignedIn) {
        self.prune(e.at);
        self.pending.retain(|pending| pending.id != e.sign_in);
        self.sessions.retain(|session| session.id != e.session);
        let proof = Proof { amr: e.amr.clone(), aal: e.aal };
        self.sessions.push(Session {
            id: e.session,
            token: e.token.clone(),
            password: e.password,
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

    pub(super) fn password_change_authorised(&mut self, e: &PasswordChangeAuthorised) {
        self.prune(e.at);
        if e.reset_by.is_some() {
            self.reset_by.clone_from(&e.reset_by);
        }
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
