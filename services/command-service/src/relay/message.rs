//! From an intent to its messages: recipients found, addresses opened, codes and links derived.

use std::collections::BTreeSet;

use secrecy::ExposeSecret as _;
use twostep_commands::{Commands, Fault};
use twostep_delivery::{Content, Payload};
use twostep_domain::company::Registered;
use twostep_domain::delivery::{Channel, MessageKind};
use twostep_domain::member::Person;
use twostep_domain::second_step::{Dispatch, During, MailedLink};
use twostep_domain::{Audience, Contact, DeliveryId, Digest, MemberId, NoticeRequested};
use twostep_vault::{CodePurpose, CodeSpec, DeriveError, Field, LinkPurpose, LinkSpec, OpenError};

use super::intent::{Intent, Wish, channel_of};

/// A message, ready to be sealed and published.
pub(super) struct Prepared {
    pub(super) id: DeliveryId,
    pub(super) recipient: MemberId,
    pub(super) channel: Channel,
    pub(super) destination_hash: Digest,
    pub(super) payload: Payload,
}

/// What stands between an intent and a message.
enum Unsendable {
    /// The person or the key is gone: there is nothing to send to, or nothing to send.
    Gone,
    /// A part is not there: try again.
    Fault(Fault),
}

impl<T> From<T> for Unsendable
where
    Fault: From<T>,
{
    fn from(fault: T) -> Self {
        match Fault::from(fault) {
            Fault::Open(OpenError::Erased) | Fault::Derive(DeriveError::KeyGone) => Self::Gone,
            other => Self::Fault(other),
        }
    }
}

/// The messages of `intent`; none where everybody it was for is gone.
pub(super) async fn prepare(commands: &Commands, intent: &Intent) -> Result<Vec<Prepared>, Fault> {
    let fold = commands.company(intent.company).await?;
    let Some(company) = fold.state().registered() else { return Ok(Vec::new()) };
    let prepared = match &intent.wish {
        Wish::Code { member, during, dispatch, link } => {
            code(commands, intent, company, *member, *during, dispatch, link.as_ref())
                .await
                .map(|one| vec![one])
        }
        Wish::Link { member, link, .. } => {
            let spec = LinkSpec {
                company: intent.company,
                member: *member,
                id: link.id.0,
                purpose: purpose(intent.kind()),
                key: &link.key,
                destination: None,
            };
            let mut content = content(intent);
            content.expires_at = Some(link.expires_at);
            to_work_address(commands, intent, company, *member, content, Some(&spec))
                .await
                .map(|one| vec![one])
        }
        Wish::Notice { notice, owner } => notices(commands, intent, company, notice, *owner).await,
    };
    match prepared {
        Ok(prepared) => Ok(prepared),
        Err(Unsendable::Gone) => {
            tracing::info!(intent = %intent.id, "nothing is sent: the person or the key is gone");
            Ok(Vec::new())
        }
        Err(Unsendable::Fault(fault)) => Err(fault),
    }
}

async fn code(
    commands: &Commands,
    intent: &Intent,
    company: &Registered,
    member: MemberId,
    during: During,
    dispatch: &Dispatch,
    link: Option<&MailedLink>,
) -> Result<Prepared, Unsendable> {
    let purpose = match during {
        During::SignIn(_) => CodePurpose::SignIn,
        During::SetUp(_) => CodePurpose::SetUp,
    };
    let spec = CodeSpec {
        company: intent.company,
        member,
        challenge: dispatch.challenge,
        purpose,
        destination: &dispatch.destination_hash,
        method: dispatch.method,
        key: &dispatch.key,
    };
    let code = commands.vault().code(&spec, commands.now())?;
    let mut content = content(intent);
    content.code = Some(code.expose().to_owned());
    content.host = host(commands.public_url());
    content.expires_at = Some(dispatch.expires_at);
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
    }
    let contact = Contact {
        channel: channel_of(dispatch.method).ok_or(Unsendable::Gone)?,
        destination: dispatch.destination.clone(),
        hash: dispatch.destination_hash.clone(),
    };
    let fold = commands.member(intent.company, member).await?;
    let person = fold.state().person().ok_or(Unsendable::Gone)?;
    prepared(commands, intent, company, member, person, &contact, content)
}

async fn notices(
    commands: &Commands,
    intent: &Intent,
    company: &Registered,
    notice: &NoticeRequested,
    owner: Option<MemberId>,
) -> Result<Vec<Prepared>, Unsendable> {
    let mut all = Vec::new();
    match (notice.audience, owner) {
        (Audience::Owner, Some(member)) => {
            let fold = commands.member(intent.company, member).await?;
            let person = fold.state().person().ok_or(Unsendable::Gone)?;
            let second_step = commands.second_step(intent.company, member).await?;
            let contacts = [work_address(person)]
                .into_iter()
                .chain(second_step.state().contacts())
                .chain(notice.also.clone());
            let mut told = BTreeSet::new();
            for contact in contacts.filter(|contact| told.insert(contact.hash.clone())) {
                all.push(prepared(commands, intent, company, member, person, &contact, content(intent))?);
            }
        }
        (Audience::Owner, None) => {}
        (Audience::MasterAdmins, _) => {
            for member in company.master_admins() {
                match to_work_address(commands, intent, company, member, content(intent), None).await {
                    Ok(one) => all.push(one),
                    Err(Unsendable::Gone) => {}
                    Err(fault) => return Err(fault),
                }
            }
        }
    }
    Ok(all)
}

async fn to_work_address(
    commands: &Commands,
    intent: &Intent,
    company: &Registered,
    member: MemberId,
    mut content: Content,
    link: Option<&LinkSpec<'_>>,
) -> Result<Prepared, Unsendable> {
    let fold = commands.member(intent.company, member).await?;
    let person = fold.state().person().ok_or(Unsendable::Gone)?;
    if let Some(spec) = link {
        content.link = Some(url(commands, spec)?);
    }
    prepared(commands, intent, company, member, person, &work_address(person), content)
}

fn prepared(
    commands: &Commands,
    intent: &Intent,
    company: &Registered,
    member: MemberId,
    person: &Person,
    contact: &Contact,
    content: Content,
) -> Result<Prepared, Unsendable> {
    let field = match contact.channel {
        Channel::Email => Field::Email,
        Channel::Sms => Field::Phone,
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
    let role = format!("{member}|{}|{:?}", contact.hash.as_str(), intent.kind());
    Ok(Prepared {
        id: DeliveryId::derived(intent.id.0, &role),
        recipient: member,
        channel: contact.channel,
        destination_hash: contact.hash.clone(),
        payload,
    })
}

fn work_address(person: &Person) -> Contact {
    let identity = person.identity();
    Contact {
        channel: Channel::Email,
        destination: identity.email.clone(),
        hash: identity.email_hash.clone(),
    }
}

fn content(intent: &Intent) -> Content {
    let mut content = Content::default();
    content.at = Some(intent.recorded_at);
    content
}

fn purpose(kind: MessageKind) -> LinkPurpose {
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
