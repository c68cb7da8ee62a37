//! The verification dialog: sending codes, and comparing what was typed.

use std::sync::Arc;

use secrecy::ExposeSecret as _;
use twostep_domain::company::Registered;
use twostep_domain::second_step::{
    Attempt, Dispatch, During, RequestCode, Requirement, SecondStep, SecondStepCommand, SecondStepError,
    SecondStepEvent, SecondStepState, Verify,
};
use twostep_domain::{
    Aggregate as _, ChallengeId, Code, CompanyId, IntentId, KeyPeriod, MemberId, Method, Phone, Sealed,
    SignInId,
};
use twostep_event_store::Metadata;
use twostep_vault::{BearerToken, CodePurpose, CodeSpec, Field, OpenError, RecoveryCode, Seed, random};

use crate::context::second_step;
use crate::sign_in::DrawnSession;
use crate::{Commands, Done, Fault, Fold, SignInError};

/// What somebody typed into the dialog.
pub enum TypedCode {
    /// An app's code.
    App(Code),
    /// A texted or mailed code.
    Sent(Method, Code),
    /// A printed code.
    Printed(RecoveryCode),
}

/// A code is on its way.
pub struct SentCode {
    /// The event that wants it sent.
    pub intent: IntentId,
    /// What was sent where.
    pub dispatch: Dispatch,
    /// Whether it is the code that was sent before.
    pub same_code: bool,
    /// The second step after it.
    pub fold: Arc<Fold<SecondStep>>,
}

/// A right code.
pub struct Verified {
    /// The session's token, where one was opened.
    pub token: Option<BearerToken>,
    /// The policy's word.
    pub requirement: Requirement,
    /// The second step after it.
    pub fold: Arc<Fold<SecondStep>>,
    /// What it led to.
    pub outcome: VerifyOutcome,
}

/// What a typed code led to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VerifyOutcome {
    /// A session.
    SignedIn,
    /// A fresh proof in the session.
    SteppedUp,
    /// A set-up is due: the company's primary method is another one now.
    SetUp,
    /// The code was wrong; it was counted.
    Rejected,
    /// The code was wrong, and one too many: the second step is locked, and this sign-in is over.
    Locked,
}

impl Commands {
    /// *Send* or *Resend*.
    ///
    /// # Errors
    /// [`SignInError`].
    pub async fn request_code(
        &self,
        company: CompanyId,
        member: MemberId,
        sign_in: SignInId,
        method: Method,
        metadata: &Metadata,
    ) -> Result<SentCode, SignInError> {
        let requirement = self.requirement(company, member).await?;
        let life_seconds = self.code_life(company).await?;
        let rules = self.company(company).await?;
        let challenge = ChallengeId(random::new_id());
        let done: Done<SecondStep> = self
            .ledger
            .execute(&second_step(company, member), metadata, |fold| {
                let now = self.now();
                let request = RequestCode {
                    sign_in,
                    method,
                    challenge,
                    key: KeyPeriod::day(now),
                    life_seconds,
                    requirement: requirement.clone(),
                    now,
                };
                let events = SecondStep::decide(fold.state(), SecondStepCommand::RequestCode(request))
                    .map_err(SignInError::Refused)?;
                for to in events.iter().filter_map(dispatched).filter(|to| to.method == Method::Sms) {
                    let number = match rules.state().registered() {
                        Some(rules) => self.texted_number(company, member, rules, &to.destination)?,
                        None => None,
                    };
                    if number.is_none() {
                        return Err(SignInError::Country);
                    }
                }
                Ok::<_, SignInError>(events)
            })
            .await
            .map_err(|error| error.refused_as(|refused| refused))?;
        sent(&done).ok_or_else(|| SignInError::Refused(SecondStepError::NotAtThisStep))
    }

    /// The number, if the company texts to it: its country may be off the list since the number was proven (S14).
    ///
    /// # Errors
    /// The number can't be opened.
    pub fn texted_number(
        &self,
        company: CompanyId,
        member: MemberId,
        rules: &Registered,
        number: &Sealed,
    ) -> Result<Option<Phone>, OpenError> {
        let number = self.open(company, member, Field::Phone, number)?;
        let phone = Phone::parse(number.expose_secret(), rules.country());
        Ok(phone.ok().filter(|phone| rules.sms_countries().contains(&phone.country())))
    }

    /// Compares what was typed and records the outcome, right or wrong.
    ///
    /// # Errors
    /// [`SignInError`]; a wrong code is no error but [`VerifyOutcome::Rejected`] or [`VerifyOutcome::Locked`].
    pub async fn verify(
        &self,
        company: CompanyId,
        member: MemberId,
        sign_in: SignInId,
        typed: &TypedCode,
        metadata: &Metadata,
    ) -> Result<Verified, SignInError> {
        let requirement = self.requirement(company, member).await?;
        let session = DrawnSession::draw(company, member);
        let done: Done<SecondStep> = self
            .ledger
            .execute(&second_step(company, member), metadata, |fold| {
                let attempt = self.compare(company, member, sign_in, fold.state(), typed)?;
                let verify = Verify {
                    sign_in,
                    attempt,
                    session: session.new.clone(),
                    requirement: requirement.clone(),
                    now: self.now(),
                };
                SecondStep::decide(fold.state(), SecondStepCommand::Verify(verify))
                    .map_err(SignInError::Refused)
            })
            .await
            .map_err(|error| error.refused_as(|refused| refused))?;
        let outcome = outcome(&done);
        let token = (outcome == VerifyOutcome::SignedIn).then_some(session.token);
        Ok(Verified { token, requirement, fold: done.fold, outcome })
    }

    /// The facts of one try, made from the state as it is: the seed is opened or the code derived, and compared.
    fn compare(
        &self,
        company: CompanyId,
        member: MemberId,
        sign_in: SignInId,
        state: &SecondStepState,
        typed: &TypedCode,
    ) -> Result<Attempt, Fault> {
        Ok(match typed {
            TypedCode::App(code) => {
                let matched = match state.app_pairing() {
                    Some((_, sealed)) => self.matched_step(company, member, sealed, code)?,
                    None => None,
                };
                Attempt::App { matched }
            }
            TypedCode::Sent(method, code) => {
                let challenge = state.latest_challenge(During::SignIn(sign_in), *method);
                let matches = match challenge {
                    Some(challenge) => {
                        self.code_matches(company, member, &challenge.dispatch, CodePurpose::SignIn, code)?
                    }
                    None => false,
                };
                Attempt::Sent {
                    method: *method,
                    challenge: challenge.map(|known| known.dispatch.challenge),
                    matches,
                }
            }
            TypedCode::Printed(code) => {
                let hash = self.vault.recovery_hash(company, member, code);
                Attempt::Printed { matched: state.printed_codes().contains(&hash).then_some(hash) }
            }
        })
    }

    /// The step that an app's code belongs to, by the seed of a pairing.
    pub(crate) fn matched_step(
        &self,
        company: CompanyId,
        member: MemberId,
        sealed: &Sealed,
        code: &Code,
    ) -> Result<Option<twostep_domain::TotpStep>, Fault> {
        let text = self.open(company, member, Field::TotpSeed, sealed)?;
        let seed = Seed::from_base32(&text).map_err(|_| OpenError::Damaged)?;
        // Phones go by the time on the wall; a step that was used before the clock was set back stays used (S1).
        Ok(seed.matched_step(code, self.ledger.wall()))
    }

    /// Whether `code` is the one that `dispatch` describes. A key that is gone matches nothing: what hung on it is dead.
    pub(crate) fn code_matches(
        &self,
        company: CompanyId,
        member: MemberId,
        dispatch: &Dispatch,
        purpose: CodePurpose,
        code: &Code,
    ) -> Result<bool, Fault> {
        match self.vault.code_matches(&CodeSpec::of(company, member, dispatch, purpose), code, self.now()) {
            Ok(matches) => Ok(matches),
            Err(twostep_vault::DeriveError::KeyGone) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    pub(crate) async fn code_life(&self, company: CompanyId) -> Result<u16, Fault> {
        let fold = self.company(company).await?;
        Ok(fold.state().registered().map_or(300, |company| company.policy().code_life_seconds))
    }
}

/// What was sent by the events of `done`, if anything was.
fn sent(done: &Done<SecondStep>) -> Option<SentCode> {
    done.events.iter().find_map(|(id, event)| {
        Some(SentCode {
            intent: IntentId(id.0),
            dispatch: dispatched(event)?.clone(),
            same_code: matches!(event, SecondStepEvent::CodeResent(_)),
            fold: done.fold.clone(),
        })
    })
}

/// The code that `event` sends.
fn dispatched(event: &SecondStepEvent) -> Option<&Dispatch> {
    match event {
        SecondStepEvent::CodeRequested(event) => Some(&event.dispatch),
        SecondStepEvent::CodeResent(event) => Some(&event.dispatch),
        _ => None,
    }
}

fn outcome(done: &Done<SecondStep>) -> VerifyOutcome {
    let of = |event: &SecondStepEvent| match event {
        SecondStepEvent::SignedIn(_) => Some(VerifyOutcome::SignedIn),
        SecondStepEvent::SteppedUp(_) => Some(VerifyOutcome::SteppedUp),
        SecondStepEvent::SetUpRequired(_) => Some(VerifyOutcome::SetUp),
        _ => None,
    };
    let wrong = if done.fold.state().is_locked() { VerifyOutcome::Locked } else { VerifyOutcome::Rejected };
    done.events.iter().find_map(|(_, event)| of(event)).unwrap_or(wrong)
}
