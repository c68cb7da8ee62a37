//! HTTP as somebody writes it who doesn't use our client.

use anyhow::Context as _;
use reqwest::header::{CONTENT_TYPE, HeaderMap};
use reqwest::{Method, RequestBuilder};

use super::fulfils;

/// An answer as it came.
#[derive(Debug)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: String,
}

/// Sends what it is told to one product.
pub struct Plain {
    http: reqwest::Client,
    base: String,
}

impl Plain {
    /// Speaks to the product at `base`, like `http://127.0.0.1:1`.
    ///
    /// # Errors
    /// None expected.
    pub fn new(base: &str) -> anyhow::Result<Self> {
        let http =
            reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none()).build()?;
        Ok(Self { http, base: base.to_owned() })
    }

    /// A request to be completed; `path` begins with `/api/v1/`.
    pub fn request(&self, method: Method, path: &str, token: Option<&str>) -> RequestBuilder {
        let request = self.http.request(method, format!("{}{path}", self.base));
        match token {
            Some(token) => request.bearer_auth(token),
            None => request,
        }
    }

    /// Posts `body` as JSON, whatever it is.
    ///
    /// # Errors
    /// No answer came.
    pub async fn post(&self, path: &str, token: Option<&str>, body: &str) -> anyhow::Result<Answer> {
        let request = self.request(Method::POST, path, token).header(CONTENT_TYPE, "application/json");
        answer(request.body(body.to_owned())).await
    }

    /// Sends `method` without a body.
    ///
    /// # Errors
    /// No answer came.
    pub async fn send(&self, method: Method, path: &str, token: Option<&str>) -> anyhow::Result<Answer> {
        answer(self.request(method, path, token)).await
    }
}

/// What comes back for `request`.
///
/// # Errors
/// No answer came, or one that isn't documented.
pub async fn answer(request: RequestBuilder) -> anyhow::Result<Answer> {
    let (http, request) = request.build_split();
    let request = request.context("no request")?;
    let (method, path) = (request.method().clone(), request.url().path().to_owned());
    let response = http.execute(request).await.context("no answer")?;
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    let body = response.text().await?;
    fulfils(method.as_str(), &path, status, &headers, &body)?;
    Ok(Answer { status, headers, body })
}
