//! The types of all events, whichever stream they stand in.

use crate::company::CompanyEvent;
use crate::delivery::DeliveryEvent;
use crate::group::GroupEvent;
use crate::login::LoginEvent;
use crate::member::MemberEvent;
use crate::password::PasswordEvent;
use crate::second_step::SecondStepEvent;
use crate::{Event, StreamKind};

/// Whether this program writes events of the type `name`.
#[must_use]
pub fn is_event_type(name: &str) -> bool {
    StreamKind::ALL.into_iter().any(|kind| types_of(kind).contains(&name))
}

fn types_of(kind: StreamKind) -> &'static [&'static str] {
    match kind {
        StreamKind::Company => CompanyEvent::TYPES,
        StreamKind::Group => GroupEvent::TYPES,
        StreamKind::Login => LoginEvent::TYPES,
        StreamKind::Member => MemberEvent::TYPES,
        StreamKind::SecondStep => SecondStepEvent::TYPES,
        StreamKind::Password => PasswordEvent::TYPES,
        StreamKind::Delivery => DeliveryEvent::TYPES,
    }
}
