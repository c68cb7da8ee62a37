//! People, as administrators manage them.

use twostep_domain::company::{CompanyError as RosterRefusal, Removal};
use twostep_domain::login::{Login, LoginCommand, Release};
use twostep_domain::member::{
    ChangeRoles, Disable, Enable, Erase, Member, MemberCommand, MemberError as Refusal, MemberEvent, Move,
    RenewInvitation,
};
use twostep_domain::{
    Aggregate as _, CompanyId, Email, GroupId, Locale, LoginName, MemberId, Name, Role, Roles, TimeZone,
};
use twostep_event_store::{Metadata, Revision};

use crate::context::{INVITATION, login_stream, member_stream, new_link};
use crate::erased_keys::destroy_keys;
use crate::groups::new_thing;
use crate::invitations::NewMember;
use crate::manage::{ManageError, unmoved};
use crate::{Authority, Commands, Done, Fold, InvitationError, SessionCaller};

/// Why a person's command is not carried out.
pub type MemberError = ManageError<MemberRefusal>;

/// The rules that can refuse a person's command.
#[derive(Debug, thiserror::Error)]
pub enum MemberRefusal {
    /// The person's own.
    #[error(transparent)]
    Member(#[from] Refusal),
    /// The roster's.
    #[error(transparent)]
    Roster(#[from] RosterRefusal),
    /// Somebody has the login.
    #[error("the login is taken")]
    LoginTaken,
}

/// Somebody to invite.
#[derive(Clone)]
pub struct InviteMember {
    /// Their name.
    pub name: Name,
    /// Their work address.
    pub email: Email,
    /// Their login.
    pub login: LoginName,
    /// What they may do.
    pub roles: Roles,
    /// Their technician group.
    pub group: Option<GroupId>,
    /// Their language; none: the company's.
    pub locale: Option<Locale>,
    /// Their time zone; none: the company's.
    pub time_zone: Option<TimeZone>,
}

/// Whether somebody can sign in, as it is to be.
#[derive(Clone, Debug)]
pub enum ChangeStanding {
    /// They can again.
    Enable,
    /// They can't any more.
    Disable {
        /// Why; may be empty.
        reason: String,
    },
}

impl Commands {
    /// Invites a person: Master Admins anybody, Admins technicians into own groups.
    ///
    /// # Errors
    /// [`MemberError`].
    pub async fn invite_member(
        &self,
        caller: &SessionCaller,
        company: CompanyId,
        new: InviteMember,
        metadata: &Metadata,
    ) -> Result<MemberId, MemberError> {
        let principal = &caller.principal;
        if !principal.is_master_admin() && !principal.roles.has(Role::Admin) {
            return Err(ManageError::Forbidden);
        }
        let plain_technician = new.roles == Roles::of([Role::Technician]);
        if plain_technician && new.group.is_none() && !principal.is_master_admin() {
            let message = "Admins invite into a technician group of theirs: choose one".to_owned();
            return Err(ManageError::Field { field: "group", message });
        }
        let authority = match new.group {
            Some(group) if plain_technician => Authority::Group(group),
            _ => Authority::MasterAdmin,
        };
        let directory = self.authorise::<MemberRefusal>(caller, company, authority).await?;
        let view = directory.company(company).ok_or(ManageError::NotFound)?;
        let known = new.group.is_none_or(|group| view.group(group).is_some());
        let registered = view.registered().ok_or(ManageError::NotFound)?;
        let locale = new.locale.unwrap_or(registered.locale());
        let time_zone = new.time_zone.unwrap_or_else(|| registered.time_zone().clone());
        drop(directory);
        if !known {
            return Err(ManageError::NotFound);
        }
        let id = MemberId(new_thing(metadata, "member"));
        let member = NewMember {
            company,
            id,
            name: new.name,
            email: new.email,
            login: new.login,
            roles: new.roles,
            group: new.group,
            locale,
            time_zone,
            invitation: new_link(self.now(), INVITATION, true),
        };
        let done = self.bring_in(member, metadata).await.map_err(|error| match error {
            InvitationError::LoginTaken => ManageError::Refused(MemberRefusal::LoginTaken),
            InvitationError::Refused(refusal) => ManageError::Refused(refusal.into()),
            InvitationError::Fault(fault) => ManageError::Fault(fault),
            InvitationError::Dead | InvitationError::Weak(_) => ManageError::NotFound,
        })?;
        self.complete_roster(company, id, done.fold.state(), metadata).await?;
        Ok(id)
    }

    /// A new invitation link; the old one is dead.
    ///
    /// # Errors
    /// [`MemberError`].
    pub async fn renew_invitation(
        &self,
        caller: &SessionCaller,
        company: CompanyId,
        member: MemberId,
        metadata: &Metadata,
    ) -> Result<Done<Member>, MemberError> {
        drop(self.authorise::<MemberRefusal>(caller, company, Authority::Person(member)).await?);
        let invitation = new_link(self.now(), INVITATION, true);
        let renew = MemberCommand::RenewInvitation(RenewInvitation { invitation });
        self.decide_member(company, member, metadata, renew).await
    }

    /// Sets the roles, for whoever saw revision `expected`. Losing the Master Admin's leaves the roster first, gaining it
    /// joins it last.
    ///
    /// # Errors
    /// [`MemberError`].
    pub async fn change_roles(
        &self,
        caller: &SessionCaller,
        company: CompanyId,
        member: MemberId,
        expected: Revision,
        new: Roles,
        metadata: &Metadata,
    ) -> Result<Done<Member>, MemberError> {
        self.known_member(caller, company, member).await?;
        let master = new.has(Role::MasterAdmin);
        // Roles that are set already are no refusal here: the roster may still lack what a crash cut short.
        let decide = |fold: &Fold<Member>| {
            unmoved(expected, fold.revision())?;
            if fold.state().roles() == Some(&new) && master {
                return Ok(vec![]);
            }
            ruled(fold, MemberCommand::ChangeRoles(ChangeRoles { new: new.clone() }))
        };
        let removal = (!master).then_some(Removal::Demoted);
        self.decide_with_roster(company, member, metadata, removal, decide).await
    }

    /// Moves a person to another group, or out of every group, for whoever saw revision `expected`.
    ///
    /// # Errors
    /// [`MemberError`].
    pub async fn move_member(
        &self,
        caller: &SessionCaller,
        company: CompanyId,
        member: MemberId,
        expected: Revision,
        to: Option<GroupId>,
        metadata: &Metadata,
    ) -> Result<Done<Member>, MemberError> {
        self.known_member(caller, company, member).await?;
        if let Some(group) = to {
            let directory = self.authorise::<MemberRefusal>(caller, company, Authority::MasterAdmin).await?;
            if directory.company(company).and_then(|view| view.group(group)).is_none() {
                return Err(ManageError::NotFound);
            }
        }
        self.decide_member_by(company, member, metadata, |fold| {
            unmoved(expected, fold.revision())?;
            ruled(fold, MemberCommand::Move(Move { to }))
        })
        .await
    }

    /// Disables a person, or enables them again, for whoever saw revision `expected`. Sessions end with the next request.
    ///
    /// # Errors
    /// [`MemberError`].
    pub async fn change_standing(
        &self,
        caller: &SessionCaller,
        company: CompanyId,
        member: MemberId,
        expected: Revision,
        new: ChangeStanding,
        metadata: &Metadata,
    ) -> Result<Done<Member>, MemberError> {
        drop(self.authorise::<MemberRefusal>(caller, company, Authority::Person(member)).await?);
        let (command, removal) = match new {
            ChangeStanding::Enable => (MemberCommand::Enable(Enable {}), None),
            ChangeStanding::Disable { reason } => {
                (MemberCommand::Disable(Disable { reason }), Some(Removal::Disabled))
            }
        };
        let decide = |fold: &Fold<Member>| {
            unmoved(expected, fold.revision())?;
            ruled(fold, command.clone())
        };
        self.decide_with_roster(company, member, metadata, removal, decide).await
    }

    /// Erases a person's data: out of the roster, login free, event, then both keys are destroyed for ever.
    ///
    /// # Errors
    /// [`MemberError`].
    pub async fn erase_member(
        &self,
        caller: &SessionCaller,
        company: CompanyId,
        member: MemberId,
        metadata: &Metadata,
    ) -> Result<(), MemberError> {
        self.known_member(caller, company, member).await?;
        let login = self.member(company, member).await?.state().login_hash().cloned();
        let erase = MemberCommand::Erase(Erase { by: Some(caller.principal.member) });
        let decide = |fold: &Fold<Member>| ruled(fold, erase.clone());
        self.decide_with_roster(company, member, metadata, Some(Removal::Erased), decide).await?;
        if let Some(login) = login {
            let release = LoginCommand::Release(Release { member });
            let follow_up = Metadata { idempotency: None, ..metadata.clone() };
            self.ledger
                .execute(&login_stream(company, &login), &follow_up, |fold: &Fold<Login>| {
                    Login::decide(fold.state(), release.clone())
                })
                .await
                .map_err(|error| error.refused_as(|_| ManageError::NotFound))?;
        }
        Ok(destroy_keys(self.vault.clone(), company, member).await?)
    }

    /// Master Admins only, and not oneself.
    async fn known_member(
        &self,
        caller: &SessionCaller,
        company: CompanyId,
        member: MemberId,
    ) -> Result<(), MemberError> {
        let directory = self.authorise::<MemberRefusal>(caller, company, Authority::Person(member)).await?;
        drop(directory);
        drop(self.authorise::<MemberRefusal>(caller, company, Authority::MasterAdmin).await?);
        Ok(())
    }

    async fn decide_member(
        &self,
        company: CompanyId,
        member: MemberId,
        metadata: &Metadata,
        command: MemberCommand,
    ) -> Result<Done<Member>, MemberError> {
        self.decide_member_by(company, member, metadata, |fold| ruled(fold, command.clone())).await
    }

    pub(crate) async fn decide_member_by(
        &self,
        company: CompanyId,
        member: MemberId,
        metadata: &Metadata,
        decide: impl FnMut(&Fold<Member>) -> Result<Vec<MemberEvent>, MemberError> + Send,
    ) -> Result<Done<Member>, MemberError> {
        self.ledger
            .execute(&member_stream(company, member), metadata, decide)
            .await
            .map_err(|error| error.refused_as(|refused| refused))
    }
}

/// What the person's own rules make of `command`.
fn ruled(fold: &Fold<Member>, command: MemberCommand) -> Result<Vec<MemberEvent>, MemberError> {
    Member::decide(fold.state(), command).map_err(|refusal| ManageError::Refused(refusal.into()))
}
