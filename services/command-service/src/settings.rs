//! What the program is set to.

use serde::Deserialize;
use twostep_delivery_nats::Nats;
use twostep_installation::{Http, Keys, Listen, Texts, Webhooks};
use twostep_runtime::config;
use url::Url;

/// All settings.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Settings {
    /// Where people reach the web pages; links in mails begin with it.
    pub(crate) public_url: Url,
    /// The API's port.
    pub(crate) http: Http,
    /// The admin port.
    pub(crate) admin: Listen,
    /// The master key.
    #[serde(default)]
    pub(crate) keys: Keys,
    /// The broker.
    pub(crate) nats: Nats,
    /// The caps on texts.
    pub(crate) texts: Texts,
    /// The providers whose word on a text is taken, at `/api/v1/webhooks/sms/` and their name.
    #[serde(default)]
    pub(crate) webhooks: Webhooks,
    /// How messages get away.
    pub(crate) delivery: Delivery,
}

/// How messages get away.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Delivery {
    /// Whether an sms-worker runs: without one, nobody is asked for a text.
    pub(crate) sms: bool,
}

impl config::Settings for Settings {
    const DEFAULTS: &'static str = r"
[http]
listen = '127.0.0.1:8400'
trusted_proxies = ['127.0.0.1', '::1']

[admin]
listen = '127.0.0.1:8401'

[delivery]
sms = true

[texts]
per_day = 2000
per_dialling_code = 1000
per_prefix = 200
";
    const SECRETS: &'static [&'static str] = &[
        "keys.master",
        "webhooks.*.twilio.token",
        "webhooks.*.vonage.signature_secret",
        "webhooks.*.json.secret",
    ];
}

#[cfg(test)]
mod tests {
    use twostep_runtime::config::{Layers, load};

    use super::*;

    #[test]
    fn a_provider_s_word_is_believed_by_what_stands_in_its_own_table() {
        let environment = [
            ("PUBLIC_URL", "https://twostep.example/"),
            ("NATS__URL", "nats://127.0.0.1:4222"),
            ("WEBHOOKS__MAIN__TWILIO__URL", "https://twostep.example/api/v1/webhooks/sms/main"),
            ("WEBHOOKS__MAIN__TWILIO__TOKEN", "token"),
            ("WEBHOOKS__SECOND__VONAGE__SIGNATURE_SECRET", "secret"),
            ("WEBHOOKS__THIRD__JSON__HEADER", "x-signature"),
            ("WEBHOOKS__THIRD__JSON__SECRET", "secret"),
            ("WEBHOOKS__THIRD__JSON__REFERENCE", "/ref"),
            ("WEBHOOKS__THIRD__JSON__STATE", "/state"),
            ("WEBHOOKS__THIRD__JSON__STATES__ARRIVED", "delivered"),
        ];
        let environment = environment.map(|(name, value)| (format!("TWOSTEP_{name}"), value.to_owned()));
        let settings = load::<Settings>(Layers::new().environment(environment)).unwrap().settings;
        let names: Vec<_> = settings.webhooks.0.keys().map(String::as_str).collect();
        assert_eq!(names, ["main", "second", "third"]);
    }
}
