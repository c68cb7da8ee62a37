//! What a killed process, a lost page cache and a failing disk leave behind.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::os::unix::process::ExitStatusExt as _;
use std::path::Path;

use twostep_domain::EventId;
use twostep_event_store::{Checkpoint, Reader, RecordedEvent, StreamId};
use twostep_event_store_sqlite::{SqliteReader, SqliteStore};

use crate::child::{Part, Running, Said, Work};
use crate::disk::{Disk, Field};
use crate::given::{place, stream};

const SIGKILL: i32 = 9;
const SIGABRT: i32 = 6;

/// Everything that was ever acknowledged on one log.
#[derive(Default)]
struct Acknowledged(BTreeSet<EventId>);

impl Acknowledged {
    fn hear(&mut self, said: impl IntoIterator<Item = Said>) {
        for said in said {
            if let Said::Acknowledged(ids) = said {
                self.0.extend(ids.iter().map(|id| id.parse::<EventId>().expect("an id")));
            }
        }
    }

    /// Opens the log as the next process would, and checks that it holds all of this, and no half of anything.
    async fn verify(&self, log: &Path) {
        let store = SqliteStore::open(log).expect("the log opens again");
        let events = read_all(&store).await;
        assert_whole(&events);
        let found: BTreeSet<EventId> = events.iter().map(|event| event.envelope.id).collect();
        let lost: Vec<_> = self.0.difference(&found).collect();
        assert!(lost.is_empty(), "{} of {} acknowledged events are lost: {lost:?}", lost.len(), self.0.len());
    }
}

async fn read_all(reader: &dyn Reader) -> Vec<RecordedEvent> {
    reader.read(&Checkpoint::start(), usize::MAX).await.expect("the log reads")
}

/// Positions and revisions have no gaps, and every command is there as a whole and in one piece.
fn assert_whole(events: &[RecordedEvent]) {
    let mut revisions: BTreeMap<StreamId, u64> = BTreeMap::new();
    let mut open: Option<(String, usize, StreamId)> = None;
    for (position, event) in (1..).zip(events) {
        assert_eq!(event.position.offset(), position);
        let next = revisions.entry(event.stream()).or_default();
        assert_eq!(event.envelope.revision.0, *next, "{}", event.stream());
        *next += 1;
        let part: Part = serde_json::from_slice(&event.data).expect("the data is what was appended");
        let expected = open.take().unwrap_or_else(|| (part.command.clone(), 0, event.stream()));
        assert_eq!(
            (part.command.clone(), part.number, event.stream()),
            expected,
            "a command is in one piece"
        );
        if part.number + 1 < part.of {
            open = Some((part.command, part.number + 1, event.stream()));
        }
    }
    assert!(open.is_none(), "half a command is in the log: {open:?}");
}

/// Lets the process work until it has said so many things after opening.
fn hear(running: &mut Running, count: usize) -> Vec<Said> {
    assert_eq!(running.next(), Some(Said::Open));
    (0..count).map(|_| running.next().expect("the process works on")).collect()
}

#[tokio::test]
async fn a_killed_process_loses_nothing_that_it_acknowledged() {
    let (_directory, log) = place();
    let mut acknowledged = Acknowledged::default();
    for (round, answers) in [0, 1, 2, 3, 7, 20, 50, 90, 130, 200].into_iter().enumerate() {
        let work = Work { workers: 1 + round % 3 * 7, shared: round % 2 == 0, ..Work::on(&log) };
        let mut running = Running::start(&work, None);
        acknowledged.hear(hear(&mut running, answers));
        acknowledged.hear(running.kill());
        acknowledged.verify(&log).await;
    }
}

/// The process dies in the middle of its n-th write, for every n: half the bytes are there.
#[tokio::test]
async fn a_write_that_is_torn_by_a_kill_loses_nothing_that_was_acknowledged() {
    let (directory, log) = place();
    let mut acknowledged = Acknowledged::default();
    for n in 1..=40 {
        let disk = Disk::new(directory.path());
        disk.set(Field::KillWrite, n);
        let work = Work { disk: Some(disk.path().to_owned()), shared: true, workers: 3, ..Work::on(&log) };
        let (said, status) = Running::start(&work, None).end();
        assert_eq!((status.signal(), disk.get(Field::Writes)), (Some(SIGKILL), n));
        acknowledged.hear(said);
        acknowledged.verify(&log).await;
    }
}

/// The same while a process makes the log and opens it.
#[tokio::test]
async fn a_kill_while_making_a_log_leaves_one_that_opens() {
    for n in 1..=24 {
        let (directory, log) = place();
        let mut acknowledged = Acknowledged::default();
        let disk = Disk::new(directory.path());
        disk.set(Field::KillWrite, n);
        let work = Work { disk: Some(disk.path().to_owned()), armed: true, ..Work::on(&log) };
        let (said, status) = Running::start(&work, None).end();
        assert_eq!(status.signal(), Some(SIGKILL));
        acknowledged.hear(said);
        acknowledged.verify(&log).await;
    }
}

/// What was synced, and nothing else, survives: every acknowledged event must be in it.
#[tokio::test]
async fn a_loss_of_power_loses_nothing_that_was_acknowledged() {
    for (answers, workers, size) in [(1, 1, 200), (30, 1, 200), (100, 16, 200), (120, 4, 20_000)] {
        let (directory, log) = place();
        let shadow = tempfile::tempdir().expect("a temporary directory");
        drop(SqliteStore::open(&log).expect("a new log opens"));
        fs::copy(&log, shadow.path().join("log.db")).expect("a new log is on the disk");
        let disk = Disk::new(directory.path());
        let work = Work { workers, size, disk: Some(disk.path().to_owned()), ..Work::on(&log) };
        let mut running = Running::start(&work, Some(shadow.path()));
        let mut acknowledged = Acknowledged::default();
        acknowledged.hear(hear(&mut running, answers));
        acknowledged.hear(running.kill());
        acknowledged.verify(&shadow.path().join("log.db")).await;
        acknowledged.verify(&log).await;
    }
}

/// From the n-th sync on the disk fails, for every n: commits and, the events being large, checkpoints.
#[tokio::test]
async fn a_failed_sync_ends_the_process_and_loses_nothing() {
    let mut failed = BTreeSet::new();
    for n in 1..=72 {
        let (directory, log) = place();
        let mut acknowledged = Acknowledged::default();
        let disk = Disk::new(directory.path());
        disk.set(Field::FailSync, n);
        // Streams take turns, as each append loads what it goes on from.
        let work = Work { size: 60_000, shared: true, disk: Some(disk.path().to_owned()), ..Work::on(&log) };
        let (said, status) = Running::start(&work, None).end();
        assert_eq!(status.signal(), Some(SIGABRT), "at sync {n}");
        assert_eq!(disk.get(Field::Syncs), n, "a failed sync is not tried again");
        failed.insert(disk.get(Field::Failed));
        acknowledged.hear(said);
        acknowledged.verify(&log).await;
    }
    assert_eq!(
        failed,
        BTreeSet::from([1, 2]),
        "both the write-ahead log's and the database's syncs were failed"
    );
}

/// Where there is room in the write-ahead log and none to copy it, nobody need know.
#[tokio::test]
async fn a_checkpoint_on_a_full_disk_takes_nothing_from_appends() {
    let (directory, log) = place();
    let disk = Disk::new(directory.path());
    disk.set(Field::Full, 2);
    let work = Work { size: 60_000, appends: 80, disk: Some(disk.path().to_owned()), ..Work::on(&log) };
    let (said, status) = Running::start(&work, None).end();
    assert!(status.success());
    assert_eq!(said.iter().filter(|said| matches!(said, Said::Acknowledged(_))).count(), 80);
    let mut acknowledged = Acknowledged::default();
    acknowledged.hear(said);
    acknowledged.verify(&log).await;
}

/// A process that opens a log on such a disk, or makes one, doesn't get as far as serving, whichever of its syncs fails.
#[tokio::test]
async fn a_failed_sync_while_opening_refuses_to_open() {
    let (_directory, killed) = place();
    let mut acknowledged = Acknowledged::default();
    let mut running = Running::start(&Work::on(&killed), None);
    acknowledged.hear(hear(&mut running, 20));
    acknowledged.hear(running.kill());
    let copied = |log: &Path| {
        for part in ["", "-wal"] {
            let of = |log: &Path| format!("{}{part}", log.display());
            fs::copy(of(&killed), of(log)).expect("the killed process's log is copied");
        }
    };
    fails_to_open_at_every_sync(&acknowledged, copied).await;
    fails_to_open_at_every_sync(&Acknowledged::default(), |_| {}).await;
}

/// Opens what `prepare` leaves, with the n-th sync failing and none after it, until opening has no sync left to fail.
async fn fails_to_open_at_every_sync(acknowledged: &Acknowledged, prepare: impl Fn(&Path)) {
    for n in 1.. {
        let (directory, log) = place();
        prepare(&log);
        let disk = Disk::new(directory.path());
        disk.set(Field::FailSync, n);
        disk.set(Field::Once, 1);
        let work = Work { disk: Some(disk.path().to_owned()), armed: true, appends: 0, ..Work::on(&log) };
        let (said, status) = Running::start(&work, None).end();
        if said == [Said::Open] {
            assert_eq!(disk.get(Field::Syncs), n - 1, "it opened although a sync had failed");
            assert!(n > 2, "opening syncs more than once");
            break;
        }
        assert_eq!((said, status.success()), (Vec::new(), false), "at sync {n}");
        acknowledged.verify(&log).await;
    }
}

/// Where the hook lets the process live, the store takes nothing more and touches the disk no more.
#[tokio::test]
async fn after_a_failed_sync_every_append_is_unavailable() {
    let (directory, log) = place();
    let disk = Disk::new(directory.path());
    disk.set(Field::FailSync, 3);
    let survive = Work { survive: true, workers: 8, appends: 20, ..Work::on(&log) };
    let work = Work { disk: Some(disk.path().to_owned()), ..survive };
    let (said, status) = Running::start(&work, None).end();
    assert!(status.success());
    assert_eq!(said.iter().filter(|said| **said == Said::Fatal).count(), 1);
    let refused = said.iter().filter(|said| **said == Said::Unavailable).count();
    let answered = said.iter().filter(|said| matches!(said, Said::Acknowledged(_))).count();
    assert_eq!(refused + answered, 8 * 20, "every append has an answer");
    assert_eq!(disk.get(Field::Syncs), 3, "nothing is synced after the failure");
    let mut acknowledged = Acknowledged::default();
    acknowledged.hear(said);
    acknowledged.verify(&log).await;
}

#[tokio::test]
async fn a_full_disk_refuses_appends_until_there_is_room() {
    let (directory, log) = place();
    let disk = Disk::new(directory.path());
    let work = Work { workers: 4, shared: true, disk: Some(disk.path().to_owned()), ..Work::on(&log) };
    let mut running = Running::start(&work, None);
    let mut acknowledged = Acknowledged::default();
    acknowledged.hear(hear(&mut running, 10));
    for _ in 0..3 {
        disk.set(Field::Full, 1);
        let mut refused = 0;
        while refused < 12 {
            match running.next().expect("a full disk doesn't end the process") {
                Said::Full => refused += 1,
                said => acknowledged.hear([said]),
            }
        }
        let while_full = SqliteReader::open(&log).expect("a full disk can be read");
        assert_whole(&read_all(&while_full).await);
        disk.set(Field::Full, 0);
        let mut answered = 0;
        while answered < 12 {
            let said = running.next().expect("the process works on");
            answered += usize::from(matches!(said, Said::Acknowledged(_)));
            acknowledged.hear([said]);
        }
    }
    acknowledged.hear(running.kill());
    acknowledged.verify(&log).await;
}

#[test]
fn one_append_at_a_time_is_one_sync_each_and_many_share_them() {
    let syncs = |workers: usize, appends: usize| {
        let (directory, log) = place();
        let disk = Disk::new(directory.path());
        let work = Work { workers, appends, disk: Some(disk.path().to_owned()), ..Work::on(&log) };
        let (said, status) = Running::start(&work, None).end();
        assert!(status.success());
        assert_eq!(said.len(), 1 + workers * appends);
        disk.get(Field::Syncs)
    };
    // The first one also syncs the header of the write-ahead log, and the end copies it into the database.
    let alone = syncs(1, 50);
    assert!((50..=54).contains(&alone), "{alone} syncs for 50 appends one by one");
    // How many find themselves in one group is the scheduler's; without groups there would be one sync each at least.
    let together = syncs(64, 10);
    assert!(together <= 640 / 2, "{together} syncs for 640 appends of 64 at a time");
}

/// A stream that is loaded after all that goes on where it was.
#[tokio::test]
async fn a_stream_goes_on_after_a_kill() -> anyhow::Result<()> {
    use twostep_event_store::Writer as _;
    let (_directory, log) = place();
    let mut running = Running::start(&Work::on(&log), None);
    hear(&mut running, 5);
    running.kill();
    let store = SqliteStore::open(&log)?;
    let loaded = store.load(&stream(0), None).await?;
    let next = loaded.token.next();
    assert_eq!(next.0, loaded.events.len() as u64);
    let appended = store.append(loaded.token, crate::given::events(1)).await?;
    assert_eq!(appended.revision, next);
    Ok(())
}
