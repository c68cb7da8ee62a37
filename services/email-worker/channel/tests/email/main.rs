//! The e-mail channel against a real mail server.

#![allow(clippy::unwrap_used, reason = "a test's helpers may panic")]

mod authority;
mod config;
mod encryption;
mod fixture;
mod mail;
mod middle;
mod replies;
mod silence;
mod trouble;
mod unreachable;
