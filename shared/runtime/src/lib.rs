//! What every program of Twostep needs to run: settings, log output, graceful stop, the profile, the admin port.
//!
//! The first lines of each `main`: [`tls::install`], settings by [`config::load`], [`telemetry::init`],
//! [`Stop::on_signals`].

pub mod admin;
mod body;
pub mod config;
mod connections;
pub mod listen;
pub mod profile;
pub mod proxy;
mod public_url;
pub mod shutdown;
pub mod telemetry;
pub mod test_clock;
pub mod tls;

pub use body::TOO_SLOW;
pub use profile::{MARKER, Profile};
pub use public_url::PublicUrlError;
pub use shutdown::Stop;
