//! The relay's lease over a real server.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::{Instant, timeout};
use tokio_util::sync::CancellationToken;
use twostep_clock::SystemClock;
use twostep_delivery::Leadership as _;
use twostep_delivery_nats::{Declaration, Lease, NatsQueue, Sizes, provision};

use crate::server::Server;

/// Far longer than a lease: whoever waits so long has lost.
const LONG: Duration = Duration::from_secs(20);

/// A process with a relay.
struct Process {
    lease: Arc<Lease>,
    stop: CancellationToken,
    keeps: tokio::task::JoinHandle<()>,
}

impl Process {
    /// With a connection of its own.
    async fn start(server: &Server, holder: &str) -> Self {
        Self::start_with(server, holder, sizes()).await
    }

    async fn start_with(server: &Server, holder: &str, sizes: Sizes) -> Self {
        let queue = NatsQueue::new(server.connected(holder).await, Arc::new(SystemClock), sizes);
        let (lease, stop) = (Arc::new(Lease::new(queue, holder)), CancellationToken::new());
        let keeps = tokio::spawn({
            let (lease, stop) = (lease.clone(), stop.clone());
            async move { lease.keep(stop).await }
        });
        Self { lease, stop, keeps }
    }

    async fn leads(&self, leads: bool) {
        timeout(LONG, self.lease.differs_from(!leads)).await.unwrap();
        assert_eq!(self.lease.held(), leads);
    }
}

fn sizes() -> Sizes {
    Sizes { lease: Duration::from_millis(900), ..Sizes::default() }
}

async fn server() -> Server {
    server_with(sizes()).await
}

async fn server_with(sizes: Sizes) -> Server {
    let server = Server::start();
    provision(&server.connected("provision").await, &Declaration::of(&sizes)).await.unwrap();
    server
}

#[tokio::test]
async fn one_of_two_leads_and_goes_on_leading() {
    let server = server().await;
    let one = Process::start(&server, "one").await;
    one.leads(true).await;
    let two = Process::start(&server, "two").await;
    let changes = async { tokio::join!(one.lease.differs_from(true), two.lease.differs_from(false)) };
    let changed = timeout(sizes().lease * 3, changes).await;
    assert!(changed.is_err() && one.lease.held() && !two.lease.held());
}

#[tokio::test]
async fn a_lease_that_is_let_go_of_is_taken_at_once() {
    let sizes = Sizes { lease: Duration::from_secs(6), ..Sizes::default() };
    let server = server_with(sizes).await;
    let one = Process::start_with(&server, "one", sizes).await;
    one.leads(true).await;
    let two = Process::start_with(&server, "two", sizes).await;
    one.stop.cancel();
    one.keeps.await.unwrap();
    let released = Instant::now();
    assert!(!one.lease.held());
    two.leads(true).await;
    assert!(released.elapsed() < sizes.lease / 2, "it was let go of, not waited for");
}

#[tokio::test]
async fn a_lease_whose_holder_falls_silent_is_taken_over_and_the_holder_knows() {
    let server = server().await;
    let one = Process::start(&server, "one").await;
    one.leads(true).await;
    let two = Process::start(&server, "two").await;
    one.keeps.abort();
    two.leads(true).await;
    assert!(!one.lease.held(), "it counts from before it asked, the server from after");
}

#[tokio::test]
async fn without_a_server_nobody_leads_and_with_it_again_somebody_does() {
    let mut server = server().await;
    let one = Process::start(&server, "one").await;
    one.leads(true).await;
    server.kill();
    one.leads(false).await;
    server.restart();
    one.leads(true).await;
}

#[tokio::test]
async fn a_process_that_comes_back_under_its_name_has_its_lease_at_once() {
    let server = server().await;
    let one = Process::start(&server, "one").await;
    one.leads(true).await;
    one.keeps.abort();
    let again = Process::start(&server, "one").await;
    again.leads(true).await;
}
