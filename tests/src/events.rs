//! Every event type that the product writes, whichever stream it belongs to.

use twostep_domain::company::CompanyEvent;
use twostep_domain::delivery::DeliveryEvent;
use twostep_domain::group::GroupEvent;
use twostep_domain::login::LoginEvent;
use twostep_domain::member::MemberEvent;
use twostep_domain::password::PasswordEvent;
use twostep_domain::second_step::SecondStepEvent;
use twostep_domain::{DecodeError, Event, EventType, StreamKind};

/// Reads the data of an event, given its type and version, and writes it again as it is written today.
pub type Reencode = fn(&str, u16, &[u8]) -> Result<Vec<u8>, DecodeError>;

/// The events of one kind of stream.
pub struct Family {
    /// Which kind.
    pub kind: StreamKind,
    /// Its types.
    pub catalogue: fn() -> Vec<EventType>,
    /// Reads an event's data and writes it again.
    pub reencode: Reencode,
}

/// All families, one per kind of stream.
#[must_use]
pub fn families() -> Vec<Family> {
    StreamKind::ALL
        .into_iter()
        .map(|kind| match kind {
            StreamKind::Company => family::<CompanyEvent>(kind),
            StreamKind::Group => family::<GroupEvent>(kind),
            StreamKind::Login => family::<LoginEvent>(kind),
            StreamKind::Member => family::<MemberEvent>(kind),
            StreamKind::SecondStep => family::<SecondStepEvent>(kind),
            StreamKind::Password => family::<PasswordEvent>(kind),
            StreamKind::Delivery => family::<DeliveryEvent>(kind),
        })
        .collect()
}

fn family<E: Event>(kind: StreamKind) -> Family {
    Family {
        kind,
        catalogue: E::catalogue,
        reencode: |name, version, data| E::decode(name, version, data).map(|event| event.encode()),
    }
}
