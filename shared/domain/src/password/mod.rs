//! The first step of a login: how wrong passwords are slowed down.

mod event;

pub use event::{PasswordDelayed, PasswordEvent};
