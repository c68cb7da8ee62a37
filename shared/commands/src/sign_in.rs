//! Signing in: the password, then whatever the policy asks of this person at this moment.

use std::net::IpAddr;
use std::sync::Arc;

use secrecy::SecretString;
use twostep_domain::login::Login;
use twostep_domain::member::MemberState;
use twostep_domain::second_step::{
    NewSession, Purpose, Requirement, SecondStep, SecondStepCommand, SecondStepError, SecondStepEvent,
    StartSignIn as Start,
};
use twostep_domain::{
    Aggregate as _, Client, CompanyId, Digest, LoginName, MemberId, SessionId, SignInId, Slug,
};
use twostep_event_store::Metadata;
use twostep_vault::{BearerToken, Field, OpenError, TokenKind, random};

use crate::context::{login_stream, second_step};
use crate::fault::faults;
use crate::{Acting, Commands, Done, Fault, Fold, SessionCaller};

/// What somebody signs in with.
pub struct StartSignIn {
    /// The company; may be left out where there is one only.
    pub company: Option<Slug>,
    /// The login.
    pub login: LoginName,
    /// The password.
    pub password: SecretString,
    /// The front end.
    pub client: Client,
    /// Where it comes from, as far as it is known.
    pub address: Option<IpAddr>,
}

/// A sign-in or step-up that began.
pub struct Started {
    /// Whose.
    pub company: CompanyId,
    /// Whose.
    pub member: MemberId,
    /// Which.
    pub sign_in: SignInId,
    /// The token to go on with: the session's where the password was enough, else the pending sign-in's; a step-up has none.
    pub token: Option<BearerToken>,
    /// The session, where the password was enough.
    pub session: Option<SessionId>,
    /// The policy's word.
    pub requirement: Requirement,
    /// The second step after it.
    pub fold: Arc<Fold<SecondStep>>,
}

/// Why nobody is signed in.
#[derive(Debug, thiserror::Error)]
pub enum SignInError {
    /// Several companies use this site, and none was named: said before anybody is looked up, so the same for all (S13).
    #[error("several companies use this site: give your company's short name as well")]
    CompanyNeeded,
    /// Unknown, wrong, disabled, not invited: the same for all (S13).
    #[error("the login or the password is wrong")]
    WrongCredentials,
    /// Too many wrong passwords for this login, known or not.
    #[error("too many wrong passwords: the next try is possible at {}", twostep_domain::to_the_second(*next_at))]
    Delayed {
        /// When the next try is heard.
        next_at: twostep_clock::Time,
    },
    /// The company sends no texts to the number's country any more (S14).
    #[error(
        "your company doesn't send text messages to numbers of this country any more: choose another method or a printed code, or ask an administrator"
    )]
    Country,
    /// The second step's rules.
    #[error(transparent)]
    Refused(SecondStepError),
    /// A part is not there.
    #[error(transparent)]
    Fault(Fault),
}

faults!(SignInError);

/// Whoever has this login, with a password that can be compared.
struct Known {
    company: CompanyId,
    member: MemberId,
    fold: Arc<Fold<twostep_domain::member::Member>>,
}

impl Commands {
    /// Compares the password and starts a sign-in.
    ///
    /// # Errors
    /// [`SignInError`]; until the password is proven, all refusals look and last the same.
    pub async fn start_sign_in(
        self: &Arc<Self>,
        request: StartSignIn,
        metadata: Metadata,
    ) -> Result<Started, SignInError> {
        let company = self.company_of(request.company.as_ref()).await?;
        let login = self.vault.login_hash(company, &request.login);
        // Whoever waited sees the password as it is then.
        let turn = self.first_step_turn(company, &login).await?;
        // Before anybody is looked up: a refusal here takes the same time whoever is meant (S13).
        let attempt = self.first_step_attempt(&login, request.address);
        let attempt = attempt.map_err(|next_at| SignInError::Delayed { next_at })?;
        let known = self.find(company, &login).await?;
        let exists = known.is_some();
        let Some(person) = self.prove_password(known, &request.password).await? else {
            let failures = attempt.wrong(self.now());
            if exists {
                self.record_failures(company, &login, failures, &metadata);
            }
            return Err(SignInError::WrongCredentials);
        };
        attempt.right();
        drop(turn);
        let excluded =
            person.fold.state().person().and_then(|member| member.excluded_mailbox(self.now())).cloned();
        let stamp = self.stamp(Acting {
            company,
            member: person.member,
            roles: person.fold.state().person().map(|member| member.roles().clone()).unwrap_or_default(),
            client: Some(&request.client),
            address: request.address,
        })?;
        let metadata = stamp.on(metadata);
        self.begin(&person, Purpose::SignIn, request.client, excluded, &metadata).await
    }

    /// Starts a step-up in a session: a sign-in with a purpose.
    ///
    /// # Errors
    /// [`SignInError`].
    pub async fn start_step_up(
        &self,
        caller: &SessionCaller,
        metadata: &Metadata,
    ) -> Result<Started, SignInError> {
        let (company, member) = (caller.principal.company, caller.principal.member);
        let fold = self.member(company, member).await?;
        let excluded = fold.state().person().and_then(|member| member.excluded_mailbox(self.now())).cloned();
        let person = Known { company, member, fold };
        let purpose = Purpose::StepUp(caller.session.id);
        self.begin(&person, purpose, caller.session.client.clone(), excluded, metadata).await
    }

    /// The company to look in. An unknown one is one where nobody has any login; of several one must be named.
    ///
    /// # Errors
    /// [`SignInError::CompanyNeeded`], or the directory's.
    pub async fn company_of(&self, company: Option<&Slug>) -> Result<CompanyId, SignInError> {
        if let Some(slug) = company {
            return Ok(CompanyId::of(slug));
        }
        let checkpoint = self.directory.checkpoint().unwrap_or_default();
        let directory = self.directory.at(&checkpoint).await?;
        match directory.only_company() {
            Some(only) => Ok(only),
            None if directory.companies().next().is_some() => Err(SignInError::CompanyNeeded),
            None => Ok(CompanyId(uuid::Uuid::nil())),
        }
    }

    /// Whoever has the login.
    async fn find(&self, company: CompanyId, login: &Digest) -> Result<Option<Known>, SignInError> {
        let holder = self.ledger.load::<Login>(&login_stream(company, login)).await?.state().holder();
        // Somebody unknown costs the same look-ups as somebody known.
        let member = holder.unwrap_or(MemberId(uuid::Uuid::nil()));
        let fold = self.member(company, member).await?;
        let known = fold.state().login_hash() == Some(login);
        Ok(known.then_some(Known { company, member, fold }))
    }

    /// Compares the password with somebody's, or with nobody's at the same cost.
    async fn prove_password(
        &self,
        known: Option<Known>,
        password: &SecretString,
    ) -> Result<Option<Known>, SignInError> {
        // A key store that fails is asked for nobody, too: it refuses everybody in the same words.
        self.vault.check()?;
        let hash = match known.as_ref().and_then(|known| Some((known, known.fold.state().password()?))) {
            None => None,
            Some((known, password)) => {
                match self.open(known.company, known.member, Field::PasswordHash, password.hash()) {
                    Ok(hash) => Some(hash),
                    Err(OpenError::Erased) => None,
                    Err(error) => return Err(error.into()),
                }
            }
        };
        let (Some(known), Some(hash)) = (known, hash) else {
            self.hasher.verify_dummy(password).await?;
            return Ok(None);
        };
        let right = self.hasher.verify(password, &hash).await?;
        Ok((right && MemberState::is_enabled(known.fold.state())).then_some(known))
    }

    async fn begin(
        &self,
        person: &Known,
        purpose: Purpose,
        client: Client,
        excluded: Option<Digest>,
        metadata: &Metadata,
    ) -> Result<Started, SignInError> {
        let (company, member) = (person.company, person.member);
        let requirement = self.requirement(company, member).await?;
        let sign_in = SignInId(random::new_id());
        let (pending, token) = BearerToken::draw(TokenKind::SignIn, company, member, sign_in.0);
        let session = DrawnSession::draw(company, member);
        let start = Start {
            sign_in,
            purpose,
            token,
            client,
            excluded,
            password: person.fold.revision().map_or(0, |revision| revision.0),
            session: session.new.clone(),
            requirement: requirement.clone(),
            now: self.now(),
        };
        let done: Done<SecondStep> = self
            .ledger
            .execute(&second_step(company, member), metadata, |fold| {
                let start = Start { now: self.now(), ..start.clone() };
                SecondStep::decide(fold.state(), SecondStepCommand::StartSignIn(start))
            })
            .await
            .map_err(|error| error.refused_as(SignInError::Refused))?;
        let signed_in = done.events.iter().any(|(_, event)| matches!(event, SecondStepEvent::SignedIn(_)));
        let (token, session) = match (purpose, signed_in) {
            (_, true) => (Some(session.token), Some(session.new.id)),
            (Purpose::SignIn, false) => (Some(pending), None),
            (Purpose::StepUp(_), false) => (None, None),
        };
        Ok(Started { company, member, sign_in, token, session, requirement, fold: done.fold })
    }
}

/// A session that may be opened: its token, and what the log gets of it.
pub(crate) struct DrawnSession {
    pub(crate) token: BearerToken,
    pub(crate) new: NewSession,
}

impl DrawnSession {
    pub(crate) fn draw(company: CompanyId, member: MemberId) -> Self {
        let id = SessionId(random::new_id());
        let (token, digest) = BearerToken::draw(TokenKind::Session, company, member, id.0);
        Self { token, new: NewSession { id, token: digest } }
    }
}
