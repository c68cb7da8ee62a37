//! Providers of texts.

mod address;
mod answer;
mod http;
mod table;
mod twilio;
mod vonage;
mod webhook;

use twostep_delivery::{Provider, Reference};
use twostep_runtime::Profile;
use url::Url;

use crate::{Gateway, InvalidConfig};
use http::Http;

/// A text, ready to hand over.
pub(crate) struct Text {
    pub(crate) reference: Reference,
    /// In E.164 form.
    pub(crate) to: String,
    pub(crate) text: String,
}

/// Makes the provider `name` of its settings.
pub(crate) fn make(
    name: String,
    gateway: Gateway,
    status_url: Option<&Url>,
    profile: Profile,
) -> Result<Box<dyn Provider<Text>>, InvalidConfig> {
    let Gateway { prefixes, timeout_seconds, statuses, twilio, vonage, webhook, .. } = gateway;
    let status_url = match status_url.map(|base| address::behind(base, &name)) {
        _ if !statuses => None,
        Some(Some(url)) if address::called_back(&url, profile) => Some(url),
        _ => return Err(InvalidConfig::StatusUrl { provider: name }),
    };
    let http = |url: &Url| Http::new(name.clone(), prefixes, timeout_seconds, url, profile);
    match (twilio, vonage, webhook) {
        (Some(settings), None, None) => {
            let http = http(&settings.base)?;
            Ok(Box::new(twilio::Gateway::new(http, settings, status_url)?))
        }
        (None, Some(settings), None) => {
            let http = http(&settings.base)?;
            Ok(Box::new(vonage::Gateway::new(http, settings, status_url)?))
        }
        (None, None, Some(settings)) => {
            let http = http(&settings.url)?;
            Ok(Box::new(webhook::Gateway::new(http, settings, status_url)?))
        }
        _ => Err(InvalidConfig::Kind { provider: name }),
    }
}
