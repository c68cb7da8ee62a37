//! Break-glass: the operator lets a Master Admin in who can't get in any other way.
//!
//! The company's event comes first, so that nobody is let in without a trace; then the lock of the second step
//! is opened, the second step is reset, and a link sets a new password. What a crash cut short is completed by asking again.

use chrono::Duration;
use twostep_clock::Time;
use twostep_domain::company::{BreakGlass, CompanyCommand, CompanyError as Refusal};
use twostep_domain::login::Login;
use twostep_domain::member::{Link, Member, MemberCommand, RenewInvitation, RequestPasswordReset};
use twostep_domain::second_step::{
    ForceReset, SecondStep, SecondStepCommand, SecondStepError, Unlock, Unlocker,
};
use twostep_domain::{Aggregate as _, CompanyId, LoginName, MemberId, Role, Slug};
use twostep_event_store::Metadata;
use twostep_vault::LinkPurpose;

use crate::context::{login_stream, member_stream, new_link, second_step};
use crate::invitations::link_spec;
use crate::manage::ManageError;
use crate::{Commands, CompanyError, Fault, Fold};

/// Life of the link.
const LIFE: Duration = Duration::minutes(30);

/// A person, as an operator can name them.
#[derive(Clone, Debug)]
pub enum MemberName {
    /// By their id.
    Id(MemberId),
    /// By their login.
    Login(LoginName),
}

/// The way in.
pub struct BrokenGlass {
    /// Whose.
    pub company: CompanyId,
    /// Whose.
    pub member: MemberId,
    /// The link that sets a new password, once; only the operator ever sees it.
    pub url: String,
    /// When it dies.
    pub expires_at: Time,
}

impl Commands {
    /// Unlocks and resets a Master Admin's second step and gives out a link that sets a new password; every Master Admin is told.
    ///
    /// # Errors
    /// [`ManageError::NotFound`]: no such company or person. The rules of `BreakGlass`. A person who is disabled.
    pub async fn break_glass(
        &self,
        company: &Slug,
        member: &MemberName,
        reason: &str,
        metadata: &Metadata,
    ) -> Result<BrokenGlass, CompanyError> {
        let company = CompanyId::of(company);
        let member = self.named(company, member).await?;
        let person = self.member(company, member).await?;
        // The roster may still name whoever was demoted a moment ago.
        if !person.state().roles().is_some_and(|roles| roles.has(Role::MasterAdmin)) {
            return Err(ManageError::Refused(Refusal::GlassForMasterAdmins));
        }
        let break_glass = CompanyCommand::BreakGlass(BreakGlass { member, reason: reason.to_owned() });
        self.decide_company(company, metadata, |_| Ok(break_glass.clone())).await?;
        self.ledger
            .execute(&second_step(company, member), metadata, |fold: &Fold<SecondStep>| {
                let now = self.now();
                // A reset alone keeps the lock, and whoever is locked can't set up.
                let unlock = Unlock { by: Unlocker::Operator, now };
                let mut events = SecondStep::decide(fold.state(), SecondStepCommand::Unlock(unlock))?;
                let reset = ForceReset { reason: reason.to_owned(), now };
                events.extend(SecondStep::decide(fold.state(), SecondStepCommand::ForceReset(reset))?);
                Ok::<_, SecondStepError>(events)
            })
            .await
            .map_err(|error| error.refused_as(not_with_this_member))?;
        let link = new_link(self.now(), LIFE, false);
        let purpose = self.let_in(company, member, &link, metadata).await?;
        let page = match purpose {
            LinkPurpose::Invitation => "invitations",
            _ => "password-resets",
        };
        let token = self
            .vault
            .link_token(&link_spec(company, member, &link, purpose), self.now())
            .map_err(Fault::from)?;
        let url = format!("{}/{page}/{}", self.public_url(), token.expose());
        Ok(BrokenGlass { company, member, url, expires_at: link.expires_at })
    }

    async fn named(&self, company: CompanyId, member: &MemberName) -> Result<MemberId, CompanyError> {
        let id = match member {
            MemberName::Id(id) => Some(*id),
            MemberName::Login(login) => {
                let hash = self.vault.login_hash(company, login);
                self.ledger.load::<Login>(&login_stream(company, &hash)).await?.state().holder()
            }
        };
        let id = id.ok_or(ManageError::NotFound)?;
        let known = self.member(company, id).await?.state().person().is_some();
        if known { Ok(id) } else { Err(ManageError::NotFound) }
    }

    /// A reset for who had a password, else a new invitation.
    async fn let_in(
        &self,
        company: CompanyId,
        member: MemberId,
        link: &Link,
        metadata: &Metadata,
    ) -> Result<LinkPurpose, CompanyError> {
        let done = self
            .ledger
            .execute(&member_stream(company, member), metadata, |fold: &Fold<Member>| {
                let command = match fold.state().password() {
                    Some(_) => MemberCommand::RequestPasswordReset(RequestPasswordReset {
                        reset: link.clone(),
                        now: self.now(),
                    }),
                    None => MemberCommand::RenewInvitation(RenewInvitation { invitation: link.clone() }),
                };
                Member::decide(fold.state(), command)
            })
            .await
            .map_err(|error| error.refused_as(not_with_this_member))?;
        let purpose = match done.fold.state().password() {
            Some(_) => LinkPurpose::PasswordReset,
            None => LinkPurpose::Invitation,
        };
        Ok(purpose)
    }
}

fn not_with_this_member(refusal: impl std::fmt::Display) -> CompanyError {
    ManageError::Field { field: "member", message: refusal.to_string() }
}
