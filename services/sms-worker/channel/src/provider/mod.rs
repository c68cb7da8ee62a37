//! Providers of texts.

mod address;
mod answer;
mod http;
mod table;
mod twilio;
mod webhook;

use twostep_delivery::Provider;
use twostep_domain::DeliveryId;
use twostep_runtime::Profile;

use crate::{Gateway, InvalidConfig};
use http::Http;

/// A text, ready to hand over.
pub(crate) struct Text {
    pub(crate) id: DeliveryId,
    /// In E.164 form.
    pub(crate) to: String,
    pub(crate) text: String,
}

/// Makes the provider `name` of its settings.
pub(crate) fn make(
    name: String,
    gateway: Gateway,
    profile: Profile,
) -> Result<Box<dyn Provider<Text>>, InvalidConfig> {
    let Gateway { prefixes, timeout_seconds, twilio, webhook, .. } = gateway;
    let http = |url: &url::Url| Http::new(name.clone(), prefixes, timeout_seconds, url, profile);
    match (twilio, webhook) {
        (Some(settings), None) => {
            let http = http(&settings.base)?;
            Ok(Box::new(twilio::Gateway::new(http, settings)?))
        }
        (None, Some(settings)) => {
            let http = http(&settings.url)?;
            Ok(Box::new(webhook::Gateway::new(http, settings)?))
        }
        _ => Err(InvalidConfig::Kind { provider: name }),
    }
}
