//! Handing mails to a relay.

mod connection;
mod encrypted;
mod guarded;
mod relay;
mod reply;
mod trust;

pub(crate) use relay::SmtpRelay;
