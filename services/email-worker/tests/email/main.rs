//! The e-mail channel against a real mail server.

#![allow(clippy::unwrap_used, reason = "a test's helpers may panic")]

mod config;
mod fixture;
mod mail;
mod replies;
mod silence;
