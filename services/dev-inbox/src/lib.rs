//! A mail server and SMS gateway that keep what they receive and show it: the far end of the demo and of the tests.
//!
//! It binds to loopback only and starts in the demo profile only. On the HTTP side:
//!
//! - `GET /` — the page for people, newest message first.
//! - `GET /messages?to=&channel=&after=`, `GET /messages/{id}`, `DELETE /messages` — the same as JSON.
//! - `GET /messages/next?to=&channel=&after=&timeout=` — waits up to `timeout` seconds for a message; 204 if none came.
//! - `GET /faults`, `PUT /faults` — how it is told to misbehave ([`Faults`]).
//! - `POST /2010-04-01/Accounts/{sid}/Messages.json` — texts as Twilio takes them.
//! - `POST /sms` — texts as JSON: `{"to", "from", "text"}`.

mod config;
mod extract;
mod faults;
mod http;
mod inbox;
mod message;
mod running;
mod shared;
mod smtp;

pub use config::Config;
pub use faults::{Faults, MailFault, SmsFault, Stage};
pub use message::{Channel, Received};
pub use running::{Running, StartError, start};
pub use smtp::Encryption;
