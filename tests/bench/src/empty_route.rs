//! A route that reads JSON and answers JSON and does nothing else: the limit of whoever answers over HTTP.

use std::process::Command;

use anyhow::Context as _;
use axum::routing::post;
use axum::serve::ListenerExt as _;
use axum::{Json, Router};
use serde_json::{Value, json};
use twostep_client::Client;
use twostep_tests::harness::Child;

/// What the bench is called with to be this server.
pub(crate) const ARGUMENT: &str = "empty-route";

/// Serves on a free port until it is killed; the first line that it prints is the address.
///
/// # Errors
/// There is no port.
#[allow(clippy::print_stdout, reason = "that is how the address is told")]
pub(crate) async fn serve() -> anyhow::Result<()> {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    println!("http://{}/", listener.local_addr()?);
    let route = Router::new().route("/{*path}", post(|Json(_): Json<Value>| async { Json(answer()) }));
    let listener = listener.tap_io(|socket| {
        // As the product does; a socket that refuses it is slower and no less right.
        let _ = socket.set_nodelay(true);
    });
    axum::serve(listener, route).await.context("serving")
}

/// What a sign-in that is done looks like.
fn answer() -> Value {
    json!({
        "id": "01934f2a-0000-7222-8a3b-5d2c7e9f1222",
        "next": "signed_in",
        "token": "tst_0123456789abcdef0123456789abcdef0123456789abcdef",
        "expires_at": "2026-11-03T09:16:01Z",
    })
}

/// The server as a process of its own, and a client of it.
///
/// # Errors
/// It doesn't get ready.
pub(crate) fn start() -> anyhow::Result<(Child, Client)> {
    let mut command = Command::new(std::env::current_exe()?);
    command.arg(ARGUMENT);
    let (child, address) = Child::start(command, |line| line.starts_with("http://"))?;
    let client = Client::new(address.parse()?)?;
    Ok((child, client))
}
