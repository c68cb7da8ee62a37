//! Finishing erasures: whoever the log says is erased has no keys, also where a crash or a restored key backup says otherwise.

use std::sync::Arc;

use twostep_domain::member::MemberEvent;
use twostep_domain::{Event as _, MemberId, StreamKind};
use twostep_event_store::{Checkpoint, Reader, Subscription};
use twostep_runtime::Stop;
use twostep_vault::Vault;

/// How long to leave a log or key store alone that can't be used.
const PAUSE: std::time::Duration = std::time::Duration::from_secs(1);

/// Destroys the keys of everybody erased, from the first event on, until the program stops.
pub(crate) async fn finish_erasures(reader: Arc<dyn Reader>, vault: Arc<Vault>, stop: Stop) {
    let mut subscription = Subscription::new(reader, Checkpoint::start());
    loop {
        let events = tokio::select! {
            () = stop.requested() => return,
            events = subscription.next() => events,
        };
        let Ok(events) = events else {
            tokio::time::sleep(PAUSE).await;
            continue;
        };
        for event in events {
            let envelope = &event.envelope;
            let (StreamKind::Member, Some(member)) = (envelope.kind, envelope.key.uuid()) else { continue };
            let decoded = MemberEvent::decode(&envelope.event_type, envelope.version, &event.data);
            if !matches!(decoded, Ok(MemberEvent::MemberErased(_))) {
                continue;
            }
            let (vault, company) = (vault.clone(), envelope.company);
            let erased = tokio::task::spawn_blocking(move || vault.erase(company, MemberId(member))).await;
            if !matches!(erased, Ok(Ok(()))) {
                tracing::error!(%member, "an erased person's keys could not be destroyed; the next start tries again");
            }
        }
    }
}
