//! A running inbox and a client for it.

use std::sync::Arc;

use reqwest::{Client, Response};
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpStream;
use twostep_clock::SystemClock;
use twostep_dev_inbox::{Config, Received, Running, start};

pub struct Fixture {
    pub running: Running,
    pub client: Client,
}

impl Fixture {
    pub async fn new() -> Self {
        let running = start(Config::default(), Arc::new(SystemClock)).await.unwrap();
        Self { running, client: Client::builder().no_proxy().build().unwrap() }
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.running.http_addr)
    }

    pub async fn get(&self, path: &str) -> Response {
        self.client.get(self.url(path)).send().await.unwrap()
    }

    pub async fn faults(&self, faults: serde_json::Value) {
        let answer = self.client.put(self.url("/faults")).json(&faults).send().await.unwrap();
        assert_eq!(answer.status(), 204);
    }

    pub async fn next(&self, query: &str) -> Received {
        self.get(&format!("/messages/next?timeout=20&{query}")).await.json().await.unwrap()
    }

    pub async fn dial(&self) -> Dialogue {
        Dialogue(BufReader::new(TcpStream::connect(self.running.smtp_addr).await.unwrap()))
    }
}

/// One side of a conversation by SMTP.
pub struct Dialogue(BufReader<TcpStream>);

impl Dialogue {
    /// The next reply's last line; empty when the connection is closed.
    pub async fn hear(&mut self) -> String {
        loop {
            let mut line = String::new();
            // A connection that is cut with bytes unread ends in a reset instead of an end: closed all the same.
            if self.0.read_line(&mut line).await.is_err() {
                return String::new();
            }
            if line.as_bytes().get(3) != Some(&b'-') {
                return line.trim_end_matches(['\r', '\n']).to_owned();
            }
        }
    }

    /// Writes without waiting for an answer.
    pub async fn write(&mut self, lines: &str) {
        self.0.get_mut().write_all(format!("{lines}\r\n").as_bytes()).await.unwrap();
    }

    pub async fn say(&mut self, line: &str) -> String {
        self.write(line).await;
        self.hear().await
    }

    pub async fn rest(&mut self) -> String {
        let mut rest = String::new();
        self.0.read_to_string(&mut rest).await.unwrap();
        rest
    }
}
