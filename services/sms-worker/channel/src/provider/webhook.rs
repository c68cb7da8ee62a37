//! Anything that takes JSON: address, headers, body and answer as the settings say.

use std::collections::BTreeMap;

use async_trait::async_trait;
use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use serde_json::Value;
use twostep_delivery::{Provider, ProviderError};
use url::Url;

use super::Text;
use super::http::Http;
use crate::{InvalidConfig, Meaning, Method, Webhook};

/// One provider.
pub(super) struct Gateway {
    http: Http,
    method: reqwest::Method,
    url: Url,
    headers: HeaderMap,
    body: Value,
    /// Where it says what became of a text.
    status_url: Option<Url>,
    id: Option<String>,
    error: Option<String>,
    errors: BTreeMap<String, Meaning>,
}

impl Gateway {
    pub(super) fn new(http: Http, settings: Webhook, status_url: Option<Url>) -> Result<Self, InvalidConfig> {
        let Webhook { method, url, headers, secret_headers, body, id, error, errors, status: _ } = settings;
        let body = serde_json::from_str(&body);
        let body = body.map_err(|_| InvalidConfig::Body { provider: http.name.clone() })?;
        let mut map = HeaderMap::new();
        map.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        let secret = secret_headers.iter().map(|(name, value)| (name, value.expose(), true));
        let open = headers.iter().map(|(name, value)| (name, value.as_str(), false));
        for (name, value, sensitive) in open.chain(secret) {
            let refused = || InvalidConfig::Header { provider: http.name.clone(), header: name.clone() };
            let header = HeaderName::try_from(name).map_err(|_| refused())?;
            let mut value = HeaderValue::from_str(value).map_err(|_| refused())?;
            value.set_sensitive(sensitive);
            map.insert(header, value);
        }
        let method = match method {
            Method::Post => reqwest::Method::POST,
            Method::Put => reqwest::Method::PUT,
        };
        Ok(Self { http, method, url, headers: map, body, status_url, id, error, errors })
    }
}

impl Gateway {
    /// What stands for each placeholder.
    fn values(&self, text: &Text) -> [(&'static str, String); 5] {
        let status_url = self.status_url.as_ref().map(Url::to_string).unwrap_or_default();
        [
            ("{to}", text.to.clone()),
            ("{text}", text.text.clone()),
            ("{id}", text.reference.id.to_string()),
            ("{reference}", text.reference.to_string()),
            ("{status_url}", status_url),
        ]
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
        let request = self.http.client.request(self.method.clone(), self.url.clone());
        let request =
            request.headers(self.headers.clone()).body(fill(&self.body, &self.values(text)).to_string());
        let answer = self.http.call(request).await?;
        let code = self.error.as_deref().and_then(|pointer| answer.at(pointer));
        let meaning = code.as_ref().and_then(|code| self.errors.get(code)).copied();
        answer.verdict(code.as_deref(), meaning)?;
        Ok(self.id.as_deref().and_then(|pointer| answer.at(pointer)))
    }
}

/// The template with its placeholders filled, inside its strings only: a text can't change the body's shape.
fn fill(template: &Value, values: &[(&str, String)]) -> Value {
    match template {
        Value::String(string) => Value::String(fill_string(string, values)),
        Value::Array(items) => items.iter().map(|item| fill(item, values)).collect(),
        Value::Object(fields) => {
            fields.iter().map(|(name, value)| (name.clone(), fill(value, values))).collect()
        }
        other => other.clone(),
    }
}

/// Fills from left to right; what was filled in is not looked at again.
fn fill_string(mut template: &str, values: &[(&str, String)]) -> String {
    let mut filled = String::new();
    while !template.is_empty() {
        let next =
            values.iter().filter_map(|pair| Some((template.find(pair.0)?, pair))).min_by_key(|found| found.0);
        let Some((at, (placeholder, value))) = next else { break };
        filled.push_str(&template[..at]);
        filled.push_str(value);
        template = &template[at + placeholder.len()..];
    }
    filled + template
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_text_fills_strings_and_changes_nothing_else() {
        let values =
            [("{to}", "+49".to_owned()), ("{text}", "\"},{to}\n{id}".to_owned()), ("{id}", "1".to_owned())];
        let template =
            json!({ "messages": [{ "to": "tel:{to}", "text": "{text}!" }], "ref": "{id}", "n": 1 });
        let expected = json!({
            "messages": [{ "to": "tel:+49", "text": "\"},{to}\n{id}!" }],
            "ref": "1", "n": 1,
        });
        assert_eq!(fill(&template, &values), expected);
    }
}
