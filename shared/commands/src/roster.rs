//! The roster of Master Admins: whatever shrinks it appends to the company's stream first, and never empties it.

use std::collections::BTreeSet;

use twostep_domain::company::{AddMasterAdmin, CompanyCommand, Removal, RemoveMasterAdmin};
use twostep_domain::login::Login;
use twostep_domain::{CompanyId, MemberId};
use twostep_event_store::{Actor, Checkpoint, Metadata};
use twostep_vault::random;

use crate::context::login_stream;
use crate::manage::ManageError;
use crate::{Commands, Fault, members::MemberError};

impl Commands {
    /// The Master Admins who are able to sign in: enabled, login claimed, with a password or a live invitation.
    pub(crate) async fn able_master_admins(&self, company: CompanyId) -> Result<BTreeSet<MemberId>, Fault> {
        let fold = self.company(company).await?;
        let roster: Vec<MemberId> =
            fold.state().registered().map(|company| company.master_admins().collect()).unwrap_or_default();
        let mut able = BTreeSet::new();
        for member in roster {
            let person = self.member(company, member).await?;
            let Some(login) = person.state().login_hash() else { continue };
            let claim = self.ledger.load::<Login>(&login_stream(company, login)).await?;
            let claimed = claim.state().holder() == Some(member);
            if person.state().able_to_sign_in(claimed, self.now()) {
                able.insert(member);
            }
        }
        Ok(able)
    }

    /// Takes `member` out of the roster; whether they were in it.
    pub(crate) async fn leave_roster(
        &self,
        company: CompanyId,
        member: MemberId,
        because: Removal,
        metadata: &Metadata,
    ) -> Result<bool, MemberError> {
        let fold = self.company(company).await?;
        if !fold.state().registered().is_some_and(|registered| registered.is_master_admin(member)) {
            return Ok(false);
        }
        let able = self.able_master_admins(company).await?;
        let remove = CompanyCommand::RemoveMasterAdmin(RemoveMasterAdmin { member, because, able });
        self.change_roster(company, remove, metadata).await?;
        Ok(true)
    }

    /// Takes `member` into the roster; from where on in the log they are in it.
    pub(crate) async fn join_roster(
        &self,
        company: CompanyId,
        member: MemberId,
        metadata: &Metadata,
    ) -> Result<Checkpoint, MemberError> {
        self.change_roster(company, CompanyCommand::AddMasterAdmin(AddMasterAdmin { member }), metadata).await
    }

    /// Makes the rosters fit what people are, where a crash came between the two streams: whoever is an enabled Master Admin
    /// joins. A removal that was cut short was answered to nobody, so it hasn't happened and can be asked for again.
    /// `head` is the log's end: everything before it is looked at.
    ///
    /// # Errors
    /// A part is not there; whoever was not reached is still to be completed.
    pub async fn complete_rosters(&self, head: &Checkpoint) -> Result<(), MemberError> {
        let outside = self.directory.at(head).await.map_err(Fault::from)?.outside_rosters();
        for (company, member) in outside {
            let metadata = Metadata {
                actor: Actor::system("roster"),
                origin: None,
                correlation: random::new_id(),
                causation: None,
                idempotency: None,
            };
            let person = self.member(company, member).await?;
            self.complete_roster(company, member, person.state(), &metadata).await?;
        }
        Ok(())
    }

    async fn change_roster(
        &self,
        company: CompanyId,
        command: CompanyCommand,
        metadata: &Metadata,
    ) -> Result<Checkpoint, MemberError> {
        let follow_up = Metadata { idempotency: None, ..metadata.clone() };
        let done = self.decide_company(company, &follow_up, |_| Ok(command.clone())).await;
        done.map(|done| done.position).map_err(ManageError::ruled_by)
    }
}
