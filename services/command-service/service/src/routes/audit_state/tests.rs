//! For whom a history is read.

use std::sync::Arc;
use std::time::Duration;

use axum::routing::get;
use axum::{Router, middleware};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::time::timeout;
use twostep_runtime::{Stop, listen};

use super::*;
use crate::routes::held::{Held, app, company};
use crate::to_the_end;

/// What no test takes unless something hangs.
const HANGING: Duration = Duration::from_secs(20);

async fn are_waiting(waiting: &watch::Sender<usize>, wanted: usize) {
    let mut waiting = waiting.subscribe();
    let reached = timeout(HANGING, waiting.wait_for(|waiting| *waiting == wanted)).await;
    let _ = reached.expect("the log is waited for by others").unwrap();
}

#[tokio::test]
async fn a_history_is_read_for_whoever_waits_and_the_place_of_whoever_hangs_up_is_free_at_once() {
    let directory = tempfile::tempdir().unwrap();
    let log = Arc::new(Held::default());
    let app = app(log.clone(), directory.path()).await;
    let (_, token) = company(&app.commands).await;
    let at = app.commands.now().to_rfc3339_opts(chrono::SecondsFormat::Micros, true);
    let routes = Router::new().route("/audit/state", get(show)).layer(middleware::from_fn(to_the_end::run));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (address, stop) = (listener.local_addr().unwrap(), Stop::new());
    stop.spawn("server", listen::serve(listener, routes.with_state(app.clone()), stop.clone()));
    let head = format!(
        "GET /audit/state?kind=company&at={at} HTTP/1.1\r\nhost: here\r\nauthorization: Bearer {token}\r\n"
    );
    let ask = async || {
        let mut connection = TcpStream::connect(address).await.unwrap();
        connection.write_all(format!("{head}connection: close\r\n\r\n").as_bytes()).await.unwrap();
        connection
    };

    log.events_held.send_replace(true);
    let first = ask().await;
    are_waiting(&log.waiting, 1).await;
    assert_eq!(app.folds.available_permits(), 0, "the one place isn't taken");
    drop(first);
    are_waiting(&log.waiting, 0).await;
    assert_eq!(app.folds.available_permits(), 1, "the place is kept for whoever hung up");

    let mut second = ask().await;
    are_waiting(&log.waiting, 1).await;
    log.events_held.send_replace(false);
    let mut told = String::new();
    timeout(HANGING, second.read_to_string(&mut told)).await.expect("it hangs").unwrap();
    assert!(told.starts_with("HTTP/1.1 200") && told.contains("\"acme\""), "{told}");
}
