//! Passwords: what is accepted, and how it is hashed.

mod commonest;
mod composed;
mod guess;
mod hasher;
mod memory;
mod rule;

pub use hasher::{HashingError, HashingLimits, PasswordCost, PasswordHasher};
pub use rule::{PasswordRule, WeakPassword};
