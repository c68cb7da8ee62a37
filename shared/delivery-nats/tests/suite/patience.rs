//! A call that takes longer than a silent worker counts as being there.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use tokio_util::sync::CancellationToken;
use twostep_clock::SystemClock;
use twostep_delivery::{
    Accepted, ChannelKey, ChannelKeys, Content, Outcome, Payload, Publisher as _, Reports as _, Request,
    Submit, SubmitError, Worker,
};
use twostep_delivery_nats::{Declaration, NatsQueue, Sizes, provision};
use twostep_domain::delivery::Channel;
use twostep_domain::{Locale, TimeZone};

use crate::requests::code;
use crate::server::Server;

const LONG: Duration = Duration::from_secs(30);

fn sizes() -> Sizes {
    Sizes { patience: Duration::from_secs(1), ..Sizes::default() }
}

fn keys() -> ChannelKeys {
    ChannelKeys::new(Channel::Email, ChannelKey::new("k1", [7; 32]), Vec::new())
}

/// A provider that takes longer than a silent worker is waited for, also by one who found its claim and looks again.
#[derive(Default)]
struct Slow(AtomicUsize);

#[async_trait]
impl Submit for Slow {
    async fn submit(&self, _: &Request, _: &Payload) -> Result<Accepted, SubmitError> {
        self.0.fetch_add(1, Ordering::SeqCst);
        tokio::time::sleep(sizes().patience * 8).await;
        Ok(Accepted { provider: "slow".to_owned(), provider_id: None })
    }
}

#[tokio::test]
async fn a_call_that_takes_longer_than_patience_is_made_once() {
    let server = Server::start();
    provision(&server.connected("provision").await, &Declaration::of(&sizes())).await.unwrap();
    let queue = async |name| NatsQueue::new(server.connected(name).await, Arc::new(SystemClock), sizes());
    let (service, out, stop) = (queue("service").await, Arc::new(Slow::default()), CancellationToken::new());
    let mut running = Vec::new();
    for name in ["one", "two"] {
        let queue = Arc::new(queue(name).await);
        let worker = Arc::new(Worker {
            channel: Channel::Email,
            name: name.to_owned(),
            keys: keys(),
            consumer: queue.clone(),
            claims: queue.clone(),
            reporter: queue,
            out: out.clone(),
            clock: Arc::new(SystemClock),
            jitter: Box::new(|ceiling| ceiling),
        });
        running.push(tokio::spawn(worker.run(std::num::NonZeroUsize::MIN, stop.clone())));
    }
    let mut request = code("slow");
    let payload = Payload {
        destination: "ada@example.org".to_owned(),
        person: "Ada".to_owned(),
        company: "Acme".to_owned(),
        product: "Acme".to_owned(),
        sender: "Acme".to_owned(),
        locale: Locale::default(),
        time_zone: TimeZone::default(),
        content: Content::default(),
    };
    request.payload = keys().seal(request.id, &payload);
    service.publish(&request).await.unwrap();
    let word = tokio::time::timeout(LONG, service.next()).await.unwrap().unwrap();
    assert!(matches!(word.report().outcome, Outcome::Submitted { .. }), "{:?}", word.report());
    assert_eq!(out.0.load(Ordering::SeqCst), 1);
    stop.cancel();
    for worker in running {
        worker.await.unwrap();
    }
}
