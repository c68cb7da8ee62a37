//! How large the queue is that is there: what nobody names anew stays as it is.

use async_nats::jetstream::context::GetStreamErrorKind;
use async_nats::jetstream::{self, Context};
use twostep_domain::delivery::{Channel, Urgency};

use crate::declaration::{consumer_of, stream_of};
use crate::provision::failed;
use crate::{Connected, ProvisionError, Sizes};

/// The sizes of the queue that is there, the usual ones where there is none.
///
/// # Errors
/// The server isn't there or doesn't say.
pub async fn sizes(connected: &Connected) -> Result<Sizes, ProvisionError> {
    let jetstream = jetstream::new(connected.client().clone());
    let mut sizes = Sizes::default();
    if let Some(urgent) = stream(connected, &jetstream, stream_of(Urgency::Urgent)).await? {
        let config = &urgent.cached_info().config;
        (sizes.urgent, sizes.bytes, sizes.replicas) =
            (config.max_messages, config.max_bytes, config.num_replicas);
        let name = consumer_of(Channel::Email, Urgency::Urgent);
        let consumer: Result<jetstream::consumer::PullConsumer, _> = urgent.get_consumer(&name).await;
        if let Ok(consumer) = consumer {
            sizes.patience = consumer.cached_info().config.ack_wait;
        }
    }
    if let Some(notices) = stream(connected, &jetstream, stream_of(Urgency::Notice)).await? {
        sizes.notices = notices.cached_info().config.max_messages;
    }
    Ok(sizes)
}

async fn stream(
    connected: &Connected,
    jetstream: &Context,
    name: &str,
) -> Result<Option<jetstream::stream::Stream>, ProvisionError> {
    match jetstream.get_stream(name).await {
        Ok(found) => Ok(Some(found)),
        Err(error) => match error.kind() {
            GetStreamErrorKind::JetStream(refusal)
                if refusal.error_code() == jetstream::ErrorCode::STREAM_NOT_FOUND =>
            {
                Ok(None)
            }
            _ => Err(failed(connected, name, &error)),
        },
    }
}
