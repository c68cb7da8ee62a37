//! The queue of one process has one relay.

use async_trait::async_trait;
use twostep_delivery::Leadership;

use crate::LocalQueue;

#[async_trait]
impl Leadership for LocalQueue {
    fn held(&self) -> bool {
        true
    }

    async fn differs_from(&self, held: bool) {
        if held {
            std::future::pending().await
        }
    }
}
