//! One message: from the wish to send it to what became of it.

mod command;
mod decide;
mod error;
mod event;
mod message;
mod state;

#[cfg(test)]
mod tests;

pub use command::{DeliveryCommand, Outcome, Redrive};
pub use decide::Delivery;
pub use error::DeliveryError;
pub use event::{
    DeliveryBounced, DeliveryDelivered, DeliveryEvent, DeliveryExpired, DeliveryFailed, DeliveryRedriven,
    DeliveryRequested, DeliveryRetried, DeliverySubmitted, DeliveryUnknown, Failure,
};
pub use message::{Channel, MessageKind, Urgency};
pub use state::{DeliveryState, Progress};
