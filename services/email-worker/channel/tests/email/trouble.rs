//! A far end that is no proper relay: what it says can't be understood, never ends, comes a byte a second, or not at all.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};
use twostep_clock::{MovedClock, Time};
use twostep_delivery::{Submit as _, SubmitError};
use twostep_domain::delivery::MessageKind;
use twostep_email_channel::{EmailChannel, Relay};
use twostep_runtime::Profile;

use crate::fixture::{config, payload, relay, request};

/// Where in a conversation it begins.
#[derive(Clone, Copy, PartialEq, Eq)]
enum From {
    Greeting,
    Rcpt,
    FinalDot,
}

/// What it does from then on.
#[derive(Clone, Copy)]
enum Trouble {
    Garbage,
    EndlessLine,
    AByteASecond,
    Silence,
}

/// A relay that is a proper one until its trouble begins.
async fn troubled(from: From, trouble: Trouble) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(async move {
                // We hang up in the middle: that is its end, not a fault of the test.
                let _ = converse(BufReader::new(stream), from, trouble).await;
            });
        }
    });
    address
}

async fn converse(mut stream: BufReader<TcpStream>, from: From, trouble: Trouble) -> std::io::Result<()> {
    if from == From::Greeting {
        return make(&mut stream, trouble).await;
    }
    stream.write_all(b"220 relay.example\r\n").await?;
    let mut in_mail = false;
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).await? == 0 {
            return Ok(());
        }
        let answer: &[u8] = match &*line {
            _ if in_mail && line != ".\r\n" => continue,
            ".\r\n" if from == From::FinalDot => return make(&mut stream, trouble).await,
            _ if line.starts_with("RCPT") && from == From::Rcpt => return make(&mut stream, trouble).await,
            _ if line.starts_with("DATA") => {
                in_mail = true;
                b"354 go on\r\n"
            }
            _ => b"250 fine\r\n",
        };
        stream.write_all(answer).await?;
    }
}

async fn make(stream: &mut BufReader<TcpStream>, trouble: Trouble) -> std::io::Result<()> {
    match trouble {
        Trouble::Garbage => {
            stream.write_all(b"\xff\x00 what is this?\r\nHTTP/1.1 400 Bad Request\r\n\r\n").await?
        }
        Trouble::EndlessLine => loop {
            stream.write_all(&[b'2'; 4096]).await?;
        },
        Trouble::AByteASecond => {
            for byte in b"250 fine\r\n" {
                stream.write_all(&[*byte]).await?;
                tokio::time::sleep(Duration::from_secs(1)).await;
            }
        }
        Trouble::Silence => {}
    }
    // Until we hang up.
    let mut line = String::new();
    while stream.read_line(&mut line).await? > 0 {
        line.clear();
    }
    Ok(())
}

/// The class of what is made of it, and the reason.
async fn class(from: From, trouble: Trouble) -> (&'static str, String) {
    let address = troubled(from, trouble).await;
    let relay =
        Relay { username: None, password: None, timeout_seconds: NonZeroU32::MIN, ..relay(address, 0) };
    let clock = Arc::new(MovedClock::frozen_at(Time::UNIX_EPOCH));
    let channel =
        EmailChannel::new(config(BTreeMap::from([("main".to_owned(), relay)])), Profile::Demo, clock)
            .unwrap();
    match channel.submit(&request(MessageKind::SignInCode), &payload()).await {
        Err(SubmitError::Retry { reason, .. }) => ("retry", reason),
        Err(SubmitError::Unknown { reason, .. }) => ("unknown", reason),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn what_is_no_relay_s_word_is_retried_and_after_the_final_dot_nobody_knows() {
    let cases = [
        (From::Greeting, Trouble::Garbage, "retry", ""),
        (From::Rcpt, Trouble::Garbage, "retry", ""),
        (From::FinalDot, Trouble::Garbage, "unknown", ""),
        (From::Greeting, Trouble::EndlessLine, "retry", ""),
        (From::Rcpt, Trouble::EndlessLine, "retry", ""),
        (From::FinalDot, Trouble::EndlessLine, "unknown", ""),
        (From::Greeting, Trouble::AByteASecond, "retry", "no answer in time"),
        (From::Rcpt, Trouble::AByteASecond, "retry", "no answer in time"),
        (From::FinalDot, Trouble::AByteASecond, "unknown", "no answer in time"),
        (From::Greeting, Trouble::Silence, "retry", "no answer in time"),
        (From::Rcpt, Trouble::Silence, "retry", "no answer in time"),
        (From::FinalDot, Trouble::Silence, "unknown", "no answer in time"),
    ];
    let answers =
        futures::future::join_all(cases.iter().map(|(from, trouble, ..)| class(*from, *trouble))).await;
    for ((from, _, expected, said), (found, reason)) in cases.iter().zip(answers) {
        let place = match from {
            From::Greeting => "at connect",
            From::Rcpt => "at RCPT",
            From::FinalDot => "after the final dot",
        };
        assert_eq!(found, *expected, "{reason}");
        assert!(reason.contains(place) && reason.ends_with(said), "{place}, {said:?}: {reason}");
        assert!(!reason.contains("what is this"), "its words are repeated: {reason}");
    }
}
