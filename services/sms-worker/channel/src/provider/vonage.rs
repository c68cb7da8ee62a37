//! Vonage, by its SMS API: `POST {base}/sms/json`.
//!
//! Not by its Messages API: that one sends no status of a message to whoever signs in with key and secret, and wants a
//! key pair and a token signed by RSA for it. The SMS API takes the two, says where a text stands by a receipt signed with
//! HMAC, and hands back the reference that it was given.

use async_trait::async_trait;
use twostep_delivery::{Provider, ProviderError};
use twostep_runtime::config::Secret;
use url::Url;

use super::http::Http;
use super::{Text, table};
use crate::text::is_gsm;
use crate::{InvalidConfig, Vonage};

/// One account.
pub(super) struct Gateway {
    http: Http,
    url: Url,
    key: String,
    secret: Secret,
    from: String,
    /// Where it says what became of a text.
    status_url: Option<Url>,
}

impl Gateway {
    pub(super) fn new(http: Http, settings: Vonage, status_url: Option<Url>) -> Result<Self, InvalidConfig> {
        let Vonage { base, key, secret, from, signature_secret: _ } = settings;
        let mut url = base;
        match url.path_segments_mut() {
            Ok(mut path) => {
                path.pop_if_empty().extend(["sms", "json"]);
            }
            Err(()) => return Err(InvalidConfig::Url { provider: http.name }),
        }
        Ok(Self { http, url, key, secret, from, status_url })
    }
}

#[async_trait]
impl Provider<Text> for Gateway {
    fn name(&self) -> &str {
        &self.http.name
    }

    fn serves(&self, text: &Text) -> bool {
        self.http.serves(text)
    }

    async fn send(&self, text: &Text) -> Result<Option<String>, ProviderError> {
        let to = text.to.trim_start_matches('+');
        let reference = text.reference.to_string();
        let mut form =
            vec![("from", &*self.from), ("to", to), ("text", &text.text), ("type", kind(&text.text))];
        if let Some(url) = &self.status_url {
            form.extend([("client-ref", &*reference), ("callback", url.as_str())]);
        }
        let request = self.http.client.post(self.url.clone());
        let answer =
            self.http.call(request.basic_auth(&self.key, Some(self.secret.expose())).form(&form)).await?;
        // A text is one segment, so one message; its refusal comes with status 200.
        let status = answer.at("/messages/0/status");
        let code = status.as_deref().filter(|code| *code != "0");
        answer.verdict(code, code.and_then(table::vonage))?;
        if status.is_none() {
            let reason = "an answer without a status of the message".to_owned();
            return Err(ProviderError::Unknown { reason });
        }
        Ok(answer.at("/messages/0/message-id"))
    }
}

/// As plain text, whatever isn't in the GSM alphabet arrives as a question mark.
fn kind(text: &str) -> &'static str {
    if is_gsm(text) { "text" } else { "unicode" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_goes_in_the_alphabet_that_it_needs() {
        assert_eq!((kind("123456 für Jürgen"), kind("123456 東京")), ("text", "unicode"));
    }
}
