//! Why something was done: the reason stands in an event, and the notice of it follows in the same append.

use twostep_domain::company::CompanyEvent;
use twostep_domain::second_step::SecondStepEvent;
use twostep_domain::{DecodeError, Event as _, StreamKind, reason_for_mail};
use twostep_event_store::{Envelope, RecordedEvent};

/// The last reason that was given; an append lies in one piece in the log.
#[derive(Default)]
pub(super) struct Cause(Option<(Envelope, String)>);

impl Cause {
    /// Notes the reason that an event gives, if it gives one.
    ///
    /// # Errors
    /// An event that this program is too old for.
    pub(super) fn note(&mut self, event: &RecordedEvent) -> Result<(), DecodeError> {
        let envelope = &event.envelope;
        let (name, version, data) = (envelope.event_type.as_str(), envelope.version, event.data.as_slice());
        let reason = match (envelope.kind, name) {
            (StreamKind::SecondStep, "MfaResetForced") => {
                match SecondStepEvent::decode(name, version, data)? {
                    SecondStepEvent::MfaResetForced(event) => event.reason,
                    _ => return Ok(()),
                }
            }
            (StreamKind::Company, "PolicyChanged" | "GlassBroken") => {
                match CompanyEvent::decode(name, version, data)? {
                    CompanyEvent::PolicyChanged(event) => event.reason,
                    CompanyEvent::GlassBroken(event) => event.reason,
                    _ => return Ok(()),
                }
            }
            _ => return Ok(()),
        };
        self.0 = Some((envelope.clone(), reason));
        Ok(())
    }

    /// The reason of what `envelope`'s event tells, as a mail may say it.
    pub(super) fn of(&self, envelope: &Envelope) -> Option<String> {
        let (cause, reason) = self.0.as_ref()?;
        let same = (cause.company, cause.kind, &cause.key, cause.metadata.correlation)
            == (envelope.company, envelope.kind, &envelope.key, envelope.metadata.correlation);
        if !same {
            return None;
        }
        reason_for_mail(reason)
    }
}
