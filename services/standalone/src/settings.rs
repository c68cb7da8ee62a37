//! The settings of an installation in one process.

use std::net::{IpAddr, SocketAddr};
use std::num::NonZeroUsize;
use std::path::PathBuf;

use anyhow::ensure;
use serde::Deserialize;
use twostep_runtime::config::{self, Secret};
use twostep_service::TextLimits;
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
    /// How messages are worked on.
    pub(crate) delivery: Delivery,
}

impl Settings {
    /// Refuses one port for both: what is bound second would say that some other program has it.
    ///
    /// # Errors
    /// They are the same.
    pub(crate) fn check_ports(&self) -> anyhow::Result<()> {
        let (http, admin) = (self.http.listen, self.admin.listen);
        let overlap = http.ip() == admin.ip() || http.ip().is_unspecified() || admin.ip().is_unspecified();
        // Port 0 is another one each time.
        let same = http.port() == admin.port() && http.port() != 0 && overlap;
        ensure!(
            !same,
            "http.listen ({http}) and admin.listen ({admin}) are the same port: give each its own"
        );
        Ok(())
    }
}

/// The public port.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Http {
    /// Where pages and API listen.
    pub(crate) listen: SocketAddr,
    /// Proxies whose `X-Forwarded-For` is believed.
    pub(crate) trusted_proxies: Vec<IpAddr>,
}

/// A port.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Listen {
    /// Where it listens.
    pub(crate) listen: SocketAddr,
}

/// The master key: one of the two.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Keys {
    /// The file that holds it, outside the data directory, mode 0600; made at the first start.
    #[serde(default)]
    pub(crate) master_path: Option<PathBuf>,
    /// The key itself, 32 bytes in base64 or hexadecimal.
    #[serde(default)]
    pub(crate) master: Option<Secret>,
}

/// How messages are worked on.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Delivery {
    /// Messages of each channel worked on at the same time.
    pub(crate) concurrency: NonZeroUsize,
    /// Texts of one company in a day.
    pub(crate) texts_per_day: usize,
    /// Of these, to the numbers of one dialling code.
    pub(crate) texts_per_dialling_code: usize,
    /// Of these, to numbers that are the same but for their last four digits.
    pub(crate) texts_per_prefix: usize,
}

impl Delivery {
    /// The caps on texts.
    pub(crate) fn text_limits(&self) -> TextLimits {
        TextLimits {
            per_day: self.texts_per_day,
            per_dialling_code: self.texts_per_dialling_code,
            per_prefix: self.texts_per_prefix,
        }
    }
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
texts_per_day = 2000
texts_per_dialling_code = 1000
texts_per_prefix = 200
";
    const SECRETS: &'static [&'static str] = &[
        "keys.master",
        "email.relays.*.password",
        "sms.providers.*.twilio.token",
        "sms.providers.*.webhook.secret_headers.*",
    ];
    const HIDDEN: &'static [&'static str] =
        &["sms.providers.*.webhook.headers.*", "sms.providers.*.webhook.body"];
}
