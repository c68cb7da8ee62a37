//! A mail relay that takes everything at once and keeps nothing but when it came.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use anyhow::Context as _;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// The relay; it answers from a thread of its own.
pub(super) struct FarEnd {
    pub(super) port: u16,
    arrivals: Arc<Mutex<Vec<Instant>>>,
    count: Arc<watch::Sender<usize>>,
}

impl FarEnd {
    pub(super) fn open() -> anyhow::Result<Self> {
        let listener = std::net::TcpListener::bind("127.0.0.1:0")?;
        listener.set_nonblocking(true)?;
        let port = listener.local_addr()?.port();
        let arrivals: Arc<Mutex<Vec<Instant>>> = Arc::default();
        let count = Arc::new(watch::Sender::new(0));
        let (kept, counted) = (arrivals.clone(), count.clone());
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        std::thread::spawn(move || {
            runtime.block_on(async {
                let listener = TcpListener::from_std(listener).expect("it is a listener");
                while let Ok((socket, _)) = listener.accept().await {
                    let (kept, counted) = (kept.clone(), counted.clone());
                    tokio::spawn(async move {
                        let took = || {
                            let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
                            kept.push(Instant::now());
                            counted.send_replace(kept.len());
                        };
                        // Whoever hangs up has ended.
                        let _ = converse(socket, took).await;
                    });
                }
            });
        });
        Ok(Self { port, arrivals, count })
    }

    /// Forgets what came.
    pub(super) fn clear(&self) {
        self.arrivals.lock().unwrap_or_else(PoisonError::into_inner).clear();
        self.count.send_replace(0);
    }

    /// Waits until `count` mails have come since it was cleared; gives when each did.
    pub(super) async fn arrivals(&self, count: usize) -> anyhow::Result<Vec<Instant>> {
        let mut seen = self.count.subscribe();
        let arrived = seen.wait_for(|seen| *seen >= count);
        let patience = std::time::Duration::from_secs(120);
        tokio::time::timeout(patience, arrived).await.context("mails are missing")??;
        Ok(self.arrivals.lock().unwrap_or_else(PoisonError::into_inner).clone())
    }
}

/// RFC 5321, as far as a sender that does everything right needs it.
async fn converse(socket: TcpStream, took: impl Fn()) -> std::io::Result<()> {
    socket.set_nodelay(true)?;
    let (from, mut to) = socket.into_split();
    let mut from = BufReader::new(from);
    to.write_all(b"220 far-end.example ESMTP\r\n").await?;
    let mut line = Vec::new();
    loop {
        line.clear();
        if from.read_until(b'\n', &mut line).await? == 0 {
            return Ok(());
        }
        let answer: &[u8] = match line.get(..4).map(<[u8]>::to_ascii_uppercase).as_deref() {
            Some(b"EHLO") => b"250-far-end.example\r\n250-8BITMIME\r\n250 SMTPUTF8\r\n",
            Some(b"DATA") => {
                to.write_all(b"354 go on\r\n").await?;
                while line != b".\r\n" {
                    line.clear();
                    if from.read_until(b'\n', &mut line).await? == 0 {
                        return Ok(());
                    }
                }
                took();
                b"250 taken\r\n"
            }
            Some(b"QUIT") => b"221 bye\r\n",
            _ => b"250 fine\r\n",
        };
        to.write_all(answer).await?;
    }
}
