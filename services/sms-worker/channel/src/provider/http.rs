//! One call, bounded in time and size, following nothing.

use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use reqwest::header::RETRY_AFTER;
use reqwest::redirect::Policy;
use reqwest::{Client, RequestBuilder};
use twostep_delivery::ProviderError;
use twostep_runtime::Profile;
use url::Url;

use super::Text;
use super::address::{self, PublicOnly};
use super::answer::Answer;
use crate::InvalidConfig;

/// The most of an answer that is read.
const LARGEST: usize = 64 * 1024;

/// What every provider has.
pub(super) struct Http {
    pub(super) name: String,
    pub(super) client: Client,
    prefixes: Vec<String>,
}

impl Http {
    pub(super) fn new(
        name: String,
        prefixes: Vec<String>,
        timeout_seconds: NonZeroU32,
        url: &Url,
        profile: Profile,
    ) -> Result<Self, InvalidConfig> {
        if !address::allowed(url, profile) {
            return Err(InvalidConfig::Url { provider: name });
        }
        let timeout = Duration::from_secs(timeout_seconds.get().into());
        let mut builder = Client::builder()
            .redirect(Policy::none())
            .no_proxy()
            .referer(false)
            .timeout(timeout)
            .connect_timeout(timeout / 2);
        if profile == Profile::Production {
            builder = builder.https_only(true).dns_resolver(Arc::new(PublicOnly));
        }
        match builder.build() {
            Ok(client) => Ok(Self { name, client, prefixes }),
            Err(source) => Err(InvalidConfig::Client { provider: name, source }),
        }
    }

    /// Whether this provider is there for the text's country.
    pub(super) fn serves(&self, text: &Text) -> bool {
        self.prefixes.is_empty() || self.prefixes.iter().any(|prefix| text.to.starts_with(prefix.as_str()))
    }

    /// Makes one call; an answer that got lost after the request was sent is unknown.
    pub(super) async fn call(&self, request: RequestBuilder) -> Result<Answer, ProviderError> {
        let mut response = request.send().await.map_err(|error| lost(&error))?;
        let status = response.status().as_u16();
        let retry_after =
            response.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok()?.parse().ok());
        let mut body = Vec::new();
        while let Some(piece) = response.chunk().await.map_err(|error| cut(status, &error))? {
            if body.len() + piece.len() > LARGEST {
                break;
            }
            body.extend_from_slice(&piece);
        }
        let body = serde_json::from_slice(&body).ok();
        Ok(Answer { status, retry_after: retry_after.map(Duration::from_secs), body })
    }
}

/// The call failed before there was an answer.
fn lost(error: &reqwest::Error) -> ProviderError {
    // The error's own text names the URL, which may hold an account.
    if error.is_builder() {
        return ProviderError::Configuration { reason: "the request can't be made".to_owned() };
    }
    if error.is_connect() {
        let reason = "no connection: check the provider's address, and that this machine may reach it";
        return ProviderError::Unavailable { after: None, reason: reason.to_owned() };
    }
    let reason =
        if error.is_timeout() { "no answer in time" } else { "the connection broke after the request" };
    ProviderError::Unknown { reason: reason.to_owned() }
}

/// The answer broke off: a refusal is one all the same.
fn cut(status: u16, error: &reqwest::Error) -> ProviderError {
    let reason = format!("the answer broke off after status {status}");
    if (400..500).contains(&status) && !error.is_timeout() {
        return ProviderError::Retry { after: None, reason };
    }
    ProviderError::Unknown { reason }
}
