//! From an intent to its messages: who gets one, and of which kind.

use twostep_commands::{Commands, Fault};
use twostep_domain::Contact;
use twostep_vault::LinkSpec;

use super::intent::{Intent, Wish, channel_of};
use super::message::{Prepared, Unsendable, code, content, letter, prepared, purpose, to_work_address};
use super::notices;
use super::unsent::Unsent;

/// The messages of `intent`; none where nobody is left whose address could be named.
pub(super) async fn prepare(commands: &Commands, intent: &Intent) -> Result<Vec<Prepared>, Fault> {
    let fold = commands.company(intent.company).await?;
    let Some(company) = fold.state().registered() else { return Ok(Vec::new()) };
    let one = match &intent.wish {
        Wish::Code { member, during, dispatch, link } => {
            let Some(channel) = channel_of(dispatch.method) else { return Ok(Vec::new()) };
            let contact = Contact {
                channel,
                destination: dispatch.destination.clone(),
                hash: dispatch.destination_hash.clone(),
            };
            let letter = async {
                let content = code(commands, intent, *member, *during, dispatch, link.as_ref())?;
                let fold = commands.member(intent.company, *member).await?;
                let person = fold.state().person().ok_or(Unsendable::Unsent(Unsent::Gone))?;
                letter(commands, intent, company, *member, person, &contact, content)
            };
            Some(prepared(intent, *member, &contact, letter.await)?)
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
            content.link_expires_at = Some(link.expires_at);
            to_work_address(commands, intent, company, *member, content, Some(&spec)).await?
        }
        Wish::Notice { notice, owner } => {
            return notices::prepare(commands, intent, company, notice, *owner).await;
        }
    };
    Ok(one.into_iter().collect())
}
