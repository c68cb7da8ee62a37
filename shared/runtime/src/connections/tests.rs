use std::future::pending;
use std::net::SocketAddr;

use axum::response::Sse;
use axum::routing::{get, post};
use futures::future::join_all;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio::time::timeout;

use super::*;

const SHORT: Duration = Duration::from_millis(50);

/// What no test takes unless something hangs.
const HANGING: Duration = Duration::from_secs(20);

const PATIENT: Limits = Limits { connections: 2_000, head: HANGING, body: HANGING, farewell: HANGING };

const ASK: &[u8] = b"GET / HTTP/1.1\r\nhost: here\r\n\r\n";

struct Server {
    address: SocketAddr,
    stop: Stop,
}

impl Server {
    async fn start(limits: Limits, routes: Router) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let stop = Stop::new();
        stop.spawn("server", serve(listener, |_, from| Some(from), routes, limits, stop.clone()));
        Self { address, stop }
    }

    async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.address).await.unwrap()
    }

    async fn sending(&self, text: &[u8]) -> TcpStream {
        let mut stream = self.connect().await;
        stream.write_all(text).await.unwrap();
        stream
    }
}

fn greeting() -> Router {
    Router::new().route("/", get(async || "hello")).route("/", post(async |body: String| body))
}

/// Everything that comes until the server ends the connection.
async fn to_the_end(mut stream: TcpStream) -> String {
    let mut all = Vec::new();
    let read = timeout(HANGING, stream.read_to_end(&mut all)).await;
    // An end by reset is an end.
    let _ = read.expect("the server ends the connection");
    String::from_utf8(all).unwrap()
}

/// What is heard first.
async fn heard(stream: &mut TcpStream) -> String {
    let mut some = [0; 1_024];
    let length = timeout(HANGING, stream.read(&mut some)).await.expect("the server answers").unwrap();
    String::from_utf8(some[..length].to_vec()).unwrap()
}

#[tokio::test]
async fn half_a_head_is_cut_off() {
    let server = Server::start(Limits { head: SHORT, ..PATIENT }, greeting()).await;
    let half = server.sending(b"GET / HTTP/1.1\r\nhost: he").await;
    assert!(!to_the_end(half).await.contains("hello"));
}

#[tokio::test]
async fn a_connection_that_stays_silent_after_an_answer_is_ended() {
    let server = Server::start(Limits { head: SHORT, ..PATIENT }, greeting()).await;
    let answered = to_the_end(server.sending(ASK).await).await;
    assert!(answered.ends_with("hello"), "{answered}");
}

#[tokio::test]
async fn a_body_that_does_not_arrive_is_answered_with_408() {
    let server = Server::start(Limits { body: SHORT, ..PATIENT }, greeting()).await;
    let slow = b"POST / HTTP/1.1\r\nhost: here\r\ncontent-length: 5\r\n\r\nhe";
    let answered = to_the_end(server.sending(slow).await).await;
    assert!(answered.starts_with("HTTP/1.1 408 "), "{answered}");
    assert!(answered.ends_with(body::TOO_SLOW), "{answered}");
}

#[tokio::test]
async fn an_answer_may_take_longer_than_a_body() {
    let (say, said) = mpsc::unbounded_channel::<&'static str>();
    let said = Arc::new(tokio::sync::Mutex::new(said));
    let route = post(async move |body: String| {
        said.lock().await.recv().await.unwrap();
        body
    });
    let limits = Limits { body: SHORT, ..PATIENT };
    let server = Server::start(limits, greeting().route("/slow", route)).await;
    let mut waiting =
        server.sending(b"POST /slow HTTP/1.1\r\nhost: here\r\ncontent-length: 5\r\n\r\nhello").await;
    // When a body begun later is too slow, the limit of the first has long passed.
    let late = server.sending(b"POST / HTTP/1.1\r\nhost: here\r\ncontent-length: 5\r\n\r\nhe").await;
    assert!(to_the_end(late).await.starts_with("HTTP/1.1 408 "));
    say.send("go on").unwrap();
    assert!(heard(&mut waiting).await.starts_with("HTTP/1.1 200 "));
}

#[tokio::test]
async fn a_thousand_silent_connections_keep_nobody_from_an_answer() {
    let limits = Limits { connections: 100, head: SHORT, ..PATIENT };
    let server = Server::start(limits, greeting()).await;
    let silent = join_all((0..1_000).map(|_| server.connect())).await;
    let mut healthy = server.sending(ASK).await;
    assert!(heard(&mut healthy).await.starts_with("HTTP/1.1 200 "));
    drop(silent);
}

#[tokio::test]
async fn more_connections_than_may_be_wait_for_one_to_end() {
    let server = Server::start(Limits { connections: 1, ..PATIENT }, greeting()).await;
    let mut first = server.sending(ASK).await;
    assert!(heard(&mut first).await.ends_with("hello"));
    let mut second = server.sending(ASK).await;
    // The first is answered again, while the second isn't heard yet.
    first.write_all(ASK).await.unwrap();
    assert!(heard(&mut first).await.ends_with("hello"));
    let early = second.try_read(&mut [0; 1]).unwrap_err();
    assert_eq!(early.kind(), std::io::ErrorKind::WouldBlock);
    drop(first);
    assert!(heard(&mut second).await.ends_with("hello"));
}

#[tokio::test]
async fn a_stop_lets_a_request_in_flight_finish_and_ends_silent_connections() {
    let (began, mut begun) = mpsc::unbounded_channel();
    let stop = Stop::new();
    let asked = stop.clone();
    let slow = get(async move || {
        began.send(()).unwrap();
        asked.requested().await;
        "done"
    });
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    stop.spawn(
        "server",
        serve(listener, |_, from| Some(from), greeting().route("/slow", slow), PATIENT, stop.clone()),
    );
    let server = Server { address, stop };
    let silent = server.connect().await;
    let mut kept = server.sending(ASK).await;
    assert!(heard(&mut kept).await.ends_with("hello"));
    let in_flight = server.sending(b"GET /slow HTTP/1.1\r\nhost: here\r\n\r\n").await;
    begun.recv().await.unwrap();
    server.stop.finish().await.unwrap();
    assert!(to_the_end(in_flight).await.ends_with("done"));
    assert_eq!(to_the_end(kept).await, "");
    assert_eq!(to_the_end(silent).await, "");
}

#[tokio::test]
async fn a_stop_waits_no_longer_than_the_farewell_for_those_who_do_not_finish() {
    let (began, mut begun) = mpsc::unbounded_channel();
    let endless = get(async move || {
        began.send(()).unwrap();
        Sse::new(futures::stream::once(pending::<Result<axum::response::sse::Event, axum::Error>>()))
    });
    let limits = Limits { farewell: SHORT, ..PATIENT };
    let server = Server::start(limits, Router::new().route("/", endless)).await;
    let waiting = server.sending(ASK).await;
    begun.recv().await.unwrap();
    let half = server.sending(b"GET / HT").await;
    server.stop.finish().await.unwrap();
    to_the_end(waiting).await;
    to_the_end(half).await;
}
