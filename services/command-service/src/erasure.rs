//! Finishing erasures: whoever the log says is erased has no keys, also where a crash or a restored key backup says otherwise.

use std::sync::Arc;

use tokio::sync::watch;
use twostep_domain::member::MemberEvent;
use twostep_domain::{CompanyId, DecodeError, Event as _, MemberId, StreamKind};
use twostep_event_store::{Checkpoint, Reader, RecordedEvent, Subscription};
use twostep_runtime::Stop;
use twostep_vault::Vault;

use crate::following::Following;

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
    let nobody = CompanyId(uuid::Uuid::nil());
    let mut head = None;
    let mut subscription = Subscription::new(reader.clone(), Checkpoint::start());
    loop {
        if head.is_none() {
            head = reader.head(nobody).await.ok();
        }
        if head.as_ref().is_some_and(|head| subscription.checkpoint().covers(head)) {
            finished.send_replace(true);
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
            Ok(member) => {
                people.extend(member.map(|member| (event.envelope.company, member)));
                None
            }
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

/// Whom `event` erased.
fn erased(event: &RecordedEvent) -> Result<Option<MemberId>, DecodeError> {
    let envelope = &event.envelope;
    let (StreamKind::Member, Some(member)) = (envelope.kind, envelope.key.uuid()) else { return Ok(None) };
    let decoded = MemberEvent::decode(&envelope.event_type, envelope.version, &event.data)?;
    Ok(matches!(decoded, MemberEvent::MemberErased(_)).then_some(MemberId(member)))
}

#[cfg(test)]
mod tests {
    use twostep_event_store::MemoryStore;
    use twostep_vault::{Existing, Field, MasterKey, MemoryKeyStore, OpenError, Owner, SqliteKeyStore};

    use super::*;
    use crate::following::tests::{append, log_with};

    #[tokio::test]
    async fn s24_it_is_finished_once_the_keys_of_everybody_erased_are_gone_and_not_before() {
        let log = log_with(StreamKind::Member, "MemberErased").await;
        let vault = Vault::open(MemoryKeyStore::default(), MasterKey::draw(), Existing::Nothing).unwrap();
        let nobody = uuid::Uuid::nil();
        let owner = Owner::Member(CompanyId(nobody), MemberId(nobody));
        let sealed = vault.seal(owner, Field::Name, "Zebediah").unwrap();
        let (vault, stop) = (Arc::new(vault), Stop::new());
        let (finished, mut seen) = watch::channel(false);
        let following = Following::new("erasures");
        let work = finish_erasures(Arc::new(log), vault.clone(), following, finished, stop.clone());
        let work = tokio::spawn(work);
        seen.wait_for(|finished| *finished).await.unwrap();
        assert!(matches!(vault.unseal(owner, Field::Name, &sealed), Err(OpenError::Erased)));
        stop.request();
        work.await.unwrap();
    }

    #[tokio::test]
    async fn an_event_that_is_too_new_stops_it_instead_of_being_skipped() {
        let log = log_with(StreamKind::Member, "MemberForgotten").await;
        let vault = Vault::open(MemoryKeyStore::default(), MasterKey::draw(), Existing::Nothing).unwrap();
        let following = Following::new("erasures");
        let (finished, seen) = watch::channel(false);
        finish_erasures(Arc::new(log), Arc::new(vault), following.clone(), finished, Stop::new()).await;
        assert!(!*seen.borrow(), "it says that nobody erased is left");
        assert!(following.stopped().is_some_and(|reason| reason.contains("MemberForgotten")));
    }

    /// How often the file at `path` was written durably, as SQLite counts it in its header.
    fn writes(path: &std::path::Path) -> u32 {
        let file = std::fs::read(path).unwrap();
        u32::from_be_bytes(file[24..28].try_into().unwrap())
    }

    #[tokio::test]
    async fn everybody_erased_costs_one_durable_write_and_none_at_the_next_start() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("keys.db");
        let log = Arc::new(MemoryStore::new());
        for number in 1..=20 {
            append(&log, StreamKind::Member, uuid::Uuid::from_u128(number), "MemberErased").await;
        }
        let vault = Vault::open(SqliteKeyStore::open(&path).unwrap(), MasterKey::draw(), Existing::Nothing);
        let vault = Arc::new(vault.unwrap());
        let mut written = vec![writes(&path)];
        for _ in 0..2 {
            let stop = Stop::new();
            let (finished, mut seen) = watch::channel(false);
            let following = Following::new("erasures");
            let work = finish_erasures(log.clone(), vault.clone(), following, finished, stop.clone());
            let work = tokio::spawn(work);
            seen.wait_for(|finished| *finished).await.unwrap();
            stop.request();
            work.await.unwrap();
            written.push(writes(&path));
        }
        assert_eq!(written, [written[0], written[0] + 1, written[0] + 1]);
    }
}
