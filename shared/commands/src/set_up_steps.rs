//! The steps of a set-up: the app, the address, the number.

use std::sync::Arc;

use secrecy::ExposeSecret as _;
use twostep_domain::company::Texting;
use twostep_domain::second_step::{
    AppStep, ConfirmAuthenticator, ConfirmContact, Dispatch, PairAuthenticator, RequestContactVerification,
    SecondStep, SecondStepCommand, SecondStepError, SecondStepEvent,
};
use twostep_domain::{ChallengeId, Code, Digest, Email, KeyPeriod, Method, PairingId, Phone, Sealed};
use twostep_event_store::Metadata;
use twostep_vault::{CodePurpose, CodeSpec, Field, Seed, SentCode, random};

use crate::{Commands, Done, Fault, Fold, SetUpCaller, SetUpError};

/// Where a code is to go, as it was typed.
#[derive(Clone, Copy)]
pub enum TypedContact<'a> {
    /// An address.
    Email(&'a str),
    /// A number, with country code or as in the company's own country.
    Phone(&'a str),
}

impl Commands {
    /// *Set up mobile app*: a seed, for the one answer that shows it.
    ///
    /// # Errors
    /// [`SetUpError`].
    pub async fn pair_authenticator(
        &self,
        caller: &SetUpCaller,
        metadata: &Metadata,
    ) -> Result<(PairingId, Seed, Arc<Fold<SecondStep>>), SetUpError> {
        let pairing = PairingId(random::new_id());
        let seed = Seed::draw();
        let sealed =
            self.seal(caller.company, caller.member, Field::TotpSeed, seed.base32().expose_secret())?;
        let done = self
            .decide_set_up(caller, metadata, |_| {
                Ok(SecondStepCommand::PairAuthenticator(PairAuthenticator {
                    owner: caller.owner,
                    pairing,
                    seed: sealed.clone(),
                    now: self.now(),
                }))
            })
            .await?;
        Ok((pairing, seed, done.fold))
    }

    /// The app's first code.
    ///
    /// # Errors
    /// [`SetUpError`].
    pub async fn confirm_authenticator(
        &self,
        caller: &SetUpCaller,
        code: &Code,
        metadata: &Metadata,
    ) -> Result<Arc<Fold<SecondStep>>, SetUpError> {
        let done = self
            .decide_set_up(caller, metadata, |state| {
                let now = self.now();
                let set_up =
                    state.set_up(caller.owner, now).ok_or(SetUpError::Refused(SecondStepError::SetUpOver))?;
                let (pairing, matched) = match (&set_up.app, set_up.unconfirmed_pairing(now)) {
                    // Sent again: the app is paired, and nothing is compared any more.
                    (Some(AppStep::Paired(app)), _) => (app.pairing, None),
                    (_, Some((pairing, seed))) => {
                        (pairing, self.matched_step(caller.company, caller.member, seed, code)?)
                    }
                    (_, None) => return Err(SetUpError::Refused(SecondStepError::PairingOver)),
                };
                Ok(SecondStepCommand::ConfirmAuthenticator(ConfirmAuthenticator {
                    owner: caller.owner,
                    pairing,
                    matched,
                    now,
                }))
            })
            .await?;
        confirmed(done)
    }

    /// *Set up Email* or *Set up Text Message*, *Next*; also *Resend* and a changed address or number. Of one that is proven
    /// already nothing is asked.
    ///
    /// # Errors
    /// [`SetUpError`].
    pub async fn request_contact_verification(
        &self,
        caller: &SetUpCaller,
        contact: TypedContact<'_>,
        metadata: &Metadata,
    ) -> Result<Arc<Fold<SecondStep>>, SetUpError> {
        let (method, destination, destination_hash) = match contact {
            TypedContact::Email(address) => self.sealed_address(caller, address)?,
            TypedContact::Phone(number) => self.sealed_number(caller, number).await?,
        };
        let life_seconds = self.code_life(caller.company).await?;
        let challenge = ChallengeId(random::new_id());
        let done = self
            .decide_set_up(caller, metadata, |_| {
                let now = self.now();
                Ok(SecondStepCommand::RequestContactVerification(RequestContactVerification {
                    owner: caller.owner,
                    method,
                    challenge,
                    destination: destination.clone(),
                    destination_hash: destination_hash.clone(),
                    key: KeyPeriod::day(now),
                    link_key: KeyPeriod::month(now),
                    life_seconds,
                    now,
                }))
            })
            .await?;
        Ok(done.fold)
    }

    fn sealed_address(
        &self,
        caller: &SetUpCaller,
        typed: &str,
    ) -> Result<(Method, Sealed, Digest), SetUpError> {
        let email = Email::parse(typed).map_err(SetUpError::Email)?;
        let sealed = self.seal(caller.company, caller.member, Field::Email, email.as_str())?;
        Ok((Method::Email, sealed, self.vault.email_hash(caller.company, &email)))
    }

    async fn sealed_number(
        &self,
        caller: &SetUpCaller,
        typed: &str,
    ) -> Result<(Method, Sealed, Digest), SetUpError> {
        if self.texting() == Texting::Impossible {
            return Err(SetUpError::NoTexts);
        }
        let fold = self.company(caller.company).await?;
        let company = fold.state().registered().ok_or(SetUpError::Country)?;
        let phone = Phone::parse(typed, company.country()).map_err(SetUpError::Phone)?;
        if !company.sms_countries().contains(&phone.country()) {
            return Err(SetUpError::Country);
        }
        let sealed = self.seal(caller.company, caller.member, Field::Phone, phone.as_str())?;
        Ok((Method::Sms, sealed, self.vault.phone_hash(caller.company, &phone)))
    }

    /// The short code of a mail or text.
    ///
    /// # Errors
    /// [`SetUpError`].
    pub async fn confirm_contact(
        &self,
        caller: &SetUpCaller,
        method: Method,
        code: &Code,
        metadata: &Metadata,
    ) -> Result<Arc<Fold<SecondStep>>, SetUpError> {
        let done = self
            .decide_set_up(caller, metadata, |state| {
                let now = self.now();
                let set_up =
                    state.set_up(caller.owner, now).ok_or(SetUpError::Refused(SecondStepError::SetUpOver))?;
                let challenge = set_up.contact(method).and_then(|step| step.challenge());
                let matches = match challenge {
                    Some(challenge) => {
                        let dispatch = &challenge.dispatch;
                        self.code_matches(caller.company, caller.member, dispatch, CodePurpose::SetUp, code)?
                    }
                    None => false,
                };
                Ok(SecondStepCommand::ConfirmContact(ConfirmContact {
                    owner: caller.owner,
                    method,
                    challenge: challenge.map(|challenge| challenge.dispatch.challenge),
                    matches,
                    now,
                }))
            })
            .await?;
        confirmed(done)
    }

    /// The code that the first screen shows while a link is out: typed where the link is opened on another device (S8).
    ///
    /// # Errors
    /// The key can't be had.
    pub fn first_screen_code(&self, caller: &SetUpCaller, dispatch: &Dispatch) -> Result<SentCode, Fault> {
        let spec = CodeSpec::of(caller.company, caller.member, dispatch, CodePurpose::FirstScreen);
        Ok(self.vault.code(&spec, self.now())?)
    }
}

fn confirmed(done: Done<SecondStep>) -> Result<Arc<Fold<SecondStep>>, SetUpError> {
    if done.events.iter().any(|(_, event)| matches!(event, SecondStepEvent::CodeRejected(_))) {
        let locked = done.fold.state().is_locked();
        return Err(if locked { SetUpError::Refused(SecondStepError::Locked) } else { SetUpError::Rejected });
    }
    Ok(done.fold)
}
