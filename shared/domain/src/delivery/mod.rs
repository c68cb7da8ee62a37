//! One message: from the wish to send it to what became of it.

mod event;
mod message;

pub use event::{
    DeliveryBounced, DeliveryDelivered, DeliveryEvent, DeliveryExpired, DeliveryFailed, DeliveryRequested,
    DeliveryRetried, DeliverySubmitted, DeliveryUnknown, Failure,
};
pub use message::{Channel, MessageKind, Urgency};
