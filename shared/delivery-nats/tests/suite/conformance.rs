//! The queue's conformance suite.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use twostep_clock::{Clock as _, SystemClock};
use twostep_delivery::conformance::{Harness, run_all};
use twostep_delivery::{Claims, Consumer, Publisher, Reporter, Reports};
use twostep_delivery_nats::{Declaration, NatsQueue, Sizes, provision};
use twostep_domain::Time;
use uuid::Uuid;

use crate::server::Server;

struct Fresh {
    queue: NatsQueue,
    seed: Uuid,
    sizes: Sizes,
    _server: Server,
}

#[async_trait]
impl Harness for Fresh {
    fn publisher(&self) -> &dyn Publisher {
        &self.queue
    }

    fn consumer(&self) -> &dyn Consumer {
        &self.queue
    }

    fn claims(&self) -> &dyn Claims {
        &self.queue
    }

    fn reporter(&self) -> &dyn Reporter {
        &self.queue
    }

    fn reports(&self) -> &dyn Reports {
        &self.queue
    }

    fn now(&self) -> Time {
        SystemClock.now()
    }

    async fn pass(&self, by: Duration) {
        // The server's own clock decides here, and it can't be moved.
        tokio::time::sleep(by).await;
    }

    fn patience(&self) -> Duration {
        self.sizes.patience
    }

    fn room(&self) -> usize {
        usize::try_from(self.sizes.urgent).unwrap()
    }

    fn moment(&self) -> Duration {
        Duration::from_millis(100)
    }

    fn seed(&self) -> Uuid {
        self.seed
    }
}

async fn fresh() -> Fresh {
    let server = Server::start();
    let sizes = Sizes { urgent: 5, notices: 5, patience: Duration::from_millis(600), ..Sizes::default() };
    let connected = server.connected("conformance").await;
    let made = provision(&connected, &Declaration::of(&sizes)).await.unwrap();
    assert!(made.iter().all(|made| made.made), "{made:?}");
    let queue = NatsQueue::new(connected, Arc::new(SystemClock), sizes);
    Fresh { queue, seed: Uuid::now_v7(), sizes, _server: server }
}

#[tokio::test]
async fn it_keeps_every_promise_of_a_queue() {
    run_all(fresh).await;
}
