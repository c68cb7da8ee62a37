//! The inbox over real sockets.

#![allow(clippy::unwrap_used, reason = "a test's helpers may panic")]

mod delays;
mod fixture;
mod gateways;
mod mail;
mod page;
mod profile;
