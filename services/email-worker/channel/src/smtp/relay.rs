//! One relay with its connections.

use std::time::Duration;

use async_trait::async_trait;
use deadpool::Runtime;
use deadpool::managed::{Object, Pool, PoolError, TimeoutType};
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::extension::ClientId;
use lettre::transport::smtp::response::Response;
use twostep_delivery::{Provider, ProviderError};

use super::connection::Connector;
use super::trust;
use crate::mail::Mail;
use crate::{InvalidConfig, Relay};

/// One relay with its connections.
pub(crate) struct SmtpRelay {
    name: String,
    pool: Pool<Connector>,
}

impl SmtpRelay {
    /// The relay `name`; `hello` is what we call ourselves.
    pub(crate) fn new(name: String, relay: Relay, hello: &str) -> Result<Self, InvalidConfig> {
        let tls = trust::demanded(&name, &relay)?;
        let credentials = match (relay.username, relay.password) {
            (Some(username), Some(password)) => {
                Some(Credentials::new(username, password.expose().to_owned()))
            }
            (None, None) => None,
            _ => return Err(InvalidConfig::Credentials { relay: name }),
        };
        let timeout = Duration::from_secs(relay.timeout_seconds.get().into());
        let (host, port, security) = (relay.host, relay.port.get(), relay.security);
        let hello = ClientId::Domain(hello.to_owned());
        let connector = Connector { host, port, security, tls, credentials, hello, timeout };
        let pool = Pool::builder(connector)
            .max_size(relay.connections.get())
            .wait_timeout(Some(timeout))
            .runtime(Runtime::Tokio1)
            .build()
            .map_err(|source| InvalidConfig::Pool { relay: name.clone(), source })?;
        Ok(Self { name, pool })
    }

    async fn connection(&self) -> Result<Object<Connector>, ProviderError> {
        self.pool.get().await.map_err(|error| match error {
            PoolError::Backend(failed) => failed.into(),
            PoolError::Timeout(TimeoutType::Wait) => {
                ProviderError::Retry { after: None, reason: "all connections are busy".to_owned() }
            }
            _ => ProviderError::Unavailable { after: None, reason: "no connection could be had".to_owned() },
        })
    }
}

#[async_trait]
impl Provider<Mail> for SmtpRelay {
    fn name(&self) -> &str {
        &self.name
    }

    async fn send(&self, mail: &Mail) -> Result<Option<String>, ProviderError> {
        loop {
            let mut connection = self.connection().await?;
            let used = connection.used;
            match connection.hand_over(mail).await {
                Ok(answer) => return Ok(queue_id(&answer)),
                Err(failed) if failed.lost() => {
                    drop(Object::take(connection));
                    if !used || failed.may_be_taken() {
                        return Err(failed.into());
                    }
                    // The relay restarted or hung up on us while nothing was to be sent: the other kept
                    // connections are as old. A fresh one decides.
                    self.pool.retain(|_, _| false);
                }
                Err(failed) => return Err(failed.into()),
            }
        }
    }
}

/// The relay's own id, where its answer names one as Postfix, Exim and others do; the rest of the answer may hold
/// an address.
fn queue_id(answer: &Response) -> Option<String> {
    let line = answer.first_line()?;
    let (_, id) = line.split_once("queued as ")?;
    let id: String =
        id.chars().take_while(|c| c.is_ascii_alphanumeric() || "-_.".contains(*c)).take(64).collect();
    (!id.is_empty()).then_some(id)
}
