//! One connection to a relay, and how it is made and kept.

use std::future::Future;
use std::time::Duration;

use deadpool::managed::{Manager, Metrics, RecycleError, RecycleResult};
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::{AsyncSmtpConnection, AsyncTokioStream, TlsParameters};
use lettre::transport::smtp::commands::{Data, Mail as MailFrom, Rcpt, Rset};
use lettre::transport::smtp::extension::{ClientId, Extension, MailParameter};
use lettre::transport::smtp::response::Response;
use tokio::net::TcpStream;
use tracing::instrument::WithSubscriber as _;
use tracing::subscriber::NoSubscriber;

use super::encrypted::Encrypted;
use super::guarded::Guarded;
use super::reply::{Broken, Failed, Stage};
use crate::SmtpSecurity;
use crate::mail::Mail;

/// A connection that was silent for longer is asked whether it still stands.
const QUIET: Duration = Duration::from_secs(5);

/// Makes connections to one relay.
pub(super) struct Connector {
    pub(super) host: String,
    pub(super) port: u16,
    pub(super) security: SmtpSecurity,
    /// Missing where the connection is plain.
    pub(super) tls: Option<TlsParameters>,
    pub(super) credentials: Option<Credentials>,
    pub(super) hello: ClientId,
    pub(super) timeout: Duration,
}

/// One connection.
pub(super) struct Connection {
    smtp: AsyncSmtpConnection,
    timeout: Duration,
    /// A mail was handed over on it before, so it may have died since.
    pub(super) used: bool,
    /// A mail was broken off on it: to be reset before the next.
    unfinished: bool,
}

impl Manager for Connector {
    type Type = Connection;
    type Error = Failed;

    async fn create(&self) -> Result<Connection, Failed> {
        let connecting = |error| Failed { stage: Stage::Connect, error };
        let mut smtp = within(self.timeout, self.greet()).await.map_err(connecting)?;
        if let (SmtpSecurity::StartTls, Some(tls)) = (self.security, self.tls.clone()) {
            if !smtp.can_starttls() {
                return Err(connecting(Broken::NoStartTls));
            }
            let upgrade = async { Ok(smtp.starttls(tls, &self.hello).await?) };
            within(self.timeout, upgrade).await.map_err(connecting)?;
        }
        if let Some(credentials) = &self.credentials {
            let auth = async { Ok(smtp.auth(&[Mechanism::Plain, Mechanism::Login], credentials).await?) };
            within(self.timeout, auth).await.map_err(|error| Failed { stage: Stage::Auth, error })?;
        }
        Ok(Connection { smtp, timeout: self.timeout, used: false, unfinished: false })
    }

    async fn recycle(&self, connection: &mut Connection, metrics: &Metrics) -> RecycleResult<Failed> {
        if connection.smtp.has_broken() {
            return Err(RecycleError::message("it broke"));
        }
        if connection.unfinished || metrics.last_used() > QUIET {
            let reset = within(self.timeout, async { Ok(connection.smtp.command(Rset).await?) });
            reset.await.map_err(|error| RecycleError::Backend(Failed { stage: Stage::Connect, error }))?;
            connection.unfinished = false;
        }
        Ok(())
    }
}

impl Connector {
    async fn dial(&self) -> Result<TcpStream, Broken> {
        let found = tokio::net::lookup_host((self.host.as_str(), self.port)).await.map_err(Broken::Lookup)?;
        let tcp = TcpStream::connect(found.collect::<Vec<_>>().as_slice()).await?;
        // The body and the final dot are two writes: without this the second waits 40 ms for an acknowledgement.
        tcp.set_nodelay(true)?;
        Ok(tcp)
    }

    async fn greet(&self) -> Result<AsyncSmtpConnection, Broken> {
        let tcp = self.dial().await?;
        if self.security == SmtpSecurity::PlainLoopbackDemo && !tcp.peer_addr()?.ip().is_loopback() {
            return Err(Broken::NotLoopback);
        }
        let guarded = Guarded::new(tcp, self.security);
        let stream: Box<dyn AsyncTokioStream> = match (self.security, self.tls.clone()) {
            (SmtpSecurity::ImplicitTls, Some(tls)) => Box::new(Encrypted::over(guarded, tls).await?),
            _ => Box::new(guarded),
        };
        Ok(AsyncSmtpConnection::connect_with_transport(stream, &self.hello).await?)
    }
}

impl Connection {
    /// Hands over one mail.
    pub(super) async fn hand_over(&mut self, mail: &Mail) -> Result<Response, Failed> {
        self.unfinished = true;
        let mut options = Vec::new();
        if mail.is_international() {
            if !self.smtp.server_info().supports_feature(Extension::SmtpUtfEight) {
                return Err(Failed { stage: Stage::Rcpt, error: Broken::NoInternationalAddresses });
            }
            options.push(MailParameter::SmtpUtfEight);
        }
        let from = MailFrom::new(mail.envelope.from().cloned(), options);
        self.command(Stage::Mail, from).await?;
        for to in mail.envelope.to() {
            self.command(Stage::Rcpt, Rcpt::new(to.clone(), Vec::new())).await?;
        }
        self.command(Stage::Data, Data).await?;
        let answer = self.content(&mail.bytes).await?;
        self.unfinished = false;
        self.used = true;
        Ok(answer)
    }

    async fn command(&mut self, stage: Stage, command: impl std::fmt::Display) -> Result<(), Failed> {
        let answer = within(self.timeout, async { Ok(self.smtp.command(command).await?) }).await;
        answer.map(drop).map_err(|error| Failed { stage, error })
    }

    /// Until the iterator is asked for more, the relay can't have the whole mail; from then on it may.
    async fn content(&mut self, bytes: &[u8]) -> Result<Response, Failed> {
        let mut whole = false;
        let (smtp, timeout) = (&mut self.smtp, self.timeout);
        let mut rest = Some(bytes);
        let pieces = std::iter::from_fn(|| {
            whole = rest.is_none();
            rest.take()
        });
        let answer = within(timeout, async { Ok(smtp.message_iter(pieces).await?) }).await;
        answer.map_err(|error| Failed { stage: if whole { Stage::EndOfData } else { Stage::Body }, error })
    }
}

/// Bounds a step of the conversation and keeps it out of the log: lettre writes whole mails at debug level.
async fn within<T>(timeout: Duration, step: impl Future<Output = Result<T, Broken>>) -> Result<T, Broken> {
    let silent = step.with_subscriber(NoSubscriber::default());
    tokio::time::timeout(timeout, silent).await.unwrap_or(Err(Broken::Timeout))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_is_written_to_a_relay_leaves_at_once() {
        let listening = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let connector = Connector {
            host: "127.0.0.1".to_owned(),
            port: listening.local_addr().unwrap().port(),
            security: SmtpSecurity::PlainLoopbackDemo,
            tls: None,
            credentials: None,
            hello: ClientId::default(),
            timeout: Duration::from_secs(10),
        };
        let Ok(socket) = connector.dial().await else { panic!("nobody listens") };
        assert!(socket.nodelay().unwrap(), "Nagle's algorithm holds the final dot back");
    }
}
