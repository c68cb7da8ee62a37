//! The rules of the tree as code: who may import what, what may be linked, what files may be called and contain.

mod forms;
mod imports;
mod metadata;
mod recipes;
mod security;
mod settings;
mod supply_chain;
mod tree;
mod unused;
