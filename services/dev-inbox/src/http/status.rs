//! What becomes of a text, told as Twilio tells it: a form to the address that came with the text, signed with the token
//! that the caller proved itself with. Loopback addresses only.

use axum::http::{HeaderMap, header};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use reqwest::Url;
use sha1::Sha1;

/// Where a text's status is told, and with what it is signed.
pub(super) struct Callback {
    url: Url,
    token: String,
}

impl Callback {
    /// The callback that a request asks for, if it is one to this machine.
    pub(super) fn of(url: Option<&str>, headers: &HeaderMap) -> Option<Self> {
        let url: Url = url?.parse().ok()?;
        let here = matches!(url.host_str(), Some("localhost" | "127.0.0.1" | "[::1]"));
        let basic = headers.get(header::AUTHORIZATION)?.to_str().ok()?.strip_prefix("Basic ")?;
        let basic = String::from_utf8(STANDARD.decode(basic).ok()?).ok()?;
        let (_, token) = basic.split_once(':')?;
        here.then(|| Self { url, token: token.to_owned() })
    }

    /// Tells it, behind the answer to the request that asked for it.
    pub(super) fn tell(self, sid: String, status: String) {
        tokio::spawn(async move {
            if let Err(error) = self.post(&sid, &status).await {
                tracing::warn!(%error, "the status of a text could not be told");
            }
        });
    }

    async fn post(self, sid: &str, status: &str) -> reqwest::Result<()> {
        let Self { url, token } = self;
        let code = if status == "delivered" { "" } else { "30005" };
        let mut fields = vec![("MessageSid", sid), ("MessageStatus", status), ("ErrorCode", code)];
        fields.retain(|(_, value)| !value.is_empty());
        fields.sort_unstable();
        let signed = fields.iter().fold(url.to_string(), |signed, (name, value)| signed + name + value);
        let mac = Hmac::<Sha1>::new_from_slice(token.as_bytes()).expect("a key of any length will do");
        let signature = STANDARD.encode(mac.chain_update(signed).finalize().into_bytes());
        let client =
            reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none()).build()?;
        let told = client.post(url).form(&fields).header("x-twilio-signature", signature).send().await?;
        told.error_for_status().map(drop)
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn a_status_is_told_to_this_machine_only_with_the_token_of_whoever_asks() {
        let mut headers = HeaderMap::new();
        let of = |url, headers: &HeaderMap| Callback::of(Some(url), headers).map(|callback| callback.token);
        assert_eq!(of("http://127.0.0.1:8400/x", &headers), None);
        headers.insert(header::AUTHORIZATION, HeaderValue::from_static("Basic QUMxOnRva2Vu"));
        for here in ["http://127.0.0.1:8400/x", "http://localhost/", "http://[::1]:1/"] {
            assert_eq!(of(here, &headers).as_deref(), Some("token"), "{here}");
        }
        for elsewhere in ["https://twostep.example/x", "http://10.0.0.1/", "http://127.0.0.1.example/", "x"] {
            assert_eq!(of(elsewhere, &headers), None, "{elsewhere}");
        }
    }
}
