//! A mail server and SMS gateway that keep what they receive and show it: the far end of the demo and of the tests.
//!
//! It binds to loopback only and starts in the demo profile only.

mod config;
mod running;

pub use config::{Config, Profile};
pub use running::{Running, StartError, start};
