//! Verification links: a person presses a button; where the link is opened elsewhere, the first screen's code is typed (S8).

use std::net::IpAddr;

use std::sync::Arc;

use secrecy::ExposeSecret as _;
use twostep_domain::second_step::{
    ContactStep, Device, OpenVerificationLink, SecondStep, SecondStepCommand, SecondStepError,
    SecondStepEvent, SecondStepState, SetUpOwner,
};
use twostep_domain::{
    Aggregate as _, ChallengeId, Code, CompanyId, Digest, Email, KeyPeriod, MemberId, Method, Roles, Time,
};
use twostep_event_store::Metadata;
use twostep_vault::{CodePurpose, DeriveError, Field, LinkPurpose, LinkSpec, ParsedLink};

use crate::context::second_step;
use crate::fault::faults;
use crate::{Access, Acting, Commands, Fault, Fold};

/// What a verification link is for, to be shown before the button is pressed.
pub struct VerificationView {
    /// Whose.
    pub company: CompanyId,
    /// Whose.
    pub member: MemberId,
    /// The address that it proves, masked.
    pub destination: String,
    /// Whether the address is proven already.
    pub verified: bool,
    /// Whether whoever asks holds the set-up that asked for it.
    pub same_device: bool,
    /// When it dies.
    pub expires_at: Time,
}

/// What pressing the button did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OpenedLink {
    /// The address is proven.
    Verified,
    /// The first screen's code is to be typed.
    CodeNeeded,
    /// The first screen's code was wrong; it was counted.
    Rejected,
}

/// Why a link does nothing.
#[derive(Debug, thiserror::Error)]
pub enum LinkError {
    /// Not ours, replaced, expired, tried too often, or what it belonged to is over.
    #[error("the link doesn't work any more")]
    Dead,
    /// The rules.
    #[error(transparent)]
    Refused(SecondStepError),
    /// A part is not there.
    #[error(transparent)]
    Fault(Fault),
}

faults!(LinkError);

/// The set-up's address, as far as a link needs it.
struct Proving<'a> {
    owner: SetUpOwner,
    hash: &'a Digest,
    sealed: &'a twostep_domain::Sealed,
    verified: bool,
    expires_at: Time,
    key: Option<&'a KeyPeriod>,
}

impl Commands {
    /// What the link `token` is for. Changes nothing, however often it is called.
    ///
    /// # Errors
    /// [`LinkError`].
    pub async fn view_verification_link(
        &self,
        token: &str,
        access: Option<&Access>,
    ) -> Result<VerificationView, LinkError> {
        let (link, fold) = self.verification_link(token).await?;
        let (company, member) = (link.company(), link.member());
        let proving = self.proven_by(fold.state(), &link)?;
        let address = self.open(company, member, Field::Email, proving.sealed)?;
        let destination =
            Email::parse(address.expose_secret()).map(|email| email.masked()).unwrap_or_default();
        Ok(VerificationView {
            company,
            member,
            destination,
            verified: proving.verified,
            same_device: owns(access, company, member, proving.owner),
            expires_at: proving.expires_at,
        })
    }

    /// The button behind the link `token`.
    ///
    /// # Errors
    /// [`LinkError`].
    pub async fn open_verification_link(
        &self,
        token: &str,
        access: Option<&Access>,
        typed: Option<&Code>,
        address: Option<IpAddr>,
        metadata: Metadata,
    ) -> Result<OpenedLink, LinkError> {
        let (link, _) = self.verification_link(token).await?;
        let (company, member) = (link.company(), link.member());
        let by_link = Acting { company, member, roles: Roles::default(), client: None, address };
        let acting = access.filter(|access| access.person() == (company, member));
        let acting = acting.map_or(by_link, |access| Acting::of(access, address));
        let metadata = self.stamp(acting)?.on(metadata);
        let done = self
            .ledger
            .execute(&second_step(company, member), &metadata, |fold: &Fold<SecondStep>| {
                let state = fold.state();
                let proving = self.proven_by(state, &link)?;
                let device = match typed {
                    _ if owns(access, company, member, proving.owner) => Device::Same(proving.owner),
                    None => Device::Other,
                    Some(code) => {
                        let set_up = state.set_up(proving.owner, self.now()).ok_or(LinkError::Dead)?;
                        let challenge = set_up.contact(Method::Email).and_then(ContactStep::challenge);
                        let matches = match challenge {
                            Some(challenge) => {
                                let dispatch = &challenge.dispatch;
                                self.code_matches(company, member, dispatch, CodePurpose::FirstScreen, code)?
                            }
                            None => false,
                        };
                        Device::OtherWithCode { matches }
                    }
                };
                let open =
                    OpenVerificationLink { challenge: ChallengeId(link.id()), device, now: self.now() };
                SecondStep::decide(state, SecondStepCommand::OpenVerificationLink(open)).map_err(|error| {
                    match error {
                        SecondStepError::LinkDead => LinkError::Dead,
                        other => LinkError::Refused(other),
                    }
                })
            })
            .await
            .map_err(|error| error.refused_as(|refused| refused))?;
        let any = |wanted: fn(&SecondStepEvent) -> bool| done.events.iter().any(|(_, event)| wanted(event));
        if any(|event| matches!(event, SecondStepEvent::SecondStepLocked(_))) {
            return Err(LinkError::Refused(SecondStepError::Locked));
        }
        Ok(match () {
            () if any(|event| matches!(event, SecondStepEvent::CodeRejected(_))) => OpenedLink::Rejected,
            () if any(|event| matches!(event, SecondStepEvent::VerificationLinkOpened(_))) => {
                OpenedLink::CodeNeeded
            }
            () => match self.proven_by(done.fold.state(), &link)?.verified {
                true => OpenedLink::Verified,
                false => OpenedLink::CodeNeeded,
            },
        })
    }

    async fn verification_link(&self, token: &str) -> Result<(ParsedLink, Arc<Fold<SecondStep>>), LinkError> {
        let link = ParsedLink::parse(token).map_err(|_| LinkError::Dead)?;
        if link.purpose() != LinkPurpose::EmailVerification {
            return Err(LinkError::Dead);
        }
        let fold = self.second_step(link.company(), link.member()).await?;
        Ok((link, fold))
    }

    /// The address that `link` proves, once its token is right.
    fn proven_by<'a>(&self, state: &'a SecondStepState, link: &ParsedLink) -> Result<Proving<'a>, LinkError> {
        let now = self.now();
        let (set_up, live) = state.link(ChallengeId(link.id()), now).ok_or(LinkError::Dead)?;
        let proving = match set_up.contact(Method::Email).ok_or(LinkError::Dead)? {
            ContactStep::Asked { challenge, .. } => Proving {
                owner: set_up.owner,
                hash: &challenge.dispatch.destination_hash,
                sealed: &challenge.dispatch.destination,
                verified: false,
                expires_at: set_up.expires_at,
                key: live.map(|live| &live.key),
            },
            ContactStep::Verified { contact, .. } => Proving {
                owner: set_up.owner,
                hash: &contact.hash,
                sealed: &contact.destination,
                verified: true,
                expires_at: set_up.expires_at,
                key: None,
            },
        };
        // The key of a link that did its work is no longer noted: it is this month's or the last one's.
        let month_of = |at: Time| KeyPeriod::month(at);
        let recent = [month_of(now), month_of(now - chrono::Duration::hours(2))];
        let keys: Vec<&KeyPeriod> = proving.key.map_or_else(|| recent.iter().collect(), |key| vec![key]);
        for key in keys {
            let spec = LinkSpec {
                company: link.company(),
                member: link.member(),
                id: link.id(),
                purpose: LinkPurpose::EmailVerification,
                key,
                destination: Some(proving.hash),
            };
            match self.vault.link_matches(&spec, link, now) {
                Ok(true) => return Ok(proving),
                Ok(false) | Err(DeriveError::KeyGone) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Err(LinkError::Dead)
    }
}

fn owns(access: Option<&Access>, company: CompanyId, member: MemberId, owner: SetUpOwner) -> bool {
    access.is_some_and(|access| access.person() == (company, member) && access.set_up().owner == owner)
}
