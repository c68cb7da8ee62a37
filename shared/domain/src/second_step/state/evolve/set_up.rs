//! What the events of a set-up change.

use super::keep_last;
use crate::second_step::state::{
    Challenge, ContactStep, LinkProgress, PrintedCodes, SecondStepState, SetUp, WorkAddress,
};
use crate::second_step::{Dispatch, MailedLink, RecoveryCodesIssued, SetUpOwner, SetUpStarted, life};
use crate::{BackupKind, ChallengeId, Method, SetUpId, Time};

impl SecondStepState {
    pub(super) fn set_up_started(&mut self, e: &SetUpStarted) {
        self.prune(e.at);
        self.changes.add(e.at);
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
            work_address: match &e.work_address_first {
                Some(address) => WorkAddress::Due(address.clone()),
                None => WorkAddress::NotAsked,
            },
        });
        keep_last(&mut self.set_ups, life::MAX_SET_UPS);
        if let SetUpOwner::SignIn(sign_in) = e.owner {
            self.change_pending(sign_in, |pending| {
                pending.expires_at = pending.expires_at.max(e.expires_at);
            });
        }
    }

    pub(super) fn contact_asked(
        &mut self,
        id: SetUpId,
        dispatch: &Dispatch,
        link: Option<MailedLink>,
        at: Time,
    ) {
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

    pub(super) fn contact_verified(&mut self, id: SetUpId, method: Method, challenge: ChallengeId, at: Time) {
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
            if proven.is_some() && set_up.due_work_address() == proven.as_ref() {
                set_up.work_address = WorkAddress::Proven;
            }
        });
        if let Some(hash) = proven {
            self.sends.succeeded(&hash);
        }
    }

    pub(super) fn recovery_codes_issued(&mut self, e: &RecoveryCodesIssued) {
        self.prune(e.at);
        let printed = PrintedCodes { codes: e.codes.clone(), as_backup: e.as_backup };
        match e.set_up {
            Some(id) => self.change_set_up(id, |set_up| set_up.printed = Some(printed)),
            None => {
                self.changes.add(e.at);
                if let Some(enrolment) = &mut self.enrolment {
                    enrolment.methods.printed = Some(printed);
                }
            }
        }
    }

    pub(super) fn method_removed(&mut self, kind: BackupKind) {
        let Some(enrolment) = &mut self.enrolment else { return };
        match kind {
            BackupKind::App => enrolment.methods.app = None,
            BackupKind::Sms => enrolment.methods.phone = None,
            BackupKind::Email => enrolment.methods.email = None,
            BackupKind::Printed => enrolment.methods.printed = None,
        }
    }
}
