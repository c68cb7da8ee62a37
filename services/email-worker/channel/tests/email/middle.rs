//! Somebody on the wire between us and the relay, who hears everything and may change what the relay says.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};

/// What is made of one piece of the relay's talk.
pub type Change = fn(Vec<u8>) -> Vec<u8>;

pub struct Middle {
    pub address: SocketAddr,
    heard: Arc<Mutex<Vec<u8>>>,
}

impl Middle {
    /// Stands before `relay`.
    pub async fn before(relay: SocketAddr, change: Change) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let heard = Arc::new(Mutex::new(Vec::new()));
        let all = Arc::clone(&heard);
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let (from_client, to_client) = client.into_split();
                let (from_relay, to_relay) = TcpStream::connect(relay).await.unwrap().into_split();
                let all = Arc::clone(&all);
                let keep = move |bytes: Vec<u8>| {
                    all.lock().unwrap().extend_from_slice(&bytes);
                    bytes
                };
                tokio::spawn(pass(from_client, to_relay, keep));
                tokio::spawn(pass(from_relay, to_client, change));
            }
        });
        Self { address, heard }
    }

    /// Everything that we said, as it went over the wire.
    pub fn heard(&self) -> String {
        String::from_utf8_lossy(&self.heard.lock().unwrap()).into_owned()
    }
}

async fn pass(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, change: impl Fn(Vec<u8>) -> Vec<u8>) {
    let mut buffer = vec![0; 64 * 1024];
    while let Ok(read @ 1..) = from.read(&mut buffer).await {
        if to.write_all(&change(buffer[..read].to_vec())).await.is_err() {
            return;
        }
    }
}
