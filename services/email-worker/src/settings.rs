//! What the program is set to.

use std::sync::Arc;

use anyhow::Context as _;
use serde::Deserialize;
use twostep_clock::SharedClock;
use twostep_delivery_nats::Nats;
use twostep_domain::delivery::Channel;
use twostep_email_channel::EmailChannel;
use twostep_runtime::Profile;
use twostep_runtime::config::{self, Secret};
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
    /// Mails.
    pub(crate) email: twostep_email_channel::Config,
}

impl config::Settings for Settings {
    const DEFAULTS: &'static str = r"
[admin]
listen = '127.0.0.1:8411'

[delivery]
concurrency = 32
";
    const HINTS: &'static [(&'static str, &'static str)] = &[(
        "channel_key",
        "on the command-service's host, `twostep keys channel email --to FILE` writes it into a file, which channel_key_file names",
    )];
    const SECRETS: &'static [&'static str] = &["channel_key", "email.relays.*.password"];
}

impl Program for Settings {
    const CHANNEL: Channel = Channel::Email;

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
        let email = EmailChannel::new(self.email, profile, clock.clone()).context("setting up e-mail")?;
        let email = Arc::new(email);
        let watched = email.clone();
        let breakers =
            Box::new(move || watched.relays().map(|(name, state)| (name.to_owned(), state)).collect());
        Ok(Out { submit: email, breakers })
    }
}
