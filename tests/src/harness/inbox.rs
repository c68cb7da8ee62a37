//! The inbox as a program of its own: the world's mailboxes and phones.

use std::os::unix::process::CommandExt as _;
use std::process::Command;

use anyhow::Context as _;
use chrono::{DateTime, Utc};
use serde::Deserialize;

use super::{Child, program};

/// A running inbox.
pub struct Inbox {
    /// Where its mail server listens.
    pub smtp: String,
    /// Where its gateway, page and JSON are.
    pub http: String,
    client: reqwest::Client,
    /// None where somebody else started it.
    _child: Option<Child>,
}

/// A message that arrived.
#[derive(Clone, Debug, Deserialize)]
pub struct Message {
    /// Counted from 1.
    pub id: u64,
    /// `email` or `sms`.
    pub channel: String,
    /// When it arrived, by the inbox's clock.
    pub received_at: DateTime<Utc>,
    /// A mail's subject.
    pub subject: Option<String>,
    /// Its text.
    pub text: String,
    /// A mail's HTML.
    pub html: Option<String>,
    /// The first code in it.
    pub code: Option<String>,
    /// The links in it.
    pub links: Vec<String>,
}

impl Message {
    /// The token in its first link.
    ///
    /// # Errors
    /// It has no link.
    pub fn link_token(&self) -> anyhow::Result<String> {
        let link = self.links.first().context("the message has no link")?;
        Ok(link.rsplit('/').next().context("the link has no token")?.to_owned())
    }
}

#[derive(Deserialize)]
struct Ready {
    smtp: String,
    http: String,
}

impl Inbox {
    /// Starts one on free ports.
    ///
    /// # Errors
    /// It doesn't start.
    pub fn start() -> anyhow::Result<Self> {
        Self::start_at("127.0.0.1:0", false)
    }

    /// Starts one whose page is at `http`; `apart`: Ctrl-C leaves it to whoever started it.
    ///
    /// # Errors
    /// It doesn't start.
    pub fn start_at(http: &str, apart: bool) -> anyhow::Result<Self> {
        let mut command = Command::new(program("twostep-dev-inbox")?);
        // Whoever counts what arrived counts all of it.
        command.args(["--http", http, "--keep", "100000"]);
        if apart {
            command.process_group(0);
        }
        let (child, line) = Child::start(command, |line| line.starts_with('{') && line.contains("\"smtp\""))?;
        let Ready { smtp, http } = serde_json::from_str(&line).context("the inbox's first line")?;
        Ok(Self { smtp, http, client: reqwest::Client::builder().no_proxy().build()?, _child: Some(child) })
    }

    /// One that somebody else started, with its page at `http`.
    ///
    /// # Errors
    /// None expected.
    pub fn at(http: &str) -> anyhow::Result<Self> {
        let client = reqwest::Client::builder().no_proxy().build()?;
        Ok(Self { smtp: String::new(), http: http.to_owned(), client, _child: None })
    }

    /// The next message to `to` after the message `after`; waits up to 30 s.
    ///
    /// # Errors
    /// None arrives.
    pub async fn next(&self, to: &str, after: u64) -> anyhow::Result<Message> {
        let url = format!("http://{}/messages/next", self.http);
        let query = [("to", to), ("after", &after.to_string()), ("timeout", "30")];
        let answer = self.client.get(url).query(&query).send().await?.error_for_status()?;
        let body = answer.bytes().await?;
        serde_json::from_slice(&body).with_context(|| format!("no message to {to} arrived within 30 s"))
    }

    /// The next message to `to` after `after` that satisfies `wanted`.
    ///
    /// # Errors
    /// None arrives.
    pub async fn next_that(
        &self,
        to: &str,
        mut after: u64,
        wanted: impl Fn(&Message) -> bool,
    ) -> anyhow::Result<Message> {
        loop {
            let message = self.next(to, after).await?;
            if wanted(&message) {
                return Ok(message);
            }
            after = message.id;
        }
    }

    /// Every message to `to` so far.
    ///
    /// # Errors
    /// The inbox doesn't answer.
    pub async fn all(&self, to: &str) -> anyhow::Result<Vec<Message>> {
        let url = format!("http://{}/messages", self.http);
        let answer = self.client.get(url).query(&[("to", to)]).send().await?.error_for_status()?;
        Ok(serde_json::from_slice(&answer.bytes().await?)?)
    }

    /// Every text message so far, to whatever number.
    ///
    /// # Errors
    /// The inbox doesn't answer.
    pub async fn texts(&self) -> anyhow::Result<Vec<Message>> {
        let url = format!("http://{}/messages", self.http);
        let answer = self.client.get(url).query(&[("channel", "sms")]).send().await?.error_for_status()?;
        Ok(serde_json::from_slice(&answer.bytes().await?)?)
    }

    /// Returns once each of its mail faults has struck as often as it was to.
    ///
    /// # Errors
    /// One doesn't within 30 s.
    pub async fn misbehaved(&self) -> anyhow::Result<()> {
        let url = format!("http://{}/faults", self.http);
        let struck = async {
            loop {
                let faults: serde_json::Value =
                    serde_json::from_slice(&self.client.get(&url).send().await?.bytes().await?)?;
                let mail = faults["mail"].as_array().context("no faults")?;
                if mail.iter().all(|fault| fault["times"] == 0) {
                    return anyhow::Ok(());
                }
            }
        };
        tokio::time::timeout(std::time::Duration::from_secs(30), struck)
            .await
            .context("a fault never struck")?
    }

    /// Tells it to misbehave from now on.
    ///
    /// # Errors
    /// The inbox doesn't understand.
    pub async fn misbehave(&self, faults: &serde_json::Value) -> anyhow::Result<()> {
        let url = format!("http://{}/faults", self.http);
        self.client.put(url).json(faults).send().await?.error_for_status()?;
        Ok(())
    }
}
