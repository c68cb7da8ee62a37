//! Passwords: what is accepted, and how it is hashed.

mod hasher;
mod rule;

pub use hasher::{HashingLimits, PasswordCost, PasswordError, PasswordHasher};
pub use rule::{PasswordRule, WeakPassword};
