//! The SMS channel against gateways that speak as providers do.

#![allow(clippy::unwrap_used, reason = "a test's helpers may panic")]

mod answers;
mod config;
mod fixture;
mod inbox;
mod silence;
mod statuses;
mod vonage;
