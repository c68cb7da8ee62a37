//! *Force two-step verification reset* and unlocking, by those who may.

use twostep_domain::second_step::{
    ForceReset, RequestResets, SecondStep, SecondStepCommand, SecondStepError, Unlock, Unlocker,
};
use twostep_domain::{Aggregate as _, CompanyId, MemberId, Role};
use twostep_event_store::Metadata;
use twostep_projections::Standing;

use crate::context::second_step;
use crate::manage::ManageError;
use crate::{Authority, Commands, ExecuteError, Fault, Fold, SessionCaller};

/// What became of one person's reset.
#[derive(Debug)]
pub struct ResetOutcome {
    /// Whose.
    pub member: MemberId,
    /// Whether it was done, or why not.
    pub result: Result<(), ManageError<SecondStepError>>,
}

impl Commands {
    /// Resets several people, each by itself: one refusal doesn't stop the others.
    ///
    /// # Errors
    /// The idempotency key was used for other people or another reason; then nobody is reset.
    pub async fn reset_members(
        &self,
        caller: &SessionCaller,
        company: CompanyId,
        members: &[MemberId],
        reason: &str,
        metadata: &Metadata,
    ) -> Result<Vec<ResetOutcome>, Fault> {
        self.remember_resets(caller, company, members, metadata).await?;
        let mut outcomes = Vec::with_capacity(members.len());
        for &member in members {
            let reset =
                || SecondStepCommand::ForceReset(ForceReset { reason: reason.to_owned(), now: self.now() });
            let result = self.decide_for(caller, company, member, metadata, reset).await;
            outcomes.push(ResetOutcome { member, result });
        }
        Ok(outcomes)
    }

    /// Remembers a key in one stream before anybody is reset: the people named with it are each in a stream of their own,
    /// and another body with the same key may name others (S35). A key belongs to whoever sends it, so that stream is
    /// theirs, whose exact revision arbitrates between replicas too. Whoever couldn't reset anybody leaves no trace.
    async fn remember_resets(
        &self,
        caller: &SessionCaller,
        company: CompanyId,
        members: &[MemberId],
        metadata: &Metadata,
    ) -> Result<(), Fault> {
        let roles = &caller.principal.roles;
        let may = roles.has(Role::MasterAdmin) || roles.has(Role::Admin);
        if metadata.idempotency.is_none() || !may || !caller.may_write(self.now()) {
            return Ok(());
        }
        let request = RequestResets { members: members.to_vec() };
        let remembered = self
            .ledger
            .execute(&second_step(company, caller.principal.member), metadata, |fold: &Fold<SecondStep>| {
                SecondStep::decide(fold.state(), SecondStepCommand::RequestResets(request.clone()))
            })
            .await;
        match remembered {
            Ok(_) | Err(ExecuteError::Refused(_)) => Ok(()),
            Err(ExecuteError::Ledger(error)) => Err(error.into()),
        }
    }

    /// Opens a lock.
    ///
    /// # Errors
    /// [`ManageError`].
    pub async fn unlock_member(
        &self,
        caller: &SessionCaller,
        company: CompanyId,
        member: MemberId,
        metadata: &Metadata,
    ) -> Result<(), ManageError<SecondStepError>> {
        let by = Unlocker::Administrator(caller.principal.member);
        let unlock = || SecondStepCommand::Unlock(Unlock { by, now: self.now() });
        self.decide_for(caller, company, member, metadata, unlock).await
    }

    async fn decide_for(
        &self,
        caller: &SessionCaller,
        company: CompanyId,
        member: MemberId,
        metadata: &Metadata,
        command: impl Fn() -> SecondStepCommand + Send + Sync,
    ) -> Result<(), ManageError<SecondStepError>> {
        let directory = self.authorise::<SecondStepError>(caller, company, Authority::Person(member)).await?;
        let person = directory.company(company).and_then(|view| view.member(member));
        if person.is_none_or(|person| person.standing == Standing::Erased) {
            return Err(ManageError::NotFound);
        }
        drop(directory);
        self.ledger
            .execute(&second_step(company, member), metadata, |fold: &Fold<SecondStep>| {
                SecondStep::decide(fold.state(), command())
            })
            .await
            .map_err(|error| error.refused_as(ManageError::Refused))?;
        Ok(())
    }
}
