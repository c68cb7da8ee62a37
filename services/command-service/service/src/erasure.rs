//! Finishing erasures: whoever the log says is erased has no keys, also where a crash or a restored key backup says otherwise.
//! Whose keys such a backup lacks is told, once the log was seen.

use std::collections::HashSet;
use std::sync::Arc;

use tokio::sync::watch;
use twostep_domain::member::MemberEvent;
use twostep_domain::{CompanyId, DecodeError, Event as _, MemberId, StreamKind};
use twostep_event_store::{Checkpoint, Reader, RecordedEvent, Subscription};
use twostep_runtime::Stop;
use twostep_vault::Vault;

use crate::following::Following;
use crate::log_end::log_end;

/// How long to leave a log or key store alone that can't be used.
const PAUSE: std::time::Duration = std::time::Duration::from_secs(1);

/// Destroys the keys of everybody erased, from the first event on, until the program stops or an event comes that
/// can't be read: it might be an erasure. Says `finished` once it has seen what the log held when it began.
pub(crate) async fn finish_erasures(
    reader: Arc<dyn Reader>,
    vault: Arc<Vault>,
    following: Following,
    finished: watch::Sender<bool>,
    stop: Stop,
) {
    let mut head = None;
    // Everybody whom the log named before this start, until their keys were looked for.
    let mut named = Some(HashSet::new());
    let mut subscription = Subscription::new(reader.clone(), Checkpoint::start());
    loop {
        if head.is_none() {
            head = log_end(&*reader).await.ok();
        }
        if head.as_ref().is_some_and(|head| subscription.checkpoint().covers(head)) {
            finished.send_replace(true);
            if let Some(named) = named.take() {
                tell_of_strangers(&vault, named).await;
            }
        }
        let events = tokio::select! {
            () = stop.requested() => return,
            events = subscription.next() => events,
        };
        let Ok(events) = events else {
            tokio::time::sleep(PAUSE).await;
            continue;
        };
        // A page at a time: each destruction is a durable write.
        let mut people = Vec::new();
        let unreadable = events.iter().find_map(|event| match erased(event) {
            Ok(Some((member, gone))) => {
                let person = (event.envelope.company, member);
                if gone {
                    people.push(person);
                } else if let Some(named) = &mut named {
                    named.insert(person);
                }
                None
            }
            Ok(None) => None,
            Err(error) => Some((event, error)),
        });
        while !erase(&vault, &people).await {
            tracing::error!(?people, "erased people's keys could not be destroyed; it is tried again");
            tokio::select! {
                () = stop.requested() => return,
                () = tokio::time::sleep(PAUSE) => {}
            }
        }
        if let Some((event, error)) = unreadable {
            return following.stop(event, &error);
        }
    }
}

async fn erase(vault: &Arc<Vault>, people: &[(CompanyId, MemberId)]) -> bool {
    if people.is_empty() {
        return true;
    }
    let (vault, people) = (vault.clone(), people.to_vec());
    matches!(tokio::task::spawn_blocking(move || vault.erase_all(&people)).await, Ok(Ok(())))
}

/// Whom `event` is about, and whether it erased them.
fn erased(event: &RecordedEvent) -> Result<Option<(MemberId, bool)>, DecodeError> {
    let envelope = &event.envelope;
    let (StreamKind::Member, Some(member)) = (envelope.kind, envelope.key.uuid()) else { return Ok(None) };
    let decoded = MemberEvent::decode(&envelope.event_type, envelope.version, &event.data)?;
    Ok(Some((MemberId(member), matches!(decoded, MemberEvent::MemberErased(_)))))
}

/// A key store older than the log lacks the keys of whoever came in between: they are named by their ids, and what to do.
async fn tell_of_strangers(vault: &Arc<Vault>, named: HashSet<(CompanyId, MemberId)>) {
    let (keys, people) = (vault.clone(), named.into_iter().collect::<Vec<_>>());
    match tokio::task::spawn_blocking(move || keys.strangers(&people)).await {
        Ok(Ok(strangers)) if strangers.is_empty() => {}
        Ok(Ok(strangers)) => {
            let some: Vec<_> = strangers.iter().take(10).map(|(_, member)| member.0.to_string()).collect();
            tracing::error!(
                people = strangers.len(),
                some = some.join(" "),
                "keys.db is older than the log and lacks these people's keys: nothing of theirs can be read and they \
                 can't sign in; stop the service and put back the keys.db that belongs to this log"
            );
        }
        Ok(Err(error)) => tracing::warn!(%error, "whether everybody's keys are there isn't known"),
        Err(error) => tracing::warn!(%error, "looking for everybody's keys was cut off"),
    }
}
