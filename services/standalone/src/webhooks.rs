//! The providers' word on texts: asked for at this installation's own address, and believed by what stands beside how they
//! are called.

use std::collections::BTreeMap;

use anyhow::Context as _;
use twostep_service::{JsonWebhook, TwilioWebhook, VonageWebhook, Webhook, WebhookState, Webhooks};
use twostep_sms_channel::{Config, Fate, Gateway};

use crate::settings::Settings;

/// Where the API takes the providers' word.
const PATH: &str = "/api/v1/webhooks/sms/";

impl Settings {
    /// The settings of texts; what becomes of them is told here, unless they say where else.
    pub(crate) fn texting(&self) -> Option<Config> {
        let mut sms = self.sms.clone()?;
        if sms.status_url.is_none() {
            sms.status_url = self.public_url.join(PATH).ok();
        }
        Some(sms)
    }

    /// By what each provider is believed that is asked what became of a text.
    ///
    /// # Errors
    /// One signs with what isn't set.
    pub(crate) fn webhooks(&self) -> anyhow::Result<Webhooks> {
        let Some(sms) = self.texting() else { return Ok(Webhooks::default()) };
        let mut webhooks = BTreeMap::new();
        for (name, gateway) in sms.providers.into_iter().filter(|(_, gateway)| gateway.statuses) {
            let url = sms.status_url.as_ref().and_then(|base| base.join(&name).ok());
            let url = url.context("sms.status_url is no address that a name can stand behind")?;
            let made = webhook(url.to_string(), gateway).with_context(|| format!("sms.providers.{name}"))?;
            webhooks.insert(name, made);
        }
        Ok(Webhooks(webhooks))
    }
}

fn webhook(url: String, gateway: Gateway) -> anyhow::Result<Webhook> {
    let Gateway { twilio, vonage, webhook, .. } = gateway;
    if let Some(twilio) = twilio {
        return Ok(Webhook::Twilio(TwilioWebhook { url, token: twilio.token }));
    }
    if let Some(vonage) = vonage {
        let missing = "`statuses` needs vonage.signature_secret: what Vonage signs them with";
        let signature_secret = vonage.signature_secret.context(missing)?;
        return Ok(Webhook::Vonage(VonageWebhook { signature_secret }));
    }
    let status = webhook.and_then(|webhook| webhook.status);
    let status = status.context("`statuses` needs webhook.status: how they are signed and read")?;
    let meant = |fate| match fate {
        Fate::Delivered => WebhookState::Delivered,
        Fate::Failed => WebhookState::Failed,
    };
    Ok(Webhook::Json(JsonWebhook {
        header: status.header,
        secret: status.secret,
        reference: status.reference,
        state: status.state,
        states: status.states.into_iter().map(|(word, fate)| (word, meant(fate))).collect(),
        code: status.code,
    }))
}
