//! What an event wants sent.

use chrono::Duration;
use twostep_domain::company::CompanyEvent;
use twostep_domain::delivery::MessageKind;
use twostep_domain::member::{Link, MemberEvent};
use twostep_domain::second_step::{Dispatch, During, MailedLink, SecondStepEvent};
use twostep_domain::{
    ChallengeId, ClientKind, CompanyId, DecodeError, DeliveryId, Digest, Event as _, IntentId, MemberId,
    Method, NoticeRequested, StreamKind, Time,
};
use twostep_event_store::{Actor, Metadata, RecordedEvent, Revision};
use uuid::Uuid;

use super::cause::Told;

/// How long links and notices are tried at the most.
const LONGEST: Duration = Duration::hours(24);

/// The wish to send something, as the log holds it.
#[derive(Debug)]
pub(super) struct Intent {
    /// The event's id.
    pub(super) id: IntentId,
    /// Whose.
    pub(super) company: CompanyId,
    /// The request that it is because of.
    pub(super) correlation: Uuid,
    /// Its place in its stream.
    pub(super) revision: Revision,
    /// When it was recorded.
    pub(super) recorded_at: Time,
    /// When sending it is of no more use.
    pub(super) expires_at: Time,
    /// What the person whom it is about used, where they themselves caused it.
    pub(super) client: Option<ClientKind>,
    /// What a notice tells of, where that is more than its kind.
    pub(super) told: Option<Told>,
    /// What it is.
    pub(super) wish: Wish,
}

/// What is to be sent.
#[derive(Debug)]
pub(super) enum Wish {
    /// A code, perhaps with a link, to where the event says.
    Code {
        /// To whom.
        member: MemberId,
        /// In what.
        during: During,
        /// Which code, where to.
        dispatch: Dispatch,
        /// The link beside it.
        link: Option<MailedLink>,
    },
    /// An invitation or reset link to the work address.
    Link {
        /// To whom.
        member: MemberId,
        /// Which link.
        link: Link,
        /// Invitation or reset.
        kind: MessageKind,
    },
    /// A notice.
    Notice {
        /// What it says to whom.
        notice: NoticeRequested,
        /// The person whose stream it is in; none: the company's.
        owner: Option<MemberId>,
    },
}

impl Intent {
    /// What `event` wants sent, if anything.
    pub(super) fn of(event: &RecordedEvent) -> Result<Option<Self>, DecodeError> {
        let envelope = &event.envelope;
        let (name, version, data) = (envelope.event_type.as_str(), envelope.version, event.data.as_slice());
        let member = envelope.key.uuid().map(MemberId);
        let wish = match (envelope.kind, member) {
            (StreamKind::SecondStep, Some(member)) => {
                of_second_step(SecondStepEvent::decode(name, version, data)?, member)
            }
            (StreamKind::Member, Some(member)) => {
                of_member(MemberEvent::decode(name, version, data)?, member)
            }
            (StreamKind::Company, _) => match CompanyEvent::decode(name, version, data)? {
                CompanyEvent::NoticeRequested(notice) => Some(Wish::Notice { notice, owner: None }),
                _ => None,
            },
            _ => None,
        };
        Ok(wish.map(|wish| Self {
            id: IntentId(envelope.id.0),
            company: envelope.company,
            correlation: envelope.metadata.correlation,
            revision: envelope.revision,
            recorded_at: envelope.recorded_at,
            expires_at: expiry(&wish, envelope.recorded_at),
            client: own_client(&envelope.metadata, member),
            told: None,
            wish,
        }))
    }

    /// What its messages say.
    pub(super) fn kind(&self) -> MessageKind {
        match &self.wish {
            Wish::Code { during: During::SignIn(_), .. } => MessageKind::SignInCode,
            Wish::Code { link: Some(_), .. } => MessageKind::VerificationLink,
            Wish::Code { link: None, .. } => MessageKind::SetUpCode,
            Wish::Link { kind, .. } => *kind,
            Wish::Notice { notice, .. } => notice.kind,
        }
    }

    /// The id of its message to `recipient` at the address of that hash: the same whoever makes it, and however often.
    pub(super) fn message_to(&self, recipient: MemberId, destination: &Digest) -> DeliveryId {
        let role = format!("{recipient}|{}|{:?}", destination.as_str(), self.kind());
        DeliveryId::derived(self.id.0, &role)
    }

    /// Its message where it is a code by e-mail: known without opening anything, and counted by no cap.
    pub(super) fn mailed_code(&self) -> Option<DeliveryId> {
        match &self.wish {
            Wish::Code { member, dispatch, .. } if dispatch.method == Method::Email => {
                Some(self.message_to(*member, &dispatch.destination_hash))
            }
            Wish::Code { .. } | Wish::Link { .. } | Wish::Notice { .. } => None,
        }
    }

    /// The challenge whose code it carries.
    pub(super) fn challenge(&self) -> Option<ChallengeId> {
        match &self.wish {
            Wish::Code { dispatch, .. } => Some(dispatch.challenge),
            Wish::Link { .. } | Wish::Notice { .. } => None,
        }
    }
}

/// The front end of `member`, if it was they who did it.
fn own_client(metadata: &Metadata, member: Option<MemberId>) -> Option<ClientKind> {
    match metadata.actor {
        Actor::Member { id, .. } if Some(id) == member => metadata.origin.as_ref()?.client,
        _ => None,
    }
}

/// The challenge whose code came back by `event`.
///
/// # Errors
/// An event that this program is too old for.
pub(super) fn answered(event: &RecordedEvent) -> Result<Option<ChallengeId>, DecodeError> {
    let (envelope, data) = (&event.envelope, event.data.as_slice());
    let name = envelope.event_type.as_str();
    // Most events are about something else: they needn't be read once more.
    let may_tell = matches!(name, "CodeAccepted" | "PrimaryPhoneVerified" | "BackupPhoneVerified");
    if envelope.kind != StreamKind::SecondStep || !may_tell {
        return Ok(None);
    }
    Ok(match SecondStepEvent::decode(name, envelope.version, data)? {
        SecondStepEvent::CodeAccepted(event) => event.challenge,
        SecondStepEvent::PrimaryPhoneVerified(event) => Some(event.challenge),
        SecondStepEvent::BackupPhoneVerified(event) => Some(event.challenge),
        _ => None,
    })
}

fn of_second_step(event: SecondStepEvent, member: MemberId) -> Option<Wish> {
    let code = |during, dispatch: Dispatch, link| Some(Wish::Code { member, during, dispatch, link });
    match event {
        SecondStepEvent::CodeRequested(event) => code(event.during, event.dispatch, None),
        SecondStepEvent::CodeResent(event) => code(event.during, event.dispatch, event.link),
        SecondStepEvent::EmailVerificationRequested(event) => {
            let link = MailedLink { key: event.link_key, expires_at: event.link_expires_at };
            code(During::SetUp(event.set_up), event.dispatch, Some(link))
        }
        SecondStepEvent::PhoneVerificationRequested(event) => {
            code(During::SetUp(event.set_up), event.dispatch, None)
        }
        SecondStepEvent::NoticeRequested(notice) => Some(Wish::Notice { notice, owner: Some(member) }),
        _ => None,
    }
}

fn of_member(event: MemberEvent, member: MemberId) -> Option<Wish> {
    let link = |link: Link, kind| link.mailed.then_some(Wish::Link { member, link, kind });
    match event {
        MemberEvent::MemberInvited(event) => link(event.invitation, MessageKind::Invitation),
        MemberEvent::InvitationRenewed(event) => link(event.invitation, MessageKind::Invitation),
        MemberEvent::PasswordResetRequested(event) => link(event.reset, MessageKind::PasswordReset),
        MemberEvent::NoticeRequested(notice) => Some(Wish::Notice { notice, owner: Some(member) }),
        _ => None,
    }
}

fn expiry(wish: &Wish, recorded_at: Time) -> Time {
    let longest = recorded_at + LONGEST;
    match wish {
        Wish::Code { link: Some(link), .. } => link.expires_at.min(longest),
        Wish::Code { dispatch, link: None, .. } => dispatch.expires_at,
        Wish::Link { link, .. } => link.expires_at.min(longest),
        Wish::Notice { .. } => longest,
    }
}

/// The channel of a code's method; an app's codes are never sent.
pub(super) fn channel_of(method: Method) -> Option<twostep_domain::delivery::Channel> {
    match method {
        Method::App => None,
        Method::Sms => Some(twostep_domain::delivery::Channel::Sms),
        Method::Email => Some(twostep_domain::delivery::Channel::Email),
    }
}
