//! Invitations: bringing somebody in, and the first password.

use std::net::IpAddr;

use chrono::Duration;
use secrecy::{ExposeSecret as _, SecretString};
use twostep_clock::Time;
use twostep_domain::login::{Claim, Login, LoginCommand, Release};
use twostep_domain::member::{
    Invite, Link, Member, MemberCommand, MemberError as Refusal, MemberState, PasswordProof, SealedIdentity,
    SetPassword,
};
use twostep_domain::{
    Aggregate as _, CompanyId, Email, GroupId, Locale, LoginName, MemberId, Name, Roles, TimeZone,
};
use twostep_event_store::{Metadata, StreamId};
use twostep_vault::{
    DeriveError, Field, LinkPurpose, LinkSpec, OpenError, ParsedLink, PasswordRule, WeakPassword,
};

use crate::context::{login_stream, member_stream};
use crate::fault::faults;
use crate::{Acting, Commands, Done, ExecuteError, Fault, Fold, LedgerError};

/// A claim of a login whose person never came into being may be taken over after this.
const ORPHANED: Duration = Duration::minutes(10);

/// Why an invitation is not given or accepted.
#[derive(Debug, thiserror::Error)]
pub enum InvitationError {
    /// Not ours, used, replaced or expired.
    #[error("the link doesn't work any more")]
    Dead,
    /// Somebody has the login.
    #[error("the login is taken")]
    LoginTaken,
    /// The password can't be used.
    #[error(transparent)]
    Weak(WeakPassword),
    /// The rules.
    #[error(transparent)]
    Refused(Refusal),
    /// A part is not there.
    #[error(transparent)]
    Fault(Fault),
}

faults!(InvitationError);

/// An invitation, before it is accepted.
pub struct InvitationView {
    /// The company that invites.
    pub company: CompanyId,
    /// The person's name.
    pub name: String,
    /// The login to sign in with.
    pub login: LoginName,
    /// When the link dies.
    pub expires_at: Time,
    /// The person's time zone.
    pub time_zone: TimeZone,
    /// Least characters of the password.
    pub password_min: usize,
}

/// Somebody to bring in.
pub(crate) struct NewMember {
    pub(crate) company: CompanyId,
    pub(crate) id: MemberId,
    pub(crate) name: Name,
    pub(crate) email: Email,
    pub(crate) login: LoginName,
    pub(crate) roles: Roles,
    pub(crate) group: Option<GroupId>,
    pub(crate) locale: Locale,
    pub(crate) time_zone: TimeZone,
    pub(crate) invitation: Link,
}

impl Commands {
    /// Claims the login, then invites: in this order, so that a login is never anybody's twice.
    pub(crate) async fn bring_in(
        &self,
        new: NewMember,
        metadata: &Metadata,
    ) -> Result<Done<Member>, InvitationError> {
        let (company, id) = (new.company, new.id);
        let stream = member_stream(company, id);
        // Asked before the login is claimed: a repeated request claims nothing more, and needs no keys.
        if self.ledger.has_answered::<Member>(&stream, metadata).await? {
            let nothing = self.ledger.execute(&stream, metadata, |_: &Fold<Member>| Ok(vec![])).await;
            return nothing.map_err(|error| error.refused_as(InvitationError::Refused));
        }
        // Keys first: what is sealed under a key that a crash lost would be lost with it.
        let identity = SealedIdentity {
            name: self.seal(company, id, Field::Name, new.name.as_str())?,
            login: self.seal(company, id, Field::Login, new.login.as_str())?,
            email: self.seal(company, id, Field::Email, new.email.as_str())?,
            login_hash: self.vault.login_hash(company, &new.login),
            email_hash: self.vault.email_hash(company, &new.email),
        };
        let login = login_stream(company, &identity.login_hash);
        let orphaned = self.orphaned_holder(company, &login).await?;
        let follow_up = Metadata { idempotency: None, ..metadata.clone() };
        self.change_login(&login, LoginCommand::Claim(Claim { member: id, orphaned }), &follow_up).await?;
        let invite = MemberCommand::Invite(Invite {
            identity,
            roles: new.roles,
            group: new.group,
            locale: new.locale,
            time_zone: new.time_zone,
            invitation: new.invitation,
        });
        let invited = self
            .ledger
            .execute(&stream, metadata, |fold: &Fold<Member>| Member::decide(fold.state(), invite.clone()))
            .await;
        let given_back = match &invited {
            Err(ExecuteError::Refused(_) | ExecuteError::Ledger(LedgerError::KeyReused)) => true,
            Ok(_) | Err(ExecuteError::Ledger(_)) => false,
        };
        if given_back && self.is_not_the_login_of(company, id, &login).await? {
            self.change_login(&login, LoginCommand::Release(Release { member: id }), &follow_up).await?;
        }
        invited.map_err(|error| error.refused_as(InvitationError::Refused))
    }

    /// Whether somebody's login is another one than that of `stream`: what was claimed for nothing is given back.
    async fn is_not_the_login_of(
        &self,
        company: CompanyId,
        member: MemberId,
        stream: &StreamId,
    ) -> Result<bool, Fault> {
        let fold = self.member(company, member).await?;
        Ok(fold.state().login_hash().is_none_or(|hash| login_stream(company, hash) != *stream))
    }

    async fn change_login(
        &self,
        stream: &StreamId,
        command: LoginCommand,
        metadata: &Metadata,
    ) -> Result<(), InvitationError> {
        self.ledger
            .execute(stream, metadata, |fold: &Fold<Login>| Login::decide(fold.state(), command.clone()))
            .await
            .map_err(|error| error.refused_as(|_| InvitationError::LoginTaken))?;
        Ok(())
    }

    /// Whoever holds a login and isn't there: claimed it and never came into being, or was erased before it was released.
    async fn orphaned_holder(&self, company: CompanyId, login: &StreamId) -> Result<Option<MemberId>, Fault> {
        let claim = self.ledger.load::<Login>(login).await?;
        let (Some(holder), Some(at)) = (claim.state().holder(), claim.recorded_at()) else { return Ok(None) };
        let gone = match self.member(company, holder).await?.state() {
            MemberState::Absent => self.now() - at >= ORPHANED,
            MemberState::Erased { .. } => true,
            MemberState::Present(_) => false,
        };
        Ok(gone.then_some(holder))
    }

    /// The invitation's whole link, for whoever prints it.
    pub(crate) fn invitation_url(
        &self,
        company: CompanyId,
        member: MemberId,
        link: &Link,
    ) -> Result<String, Fault> {
        let token =
            self.vault.link_token(&link_spec(company, member, link, LinkPurpose::Invitation), self.now())?;
        Ok(format!("{}/invitations/{}", self.public_url(), token.expose()))
    }

    /// What the invitation `token` is. Changes nothing.
    ///
    /// # Errors
    /// [`InvitationError`].
    pub async fn view_invitation(&self, token: &str) -> Result<InvitationView, InvitationError> {
        let (company, member, fold, link) = self.invitation(token).await?;
        let person = fold.state().person().ok_or(InvitationError::Dead)?;
        let open = |field, sealed| {
            self.open(company, member, field, sealed).map(|text| text.expose_secret().to_owned())
        };
        Ok(InvitationView {
            company,
            name: open(Field::Name, &person.identity().name)?,
            login: LoginName::parse(&open(Field::Login, &person.identity().login)?)
                .map_err(|_| Fault::from(OpenError::Damaged))?,
            expires_at: link.expires_at,
            time_zone: person.time_zone().clone(),
            password_min: self.password_rule(company, member).await?.least(),
        })
    }

    /// Sets the first password.
    ///
    /// # Errors
    /// [`InvitationError`].
    pub async fn accept_invitation(
        &self,
        token: &str,
        password: &SecretString,
        address: Option<IpAddr>,
        metadata: Metadata,
    ) -> Result<(), InvitationError> {
        let (company, member, fold, link) = self.invitation(token).await?;
        let person = fold.state().person().ok_or(InvitationError::Dead)?;
        let rule = self.password_rule(company, member).await?;
        let words = self.obvious_words(company, person, member).await;
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        rule.check(password, &words).map_err(InvitationError::Weak)?;
        let hash = self.hasher.hash(password).await?;
        let hash = self.seal(company, member, Field::PasswordHash, hash.expose_secret())?;
        let roles = person.roles().clone();
        let metadata = self.stamp(Acting { company, member, roles, client: None, address })?.on(metadata);
        self.ledger
            .execute(&member_stream(company, member), &metadata, |fold: &Fold<Member>| {
                let set = SetPassword {
                    through: PasswordProof::Invitation,
                    hash: hash.clone(),
                    long: PasswordRule::is_long(password),
                    link: Some(link.id),
                    compared: None,
                    kept: None,
                    now: self.now(),
                };
                Member::decide(fold.state(), MemberCommand::SetPassword(set))
            })
            .await
            .map_err(|error| error.refused_as(refused))?;
        Ok(())
    }

    /// The length that the person's password needs: eight characters with a second step, fifteen without (S32).
    pub(crate) async fn password_rule(
        &self,
        company: CompanyId,
        member: MemberId,
    ) -> Result<PasswordRule, Fault> {
        let requirement = self.requirement(company, member).await?;
        let enrolled = self.second_step(company, member).await?.state().counting(&requirement).is_some();
        Ok(if requirement.covers() || enrolled { PasswordRule::WithSecondStep } else { PasswordRule::Alone })
    }

    async fn invitation(
        &self,
        token: &str,
    ) -> Result<(CompanyId, MemberId, std::sync::Arc<Fold<Member>>, Link), InvitationError> {
        let parsed = ParsedLink::parse(token).map_err(|_| InvitationError::Dead)?;
        let (company, member) = (parsed.company(), parsed.member());
        let fold = self.member(company, member).await?;
        let link = fold.state().live_invitation(self.now()).ok_or(InvitationError::Dead)?.clone();
        if !self.link_is(&parsed, company, member, &link, LinkPurpose::Invitation)? {
            return Err(InvitationError::Dead);
        }
        Ok((company, member, fold, link))
    }

    /// Whether `parsed` is the token of `link`.
    pub(crate) fn link_is(
        &self,
        parsed: &ParsedLink,
        company: CompanyId,
        member: MemberId,
        link: &Link,
        purpose: LinkPurpose,
    ) -> Result<bool, Fault> {
        match self.vault.link_matches(&link_spec(company, member, link, purpose), parsed, self.now()) {
            Ok(matches) => Ok(matches),
            Err(DeriveError::KeyGone) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }
}

/// What the vault derives a member's link from.
pub(crate) fn link_spec(
    company: CompanyId,
    member: MemberId,
    link: &Link,
    purpose: LinkPurpose,
) -> LinkSpec<'_> {
    LinkSpec { company, member, id: link.id.0, purpose, key: &link.key, destination: None }
}

fn refused(error: Refusal) -> InvitationError {
    match error {
        Refusal::LinkDead | Refusal::LinkExpired => InvitationError::Dead,
        other => InvitationError::Refused(other),
    }
}
