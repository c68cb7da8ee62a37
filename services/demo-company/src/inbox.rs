//! Reading the demo's inbox, as the seed must: invitations arrive by mail.

use std::net::SocketAddr;

use anyhow::Context as _;
use serde::Deserialize;

/// What the seed reads of a message.
#[derive(Deserialize)]
pub(crate) struct Mail {
    /// The links in it.
    pub(crate) links: Vec<String>,
}

/// Waits for the next message to `address`.
pub(crate) async fn next_mail(
    http: &reqwest::Client,
    inbox: SocketAddr,
    address: &str,
) -> anyhow::Result<Mail> {
    let url = format!("http://{inbox}/messages/next");
    let asked =
        http.get(url).query(&[("to", address), ("timeout", "30")]).send().await?.error_for_status()?;
    let body = asked.bytes().await?;
    serde_json::from_slice(&body).with_context(|| format!("no mail to {address} arrived"))
}
