//! One request and its answer.

use reqwest::{
    Method, RequestBuilder, Response,
    header::{ACCEPT, CONTENT_TYPE, ETAG, IF_MATCH},
};
use secrecy::ExposeSecret;
use serde::{Serialize, de::DeserializeOwned};
use twostep_api::Problem;
use url::Url;

use crate::{Client, Error, Versioned};

/// The part of every path that all routes share.
const PREFIX: [&str; 2] = ["api", "v1"];

/// A request under way to be written.
pub(crate) struct Request(RequestBuilder);

impl Client {
    /// A request to `path`, whose segments are encoded: nothing in them can lead to another route.
    pub(crate) fn request(&self, method: Method, path: &[&str]) -> Result<Request, Error> {
        let url = self.url(path)?;
        let writes = method != Method::GET;
        let mut request = self.http.request(method, url).timeout(self.timeout);
        if let Some(token) = &self.token {
            request = request.bearer_auth(token.expose_secret());
        }
        if let Some(address) = self.forwarded_for {
            request = request.header("x-forwarded-for", address.to_string());
        }
        if let Some(key) = self.idempotency_key.filter(|_| writes) {
            request = request.header("idempotency-key", key.to_string());
        }
        Ok(Request(request))
    }

    /// Where a route is.
    pub(crate) fn url(&self, path: &[&str]) -> Result<Url, Error> {
        // `Url` drops dot segments and empty ones, and a route with fewer segments is another route.
        if path.iter().any(|segment| matches!(*segment, "" | "." | "..")) {
            return Err(Error::Unusable { reason: "an empty or dotted part in a path".to_owned() });
        }
        let mut url = (*self.base).clone();
        url.path_segments_mut()
            .map_err(|()| Error::Unusable { reason: "the API's base URL can't have a path".to_owned() })?
            .pop_if_empty()
            .extend(PREFIX)
            .extend(path);
        Ok(url)
    }

    pub(crate) async fn get<T: DeserializeOwned>(&self, path: &[&str]) -> Result<T, Error> {
        self.request(Method::GET, path)?.value().await
    }

    pub(crate) async fn get_versioned<T: DeserializeOwned>(
        &self,
        path: &[&str],
    ) -> Result<Versioned<T>, Error> {
        self.request(Method::GET, path)?.versioned().await
    }

    pub(crate) async fn post<T: DeserializeOwned>(
        &self,
        path: &[&str],
        body: &impl Serialize,
    ) -> Result<T, Error> {
        self.request(Method::POST, path)?.json(body).value().await
    }

    /// Replaces what was read at the revision `if_match`.
    pub(crate) async fn put<T: DeserializeOwned>(
        &self,
        path: &[&str],
        if_match: &str,
        body: &impl Serialize,
    ) -> Result<Versioned<T>, Error> {
        self.request(Method::PUT, path)?.if_match(if_match).json(body).versioned().await
    }
}

impl Request {
    pub(crate) fn json(self, body: &impl Serialize) -> Self {
        Self(self.0.json(body))
    }

    pub(crate) fn query(self, query: &impl Serialize) -> Self {
        Self(self.0.query(query))
    }

    pub(crate) fn if_match(self, etag: &str) -> Self {
        Self(self.0.header(IF_MATCH, etag))
    }

    /// An answer with a body.
    pub(crate) async fn value<T: DeserializeOwned>(self) -> Result<T, Error> {
        body(self.answer().await?).await
    }

    /// An answer with a body and its revision.
    pub(crate) async fn versioned<T: DeserializeOwned>(self) -> Result<Versioned<T>, Error> {
        let response = self.answer().await?;
        let etag = response.headers().get(ETAG).and_then(|etag| etag.to_str().ok()).map(str::to_owned);
        Ok(Versioned { value: body(response).await?, etag })
    }

    /// An answer whose body, if any, says nothing.
    pub(crate) async fn done(self) -> Result<(), Error> {
        self.answer().await.map(|_| ())
    }

    /// Any answer that isn't a refusal.
    pub(crate) async fn answer(self) -> Result<Response, Error> {
        let response = self.0.header(ACCEPT, "application/json, application/problem+json").send().await?;
        accept(response).await
    }

    /// The builder, for the one route whose answer is a stream.
    pub(crate) fn into_builder(self) -> RequestBuilder {
        self.0
    }
}

/// Takes a success, and makes an error of everything else.
pub(crate) async fn accept(response: Response) -> Result<Response, Error> {
    let status = response.status();
    if status.is_success() {
        return Ok(response);
    }
    let is_problem = response
        .headers()
        .get(CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok())
        .is_some_and(|kind| kind.starts_with("application/problem+json"));
    if !is_problem {
        return Err(Error::Unexpected { status: status.as_u16(), what: "no problem document" });
    }
    let problem: Problem = parse(status.as_u16(), &response.bytes().await?)?;
    Err(Error::Problem(Box::new(problem)))
}

async fn body<T: DeserializeOwned>(response: Response) -> Result<T, Error> {
    let status = response.status().as_u16();
    parse(status, &response.bytes().await?)
}

fn parse<T: DeserializeOwned>(status: u16, bytes: &[u8]) -> Result<T, Error> {
    // The parser's words may quote the body, which may hold a secret.
    serde_json::from_slice(bytes).map_err(|_| Error::Unexpected { status, what: "a body of another shape" })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client() -> Client {
        Client::new(Url::parse("http://127.0.0.1:1/base/").unwrap()).unwrap()
    }

    #[test]
    fn a_token_stays_one_segment_below_the_base() {
        let url = client().url(&["invitations", "a/../b?c#d"]).unwrap();
        assert_eq!(url.as_str(), "http://127.0.0.1:1/base/api/v1/invitations/a%2F..%2Fb%3Fc%23d");
    }

    #[test]
    fn a_dotted_or_empty_token_reaches_no_other_route() {
        for token in ["", ".", ".."] {
            assert!(
                matches!(client().url(&["invitations", token]), Err(Error::Unusable { .. })),
                "{token:?}"
            );
        }
    }

    #[test]
    fn a_percent_encoded_dot_segment_is_encoded_again() {
        let url = client().url(&["invitations", "%2e%2e"]).unwrap();
        assert_eq!(url.path(), "/base/api/v1/invitations/%252e%252e");
    }

    #[test]
    fn only_http_is_spoken() {
        assert!(matches!(Client::new(Url::parse("file:///x").unwrap()), Err(Error::Unusable { .. })));
    }
}
