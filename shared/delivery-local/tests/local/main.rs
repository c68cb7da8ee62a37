//! The in-process queue: the ports' conformance suite, and the worker's step on top of it.

#![allow(clippy::unwrap_used, reason = "a test's helpers may panic")]

mod conformance;
mod deaf;
mod fairness;
mod fixture;
mod loop_;
mod step;
