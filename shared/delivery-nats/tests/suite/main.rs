//! The queue over a real nats-server.

#![allow(clippy::unwrap_used, reason = "a test's helpers may panic")]

mod burial;
mod clocks;
mod conformance;
mod forged;
mod hands;
mod lease;
mod patience;
mod requests;
mod restarts;
mod rights;
mod secured;
mod server;
mod traces;
