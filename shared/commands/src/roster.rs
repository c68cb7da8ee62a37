//! The roster of Master Admins: whatever shrinks it appends to the company's stream first, and never empties it.

mod settle;

use std::collections::BTreeSet;

use twostep_domain::company::{AddMasterAdmin, CompanyCommand, Removal, RemoveMasterAdmin};
use twostep_domain::login::Login;
use twostep_domain::member::{Member, MemberEvent, MemberState};
use twostep_domain::{CompanyId, MemberId, Role};
use twostep_event_store::{Checkpoint, Metadata};

use crate::context::{login_stream, member_stream};
use crate::manage::ManageError;
use crate::{Commands, Done, Fault, Fold, MemberError};

pub use settle::Unsettled;

impl Commands {
    /// The Master Admins who are able to sign in as such: in the roster and by role, enabled, login claimed, with a password or
    /// a live invitation.
    pub(crate) async fn able_master_admins(&self, company: CompanyId) -> Result<BTreeSet<MemberId>, Fault> {
        let fold = self.company(company).await?;
        let roster: Vec<MemberId> =
            fold.state().registered().map(|company| company.master_admins().collect()).unwrap_or_default();
        let mut able = BTreeSet::new();
        for member in roster {
            let person = self.member(company, member).await?;
            if !belongs_into_the_roster(person.state()) {
                continue;
            }
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

    /// Decides on a person whom it may take out of the roster (for `removal`, and first) or bring into it (last).
    pub(crate) async fn decide_with_roster(
        &self,
        company: CompanyId,
        member: MemberId,
        metadata: &Metadata,
        removal: Option<Removal>,
        decide: impl Fn(&Fold<Member>) -> Result<Vec<MemberEvent>, MemberError> + Send + Copy,
    ) -> Result<Done<Member>, MemberError> {
        let left = match removal {
            Some(removal) if self.is_due(company, member, metadata, decide).await? => {
                self.leave_roster(company, member, removal, metadata).await?
            }
            _ => false,
        };
        let mut done = match self.decide_member_by(company, member, metadata, decide).await {
            Ok(done) => done,
            Err(error) if left => {
                self.give_back(company, member, metadata).await;
                return Err(error);
            }
            Err(error) => return Err(error),
        };
        if let Some(joined) = self.complete_roster(company, member, done.fold.state(), metadata).await? {
            // What is shown of the change is the whole of it, the roster too.
            done.position = joined;
        }
        Ok(done)
    }

    /// Whether what `decide` decides is still to be carried out. Asked before the roster shrinks: a refusal takes nobody out
    /// of it, nor does a repeated request of somebody who came back since.
    async fn is_due(
        &self,
        company: CompanyId,
        member: MemberId,
        metadata: &Metadata,
        decide: impl Fn(&Fold<Member>) -> Result<Vec<MemberEvent>, MemberError>,
    ) -> Result<bool, MemberError> {
        if self.ledger.has_answered::<Member>(&member_stream(company, member), metadata).await? {
            return Ok(false);
        }
        decide(&*self.member(company, member).await?)?;
        Ok(true)
    }

    /// Somebody was faster in between, or a part failed: what was taken for this change alone is given back. Where that fails
    /// as well, it is done a little later.
    async fn give_back(&self, company: CompanyId, member: MemberId, metadata: &Metadata) {
        let given_back = async {
            let now = self.member(company, member).await?;
            self.complete_roster(company, member, now.state(), metadata).await
        };
        if let Err(error) = given_back.await {
            let error = &error as &dyn std::error::Error;
            tracing::warn!(%company, %member, error, "a Master Admin is out of the roster, and is taken back in soon");
        }
    }

    /// Takes into the roster whoever is a Master Admin by what they are now, not by what was once asked; where that is in
    /// the log.
    pub(crate) async fn complete_roster(
        &self,
        company: CompanyId,
        member: MemberId,
        state: &MemberState,
        metadata: &Metadata,
    ) -> Result<Option<Checkpoint>, MemberError> {
        if belongs_into_the_roster(state) {
            return self.join_roster(company, member, metadata).await.map(Some);
        }
        Ok(None)
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

/// Whether somebody is an enabled Master Admin.
fn belongs_into_the_roster(state: &MemberState) -> bool {
    state.is_enabled() && state.roles().is_some_and(|roles| roles.has(Role::MasterAdmin))
}
