//! The guard against forged requests: whatever isn't read-only must come from one of our own pages (S19).
//!
//! Two checks, each enough alone where it works: the request's origin, and a random token that the browser holds
//! as a cookie and our forms repeat. Other sites can neither read the cookie nor, thanks to its `__Host-` name, set
//! it. The form's fields are read here, once, and handed on as [`Fields`].

use std::fmt;

use axum::{
    body::{Body, to_bytes},
    extract::{Request, State},
    http::{
        HeaderMap, Method,
        header::{CONTENT_TYPE, SET_COOKIE},
    },
    middleware::Next,
    response::{IntoResponse, Response},
};
use rand::{TryRng, rngs::SysRng};
use subtle::ConstantTimeEq;

use crate::{
    app::App,
    cookies,
    failure::{Failure, Forged},
    fields::Fields,
    origin,
};

/// The form field that repeats the token.
const FIELD: &str = "csrf";

/// Longest form that is read.
const LONGEST_FORM: usize = 128 * 1024;

/// The random token: 128 bits, written as 32 hexadecimal digits.
#[derive(Clone)]
pub(crate) struct CsrfToken(String);

impl CsrfToken {
    /// A new one; none where the operating system has no randomness: then no form is shown that could be sent.
    fn draw() -> Option<Self> {
        let mut bytes = [0; 16];
        SysRng.try_fill_bytes(&mut bytes).ok()?;
        Some(Self(bytes.iter().map(|byte| format!("{byte:02x}")).collect()))
    }

    fn parse(text: &str) -> Option<Self> {
        let well_formed = text.len() == 32 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        well_formed.then(|| Self(text.to_owned()))
    }

    /// Whether a form repeats it.
    fn is_repeated_by(&self, typed: &str) -> bool {
        self.0.as_bytes().ct_eq(typed.as_bytes()).into()
    }
}

impl fmt::Display for CsrfToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Lets reading requests through, and others once both checks hold.
pub(crate) async fn guard(State(app): State<App>, request: Request, next: Next) -> Response {
    let held = cookies::read(request.headers(), app.cookies.csrf()).and_then(CsrfToken::parse);
    let fresh = held.is_none();
    let Some(token) = held.clone().or_else(CsrfToken::draw) else {
        return Failure::NoRandomness.into_response();
    };
    let mut request = match *request.method() {
        Method::GET | Method::HEAD => request,
        _ => match check(&app, held, request).await {
            Ok(request) => request,
            Err(forged) => return Failure::Forged(forged).into_response(),
        },
    };
    request.extensions_mut().insert(token.clone());
    let mut response = next.run(request).await;
    if fresh && is_page(response.headers()) {
        response
            .headers_mut()
            .extend(app.cookies.set(app.cookies.csrf(), &token.0).map(|line| (SET_COOKIE, line)));
    }
    response
}

async fn check(app: &App, held: Option<CsrfToken>, request: Request) -> Result<Request, Forged> {
    origin::check(request.headers(), &app.config.public_url)?;
    let (parts, body) = request.into_parts();
    if !is_form(&parts.headers) {
        return Err(Forged::NoForm);
    }
    let bytes = to_bytes(body, LONGEST_FORM).await.map_err(|_| Forged::NoForm)?;
    let fields = Fields::parse(&bytes);
    let token = held.ok_or(Forged::NoCookie)?;
    if !token.is_repeated_by(fields.text(FIELD)) {
        return Err(Forged::OtherToken);
    }
    let mut request = Request::from_parts(parts, Body::empty());
    request.extensions_mut().insert(fields);
    Ok(request)
}

fn is_form(headers: &HeaderMap) -> bool {
    let kind = headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    kind.split(';').next().is_some_and(|kind| kind.trim() == "application/x-www-form-urlencoded")
}

fn is_page(headers: &HeaderMap) -> bool {
    headers.get(CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_tokens_differ_and_only_the_same_text_repeats_one() {
        let (one, other) = (CsrfToken::draw().unwrap(), CsrfToken::draw().unwrap());
        assert!(one.is_repeated_by(&one.0.clone()));
        assert!(!one.is_repeated_by(&other.0));
        assert!(!one.is_repeated_by(""));
    }

    #[test]
    fn a_cookie_that_we_never_set_is_none() {
        for text in ["", "abc", &"g".repeat(32), &"a".repeat(33)] {
            assert!(CsrfToken::parse(text).is_none(), "{text:?}");
        }
    }
}
