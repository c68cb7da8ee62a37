//! A notice's messages: who is told, and of what.
//!
//! Who is told is whoever was there when it was wanted: after a restart, which looks at a day's notices again, and when a
//! message is tried again, whoever came since must not hear of what was before, and whoever left since still does.

use std::collections::BTreeSet;

use twostep_commands::{Commands, Fault};
use twostep_delivery::RosterStep;
use twostep_domain::company::Registered;
use twostep_domain::{Audience, MemberId, NoticeRequested};

use super::cause::Deed;
use super::intent::Intent;
use super::message::{Prepared, content, letter, prepared, to_work_address, work_address};
use super::news::{add_news, add_own_news};

/// The messages of `notice`, which stands in the stream of `owner` or, without one, in the company's.
pub(super) async fn prepare(
    commands: &Commands,
    intent: &Intent,
    company: &Registered,
    notice: &NoticeRequested,
    owner: Option<MemberId>,
) -> Result<Vec<Prepared>, Fault> {
    match (notice.audience, owner) {
        (Audience::Owner, Some(member)) => to_owner(commands, intent, company, notice, member).await,
        (Audience::MasterAdmins, None) => to_master_admins(commands, intent, company).await,
        // Nothing records these.
        (Audience::Owner, None) | (Audience::MasterAdmins, Some(_)) => Ok(Vec::new()),
    }
}

/// To every contact that the person had then.
async fn to_owner(
    commands: &Commands,
    intent: &Intent,
    company: &Registered,
    notice: &NoticeRequested,
    member: MemberId,
) -> Result<Vec<Prepared>, Fault> {
    let fold = commands.member(intent.company, member).await?;
    let Some(person) = fold.state().person() else { return Ok(Vec::new()) };
    let second_step = commands.second_step_as_of(intent.company, member, intent.recorded_at).await?;
    let contacts =
        [work_address(person)].into_iter().chain(second_step.state().contacts()).chain(notice.also.clone());
    let mut content = content(intent);
    add_own_news(commands, intent, member, &mut content).await?;
    let mut told = BTreeSet::new();
    let contacts = contacts.filter(|contact| told.insert(contact.hash.clone()));
    contacts
        .map(|contact| {
            let letter = letter(commands, intent, company, member, person, &contact, content.clone());
            prepared(intent, member, &contact, letter)
        })
        .collect()
}

/// To the work address of everybody who was a Master Admin then or has just stopped being one. Whoever hadn't accepted the
/// invitation is left out: nobody knew yet whose mailbox that is.
async fn to_master_admins(
    commands: &Commands,
    intent: &Intent,
    company: &Registered,
) -> Result<Vec<Prepared>, Fault> {
    let then = commands.company_at(intent.company, intent.revision).await?;
    let roster = then.state().registered().into_iter().flat_map(Registered::master_admins);
    let everybody: BTreeSet<MemberId> = roster.chain(left(intent)).collect();
    let mut content = content(intent);
    add_news(commands, intent, &mut content).await?;
    let mut all = Vec::new();
    for member in everybody {
        let person = commands.member_as_of(intent.company, member, intent.recorded_at).await?;
        if person.state().password().is_some() {
            all.extend(to_work_address(commands, intent, company, member, content.clone(), None).await?);
        }
    }
    Ok(all)
}

/// Who isn't in the roster any more by what is told. Of an erasure nothing is mailed to whom it concerns: the address is
/// about to be gone.
fn left(intent: &Intent) -> Option<MemberId> {
    match intent.told.as_ref()?.deed {
        Deed::Concerned { step: RosterStep::Erased, .. } => None,
        Deed::Concerned { whom, .. } => Some(whom),
        Deed::Reset | Deed::ChangedPolicy(_) => None,
    }
}
