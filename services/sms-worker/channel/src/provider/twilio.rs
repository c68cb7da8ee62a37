//! Twilio, and what speaks like it: `POST {base}/2010-04-01/Accounts/{account}/Messages.json`.

use async_trait::async_trait;
use twostep_delivery::{Provider, ProviderError};
use twostep_runtime::config::Secret;
use url::Url;

use super::http::Http;
use super::{Text, table};
use crate::{InvalidConfig, Twilio};

/// One account.
pub(super) struct Gateway {
    http: Http,
    url: Url,
    account: String,
    token: Secret,
    /// Where it says what became of a text.
    status_url: Option<Url>,
    /// The parameter that names the sender, and its value.
    sender: (&'static str, String),
}

impl Gateway {
    pub(super) fn new(http: Http, settings: Twilio, status_url: Option<Url>) -> Result<Self, InvalidConfig> {
        let Twilio { base, account, token, from, messaging_service } = settings;
        let sender = match (from, messaging_service) {
            (Some(from), None) => ("From", from),
            (None, Some(service)) => ("MessagingServiceSid", service),
            _ => return Err(InvalidConfig::Sender { provider: http.name }),
        };
        let mut url = base;
        match url.path_segments_mut() {
            Ok(mut path) => {
                path.pop_if_empty().extend(["2010-04-01", "Accounts", &account, "Messages.json"]);
            }
            Err(()) => return Err(InvalidConfig::Url { provider: http.name }),
        }
        Ok(Self { http, url, account, token, status_url, sender })
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
        let mut form = vec![("To", text.to.as_str()), ("Body", &text.text), (self.sender.0, &self.sender.1)];
        // It calls this very URL, and signs it: whatever we want to hear again stands in it.
        let status_url = self.status_url.as_ref().map(|url| format!("{url}?reference={}", text.reference));
        form.extend(status_url.as_deref().map(|url| ("StatusCallback", url)));
        let request = self.http.client.post(self.url.clone());
        let request = request.basic_auth(&self.account, Some(self.token.expose())).form(&form);
        let answer = self.http.call(request).await?;
        // A refusal holds `code`; a message that failed at once is a success with `error_code`.
        let code = answer.at("/error_code").or_else(|| answer.at("/code"));
        answer.verdict(code.as_deref(), code.as_deref().and_then(table::twilio))?;
        Ok(answer.at("/sid"))
    }
}
