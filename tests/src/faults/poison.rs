//! Messages that nobody can work on, ahead of one that somebody wants.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpStream;

use anyhow::{Context as _, ensure};
use serde_json::{Value, json};
use uuid::Uuid;

use super::field::Field;
use super::{Length, Row};
use crate::harness::Workers;

/// Makes what nobody can work on.
type Poison = fn() -> Vec<u8>;

/// What is put into the queue beside the messages, by whoever can write there.
const POISONS: [(&str, Poison); 6] = [
    ("no JSON ahead of a mail", || b"{\"version\":1,".to_vec()),
    ("a version of tomorrow ahead of a mail", || message(|message| message["version"] = json!(9_999))),
    ("a megabyte ahead of a mail", || vec![b'x'; 1_000_000]),
    ("what doesn't open ahead of a mail", || message(|_| {})),
    ("what died long ago ahead of a mail", || {
        message(|message| message["expires_at"] = json!("2020-01-01T00:00:00Z"))
    }),
    ("a text among the mails ahead of a mail", || message(|message| message["channel"] = json!("sms"))),
];

pub(super) async fn rows(length: Length) -> anyhow::Result<Vec<Row>> {
    let mut field = Field::open("poisoned", Workers { email: 1, sms: 0 }).await?;
    let mut rows = Vec::new();
    for (fault, poison) in POISONS {
        let runs = length.of(3, 100);
        for _ in 0..runs {
            publish(field.cluster.nats.port(), &poison())?;
        }
        field.wish(1).await?;
        rows.push(field.count(fault, runs, 0).await?);
    }
    Ok(rows)
}

/// A message that a worker can read, changed.
fn message(change: impl FnOnce(&mut Value)) -> Vec<u8> {
    let mut message = json!({
        "version": 1,
        "id": Uuid::now_v7(),
        "company": Uuid::now_v7(),
        "intent": Uuid::now_v7(),
        "channel": "email",
        "kind": "invitation",
        "challenge": null,
        "requested_at": "2026-11-02T09:00:00Z",
        "expires_at": "2099-11-02T09:00:00Z",
        "payload": { "key_id": "email-1", "sealed": "bm90IHNlYWxlZCBieSBhbnlib2R5IHdobyBrbm93cyB0aGUga2V5" },
    });
    change(&mut message);
    message.to_string().into_bytes()
}

/// Puts `payload` among the urgent mails, in the words of the protocol: no client of ours would.
fn publish(port: u16, payload: &[u8]) -> anyhow::Result<()> {
    let mut nats = TcpStream::connect(("127.0.0.1", port))?;
    let subject = format!("twostep.delivery.urgent.email.{}", Uuid::now_v7());
    nats.write_all(b"CONNECT {\"verbose\":false,\"pedantic\":false}\r\n")?;
    nats.write_all(format!("PUB {subject} {}\r\n", payload.len()).as_bytes())?;
    nats.write_all(payload)?;
    nats.write_all(b"\r\nPING\r\n")?;
    let answers = BufReader::new(nats).lines().take_while(|line| line.is_ok());
    let last = answers.flatten().find(|line| line == "PONG" || line.starts_with("-ERR"));
    ensure!(last.as_deref().context("the broker hung up")? == "PONG", "the broker refuses: {last:?}");
    Ok(())
}
