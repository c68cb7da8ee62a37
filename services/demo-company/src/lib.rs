//! The demo company: one of each kind of person in nested groups, made over HTTP and through mails as anybody would.

mod credentials;
mod inbox;
mod people;
mod say;
mod seed;

pub use credentials::{Credentials, Login, path};
pub use say::say;
pub use seed::Seed;
