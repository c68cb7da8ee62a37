//! Companies: creating one, its policy, how it presents itself, where texts may go.

use twostep_domain::company::{
    Branding, ChangeBranding, ChangePolicy, ChangeSmsCountries, Company, CompanyCommand,
    CompanyError as Refusal, Policy, Register, Registered, StopTexts, Texting, TransferAccount,
};
use twostep_domain::member::Person;
use twostep_domain::{
    Aggregate as _, CompanyId, Country, Email, Locale, LoginName, MemberId, Method, Name, Role, Roles, Slug,
    Time, TimeZone,
};
use twostep_event_store::{Metadata, Revision, StreamId};

use crate::context::{INVITATION, new_link};
use crate::invitations::NewMember;
use crate::manage::{ManageError, fit_or_kept, unmoved};
use crate::{Authority, Commands, Done, ExecuteError, Fold, InvitationError, SessionCaller};

/// What to do where a policy needs texts and none are sent.
const NO_TEXTS: &str =
    "this installation can't send text messages: ask its operator to add [sms] providers to its settings";

/// Why a company's command is not carried out.
pub type CompanyError = ManageError<Refusal>;

/// A company to create, with its Master Account Holder to invite.
#[derive(Clone)]
pub struct CreateCompany {
    /// Its short name.
    pub slug: Slug,
    /// Its name.
    pub name: Name,
    /// Its country.
    pub country: Country,
    /// Its language.
    pub locale: Locale,
    /// Its time zone.
    pub time_zone: TimeZone,
    /// How it presents itself.
    pub branding: Branding,
    /// The Master Account Holder's name.
    pub holder_name: Name,
    /// The Master Account Holder's work address.
    pub holder_email: Email,
    /// The Master Account Holder's login.
    pub holder_login: LoginName,
}

/// A company that was created.
pub struct CreatedCompany {
    /// Its id.
    pub id: CompanyId,
    /// The Master Account Holder.
    pub account_holder: MemberId,
    /// The link that sets the Master Account Holder's first password; only the operator ever sees it.
    pub invitation_url: String,
    /// When it dies.
    pub invitation_expires_at: Time,
}

impl Commands {
    /// Creates a company and invites its Master Account Holder. What a crash cut short is completed when it is asked for again.
    ///
    /// # Errors
    /// [`InvitationError`] within [`ManageError`]: the slug is taken, or a part is not there.
    pub async fn create_company(
        &self,
        new: CreateCompany,
        metadata: &Metadata,
    ) -> Result<CreatedCompany, CompanyError> {
        let id = CompanyId::of(&new.slug);
        let holder = MemberId::derived(id.0, "account holder");
        let register = CompanyCommand::Register(Register {
            slug: new.slug,
            name: new.name,
            country: new.country,
            locale: new.locale,
            time_zone: new.time_zone.clone(),
            account_holder: holder,
            branding: new.branding,
        });
        let registered = self
            .ledger
            .execute(&StreamId::company(id), metadata, |fold: &Fold<Company>| {
                Company::decide(fold.state(), register.clone())
            })
            .await;
        match registered {
            Ok(_) => {}
            // Registered, but nobody was invited: the earlier attempt was cut short in between.
            Err(ExecuteError::Refused(Refusal::AlreadyRegistered))
                if self.member(id, holder).await?.revision().is_none() => {}
            Err(error) => return Err(error.refused_as(ManageError::Refused)),
        }
        let invitation = new_link(self.now(), INVITATION, false);
        let member = NewMember {
            company: id,
            id: holder,
            name: new.holder_name,
            email: new.holder_email,
            login: new.holder_login,
            roles: Roles::of([Role::MasterAdmin]),
            group: None,
            locale: new.locale,
            time_zone: new.time_zone,
            invitation: invitation.clone(),
        };
        self.bring_in(member, metadata).await.map_err(|error| match error {
            InvitationError::Fault(fault) => ManageError::Fault(fault),
            other => ManageError::Field { field: "holder_login", message: other.to_string() },
        })?;
        let invitation_url = self.invitation_url(id, holder, &invitation)?;
        let invitation_expires_at = invitation.expires_at;
        Ok(CreatedCompany { id, account_holder: holder, invitation_url, invitation_expires_at })
    }

    /// *Save Changes*, for whoever saw revision `expected`.
    ///
    /// # Errors
    /// [`CompanyError`].
    pub async fn change_policy(
        &self,
        caller: &SessionCaller,
        company: CompanyId,
        expected: Revision,
        change: ChangePolicy,
        metadata: &Metadata,
    ) -> Result<Done<Company>, CompanyError> {
        drop(self.authorise::<Refusal>(caller, company, Authority::MasterAdmin).await?);
        self.can_be_carried_out(&change.new)?;
        self.decide_company(company, metadata, |fold| {
            unmoved(expected, fold.revision())?;
            Ok(CompanyCommand::ChangePolicy(change.clone()))
        })
        .await
    }

    /// A policy that needs texts, where none are sent, would lock everybody out at their next sign-in.
    fn can_be_carried_out(&self, policy: &Policy) -> Result<(), CompanyError> {
        if self.texting() == Texting::Possible || !policy.needs_texts() {
            return Ok(());
        }
        let (field, message) = match policy.primary {
            Method::Sms => ("primary", NO_TEXTS.to_owned()),
            Method::App | Method::Email => ("backups", format!("{NO_TEXTS}, or allow another backup")),
        };
        Err(ManageError::Field { field, message })
    }

    /// Changes the names that people see, for whoever saw revision `expected`.
    ///
    /// # Errors
    /// [`CompanyError`].
    pub async fn change_branding(
        &self,
        caller: &SessionCaller,
        company: CompanyId,
        expected: Revision,
        new: Branding,
        metadata: &Metadata,
    ) -> Result<Done<Company>, CompanyError> {
        drop(self.authorise::<Refusal>(caller, company, Authority::MasterAdmin).await?);
        self.decide_company(company, metadata, |fold| {
            unmoved(expected, fold.revision())?;
            let recorded = fold.state().registered().map(Registered::branding);
            for (field, name, recorded) in [
                ("product_name", &new.product_name, recorded.map(|names| &names.product_name)),
                ("account_name", &new.account_name, recorded.map(|names| &names.account_name)),
                ("sender_name", &new.sender_name, recorded.map(|names| &names.sender_name)),
            ] {
                fit_or_kept(field, name, recorded)?;
            }
            Ok(CompanyCommand::ChangeBranding(ChangeBranding { new: new.clone() }))
        })
        .await
    }

    /// Changes where texts may go, for whoever saw revision `expected`.
    ///
    /// # Errors
    /// [`CompanyError`].
    pub async fn change_sms_countries(
        &self,
        caller: &SessionCaller,
        company: CompanyId,
        expected: Revision,
        change: ChangeSmsCountries,
        metadata: &Metadata,
    ) -> Result<Done<Company>, CompanyError> {
        drop(self.authorise::<Refusal>(caller, company, Authority::MasterAdmin).await?);
        let change = CompanyCommand::ChangeSmsCountries(change);
        self.decide_company(company, metadata, |fold| {
            unmoved(expected, fold.revision())?;
            Ok(change.clone())
        })
        .await
    }

    /// Hands the account to another Master Admin.
    ///
    /// # Errors
    /// [`CompanyError`].
    pub async fn transfer_account(
        &self,
        caller: &SessionCaller,
        company: CompanyId,
        to: MemberId,
        metadata: &Metadata,
    ) -> Result<Done<Company>, CompanyError> {
        let directory = self.authorise::<Refusal>(caller, company, Authority::AccountHolder).await?;
        let known = directory.company(company).is_some_and(|view| view.member(to).is_some());
        drop(directory);
        if !known {
            return Err(ManageError::NotFound);
        }
        let able = self.able_master_admins(company).await?;
        if !able.contains(&to) {
            let message = "this person is no Master Admin who is able to sign in".to_owned();
            return Err(ManageError::Field { field: "to", message });
        }
        // A mistyped address would have it for good: nobody but the holder hands it on.
        if self.member(company, to).await?.state().person().and_then(Person::password).is_none() {
            let message =
                "this person hasn't accepted the invitation yet: hand the account over once they have";
            return Err(ManageError::Field { field: "to", message: message.to_owned() });
        }
        let transfer = CompanyCommand::TransferAccount(TransferAccount { to });
        self.decide_company(company, metadata, |_| Ok(transfer.clone())).await
    }

    /// Tells the company's Master Admins, once a day, that texts to a dialling code are stopped.
    ///
    /// # Errors
    /// [`CompanyError`].
    pub async fn texts_stopped(
        &self,
        company: CompanyId,
        dialling_code: u16,
        metadata: &Metadata,
    ) -> Result<(), CompanyError> {
        let stop = CompanyCommand::StopTexts(StopTexts { dialling_code, now: self.now() });
        self.decide_company(company, metadata, |_| Ok(stop.clone())).await.map(drop)
    }

    pub(crate) async fn decide_company(
        &self,
        company: CompanyId,
        metadata: &Metadata,
        mut command: impl FnMut(&Fold<Company>) -> Result<CompanyCommand, CompanyError> + Send,
    ) -> Result<Done<Company>, CompanyError> {
        self.ledger
            .execute(&StreamId::company(company), metadata, |fold: &Fold<Company>| {
                let command = command(fold)?;
                Company::decide(fold.state(), command).map_err(ManageError::Refused)
            })
            .await
            .map_err(|error| error.refused_as(|refused| refused))
    }
}
