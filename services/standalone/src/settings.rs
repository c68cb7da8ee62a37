//! The settings of an installation in one process.

use std::num::NonZeroUsize;

use serde::Deserialize;
use twostep_installation::{Http, Keys, Listen, Texts};
use twostep_runtime::config;
use url::Url;

/// All settings.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Settings {
    /// Where people reach the web pages; links in mails begin with it.
    pub(crate) public_url: Url,
    /// The public port.
    pub(crate) http: Http,
    /// The admin port.
    pub(crate) admin: Listen,
    /// The master key.
    #[serde(default)]
    pub(crate) keys: Keys,
    /// Mails.
    pub(crate) email: twostep_email_channel::Config,
    /// Texts; left out: the company can't use them.
    #[serde(default)]
    pub(crate) sms: Option<twostep_sms_channel::Config>,
    /// The caps on texts.
    pub(crate) texts: Texts,
    /// How messages are worked on.
    pub(crate) delivery: Delivery,
}

/// How messages are worked on.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Delivery {
    /// Messages of each channel worked on at the same time.
    pub(crate) concurrency: NonZeroUsize,
}

impl config::Settings for Settings {
    const DEFAULTS: &'static str = r"
[http]
listen = '127.0.0.1:8400'
trusted_proxies = ['127.0.0.1', '::1']

[admin]
listen = '127.0.0.1:8401'

[delivery]
concurrency = 8

[texts]
per_day = 2000
per_dialling_code = 1000
per_prefix = 200
";
    const SECRETS: &'static [&'static str] = &[
        "keys.master",
        "email.relays.*.password",
        "sms.providers.*.twilio.token",
        "sms.providers.*.vonage.secret",
        "sms.providers.*.vonage.signature_secret",
        "sms.providers.*.webhook.secret_headers.*",
        "sms.providers.*.webhook.status.secret",
    ];
    const HIDDEN: &'static [&'static str] =
        &["sms.providers.*.webhook.headers.*", "sms.providers.*.webhook.body"];
}
