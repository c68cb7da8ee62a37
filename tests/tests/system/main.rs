//! Tests of the whole: the rules of the tree, the shapes on disk, and the running product.

#![allow(clippy::unwrap_used, reason = "what these tests can't do without, they fail without")]

mod architecture;
mod break_glass;
mod config;
mod metrics;
mod product;
mod roles;
mod schemas;
mod waiting;
