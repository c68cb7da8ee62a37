//! What the audit index promises: it misses nothing, comes back where it was, and is found out where it is wrong.

use std::path::PathBuf;

use tempfile::TempDir;
use twostep_domain::{StreamKind, Time};
use twostep_event_store::MemoryStore;
use uuid::Uuid;

use super::*;
use crate::RebuildError;
use crate::tests::{COMPANY, TECHNICIAN, all_technicians, append, append_in, company};

fn place() -> (TempDir, PathBuf) {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("audit-index.db");
    (directory, path)
}

/// The types of what the index finds, of `log`, by `filter`.
async fn found(
    index: &AuditIndex,
    log: &MemoryStore,
    filter: AuditFilter,
    after: u64,
    limit: usize,
) -> Vec<String> {
    let head = log.head(COMPANY).await.unwrap();
    let rows = index.find(COMPANY, filter, after, limit, &head).await.unwrap();
    let mut types = Vec::new();
    for row in rows {
        let event = log.event(&row.stream, row.revision).await.unwrap().unwrap();
        types.push(format!("{} {}", row.number, event.envelope.event_type));
    }
    types
}

#[tokio::test]
async fn a_history_is_found_in_order_by_type_and_person_a_page_at_a_time() {
    let (_directory, path) = place();
    let log = company().await;
    append(&log, StreamKind::Company, COMPANY.0, all_technicians()).await;
    append_in(
        CompanyId(Uuid::from_u128(77)),
        &log,
        StreamKind::Company,
        Uuid::from_u128(77),
        all_technicians(),
    )
    .await;
    append(&log, StreamKind::Company, COMPANY.0, all_technicians()).await;
    let index = AuditIndex::follow(log.clone(), &path).await.unwrap();
    let all = ["1 CompanyRegistered", "2 MemberInvited", "3 PolicyChanged", "4 PolicyChanged"];
    assert_eq!(found(&index, &log, AuditFilter::default(), 0, 10).await, all);
    assert_eq!(found(&index, &log, AuditFilter::default(), 1, 2).await, all[1..3]);
    let of_type = AuditFilter { event_type: Some("PolicyChanged".to_owned()), ..AuditFilter::default() };
    assert_eq!(found(&index, &log, of_type, 3, 10).await, all[3..]);
    let of_person = AuditFilter { member: Some(TECHNICIAN), ..AuditFilter::default() };
    assert_eq!(found(&index, &log, of_person, 0, 10).await, all[1..2]);
    for (streams, wanted) in [
        (vec![Streams::All(StreamKind::Company)], vec![all[0], all[2], all[3]]),
        (vec![Streams::One(StreamKind::Member, TECHNICIAN.0)], vec![all[1]]),
        (vec![Streams::One(StreamKind::SecondStep, TECHNICIAN.0)], vec![]),
        (
            vec![Streams::One(StreamKind::Member, TECHNICIAN.0), Streams::All(StreamKind::Company)],
            all.to_vec(),
        ),
    ] {
        let of_streams = AuditFilter { streams, ..AuditFilter::default() };
        assert_eq!(found(&index, &log, of_streams, 0, 10).await, wanted);
    }
    let later = AuditFilter {
        from: Some(Time::UNIX_EPOCH + chrono::Duration::microseconds(1)),
        ..AuditFilter::default()
    };
    assert!(found(&index, &log, later, 0, 10).await.is_empty());
    let earlier = AuditFilter { until: Some(Time::UNIX_EPOCH), ..AuditFilter::default() };
    assert!(found(&index, &log, earlier, 0, 10).await.is_empty());
}

#[tokio::test]
async fn it_goes_on_where_it_stood_and_begins_anew_with_another_log() {
    let (_directory, path) = place();
    let log = company().await;
    let index = AuditIndex::follow(log.clone(), &path).await.unwrap();
    assert_eq!(found(&index, &log, AuditFilter::default(), 0, 10).await.len(), 2);
    drop(index);
    append(&log, StreamKind::Company, COMPANY.0, all_technicians()).await;
    let index = AuditIndex::follow(log.clone(), &path).await.unwrap();
    assert_eq!(found(&index, &log, AuditFilter::default(), 0, 10).await.len(), 3);
    drop(index);
    // A log from a backup, which went another way since.
    let other = company().await;
    append(&other, StreamKind::Member, Uuid::from_u128(5), crate::tests::invited()).await;
    let index = AuditIndex::follow(other.clone(), &path).await.unwrap();
    let found = found(&index, &other, AuditFilter::default(), 2, 10).await;
    assert_eq!(found, ["3 MemberInvited"]);
}

#[tokio::test]
async fn a_file_that_is_no_index_is_made_anew() {
    let (_directory, path) = place();
    std::fs::write(&path, "no index at all, but some text that is long enough to be looked at").unwrap();
    let log = company().await;
    let index = AuditIndex::follow(log.clone(), &path).await.unwrap();
    assert_eq!(found(&index, &log, AuditFilter::default(), 0, 10).await.len(), 2);
}

#[tokio::test]
async fn an_index_that_hides_something_is_found_out_by_its_rebuild_and_mended() {
    let (directory, path) = place();
    let log = company().await;
    let index = AuditIndex::follow(log.clone(), &path).await.unwrap();
    assert_eq!(found(&index, &log, AuditFilter::default(), 0, 10).await.len(), 2);
    assert!(index.rebuild().await.unwrap().same);
    rusqlite::Connection::open(&path).unwrap().execute("DELETE FROM events WHERE number = 2", []).unwrap();
    assert_eq!(found(&index, &log, AuditFilter::default(), 0, 10).await.len(), 1);
    assert!(!index.rebuild().await.unwrap().same);
    assert_eq!(found(&index, &log, AuditFilter::default(), 0, 10).await.len(), 2);
    append(&log, StreamKind::Company, COMPANY.0, all_technicians()).await;
    assert_eq!(found(&index, &log, AuditFilter::default(), 0, 10).await.len(), 3);
    assert!(index.rebuild().await.unwrap().same);
    let left: Vec<_> =
        std::fs::read_dir(directory.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert!(left.iter().all(|name| name.to_string_lossy().starts_with("audit-index.db")), "{left:?}");
}

#[tokio::test]
async fn it_is_rebuilt_once_at_a_time() {
    let (_directory, path) = place();
    let log = company().await;
    let index = AuditIndex::follow(log.clone(), &path).await.unwrap();
    assert_eq!(found(&index, &log, AuditFilter::default(), 0, 10).await.len(), 2);
    let (first, second) = tokio::join!(index.rebuild(), index.rebuild());
    assert!(first.unwrap().same);
    assert!(matches!(second, Err(RebuildError::Underway { .. })), "{second:?}");
    assert!(index.rebuild().await.unwrap().same, "what was refused is in the way");
}

#[tokio::test]
async fn a_page_that_does_not_join_on_stops_it_instead_of_hiding_what_lies_between() {
    let (_directory, path) = place();
    let log = company().await;
    let index = AuditIndex::follow(log.clone(), &path).await.unwrap();
    assert_eq!(found(&index, &log, AuditFilter::default(), 0, 10).await.len(), 2);
    let emptied = "DELETE FROM events; DELETE FROM progress";
    rusqlite::Connection::open(&path).unwrap().execute_batch(emptied).unwrap();
    append(&log, StreamKind::Company, COMPANY.0, all_technicians()).await;
    let head = log.head(COMPANY).await.unwrap();
    let behind = index.reached(&head).await;
    assert!(matches!(behind, Err(Behind::Stopped { .. })), "{behind:?}");
    drop(index);
    let index = AuditIndex::follow(log.clone(), &path).await.unwrap();
    assert_eq!(found(&index, &log, AuditFilter::default(), 0, 10).await.len(), 3);
}

#[tokio::test]
async fn a_page_that_is_known_changes_nothing() {
    let (_directory, path) = place();
    let events = company().await.read(&Checkpoint::start(), 10).await.unwrap();
    let mut table = Table::make(&path).unwrap();
    table.add(&Checkpoint::start(), &events).unwrap();
    table.add(&Checkpoint::start(), &events[..1]).unwrap();
    let reached = table.reached().unwrap().unwrap();
    assert_eq!(reached.last.2, events[1].envelope.id, "the last event is not what the checkpoint is of");
}

#[tokio::test]
async fn a_checkpoint_that_is_not_of_the_event_it_ends_with_is_not_believed() {
    let (_directory, path) = place();
    let log = company().await;
    let index = AuditIndex::follow(log.clone(), &path).await.unwrap();
    assert_eq!(found(&index, &log, AuditFilter::default(), 0, 10).await.len(), 2);
    drop(index);
    let first = log.read(&Checkpoint::start(), 1).await.unwrap().remove(0).envelope;
    let forged = rusqlite::Connection::open(&path).unwrap().execute(
        "UPDATE progress SET kind = ?1, key = ?2, revision = 0, id = ?3",
        rusqlite::params![first.kind.as_str(), first.key.as_str(), first.id.0.as_bytes()],
    );
    assert_eq!(forged.unwrap(), 1);
    // A log from a backup that has the first event, and went another way after it.
    let other = Arc::new(MemoryStore::new());
    append(&other, StreamKind::Company, COMPANY.0, crate::tests::registered()).await;
    append(&other, StreamKind::Company, COMPANY.0, all_technicians()).await;
    let index = AuditIndex::follow(other.clone(), &path).await.unwrap();
    let found = found(&index, &other, AuditFilter::default(), 0, 10).await;
    assert_eq!(found, ["1 CompanyRegistered", "2 PolicyChanged"]);
}

#[tokio::test]
async fn while_its_file_cannot_be_written_it_says_so_and_then_goes_on() {
    let (_directory, path) = place();
    let log = company().await;
    let index = AuditIndex::follow(log.clone(), &path).await.unwrap();
    assert_eq!(found(&index, &log, AuditFilter::default(), 0, 10).await.len(), 2);
    assert_eq!(index.stuck(), None);
    let file = rusqlite::Connection::open(&path).unwrap();
    file.execute_batch("ALTER TABLE progress RENAME TO away").unwrap();
    let mut hindrances = index.progress.hindrance.subscribe();
    append(&log, StreamKind::Company, COMPANY.0, all_technicians()).await;
    hindrances.wait_for(Option::is_some).await.unwrap();
    assert!(index.stuck().is_some_and(|reason| reason.contains("progress")), "{:?}", index.stuck());
    file.execute_batch("ALTER TABLE away RENAME TO progress").unwrap();
    assert_eq!(found(&index, &log, AuditFilter::default(), 0, 10).await.len(), 3);
    hindrances.wait_for(Option::is_none).await.unwrap();
    assert_eq!(index.stuck(), None);
}
