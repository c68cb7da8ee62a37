//! Handing mails to a relay.

mod connection;
mod encrypted;
mod guarded;
mod relay;
mod reply;

pub(crate) use relay::SmtpRelay;
