//! The in-memory store keeps the port's promises.

use std::sync::Arc;

use twostep_event_store::{MemoryStore, Store, conformance};

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_memory_store_keeps_the_ports_promises() {
    conformance::all(|| async { Arc::new(MemoryStore::new()) as Arc<dyn Store> }).await;
}
