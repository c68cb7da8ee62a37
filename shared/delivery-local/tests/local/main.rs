//! The in-process queue: the ports' conformance suite, and the worker's step on top of it.

mod conformance;
mod fixture;
mod loop_;
mod settle;
mod step;
