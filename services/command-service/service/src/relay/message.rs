//! What a message is made of: addresses opened, codes and links derived.

use secrecy::ExposeSecret as _;
use twostep_commands::{Commands, Fault};
use twostep_delivery::{Content, Payload};
use twostep_domain::company::Registered;
use twostep_domain::delivery::{Channel, MessageKind};
use twostep_domain::member::Person;
use twostep_domain::second_step::{Dispatch, During, MailedLink};
use twostep_domain::{Contact, DeliveryId, Digest, MemberId, Phone};
use twostep_vault::{CodePurpose, CodeSpec, DeriveError, Field, LinkPurpose, LinkSpec, OpenError};

use super::intent::Intent;
use super::unsent::Unsent;

/// A message, ready to be sealed and published, or why there is nothing to send.
pub(super) struct Prepared {
    pub(super) id: DeliveryId,
    pub(super) recipient: MemberId,
    pub(super) channel: Channel,
    pub(super) destination_hash: Digest,
    pub(super) letter: Result<Letter, Unsent>,
}

/// What is sealed, and the number that a text goes to.
pub(super) struct Letter {
    pub(super) payload: Payload,
    pub(super) number: Option<Phone>,
}

/// What stands between an intent and a message.
pub(super) enum Unsendable {
    /// Nothing comes of it.
    Unsent(Unsent),
    /// A part is not there: try again.
    Fault(Fault),
}

impl<T> From<T> for Unsendable
where
    Fault: From<T>,
{
    fn from(fault: T) -> Self {
        match Fault::from(fault) {
            Fault::Open(OpenError::Erased) | Fault::Derive(DeriveError::KeyGone) => {
                Self::Unsent(Unsent::Gone)
            }
            other => Self::Fault(other),
        }
    }
}

/// What a message with a code says.
pub(super) fn code(
    commands: &Commands,
    intent: &Intent,
    member: MemberId,
    during: During,
    dispatch: &Dispatch,
    link: Option<&MailedLink>,
) -> Result<Content, Unsendable> {
    let purpose = match during {
        During::SignIn(_) => CodePurpose::SignIn,
        During::SetUp(_) => CodePurpose::SetUp,
    };
    let spec = CodeSpec::of(intent.company, member, dispatch, purpose);
    let code = commands.vault().code(&spec, commands.now())?;
    let mut content = content(intent);
    content.code = Some(code.expose().to_owned());
    content.host = host(commands.public_url());
    content.code_expires_at = Some(dispatch.expires_at);
    if let Some(link) = link {
        let spec = LinkSpec {
            company: intent.company,
            member,
            id: dispatch.challenge.0,
            purpose: LinkPurpose::EmailVerification,
            key: &link.key,
            destination: Some(&dispatch.destination_hash),
        };
        content.link = Some(url(commands, &spec)?);
        content.link_expires_at = Some(link.expires_at);
    }
    Ok(content)
}

/// A message to the work address; none where the person is gone, whose address that would be.
pub(super) async fn to_work_address(
    commands: &Commands,
    intent: &Intent,
    company: &Registered,
    member: MemberId,
    mut content: Content,
    link: Option<&LinkSpec<'_>>,
) -> Result<Option<Prepared>, Fault> {
    let fold = commands.member(intent.company, member).await?;
    let Some(person) = fold.state().person() else {
        tracing::info!(intent = %intent.id, "nothing is sent: the person is gone");
        return Ok(None);
    };
    let contact = work_address(person);
    let link = link.map(|spec| url(commands, spec)).transpose();
    let letter = link.map_err(Unsendable::from).and_then(|link| {
        if link.is_some() {
            // The pages behind such links mask it (S8).
            let login = commands.open(intent.company, member, Field::Login, &person.identity().login)?;
            content.login = Some(login.expose_secret().to_owned());
        }
        content.link = link;
        letter(commands, intent, company, member, person, &contact, content)
    });
    prepared(intent, member, &contact, letter).map(Some)
}

/// The message to `contact`, whose id doesn't depend on what it says: it has an ending also where it says nothing.
pub(super) fn prepared(
    intent: &Intent,
    member: MemberId,
    contact: &Contact,
    letter: Result<Letter, Unsendable>,
) -> Result<Prepared, Fault> {
    let letter = match letter {
        Ok(letter) => Ok(letter),
        Err(Unsendable::Unsent(unsent)) => Err(unsent),
        Err(Unsendable::Fault(fault)) => return Err(fault),
    };
    Ok(Prepared {
        id: intent.message_to(member, &contact.hash),
        recipient: member,
        channel: contact.channel,
        destination_hash: contact.hash.clone(),
        letter,
    })
}

/// What is sealed for `contact`.
pub(super) fn letter(
    commands: &Commands,
    intent: &Intent,
    company: &Registered,
    member: MemberId,
    person: &Person,
    contact: &Contact,
    content: Content,
) -> Result<Letter, Unsendable> {
    let field = match contact.channel {
        Channel::Email => Field::Email,
        Channel::Sms => Field::Phone,
    };
    let number = match contact.channel {
        Channel::Email => None,
        Channel::Sms => {
            let number = commands.texted_number(intent.company, member, company, &contact.destination)?;
            Some(number.ok_or(Unsendable::Unsent(Unsent::Country))?)
        }
    };
    let open = |field, sealed| commands.open(intent.company, member, field, sealed);
    let destination = open(field, &contact.destination)?;
    let name = open(Field::Name, &person.identity().name)?;
    let branding = company.branding();
    let payload = Payload {
        destination: destination.expose_secret().to_owned(),
        person: name.expose_secret().to_owned(),
        company: company.name().as_str().to_owned(),
        product: branding.product_name.as_str().to_owned(),
        sender: branding.sender_name.as_str().to_owned(),
        locale: person.locale(),
        time_zone: person.time_zone().clone(),
        content,
    };
    Ok(Letter { payload, number })
}

/// Where everybody can be reached, whatever they have set up.
pub(super) fn work_address(person: &Person) -> Contact {
    let identity = person.identity();
    Contact {
        channel: Channel::Email,
        destination: identity.email.clone(),
        hash: identity.email_hash.clone(),
    }
}

/// What any message of `intent` says.
pub(super) fn content(intent: &Intent) -> Content {
    let mut content = Content::default();
    content.at = Some(intent.recorded_at);
    content.client = intent.client;
    content.reason = intent.told.as_ref().and_then(|told| told.reason.clone());
    content
}

pub(super) fn purpose(kind: MessageKind) -> LinkPurpose {
    match kind {
        MessageKind::PasswordReset => LinkPurpose::PasswordReset,
        _ => LinkPurpose::Invitation,
    }
}

/// The whole link, on the configured address and no other (S8).
fn url(commands: &Commands, spec: &LinkSpec<'_>) -> Result<String, DeriveError> {
    let page = match spec.purpose {
        LinkPurpose::Invitation => "invitations",
        LinkPurpose::PasswordReset => "password-resets",
        LinkPurpose::EmailVerification => "verification-links",
    };
    let token = commands.vault().link_token(spec, commands.now())?;
    Ok(format!("{}/{page}/{}", commands.public_url(), token.expose()))
}

/// The host that a text's last line binds its code to (S29).
fn host(url: &str) -> Option<String> {
    let rest = url.split_once("://")?.1;
    let authority = rest.split('/').next()?;
    Some(authority.split(':').next()?.to_owned())
}

#[cfg(test)]
mod tests;
