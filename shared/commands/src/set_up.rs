//! Setting up: starting, and *Activate*.

use std::collections::BTreeSet;
use std::sync::Arc;

use twostep_domain::second_step::{
    Activate, IssueRecoveryCodes, SecondStep, SecondStepCommand, SecondStepError, SecondStepEvent,
    SecondStepState, StartSetUp,
};
use twostep_domain::{Aggregate as _, BackupKind, Digest, InvalidEmail, InvalidPhone, SetUpId};
use twostep_event_store::Metadata;
use twostep_vault::{BearerToken, RecoveryCodes, random};

use crate::context::second_step;
use crate::fault::faults;
use crate::sign_in::DrawnSession;
use crate::{Commands, Done, Fault, Fold, SetUpCaller};

/// Why a set-up doesn't go on.
#[derive(Debug, thiserror::Error)]
pub enum SetUpError {
    /// The address can't be used.
    #[error(transparent)]
    Email(InvalidEmail),
    /// The number can't be used.
    #[error(transparent)]
    Phone(InvalidPhone),
    /// The company sends no texts to this country (S14).
    #[error(
        "your company doesn't send text messages to numbers of this country: ask a Master Admin, or choose another method"
    )]
    Country,
    /// The installation sends no texts.
    #[error("text messages can't be sent here: start the set-up again, it offers you what can")]
    NoTexts,
    /// The account's name can't stand in an app.
    #[error("the company's account name can't be used in authenticator apps")]
    AccountName,
    /// The code was wrong; it was counted.
    #[error("the code is wrong")]
    Rejected,
    /// Nobody pressed the button behind the mailed link yet.
    #[error("we haven't seen your click yet")]
    NotYetVerified,
    /// The rules.
    #[error(transparent)]
    Refused(SecondStepError),
    /// A part is not there.
    #[error(transparent)]
    Fault(Fault),
}

faults!(SetUpError);

/// Two-step verification is on.
pub struct Activated {
    /// The session's token, where the set-up belonged to a pending sign-in.
    pub token: Option<BearerToken>,
    /// Recovery codes, where new ones were issued; shown this once.
    pub recovery_codes: Option<RecoveryCodes>,
    /// The second step after it.
    pub fold: Arc<Fold<SecondStep>>,
}

impl Commands {
    /// *Set up two-step verification*, *Start pairing again*, *Edit*. `keep`: what is to stay; none: all that still fits.
    ///
    /// # Errors
    /// [`SetUpError`].
    pub async fn start_set_up(
        &self,
        caller: &SetUpCaller,
        keep: Option<BTreeSet<BackupKind>>,
        metadata: &Metadata,
    ) -> Result<Arc<Fold<SecondStep>>, SetUpError> {
        let set_up = SetUpId(random::new_id());
        let done = self
            .decide_set_up(caller, metadata, |state| {
                let keeps = keep.clone().unwrap_or_else(|| everything_that_fits(state, caller));
                Ok(SecondStepCommand::StartSetUp(StartSetUp {
                    set_up,
                    owner: caller.owner,
                    keeps,
                    requirement: caller.requirement.clone(),
                    now: self.now(),
                }))
            })
            .await?;
        Ok(done.fold)
    }

    /// Printed codes: the backup of the set-up under way, or new ones in place of those in force.
    ///
    /// # Errors
    /// [`SetUpError`].
    pub async fn issue_recovery_codes(
        &self,
        caller: &SetUpCaller,
        metadata: &Metadata,
    ) -> Result<RecoveryCodes, SetUpError> {
        let (codes, hashes) = self.draw_recovery_codes(caller);
        self.decide_set_up(caller, metadata, |state| {
            let now = self.now();
            Ok(SecondStepCommand::IssueRecoveryCodes(IssueRecoveryCodes {
                owner: caller.owner,
                as_backup: state.set_up(caller.owner, now).is_some(),
                codes: hashes.clone(),
                now,
            }))
        })
        .await?;
        Ok(codes)
    }

    /// *Activate*.
    ///
    /// # Errors
    /// [`SetUpError`].
    pub async fn activate(&self, caller: &SetUpCaller, metadata: &Metadata) -> Result<Activated, SetUpError> {
        let (codes, hashes) = self.draw_recovery_codes(caller);
        let session = DrawnSession::draw(caller.company, caller.member);
        let done = self
            .decide_set_up(caller, metadata, |_| {
                Ok(SecondStepCommand::Activate(Activate {
                    owner: caller.owner,
                    recovery_codes: hashes.clone(),
                    session: session.new.clone(),
                    requirement: caller.requirement.clone(),
                    now: self.now(),
                }))
            })
            .await?;
        let any = |wanted: fn(&SecondStepEvent) -> bool| done.events.iter().any(|(_, event)| wanted(event));
        let issued = any(|event| matches!(event, SecondStepEvent::RecoveryCodesIssued(_)));
        let signed_in = any(|event| matches!(event, SecondStepEvent::SignedIn(_)));
        Ok(Activated {
            token: signed_in.then_some(session.token),
            recovery_codes: issued.then_some(codes),
            fold: done.fold,
        })
    }

    /// Decides on the caller's second step; `command` makes its facts from the state as it is.
    pub(crate) async fn decide_set_up(
        &self,
        caller: &SetUpCaller,
        metadata: &Metadata,
        mut command: impl FnMut(&SecondStepState) -> Result<SecondStepCommand, SetUpError> + Send,
    ) -> Result<Done<SecondStep>, SetUpError> {
        self.ledger
            .execute(&second_step(caller.company, caller.member), metadata, |fold: &Fold<SecondStep>| {
                let command = command(fold.state())?;
                SecondStep::decide(fold.state(), command).map_err(SetUpError::Refused)
            })
            .await
            .map_err(|error| error.refused_as(|refused| refused))
    }

    fn draw_recovery_codes(&self, caller: &SetUpCaller) -> (RecoveryCodes, BTreeSet<Digest>) {
        let codes = RecoveryCodes::draw();
        let hash = |code| self.vault.recovery_hash(caller.company, caller.member, code);
        let hashes = codes.iter().map(hash).collect();
        (codes, hashes)
    }
}

fn everything_that_fits(state: &SecondStepState, caller: &SetUpCaller) -> BTreeSet<BackupKind> {
    let requirement = &caller.requirement;
    let fits = |kind: &BackupKind| {
        *kind == requirement.primary.into() || requirement.allowed_backups().contains(kind)
    };
    let held = state.counting(requirement).map(|enrolment| enrolment.methods.held()).unwrap_or_default();
    held.into_iter().filter(fits).collect()
}
