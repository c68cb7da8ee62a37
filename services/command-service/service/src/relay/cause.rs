//! What a notice tells of: it stands in an event, and the notice of it follows in the same append.

use twostep_delivery::RosterStep;
use twostep_domain::company::{CompanyEvent, PolicyChanged, Removal};
use twostep_domain::second_step::SecondStepEvent;
use twostep_domain::{DecodeError, Event as _, MemberId, StreamKind, reason_for_mail};
use twostep_event_store::{Actor, Envelope, RecordedEvent};

/// What a notice tells of.
#[derive(Clone, Debug)]
pub(super) struct Told {
    /// Who did it.
    pub(super) by: Actor,
    /// Why, in their words, as a mail may say it.
    pub(super) reason: Option<String>,
    /// What they did.
    pub(super) deed: Deed,
}

/// What somebody did that others are told of.
#[derive(Clone, Debug)]
pub(super) enum Deed {
    /// Reset somebody's second step.
    Reset,
    /// Saved another policy.
    ChangedPolicy(Box<PolicyChanged>),
    /// Made somebody a Master Admin or took the role, handed the account over, or let one in by an emergency link.
    Concerned {
        /// What became of whom it concerns.
        step: RosterStep,
        /// Whom it concerns.
        whom: MemberId,
        /// Who held the account before, where it is handed over.
        before: Option<MemberId>,
    },
}

/// The last deed that is told to somebody; an append lies in one piece in the log.
#[derive(Default)]
pub(super) struct Cause(Option<(Envelope, Told)>);

impl Cause {
    /// Notes what an event tells, if it tells something.
    ///
    /// # Errors
    /// An event that this program is too old for.
    pub(super) fn note(&mut self, event: &RecordedEvent) -> Result<(), DecodeError> {
        let envelope = &event.envelope;
        let (name, version, data) = (envelope.event_type.as_str(), envelope.version, event.data.as_slice());
        let deed = match (envelope.kind, name) {
            (StreamKind::SecondStep, "MfaResetForced") => {
                of_second_step(SecondStepEvent::decode(name, version, data)?)
            }
            (
                StreamKind::Company,
                "PolicyChanged"
                | "GlassBroken"
                | "MasterAdminAdded"
                | "MasterAdminRemoved"
                | "AccountHolderTransferred",
            ) => of_company(CompanyEvent::decode(name, version, data)?),
            _ => None,
        };
        if let Some((deed, reason)) = deed {
            let by = envelope.metadata.actor.clone();
            self.0 = Some((envelope.clone(), Told { by, reason: reason_for_mail(&reason), deed }));
        }
        Ok(())
    }

    /// What `envelope`'s event tells of.
    pub(super) fn of(&self, envelope: &Envelope) -> Option<Told> {
        let (cause, told) = self.0.as_ref()?;
        // A caller may name one correlation for much that it does; what one append holds is also of one instant.
        let append = |of: &Envelope| (of.company, of.kind, of.metadata.correlation, of.recorded_at);
        let same = append(cause) == append(envelope) && cause.key == envelope.key;
        same.then(|| told.clone())
    }
}

fn of_second_step(event: SecondStepEvent) -> Option<(Deed, String)> {
    match event {
        SecondStepEvent::MfaResetForced(event) => Some((Deed::Reset, event.reason)),
        _ => None,
    }
}

fn of_company(event: CompanyEvent) -> Option<(Deed, String)> {
    let roster = |step, whom, before| Some((Deed::Concerned { step, whom, before }, String::new()));
    match event {
        CompanyEvent::PolicyChanged(event) => {
            let reason = event.reason.clone();
            Some((Deed::ChangedPolicy(Box::new(event)), reason))
        }
        CompanyEvent::GlassBroken(event) => {
            let (step, whom) = (RosterStep::LetIn, event.member);
            Some((Deed::Concerned { step, whom, before: None }, event.reason))
        }
        CompanyEvent::MasterAdminAdded(event) => roster(RosterStep::Joined, event.member, None),
        CompanyEvent::MasterAdminRemoved(event) => {
            let step = match event.because {
                Removal::Demoted => RosterStep::Demoted,
                Removal::Disabled => RosterStep::Disabled,
                Removal::Erased => RosterStep::Erased,
            };
            roster(step, event.member, None)
        }
        CompanyEvent::AccountHolderTransferred(event) => {
            roster(RosterStep::HoldsTheAccount, event.to, Some(event.from))
        }
        _ => None,
    }
}
