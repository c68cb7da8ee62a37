//! Requests as any program could write them: what the typed client can't say, and answers to the byte.

use anyhow::Context as _;
use reqwest::Method;
use serde_json::Value;

use crate::harness::{Product, fulfils};

/// Somebody who speaks plain HTTP.
#[derive(Clone)]
pub struct Raw {
    http: reqwest::Client,
    base: String,
    token: Option<String>,
    headers: Vec<(String, String)>,
}

/// An answer.
#[derive(Clone, Debug)]
pub struct Reply {
    /// Its HTTP status.
    pub status: u16,
    /// The last part of a problem's type: `not-found`; empty where the answer is none.
    pub problem: String,
    /// Its body.
    pub text: String,
    /// Its media type.
    pub media: String,
    /// Its ETag.
    pub etag: Option<String>,
    /// Where a command left the log.
    pub position: Option<String>,
    /// After how many seconds to ask again.
    pub retry_after: Option<String>,
}

impl Raw {
    /// Nobody, at `product`.
    #[must_use]
    pub fn new(product: &impl Product) -> Self {
        let http = reqwest::Client::builder().no_proxy().build().unwrap_or_default();
        Self { http, base: format!("{}/api/v1", product.api_url()), token: None, headers: Vec::new() }
    }

    /// The same with a bearer token.
    #[must_use]
    pub fn with_token(&self, token: &str) -> Self {
        Self { token: Some(token.to_owned()), ..self.clone() }
    }

    /// The same with another header.
    #[must_use]
    pub fn with_header(&self, name: &str, value: &str) -> Self {
        let mut all = self.clone();
        all.headers.push((name.to_owned(), value.to_owned()));
        all
    }

    /// A request with a JSON body, or without one.
    ///
    /// # Errors
    /// No answer comes, or one that isn't documented.
    pub async fn call(&self, method: &str, path: &str, body: Option<&Value>) -> anyhow::Result<Reply> {
        match body {
            Some(body) => self.send(method, path, Some(("application/json", body.to_string().into()))).await,
            None => self.send(method, path, None).await,
        }
    }

    /// A request with any body of any media type; an empty media type is left out.
    ///
    /// # Errors
    /// No answer comes, or one that isn't documented.
    pub async fn send(
        &self,
        method: &str,
        path: &str,
        body: Option<(&str, Vec<u8>)>,
    ) -> anyhow::Result<Reply> {
        let method = Method::from_bytes(method.to_uppercase().as_bytes())?;
        let mut request = self.http.request(method.clone(), format!("{}{path}", self.base));
        if let Some(token) = &self.token {
            request = request.bearer_auth(token);
        }
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        if let Some((media, body)) = body {
            request = request.body(body);
            if !media.is_empty() {
                request = request.header("content-type", media);
            }
        }
        let answer = request.send().await.with_context(|| format!("no answer from {path}"))?;
        let (asked, headers) = (answer.url().path().to_owned(), answer.headers().clone());
        let header = |name| headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
        let (status, etag) = (answer.status().as_u16(), header("etag"));
        let (position, retry_after) = (header("twostep-position"), header("retry-after"));
        let media = header("content-type").unwrap_or_default();
        // A stream of events has no end.
        let text = if media.starts_with("text/event-stream") { String::new() } else { answer.text().await? };
        fulfils(method.as_str(), &asked, status, &headers, &text)?;
        Ok(Reply { status, problem: problem(&text), text, media, etag, position, retry_after })
    }
}

impl Reply {
    /// Its body as JSON.
    ///
    /// # Errors
    /// It is none.
    pub fn json(&self) -> anyhow::Result<Value> {
        serde_json::from_str(&self.text).with_context(|| format!("{} {}", self.status, self.text))
    }
}

fn problem(text: &str) -> String {
    let parsed: Option<Value> = serde_json::from_str(text).ok();
    let kind = parsed.as_ref().and_then(|body| body.get("type")?.as_str());
    kind.and_then(|kind| kind.strip_prefix("urn:twostep:problem:")).unwrap_or_default().to_owned()
}
