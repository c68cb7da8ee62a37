//! The delivery side in one process: the queue in memory, a worker for each channel.

use std::sync::Arc;

use anyhow::Context as _;
use async_trait::async_trait;
use tokio_util::sync::CancellationToken;
use twostep_clock::SharedClock;
use twostep_delivery::{
    Accepted, BreakerState, Payload, Request, Submit, SubmitError, Worker, seeded_jitter,
};
use twostep_delivery_local::{Limits, LocalQueue};
use twostep_domain::delivery::{Channel, Failure};
use twostep_email_channel::EmailChannel;
use twostep_installation::{Delivery, Foundation};
use twostep_runtime::{Profile, Stop};
use twostep_service::Breakers;
use twostep_sms_channel::SmsChannel;
use twostep_vault::random;

use crate::settings::Settings;

/// What messages go out by.
pub(crate) struct Channels {
    email: Arc<EmailChannel>,
    sms: Option<Arc<SmsChannel>>,
}

/// The channels; nothing is made or asked yet, so that wrong settings leave nothing behind.
pub(crate) fn channels(
    settings: &Settings,
    profile: Profile,
    clock: &SharedClock,
) -> anyhow::Result<Channels> {
    let email =
        EmailChannel::new(settings.email.clone(), profile, clock.clone()).context("setting up e-mail")?;
    let email = Arc::new(email);
    let sms = match settings.texting() {
        Some(sms) => {
            let sms = SmsChannel::new(sms, profile, clock).context("setting up text messages")?;
            Some(Arc::new(sms))
        }
        None => None,
    };
    Ok(Channels { email, sms })
}

/// Starts the workers.
pub(crate) fn start(
    Channels { email, sms }: Channels,
    settings: &Settings,
    foundation: &Foundation,
    clock: &SharedClock,
    stop: &Stop,
) -> anyhow::Result<Delivery> {
    let share = settings.delivery.concurrency.get().saturating_sub(1).max(1);
    let queue = LocalQueue::new(clock.clone(), Limits { share, ..Limits::default() });
    let breakers = breakers(email.clone(), sms.clone());
    let sms: Arc<dyn Submit> = sms.map_or_else(|| Arc::new(NoTexts) as _, |sms| sms as _);
    let workers: [(Channel, Arc<dyn Submit>); 2] = [(Channel::Email, email), (Channel::Sms, sms)];
    let silence = CancellationToken::new();
    let last = Arc::new(silence.clone().drop_guard());
    for (channel, out) in workers {
        let worker = Arc::new(Worker {
            channel,
            name: format!("standalone-{}", channel.as_str()),
            keys: foundation.channel_keys(channel)?,
            consumer: Arc::new(queue.clone()),
            claims: Arc::new(queue.clone()),
            reporter: Arc::new(queue.clone()),
            out,
            clock: clock.clone(),
            jitter: seeded_jitter(u64::from_le_bytes(*random::bytes())),
        });
        let (works, last) = (worker.run(settings.delivery.concurrency, stop.token()), last.clone());
        stop.spawn("worker", async move {
            works.await;
            drop(last);
        });
    }
    let (texts, webhooks) = (settings.texts.clone().limits()?, settings.webhooks()?);
    let queue = Arc::new(queue);
    let (publisher, reports, leadership) = (queue.clone(), queue.clone(), queue.clone());
    let waiting = Box::new(move || queue.waiting());
    Ok(Delivery { publisher, reports, leadership, silence, breakers, waiting, texts, webhooks })
}

/// Where the providers' breakers stand whenever it is asked.
fn breakers(email: Arc<EmailChannel>, sms: Option<Arc<SmsChannel>>) -> Breakers {
    Box::new(move || {
        let of = |channel| move |(name, state): (&str, BreakerState)| (channel, name.to_owned(), state);
        let texts = sms.iter().flat_map(|sms| sms.providers());
        email.relays().map(of(Channel::Email)).chain(texts.map(of(Channel::Sms))).collect()
    })
}

/// Texts where nobody sends them: those that were wanted before the provider went away fail where it is seen.
struct NoTexts;

#[async_trait]
impl Submit for NoTexts {
    async fn submit(&self, _: &Request, _: &Payload) -> Result<Accepted, SubmitError> {
        let reason = "no [sms] provider is configured".to_owned();
        Err(SubmitError::Reject { because: Failure::Configuration, reason })
    }
}
