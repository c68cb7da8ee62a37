//! The e-mail channel: renders a message in the recipient's language and hands it to one of several relays by SMTP.
//!
//! Connections are our own (`TCP_NODELAY`, which lettre's pool never sets, is worth a factor of 30 on short mails),
//! pooled, and encrypted with the relay's name verified; plain text is for loopback in the demo profile only.

mod channel;
mod config;
mod invalid_config;
mod mail;
mod smtp;
mod text;

pub use channel::EmailChannel;
pub use config::{Config, Relay, SmtpSecurity};
pub use invalid_config::InvalidConfig;
