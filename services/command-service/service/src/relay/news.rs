//! What a notice tells beside its kind: who did it, and what is different.

use secrecy::ExposeSecret as _;
use twostep_commands::{Commands, Fault};
use twostep_delivery::{Content, Doer, PersonName, PolicyChange, RosterChange, RosterStep};
use twostep_domain::company::{PolicyChanged, Transition};
use twostep_domain::delivery::MessageKind;
use twostep_domain::{MemberId, name_for_mail};
use twostep_event_store::Actor;
use twostep_vault::{Field, OpenError};

use super::cause::Deed;
use super::intent::Intent;

/// Adds who did what Master Admins are told of, and what is different.
pub(super) async fn add_news(
    commands: &Commands,
    intent: &Intent,
    content: &mut Content,
) -> Result<(), Fault> {
    let Some(told) = &intent.told else { return Ok(()) };
    content.by = match &told.by {
        Actor::Member { id, .. } => Some(Doer::Person(name(commands, intent, *id).await?)),
        Actor::Operator => Some(Doer::Operator),
        Actor::System { .. } => Some(Doer::Product),
        Actor::Visitor => None,
    };
    match &told.deed {
        Deed::ChangedPolicy(changed) => content.policy = Some(Box::new(change(changed))),
        Deed::Concerned { step, whom, before } => {
            // Whether the name could still be read would be a matter of moments.
            let whom = match step {
                RosterStep::Erased => None,
                _ => name(commands, intent, *whom).await?,
            };
            let before = match before {
                Some(before) => name(commands, intent, *before).await?,
                None => None,
            };
            content.roster = Some(RosterChange { step: *step, whom, before });
        }
        Deed::Reset => {}
    }
    Ok(())
}

/// Adds what a notice in the person's own stream doesn't say of itself: by the first password they are a Master Admin.
pub(super) async fn add_own_news(
    commands: &Commands,
    intent: &Intent,
    member: MemberId,
    content: &mut Content,
) -> Result<(), Fault> {
    if intent.kind() == MessageKind::MasterAdminsChanged {
        let whom = name(commands, intent, member).await?;
        content.roster = Some(RosterChange { step: RosterStep::Joined, whom, before: None });
    }
    Ok(())
}

/// A name as others may be mailed it; none: the person was erased.
async fn name(commands: &Commands, intent: &Intent, member: MemberId) -> Result<PersonName, Fault> {
    let fold = commands.member(intent.company, member).await?;
    let Some(person) = fold.state().person() else { return Ok(None) };
    match commands.open(intent.company, member, Field::Name, &person.identity().name) {
        Ok(name) => Ok(Some(name_for_mail(name.expose_secret()))),
        Err(OpenError::Erased) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

fn change(changed: &PolicyChanged) -> PolicyChange {
    PolicyChange {
        old: changed.old.clone(),
        new: changed.new.clone(),
        reset: changed.transition == Transition::Reset,
        turns_off: changed.turn_off_uncovered,
        undo: changed.undo_of.is_some(),
    }
}
