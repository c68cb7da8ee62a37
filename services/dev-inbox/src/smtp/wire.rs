//! Lines in, replies out.

use std::io;

use std::sync::Arc;

use tokio::io::{
    AsyncBufReadExt as _, AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _, BufReader,
};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;

/// The longest command; RFC 5321 asks for 512 bytes at least.
const LONGEST_COMMAND: u64 = 4096;

/// What bytes travel over, encrypted or not.
trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<S: AsyncRead + AsyncWrite + Send + Unpin> Stream for S {}

/// One connection.
pub(super) struct Wire {
    stream: BufReader<Box<dyn Stream>>,
}

impl Wire {
    pub(super) fn new(stream: impl AsyncRead + AsyncWrite + Send + Unpin + 'static) -> Self {
        Self { stream: BufReader::new(Box::new(stream)) }
    }

    /// Shakes hands; what the client said too early is thrown away (RFC 3207, 4.2).
    pub(super) async fn encrypt(self, config: Arc<ServerConfig>) -> io::Result<Self> {
        Ok(Self::new(TlsAcceptor::from(config).accept(self.stream.into_inner()).await?))
    }

    /// Sends one reply of one line.
    pub(super) async fn reply(&mut self, code: u16, text: &str) -> io::Result<()> {
        self.stream.get_mut().write_all(format!("{code} {text}\r\n").as_bytes()).await?;
        self.stream.get_mut().flush().await
    }

    /// Sends one reply of several lines.
    pub(super) async fn reply_lines(&mut self, code: u16, lines: &[String]) -> io::Result<()> {
        let last = lines.len().saturating_sub(1);
        let line =
            |(at, line): (usize, &String)| format!("{code}{}{line}\r\n", if at == last { ' ' } else { '-' });
        let whole: String = lines.iter().enumerate().map(line).collect();
        self.stream.get_mut().write_all(whole.as_bytes()).await?;
        self.stream.get_mut().flush().await
    }

    /// The next line without its end; `None` at the end of the connection.
    pub(super) async fn command(&mut self) -> io::Result<Option<String>> {
        let line = self.chunk(LONGEST_COMMAND).await?;
        if line.is_empty() {
            return Ok(None);
        }
        if !line.ends_with(b"\n") {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "a command is too long or broken off"));
        }
        Ok(Some(String::from_utf8_lossy(&line).trim_end_matches(['\r', '\n']).to_owned()))
    }

    /// Bytes up to and with the next line feed, at most `most`; empty at the end of the connection.
    pub(super) async fn chunk(&mut self, most: u64) -> io::Result<Vec<u8>> {
        let mut chunk = Vec::new();
        (&mut self.stream).take(most).read_until(b'\n', &mut chunk).await?;
        Ok(chunk)
    }
}
