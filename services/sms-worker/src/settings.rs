//! What the program is set to.

use std::sync::Arc;

use anyhow::Context as _;
use serde::Deserialize;
use twostep_clock::SharedClock;
use twostep_delivery_nats::Nats;
use twostep_domain::delivery::Channel;
use twostep_runtime::Profile;
use twostep_runtime::config::{self, Secret};
use twostep_sms_channel::SmsChannel;
use twostep_worker::{Admin, Common, Out, Program, Work};

/// All settings.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Settings {
    /// The admin port.
    pub(crate) admin: Admin,
    /// The broker.
    pub(crate) nats: Nats,
    /// What payloads open with.
    pub(crate) channel_key: Secret,
    /// How it works.
    pub(crate) delivery: Work,
    /// Texts.
    pub(crate) sms: twostep_sms_channel::Config,
}

impl config::Settings for Settings {
    const DEFAULTS: &'static str = r"
[admin]
listen = '127.0.0.1:8412'

[delivery]
concurrency = 32
";
    const HINTS: &'static [(&'static str, &'static str)] = &[(
        "channel_key",
        "on the command-service's host, `twostep keys channel sms --to FILE` writes it into a file, which channel_key_file names",
    )];
    const SECRETS: &'static [&'static str] = &[
        "channel_key",
        "sms.providers.*.twilio.token",
        "sms.providers.*.vonage.secret",
        "sms.providers.*.vonage.signature_secret",
        "sms.providers.*.webhook.secret_headers.*",
        "sms.providers.*.webhook.status.secret",
    ];
    const HIDDEN: &'static [&'static str] =
        &["sms.providers.*.webhook.headers.*", "sms.providers.*.webhook.body"];
}

impl Program for Settings {
    const CHANNEL: Channel = Channel::Sms;

    fn common(&self) -> Common {
        let Self { admin, nats, channel_key, delivery, .. } = self;
        Common {
            admin: admin.clone(),
            nats: nats.clone(),
            channel_key: channel_key.clone(),
            delivery: delivery.clone(),
        }
    }

    fn make(self, profile: Profile, clock: &SharedClock) -> anyhow::Result<Out> {
        let sms = SmsChannel::new(self.sms, profile, clock).context("setting up text messages")?;
        let sms = Arc::new(sms);
        let watched = sms.clone();
        let breakers =
            Box::new(move || watched.providers().map(|(name, state)| (name.to_owned(), state)).collect());
        Ok(Out { submit: sms, breakers })
    }
}
