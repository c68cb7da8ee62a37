//! Who asks: a bearer token, its stream folded, judged under the policy of this moment.

use std::sync::Arc;

use chrono::Duration;
use twostep_clock::Time;
use twostep_domain::second_step::{
    PendingSignIn, Purpose, Requirement, SecondStep, Session, SessionStanding, SetUpOwner,
};
use twostep_domain::{CompanyId, MemberId, Roles, SessionId, SignInId};
use twostep_projections::{LoginCheckError, MemberView, Standing};
use twostep_vault::{PresentedToken, TokenKind};

use crate::fault::faults;
use crate::{Commands, Fault, Fold, Principal};

/// What a bearer token opens.
pub enum Access {
    /// A session.
    Session(SessionCaller),
    /// A pending sign-in: the routes of the second step and the set-up, no other (S16, S20).
    SignIn(PendingCaller),
}

/// Somebody in a session.
pub struct SessionCaller {
    /// Who, and what they may do now.
    pub principal: Principal,
    /// The session.
    pub session: Session,
    /// What it may do under the policy of this moment.
    pub standing: SessionStanding,
    /// The policy's word on the person.
    pub requirement: Requirement,
    /// Their second step.
    pub fold: Arc<Fold<SecondStep>>,
}

/// Somebody whose password was right.
pub struct PendingCaller {
    /// Their company.
    pub company: CompanyId,
    /// Who.
    pub member: MemberId,
    /// Their roles.
    pub roles: Roles,
    /// The pending sign-in.
    pub sign_in: PendingSignIn,
    /// The policy's word on the person.
    pub requirement: Requirement,
    /// Their second step.
    pub fold: Arc<Fold<SecondStep>>,
}

/// Somebody who may set up: in a session or a pending sign-in.
pub struct SetUpCaller {
    /// Their company.
    pub company: CompanyId,
    /// Who.
    pub member: MemberId,
    /// In what.
    pub owner: SetUpOwner,
    /// The policy's word on the person.
    pub requirement: Requirement,
}

/// Why a token opens nothing.
#[derive(Debug, thiserror::Error)]
pub enum AccessError {
    /// It is no token, or what it opened is over.
    #[error("sign in first")]
    NotSignedIn,
    /// A part is not there.
    #[error(transparent)]
    Fault(Fault),
}

faults!(AccessError);

impl Commands {
    /// What the bearer token `text` opens at this moment, on any replica.
    ///
    /// # Errors
    /// [`AccessError`].
    pub async fn authenticate(&self, text: &str) -> Result<Access, AccessError> {
        let token = PresentedToken::parse(text).map_err(|_| AccessError::NotSignedIn)?;
        let (company, member) = (token.company(), token.member());
        let fold = self.second_step(company, member).await?;
        let now = self.now();
        match token.kind() {
            TokenKind::Session => {
                let id = SessionId(token.id());
                let session = fold.state().session(id, now).filter(|session| token.matches(&session.token));
                let session = session.ok_or(AccessError::NotSignedIn)?.clone();
                let (principal, requirement) =
                    self.principal(company, member, &Begun::session(&session)).await?;
                let standing = fold.state().judge_session(id, &requirement, now);
                let standing = standing.map_err(|_| AccessError::NotSignedIn)?;
                Ok(Access::Session(SessionCaller { principal, session, standing, requirement, fold }))
            }
            TokenKind::SignIn => {
                let pending = fold.state().pending(SignInId(token.id()), now);
                let sign_in = pending
                    .filter(|pending| pending.purpose == Purpose::SignIn && token.matches(&pending.token))
                    .ok_or(AccessError::NotSignedIn)?
                    .clone();
                let (Principal { roles, .. }, requirement) =
                    self.principal(company, member, &Begun::sign_in(&sign_in)).await?;
                Ok(Access::SignIn(PendingCaller { company, member, roles, sign_in, requirement, fold }))
            }
        }
    }

    /// Who `member` is at this moment; disabled and erased people are nobody, and what they had open before they were
    /// enabled again, or with a password that is another one since, stays over (S16).
    async fn principal(
        &self,
        company: CompanyId,
        member: MemberId,
        begun: &Begun,
    ) -> Result<(Principal, Requirement), AccessError> {
        let directory = self.checks.fenced(company).await.map_err(Fault::from)?;
        let view = directory.company(company).ok_or(AccessError::NotSignedIn)?;
        let person = view.member(member).ok_or(AccessError::NotSignedIn)?;
        if person.standing != Standing::Enabled || begun.is_over(person) {
            return Err(AccessError::NotSignedIn);
        }
        let principal = Principal::of(company, member, view).ok_or(AccessError::NotSignedIn)?;
        let requirement =
            view.requirement(member, self.texting()).ok_or(Fault::from(LoginCheckError::NoSuchMember))?;
        Ok((principal, requirement))
    }
}

/// When and with which password something began that a token opens.
struct Begun {
    at: Time,
    password: u64,
    session: Option<SessionId>,
}

impl Begun {
    fn session(session: &Session) -> Self {
        Self { at: session.started_at, password: session.password, session: Some(session.id) }
    }

    fn sign_in(sign_in: &PendingSignIn) -> Self {
        Self { at: sign_in.started_at, password: sign_in.password, session: None }
    }

    /// Whether the person was disabled or changed their password since.
    fn is_over(&self, person: &MemberView) -> bool {
        let disabled_since = person.enabled_again.is_some_and(|at| self.at <= at);
        let other_password = person.password.is_some_and(|now| {
            self.password < now.revision && (now.kept.is_none() || now.kept != self.session)
        });
        disabled_since || other_password
    }
}

/// How old the proof of an administrator's write may be (S18).
const WRITE_PROOF: Duration = Duration::minutes(15);

impl SessionCaller {
    /// Whether an administrator's write may go on at `now`: with a proof of the last 15 min, where the person has a method (S18).
    #[must_use]
    pub fn may_write(&self, now: Time) -> bool {
        let proven = self.session.proved_at().is_some_and(|at| at <= now && now - at < WRITE_PROOF);
        proven || self.fold.state().counting(&self.requirement).is_none()
    }
}

impl Access {
    /// Whose it is.
    #[must_use]
    pub fn person(&self) -> (CompanyId, MemberId) {
        match self {
            Self::Session(caller) => (caller.principal.company, caller.principal.member),
            Self::SignIn(caller) => (caller.company, caller.member),
        }
    }

    /// The same, as somebody who may set up.
    #[must_use]
    pub fn set_up(&self) -> SetUpCaller {
        let (company, member) = self.person();
        let (owner, requirement) = match self {
            Self::Session(caller) => (SetUpOwner::Session(caller.session.id), &caller.requirement),
            Self::SignIn(caller) => (SetUpOwner::SignIn(caller.sign_in.id), &caller.requirement),
        };
        SetUpCaller { company, member, owner, requirement: requirement.clone() }
    }
}
