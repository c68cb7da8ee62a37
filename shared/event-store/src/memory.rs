//! The in-memory store.
use crate as _;
/// In memory.
pub struct MemoryStore;
