//! The SMS channel: renders a text of one segment in the recipient's language and hands it to one of several providers.
//!
//! Providers are Twilio, Vonage and anything that takes JSON. Redirects are not followed; private addresses and plain HTTP are
//! for the demo profile only.

mod channel;
mod config;
mod invalid_config;
mod provider;
mod text;

pub use channel::SmsChannel;
pub use config::{Config, Fate, Gateway, Meaning, Method, Status, Twilio, Vonage, Webhook};
pub use invalid_config::InvalidConfig;
