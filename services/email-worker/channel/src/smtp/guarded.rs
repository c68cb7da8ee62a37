//! A connection on which a relay can't talk without end.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use lettre::transport::smtp::client::AsyncTokioStream;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

use crate::SmtpSecurity;

/// The most a relay may say before we say something again: far more than certificates and replies need.
const MOST: usize = 256 * 1024;

/// The first byte of a TLS handshake (RFC 8446, 5.1); no SMTP command begins with it.
const HANDSHAKE: u8 = 0x16;

/// A TCP connection that breaks when the relay sends an endless line: the SMTP client reads whole lines into memory.
///
/// Before `STARTTLS` has its handshake it hands out single bytes, so that the client buffers nothing beyond the line it
/// reads: what somebody in between slips in behind the answer to `STARTTLS` breaks the handshake, instead of being taken
/// for an answer that came encrypted.
#[derive(Debug)]
pub(super) struct Guarded {
    tcp: TcpStream,
    heard: usize,
    /// In plain text, before a handshake that is still to come.
    bytewise: bool,
}

impl Guarded {
    pub(super) fn new(tcp: TcpStream, security: SmtpSecurity) -> Self {
        Self { tcp, heard: 0, bytewise: security == SmtpSecurity::StartTls }
    }
}

impl AsyncTokioStream for Guarded {
    fn peer_addr(&self) -> io::Result<SocketAddr> {
        self.tcp.peer_addr()
    }
}

impl AsyncRead for Guarded {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if self.heard > MOST {
            return Poll::Ready(Err(io::Error::new(
                io::ErrorKind::InvalidData,
                "the relay talks without end",
            )));
        }
        if !self.bytewise {
            let before = buf.filled().len();
            let read = Pin::new(&mut self.tcp).poll_read(cx, buf);
            self.heard += buf.filled().len() - before;
            return read;
        }
        let mut byte = [0];
        let mut one = ReadBuf::new(&mut byte);
        ready!(Pin::new(&mut self.tcp).poll_read(cx, &mut one))?;
        self.heard += one.filled().len();
        buf.put_slice(one.filled());
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Guarded {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        self.heard = 0;
        self.bytewise &= buf.first() != Some(&HANDSHAKE);
        Pin::new(&mut self.tcp).poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.tcp).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.tcp).poll_shutdown(cx)
    }
}
