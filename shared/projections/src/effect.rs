//! What the policy in force means for people, counted: who must set up, and who would be stuck (fact 13).

use twostep_domain::company::Texting;
use twostep_domain::second_step::Prospect;
use twostep_domain::{Capabilities, MemberId, Role};

use crate::{CompanyView, MemberView, Standing};

/// What the policy in force means for the people who can sign in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Effect {
    /// Whom it covers.
    pub covered: u64,
    /// Who sets up at the next sign-in: they lack the primary, or have nothing that counts.
    pub to_set_up: u64,
    /// Who must verify and can't in their console, whose console is known first.
    pub stuck: Vec<Stuck>,
    /// Who verifies with the primary alone: no backup of theirs is allowed.
    pub without_backup: Vec<MemberId>,
}

/// Somebody who can't verify in their Technician Console.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stuck {
    /// Who.
    pub member: MemberId,
    /// Whether they signed in with such a console last; otherwise no console of theirs is known yet, and an old one is assumed.
    pub seen: bool,
}

impl CompanyView {
    /// Counts it, in one pass over the people.
    #[must_use]
    pub fn effect(&self, texting: Texting) -> Effect {
        let mut effect = Effect::default();
        for (id, person) in self.members(None).filter(|(_, person)| person.standing == Standing::Enabled) {
            let Some(requirement) = self.requirement(id, texting) else { continue };
            let prospect = requirement.prospect(person.second_step.enrolled());
            effect.covered += u64::from(requirement.covers());
            effect.to_set_up += u64::from(matches!(prospect, Prospect::SetsUp { .. }));
            if requirement.leaves_without_backup(person.second_step.enrolled()) {
                effect.without_backup.push(id);
            }
            if let Some(seen) = stuck(person, &prospect) {
                effect.stuck.push(Stuck { member: id, seen });
            }
        }
        effect.stuck.sort_by_key(|stuck| !stuck.seen);
        effect
    }
}

/// Whether their console can't show what they can verify with, and whether it is one that was seen.
fn stuck(person: &MemberView, prospect: &Prospect) -> Option<bool> {
    match person.second_step.console() {
        Some(console) => prospect.is_stuck(console).then_some(true),
        // Consoles are technicians' tools.
        None if person.roles.has(Role::Technician) => {
            prospect.is_stuck(&Capabilities::default()).then_some(false)
        }
        None => None,
    }
}
