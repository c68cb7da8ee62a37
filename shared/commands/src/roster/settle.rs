//! Rosters that don't fit what people are: a change over the two streams was cut short.

use std::collections::BTreeMap;

use chrono::Duration;
use twostep_domain::company::{AddMasterAdmin, CompanyCommand, Removal, RemoveMasterAdmin};
use twostep_domain::member::MemberState;
use twostep_domain::{CompanyId, MemberId};
use twostep_event_store::{Actor, Checkpoint, Metadata};
use twostep_vault::random;

use super::belongs_into_the_roster;
use crate::manage::{ManageError, unmoved};
use crate::{Commands, Fault, MemberError};

/// Whoever changed something so lately, here or on another replica, may be between the two streams.
const UNDERWAY: Duration = Duration::minutes(1);

/// Whose place in a roster doesn't fit what they are, and what keeps it so.
pub type Unsettled = BTreeMap<(CompanyId, MemberId), MemberError>;

impl Commands {
    /// Makes the rosters fit what people are, in both directions, where no change has been underway for a minute; gives whose
    /// place stays as it is, and why. `head` is the log's end: everything before it is looked at.
    ///
    /// # Errors
    /// A part is not there; whoever was not reached is still to be settled.
    pub async fn settle_rosters(&self, head: &Checkpoint) -> Result<Unsettled, Fault> {
        // After a start a long log takes its time.
        self.directory.reached(head).await?;
        let amiss = self.directory.at(head).await?.amiss_in_rosters();
        let mut unsettled = Unsettled::new();
        for (company, member) in amiss {
            match self.settle(company, member).await {
                Ok(()) | Err(ManageError::Stale { .. }) => {}
                Err(ManageError::Fault(fault)) => return Err(fault),
                Err(error) => {
                    unsettled.insert((company, member), error);
                }
            }
        }
        Ok(unsettled)
    }

    async fn settle(&self, company: CompanyId, member: MemberId) -> Result<(), MemberError> {
        let (roster, person) = (self.company(company).await?, self.member(company, member).await?);
        let last = [roster.recorded_at(), person.recorded_at()].into_iter().flatten().max();
        let (Some(registered), Some(last)) = (roster.state().registered(), last) else { return Ok(()) };
        if self.now() - last < UNDERWAY {
            return Ok(());
        }
        let command = match (registered.is_master_admin(member), belongs_into_the_roster(person.state())) {
            (false, true) => CompanyCommand::AddMasterAdmin(AddMasterAdmin { member }),
            (true, false) => {
                let able = self.able_master_admins(company).await?;
                let because = removal(person.state());
                CompanyCommand::RemoveMasterAdmin(RemoveMasterAdmin { member, because, able })
            }
            (true, true) | (false, false) => return Ok(()),
        };
        let metadata = Metadata {
            actor: Actor::system("roster"),
            origin: None,
            correlation: random::new_id(),
            causation: None,
            idempotency: None,
        };
        let seen = roster.revision();
        self.decide_company(company, &metadata, |fold| {
            // Somebody else is at it since.
            seen.map_or(Ok(()), |seen| unmoved(seen, fold.revision()))?;
            Ok(command.clone())
        })
        .await
        .map_err(ManageError::ruled_by)?;
        tracing::info!(%company, %member, "a roster of Master Admins was made to fit what somebody is");
        Ok(())
    }
}

/// What took somebody out of the roster who is no enabled Master Admin.
fn removal(state: &MemberState) -> Removal {
    match state {
        MemberState::Erased { .. } => Removal::Erased,
        MemberState::Present(_) if !state.is_enabled() => Removal::Disabled,
        MemberState::Present(_) | MemberState::Absent => Removal::Demoted,
    }
}
