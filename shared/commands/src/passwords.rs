//! Passwords: reset through the mailbox, and changed in a session.

use std::net::IpAddr;

use std::sync::Arc;

use secrecy::{ExposeSecret as _, SecretString};
use twostep_clock::Time;
use twostep_domain::member::{
    Link, Member, MemberCommand, MemberError as Refusal, PasswordProof, SetPassword,
};
use twostep_domain::second_step::{AuthorisePasswordChange, SecondStep, SecondStepCommand, SecondStepError};
use twostep_domain::{Aggregate as _, CompanyId, MemberId, SessionId, TimeZone};
use twostep_event_store::Metadata;
use twostep_vault::{Field, LinkPurpose, ParsedLink, PasswordRule, WeakPassword};

use crate::context::{member_stream, second_step};
use crate::fault::faults;
use crate::{Acting, Commands, Fault, Fold, SessionCaller};

/// Why a password is not set.
#[derive(Debug, thiserror::Error)]
pub enum PasswordError {
    /// Not ours, used, replaced or expired.
    #[error("the link doesn't work any more")]
    Dead,
    /// The present password is wrong.
    #[error("the present password is wrong")]
    WrongPassword,
    /// Too many wrong passwords.
    #[error("too many wrong passwords: the next try is possible at {}", twostep_domain::to_the_second(*next_at))]
    Delayed {
        /// When the next try is heard.
        next_at: Time,
    },
    /// The new password can't be used.
    #[error(transparent)]
    Weak(WeakPassword),
    /// The second step's rules.
    #[error(transparent)]
    SecondStep(SecondStepError),
    /// The member's rules.
    #[error(transparent)]
    Refused(Refusal),
    /// A part is not there.
    #[error(transparent)]
    Fault(Fault),
}

faults!(PasswordError);

/// A password reset, before the new password is set.
pub struct ResetView {
    /// The company.
    pub company: CompanyId,
    /// The person's name.
    pub name: String,
    /// When the link dies.
    pub expires_at: Time,
    /// The person's time zone.
    pub time_zone: TimeZone,
    /// Least characters of the password.
    pub password_min: usize,
}

impl Commands {
    /// What the reset `token` is. Changes nothing.
    ///
    /// # Errors
    /// [`PasswordError`].
    pub async fn view_password_reset(&self, token: &str) -> Result<ResetView, PasswordError> {
        let (company, member, link) = self.password_reset(token).await?;
        let fold = self.member(company, member).await?;
        let person = fold.state().person().ok_or(PasswordError::Dead)?;
        let name = self.open(company, member, Field::Name, &person.identity().name)?;
        Ok(ResetView {
            company,
            name: name.expose_secret().to_owned(),
            expires_at: link.expires_at,
            time_zone: person.time_zone().clone(),
            password_min: self.password_rule(company, member).await?.least(),
        })
    }

    /// Sets a new password through the link; methods stay as they are, sessions end (S18).
    ///
    /// # Errors
    /// [`PasswordError`].
    pub async fn reset_password(
        &self,
        token: &str,
        password: &SecretString,
        address: Option<IpAddr>,
        metadata: Metadata,
    ) -> Result<(), PasswordError> {
        let (company, member, link) = self.password_reset(token).await?;
        let fold = self.member(company, member).await?;
        let person = fold.state().person().ok_or(PasswordError::Dead)?;
        let mailbox = person.identity().email_hash.clone();
        let roles = person.roles().clone();
        let metadata = self.stamp(Acting { company, member, roles, client: None, address })?.on(metadata);
        let hash = self.hash_new(company, member, password).await?;
        let set = NewPassword {
            hash,
            long: PasswordRule::is_long(password),
            through: PasswordProof::Reset,
            link: Some(link),
            compared: None,
            kept: None,
        };
        // The link is judged before sessions end, and again, exactly, when the password is set.
        let fold = self.member(company, member).await?;
        Member::decide(fold.state(), set.command(self.now())).map_err(refused)?;
        self.authorise_change(company, member, None, Some(mailbox), &metadata).await?;
        self.set_password(company, member, &set, &metadata).await
    }

    /// Changes the password in a session: the present one, and a fresh proof of the second step where one is set up.
    ///
    /// # Errors
    /// [`PasswordError`].
    pub async fn change_password(
        self: &Arc<Self>,
        caller: &SessionCaller,
        old: &SecretString,
        new: &SecretString,
        address: Option<IpAddr>,
        metadata: &Metadata,
    ) -> Result<(), PasswordError> {
        let (company, member) = (caller.principal.company, caller.principal.member);
        let fold = self.member(company, member).await?;
        let login = fold.state().login_hash().ok_or(PasswordError::WrongPassword)?;
        // Whoever waited sees the password as it is then.
        let turn = self.first_step_turn(company, login).await?;
        let fold = self.member(company, member).await?;
        let person = fold.state().person().ok_or(PasswordError::WrongPassword)?;
        let login = &person.identity().login_hash;
        let attempt = self.first_step_attempt(login, address);
        let attempt = attempt.map_err(|next_at| PasswordError::Delayed { next_at })?;
        let compared = person.password().ok_or(PasswordError::WrongPassword)?.hash().clone();
        let hash = self.open(company, member, Field::PasswordHash, &compared)?;
        if !self.hasher.verify(old, &hash).await? {
            self.record_failures(company, login, attempt.wrong(self.now()), metadata);
            return Err(PasswordError::WrongPassword);
        }
        attempt.right();
        drop(turn);
        let hash = self.hash_new(company, member, new).await?;
        let set = NewPassword {
            hash,
            long: PasswordRule::is_long(new),
            through: PasswordProof::Change,
            link: None,
            compared: Some(compared),
            kept: Some(caller.session.id),
        };
        self.authorise_change(company, member, Some(caller.session.id), None, metadata).await?;
        self.set_password(company, member, &set, metadata).await
    }

    async fn hash_new(
        &self,
        company: CompanyId,
        member: MemberId,
        password: &SecretString,
    ) -> Result<twostep_domain::Sealed, PasswordError> {
        let fold = self.member(company, member).await?;
        let person = fold.state().person().ok_or(PasswordError::Dead)?;
        let words = self.obvious_words(company, person, member).await;
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let rule = self.password_rule(company, member).await?;
        rule.check(password, &words).map_err(PasswordError::Weak)?;
        let hash = self.hasher.hash(password).await?;
        Ok(self.seal(company, member, Field::PasswordHash, hash.expose_secret())?)
    }

    /// First of the two streams: whoever may change ends every other session; a crash in between leaves the old password.
    async fn authorise_change(
        &self,
        company: CompanyId,
        member: MemberId,
        session: Option<SessionId>,
        reset_by: Option<twostep_domain::Digest>,
        metadata: &Metadata,
    ) -> Result<(), PasswordError> {
        let requirement = self.requirement(company, member).await?;
        self.ledger
            .execute(&second_step(company, member), metadata, |fold: &Fold<SecondStep>| {
                let authorise = AuthorisePasswordChange {
                    session,
                    reset_by: reset_by.clone(),
                    requirement: requirement.clone(),
                    now: self.now(),
                };
                SecondStep::decide(fold.state(), SecondStepCommand::AuthorisePasswordChange(authorise))
            })
            .await
            .map_err(|error| error.refused_as(PasswordError::SecondStep))?;
        Ok(())
    }

    async fn set_password(
        &self,
        company: CompanyId,
        member: MemberId,
        new: &NewPassword,
        metadata: &Metadata,
    ) -> Result<(), PasswordError> {
        self.ledger
            .execute(&member_stream(company, member), metadata, |fold: &Fold<Member>| {
                Member::decide(fold.state(), new.command(self.now()))
            })
            .await
            .map_err(|error| error.refused_as(refused))?;
        Ok(())
    }

    async fn password_reset(&self, token: &str) -> Result<(CompanyId, MemberId, Link), PasswordError> {
        let parsed = ParsedLink::parse(token).map_err(|_| PasswordError::Dead)?;
        let (company, member) = (parsed.company(), parsed.member());
        let fold = self.member(company, member).await?;
        let link = fold.state().live_reset(self.now()).ok_or(PasswordError::Dead)?.clone();
        if !self.link_is(&parsed, company, member, &link, LinkPurpose::PasswordReset)? {
            return Err(PasswordError::Dead);
        }
        Ok((company, member, link))
    }
}

struct NewPassword {
    hash: twostep_domain::Sealed,
    long: bool,
    through: PasswordProof,
    link: Option<Link>,
    compared: Option<twostep_domain::Sealed>,
    kept: Option<SessionId>,
}

impl NewPassword {
    fn command(&self, now: Time) -> MemberCommand {
        MemberCommand::SetPassword(SetPassword {
            through: self.through,
            hash: self.hash.clone(),
            long: self.long,
            link: self.link.as_ref().map(|link| link.id),
            compared: self.compared.clone(),
            kept: self.kept,
            now,
        })
    }
}

fn refused(error: Refusal) -> PasswordError {
    match error {
        Refusal::LinkDead | Refusal::LinkExpired => PasswordError::Dead,
        Refusal::OtherPassword => PasswordError::WrongPassword,
        other => PasswordError::Refused(other),
    }
}
