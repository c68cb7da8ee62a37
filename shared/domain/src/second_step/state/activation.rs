//! What an activation puts in force, and what it ends.

use super::{Enrolment, Methods, PrintedCodes, Proof, SecondStepState, SetUp};
use crate::BackupKind;
use crate::second_step::{MfaActivated, SetUpOwner};

impl SecondStepState {
    /// The set-up's methods come into force; every set-up and pending sign-in is over, as they began under the old ones.
    pub(super) fn activated(&mut self, e: &MfaActivated) {
        let Some(set_up) = self.set_ups.iter().find(|set_up| set_up.id == e.set_up).cloned() else { return };
        let first = set_up.edits.is_none();
        let methods = self.methods_after(&set_up, e.backup);
        self.enrolment = Some(Enrolment {
            set_up: e.set_up,
            epoch: e.epoch,
            company: e.company,
            activated_at: e.at,
            methods,
        });
        self.set_ups.clear();
        self.pending.clear();
        // Whoever reset the password set up all of this, or proved what was there before.
        self.reset_by = None;
        // The session of a first set-up has just proven everything there is; an edit keeps the proof that allowed it.
        if let SetUpOwner::Session(id) = set_up.owner
            && first
            && let Some(session) = self.sessions.iter_mut().find(|session| session.id == id)
        {
            let proof = set_up.proof(Proof::password());
            session.prove(proof.amr, proof.aal, e.at);
        }
    }

    /// What was proven, over what is kept. Printed codes survive an edit: they are the way out that everybody has.
    pub(in crate::second_step) fn methods_after(&self, set_up: &SetUp, backup: BackupKind) -> Methods {
        let fresh = set_up.methods();
        let old = self
            .enrolment
            .as_ref()
            .filter(|enrolment| set_up.edits == Some(enrolment.set_up))
            .map(|enrolment| enrolment.methods.clone())
            .unwrap_or_default();
        let keeps = |kind| set_up.keeps.contains(&kind);
        Methods {
            app: fresh.app.or(old.app.filter(|_| keeps(BackupKind::App))),
            phone: fresh.phone.or(old.phone.filter(|_| keeps(BackupKind::Sms))),
            email: fresh.email.or(old.email.filter(|_| keeps(BackupKind::Email))),
            printed: fresh
                .printed
                .or(old.printed)
                .map(|printed| PrintedCodes { as_backup: backup == BackupKind::Printed, ..printed }),
        }
    }
}
