//! One conversation.

use std::io;
use std::sync::Arc;

use tokio::net::TcpStream;
use tokio_rustls::rustls::ServerConfig;

use super::command::Command;
use super::data::{self, Body};
use super::mail;
use super::wire::Wire;
use crate::shared::Shared;
use crate::{Encryption, Stage};

/// The most recipients of one mail; RFC 5321 asks for 100 at least.
const MOST_RECIPIENTS: usize = 100;

/// One conversation with one client.
pub(super) struct Session<'a> {
    wire: Wire,
    shared: &'a Shared,
    encrypted: bool,
    from: Option<String>,
    to: Vec<String>,
}

/// Whether the conversation goes on.
#[derive(PartialEq, Eq)]
enum Next {
    GoOn,
    Close,
}

/// What a fault did at a stage.
enum Struck {
    /// Nothing: go on as usual.
    No,
    /// It answered in our place.
    Refused,
    /// It said that it closes the connection.
    Closed,
    /// It closed the connection without a word.
    Dropped,
}

impl<'a> Session<'a> {
    /// Takes a connection, shaking hands first where it is encrypted from the first byte.
    pub(super) async fn begin(stream: TcpStream, shared: &'a Shared) -> io::Result<Self> {
        // Without it every reply after the mail's final dot waits for the client's delayed acknowledgement.
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "could not set TCP_NODELAY");
        }
        let (wire, encrypted) = match &shared.encryption {
            Encryption::Implicit(config) => (Wire::new(stream).encrypt(Arc::clone(config)).await?, true),
            Encryption::None | Encryption::StartTls(_) => (Wire::new(stream), false),
        };
        Ok(Self { wire, shared, encrypted, from: None, to: Vec::new() })
    }

    /// Talks until one side has enough.
    pub(super) async fn converse(mut self) -> io::Result<()> {
        match self.strike(Stage::Connect, &[]).await? {
            Struck::No => self.wire.reply(220, "dev-inbox ESMTP").await?,
            Struck::Refused | Struck::Closed | Struck::Dropped => return Ok(()),
        }
        while let Some(line) = self.wire.command().await? {
            let next = match (Command::parse(&line), &self.shared.encryption) {
                (Command::StartTls, Encryption::StartTls(config)) if !self.encrypted => {
                    self = self.encrypt(Arc::clone(config)).await?;
                    Next::GoOn
                }
                (command, _) => self.answer(command).await?,
            };
            if next == Next::Close {
                break;
            }
        }
        Ok(())
    }

    async fn encrypt(mut self, config: Arc<ServerConfig>) -> io::Result<Self> {
        self.wire.reply(220, "ready to start TLS").await?;
        self.reset();
        Ok(Self { wire: self.wire.encrypt(config).await?, encrypted: true, ..self })
    }

    /// Whether encryption has to come first.
    fn still_plain(&self) -> bool {
        matches!(self.shared.encryption, Encryption::StartTls(_)) && !self.encrypted
    }

    /// What the server offers at this point.
    fn offers(&self) -> Vec<String> {
        let size = format!("SIZE {}", self.shared.largest_mail);
        let last = if self.still_plain() { "STARTTLS" } else { "AUTH PLAIN LOGIN" };
        ["dev-inbox", &size, "8BITMIME", "SMTPUTF8", "PIPELINING", last].map(str::to_owned).to_vec()
    }

    async fn answer(&mut self, command: Command) -> io::Result<Next> {
        match command {
            Command::Ehlo => self.wire.reply_lines(250, &self.offers()).await?,
            Command::Auth { .. } | Command::Mail { .. } if self.still_plain() => {
                self.wire.reply(530, "STARTTLS comes first").await?;
            }
            Command::StartTls => self.wire.reply(502, "not offered").await?,
            Command::Helo => self.wire.reply(250, "dev-inbox").await?,
            Command::Auth { mechanism, initial } => return self.auth(&mechanism, initial).await,
            Command::Mail { from } => return self.mail(from).await,
            Command::Rcpt { to } => return self.rcpt(to).await,
            Command::Data => return self.data().await,
            Command::Rset => {
                self.reset();
                self.wire.reply(250, "reset").await?;
            }
            Command::Noop => self.wire.reply(250, "ok").await?,
            Command::Quit => {
                self.wire.reply(221, "bye").await?;
                return Ok(Next::Close);
            }
            Command::Malformed => self.wire.reply(501, "these arguments can't be read").await?,
            Command::Unknown => self.wire.reply(500, "no such command").await?,
        }
        Ok(Next::GoOn)
    }

    /// Takes any credentials.
    async fn auth(&mut self, mechanism: &str, initial: bool) -> io::Result<Next> {
        let prompts: &[&str] = match (mechanism, initial) {
            ("PLAIN", true) => &[],
            ("PLAIN", false) => &[""],
            ("LOGIN", true) => &["UGFzc3dvcmQ6"],
            ("LOGIN", false) => &["VXNlcm5hbWU6", "UGFzc3dvcmQ6"],
            _ => {
                self.wire.reply(504, "no such mechanism").await?;
                return Ok(Next::GoOn);
            }
        };
        for prompt in prompts {
            self.wire.reply(334, prompt).await?;
            if self.wire.command().await?.is_none() {
                return Ok(Next::Close);
            }
        }
        let struck = self.strike(Stage::Auth, &[]).await?;
        self.unless(struck, 235, "welcome").await
    }

    async fn mail(&mut self, from: String) -> io::Result<Next> {
        self.reset();
        let struck = self.strike(Stage::Mail, std::slice::from_ref(&from)).await?;
        if matches!(struck, Struck::No) {
            self.from = Some(from);
        }
        self.unless(struck, 250, "sender ok").await
    }

    async fn rcpt(&mut self, to: String) -> io::Result<Next> {
        if self.from.is_none() {
            self.wire.reply(503, "MAIL comes first").await?;
            return Ok(Next::GoOn);
        }
        if self.to.len() >= MOST_RECIPIENTS {
            self.wire.reply(452, "too many recipients").await?;
            return Ok(Next::GoOn);
        }
        let struck = self.strike(Stage::Rcpt, std::slice::from_ref(&to)).await?;
        if matches!(struck, Struck::No) {
            self.to.push(to);
        }
        self.unless(struck, 250, "recipient ok").await
    }

    async fn data(&mut self) -> io::Result<Next> {
        let (Some(from), false) = (self.from.clone(), self.to.is_empty()) else {
            self.wire.reply(503, "MAIL and RCPT come first").await?;
            return Ok(Next::GoOn);
        };
        let to = self.to.clone();
        match self.strike(Stage::Data, &to).await? {
            Struck::No => self.wire.reply(354, "end with a dot").await?,
            Struck::Refused => return Ok(Next::GoOn),
            Struck::Closed | Struck::Dropped => return Ok(Next::Close),
        }
        if let Some(fault) = self.shared.faults.mail(Stage::Body, &to) {
            self.wire.chunk(16).await?;
            fault.delay().await;
            if fault.drop {
                return Ok(Next::Close);
            }
        }
        let body = data::read(&mut self.wire, self.shared.largest_mail).await?;
        self.reset();
        let Body::Whole(bytes) = body else {
            self.wire.reply(552, "the mail is too large").await?;
            return Ok(Next::GoOn);
        };
        let arrival = mail::parse(&bytes, &from, to.clone(), self.encrypted);
        match self.strike(Stage::EndOfData, &to).await? {
            Struck::No => {
                let id = self.shared.inbox.put(arrival);
                self.wire.reply(250, &format!("kept as {id}")).await?;
                Ok(Next::GoOn)
            }
            Struck::Refused => Ok(Next::GoOn),
            Struck::Closed => Ok(Next::Close),
            Struck::Dropped => {
                self.shared.inbox.put(arrival);
                Ok(Next::Close)
            }
        }
    }

    fn reset(&mut self) {
        self.from = None;
        self.to.clear();
    }

    /// Lets the fault of `stage` do its work, if there is one.
    async fn strike(&mut self, stage: Stage, addresses: &[String]) -> io::Result<Struck> {
        let Some(fault) = self.shared.faults.mail(stage, addresses) else { return Ok(Struck::No) };
        fault.delay().await;
        if fault.drop {
            return Ok(Struck::Dropped);
        }
        let Some(code) = fault.reply else { return Ok(Struck::No) };
        self.wire.reply(code, "as I was told").await?;
        // 421 says that the server closes the connection (RFC 5321, 4.2.3).
        Ok(if code == 421 { Struck::Closed } else { Struck::Refused })
    }

    async fn unless(&mut self, struck: Struck, code: u16, text: &str) -> io::Result<Next> {
        match struck {
            Struck::No => self.wire.reply(code, text).await.map(|()| Next::GoOn),
            Struck::Refused => Ok(Next::GoOn),
            Struck::Closed | Struck::Dropped => Ok(Next::Close),
        }
    }
}
