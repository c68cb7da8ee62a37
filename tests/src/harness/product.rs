//! What a story needs of a running product, however its programs are arranged.

use std::path::PathBuf;

use anyhow::Context as _;
use chrono::{DateTime, Utc};
use serde::Deserialize;
use twostep_client::Client;

#[derive(Deserialize)]
struct Moved {
    now: DateTime<Utc>,
}

/// A running product.
#[allow(async_fn_in_trait, reason = "stories run in one task")]
pub trait Product {
    /// Where the pages are.
    fn url(&self) -> String;

    /// Where the API is.
    fn api_url(&self) -> String;

    /// The API's typed client, with nobody signed in.
    ///
    /// # Errors
    /// None expected.
    fn api(&self) -> anyhow::Result<Client>;

    /// The data directory.
    fn data(&self) -> PathBuf;

    /// The admin ports; the first is that of the API.
    fn admin_urls(&self) -> Vec<String>;

    /// Plain HTTP to the admin ports.
    fn http(&self) -> &reqwest::Client;

    /// Ends it as a power cut would and starts it again over the same data.
    ///
    /// Clients made before notice that their connections are gone once something else is awaited: ask [`Self::now`].
    ///
    /// # Errors
    /// It doesn't get ready.
    fn kill_and_restart(&mut self) -> anyhow::Result<()>;

    /// Moves every process's clock on by `seconds`; gives the API's time.
    ///
    /// # Errors
    /// An admin port doesn't answer.
    async fn advance(&self, seconds: i64) -> anyhow::Result<DateTime<Utc>> {
        let mut first = None;
        for url in self.admin_urls() {
            let url = format!("{url}/test-clock");
            let body = serde_json::json!({ "advance_seconds": seconds });
            let answer = self.http().put(url).json(&body).send().await?.error_for_status()?;
            let Moved { now } =
                serde_json::from_slice(&answer.bytes().await?).context("the clock's answer")?;
            first.get_or_insert(now);
        }
        first.context("no process has a clock")
    }

    /// The product's time.
    ///
    /// # Errors
    /// An admin port doesn't answer.
    async fn now(&self) -> anyhow::Result<DateTime<Utc>> {
        self.advance(0).await
    }
}
