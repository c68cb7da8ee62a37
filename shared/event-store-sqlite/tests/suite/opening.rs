//! What is opened, what is refused, and what the refusal says.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use rusqlite::Connection;
use twostep_event_store::{AppendError, Appended, Reader as _, Revision, Writer as _};
use twostep_event_store_sqlite::{OpenError, OpenOptions, SqliteReader, SqliteStore};

use crate::given::{events, place, stream};

async fn append(store: &SqliteStore, number: usize, count: usize) -> anyhow::Result<Appended> {
    let token = store.load(&stream(number), None).await?.token;
    Ok(store.append(token, events(count)).await?)
}

/// Both ways of opening must refuse, with a text that names the file.
fn refusals(path: &Path) -> [OpenError; 2] {
    let errors = [SqliteStore::open(path).err(), SqliteReader::open(path).err()];
    errors.map(|error| {
        let error = error.expect("this is no log to open");
        assert!(error.to_string().contains(path.to_str().expect("a path")), "{error}");
        error
    })
}

#[tokio::test]
async fn a_log_is_found_again_as_it_was() -> anyhow::Result<()> {
    let (_directory, path) = place();
    for round in 0..3 {
        let store = SqliteStore::open(&path)?;
        assert_eq!(append(&store, 1, 2).await?.revision, Revision(2 * round + 1));
        assert_eq!(append(&store, 2, 1).await?.position.offset(), 3 * (round + 1));
    }
    let store = SqliteStore::open(&path)?;
    assert_eq!(store.load(&stream(1), None).await?.events.len(), 6);
    let head = store.head(stream(1).company).await?;
    assert_eq!(head, SqliteReader::open(&path)?.head(stream(1).company).await?);
    Ok(())
}

#[tokio::test]
async fn a_second_writer_is_refused_and_readers_are_not() -> anyhow::Result<()> {
    let (_directory, path) = place();
    let store = SqliteStore::open(&path)?;
    append(&store, 1, 1).await?;
    let error = SqliteStore::open(&path).err().expect("a second writer is refused");
    assert!(matches!(error, OpenError::Locked { .. }), "{error}");
    assert!(error.to_string().contains(&format!("process {}", std::process::id())), "{error}");
    let readers = [SqliteReader::open(&path)?, SqliteReader::open(&path)?];
    for reader in &readers {
        assert_eq!(reader.load(&stream(1), None).await?.events.len(), 1);
    }
    drop(store);
    append(&SqliteStore::open(&path)?, 1, 1).await?;
    assert_eq!(readers[0].load(&stream(1), None).await?.events.len(), 2);
    Ok(())
}

#[tokio::test]
async fn the_writers_files_are_its_owners() -> anyhow::Result<()> {
    let (directory, path) = place();
    let store = SqliteStore::open(&path)?;
    append(&store, 1, 1).await?;
    let mut names = Vec::new();
    for entry in fs::read_dir(&directory)? {
        let entry = entry?;
        assert_eq!(entry.metadata()?.permissions().mode() & 0o777, 0o600, "{:?}", entry.file_name());
        names.push(entry.file_name().into_string().expect("a name"));
    }
    names.sort();
    assert_eq!(names, ["log.db", "log.db-shm", "log.db-wal", "log.db.lock"]);
    Ok(())
}

/// Whom the operator lets read the log, reads what belongs to it.
#[tokio::test]
async fn a_mode_that_the_operator_set_is_kept_and_handed_on() -> anyhow::Result<()> {
    let (_directory, path) = place();
    drop(SqliteStore::open(&path)?);
    fs::set_permissions(&path, fs::Permissions::from_mode(0o640))?;
    let store = SqliteStore::open(&path)?;
    append(&store, 1, 1).await?;
    for file in ["log.db", "log.db-wal", "log.db-shm"] {
        assert_eq!(fs::metadata(path.with_file_name(file))?.permissions().mode() & 0o777, 0o640, "{file}");
    }
    Ok(())
}

#[test]
fn a_reader_makes_no_log() {
    let (_directory, path) = place();
    let error = SqliteReader::open(&path).err().expect("there is no log");
    assert!(matches!(error, OpenError::Missing { .. }), "{error}");
    assert!(!path.exists());
}

#[test]
fn a_directory_that_is_not_there_is_named() {
    let (directory, _) = place();
    let path = directory.path().join("missing/log.db");
    let error = SqliteStore::open(&path).err().expect("there is no directory");
    assert!(matches!(error, OpenError::Failed { .. }), "{error}");
    assert!(error.to_string().contains("missing/log.db"), "{error}");
}

#[test]
fn foreign_files_are_refused_and_left_alone() -> anyhow::Result<()> {
    let (_directory, path) = place();
    Connection::open(&path)?.execute_batch("CREATE TABLE theirs (a); PRAGMA user_version = 1")?;
    let before = fs::read(&path)?;
    for error in refusals(&path) {
        assert!(matches!(error, OpenError::Foreign { .. }), "{error}");
    }
    assert_eq!(fs::read(&path)?, before);

    let text = "not a database ".repeat(1000);
    fs::write(&path, &text)?;
    for error in refusals(&path) {
        assert!(matches!(error, OpenError::Damaged { .. }), "{error}");
        assert!(error.to_string().contains("restore"), "{error}");
    }
    assert_eq!(fs::read_to_string(&path)?, text);
    Ok(())
}

/// A log that lost everything must not be taken for a new one.
#[test]
fn an_empty_file_is_a_damaged_log() -> anyhow::Result<()> {
    let (_directory, path) = place();
    drop(SqliteStore::open(&path)?);
    fs::write(&path, "")?;
    for error in refusals(&path) {
        assert!(matches!(error, OpenError::Damaged { .. }), "{error}");
    }
    assert_eq!(fs::metadata(&path)?.len(), 0);
    Ok(())
}

#[test]
fn what_a_killed_first_start_left_is_made_anew() -> anyhow::Result<()> {
    let (_directory, path) = place();
    fs::write(path.with_file_name("log.db.new"), "half a log")?;
    drop(SqliteStore::open(&path)?);
    assert!(!path.with_file_name("log.db.new").exists());
    Ok(())
}

#[test]
fn a_newer_schema_is_refused() -> anyhow::Result<()> {
    let (_directory, path) = place();
    drop(SqliteStore::open(&path)?);
    Connection::open(&path)?.execute_batch("PRAGMA user_version = 99")?;
    for error in refusals(&path) {
        assert!(matches!(error, OpenError::Newer { found: 99, .. }), "{error}");
    }
    Ok(())
}

#[tokio::test]
async fn damaged_logs_are_refused() -> anyhow::Result<()> {
    let (_directory, path) = place();
    let store = SqliteStore::open(&path)?;
    for number in 0..40 {
        append(&store, number % 3, 3).await?;
    }
    drop(store);
    assert!(!path.with_file_name("log.db-wal").exists(), "a writer that stops leaves one whole file");
    let whole = fs::read(&path)?;
    let garbage = |range: std::ops::Range<usize>| {
        let mut bytes = whole.clone();
        bytes[range].fill(0x5a);
        bytes
    };
    let damages = [
        ("cut in half", whole[..whole.len() / 2].to_vec()),
        ("cut by a page", whole[..whole.len() - 4096].to_vec()),
        ("another header", garbage(0..100)),
        ("another schema", garbage(100..4096)),
    ];
    for (damage, bytes) in damages {
        fs::write(&path, &bytes)?;
        for error in refusals(&path) {
            assert!(matches!(error, OpenError::Damaged { .. }), "{damage}: {error}");
            let text = error.to_string();
            assert!(text.contains("restore") && text.contains("don't delete"), "{damage}: {text}");
        }
        assert_eq!(fs::read(&path)?, bytes, "{damage}: the evidence stays");
    }
    Ok(())
}

/// Damage that opening doesn't look at is found by the read that meets it.
#[tokio::test]
async fn a_damaged_event_is_reported_and_not_skipped() -> anyhow::Result<()> {
    let (_directory, path) = place();
    let store = SqliteStore::open(&path)?;
    append(&store, 1, 5).await?;
    drop(store);
    let stock = Connection::open(&path)?;
    stock.execute_batch(
        "DROP TRIGGER events_do_not_change; UPDATE events SET envelope = x'00' WHERE position = 3",
    )?;
    drop(stock);
    let reader = SqliteReader::open(&path)?;
    let error = reader.load(&stream(1), None).await.expect_err("the third event is damaged").to_string();
    assert!(error.contains("position 3"), "{error}");
    assert!(reader.read(&Default::default(), 10).await.is_err());
    assert_eq!(reader.load(&stream(1), Some(Revision(2))).await?.events.len(), 2);
    Ok(())
}

/// Events in a file that nobody will open again must not be acknowledged.
#[tokio::test]
async fn a_log_that_is_deleted_or_replaced_ends_the_process() -> anyhow::Result<()> {
    for replaced in [false, true] {
        let (_directory, path) = place();
        let (fatal, fatal_heard) = std::sync::mpsc::channel();
        let on_fatal = Box::new(move |reason: &str| drop(fatal.send(reason.to_owned())));
        let store = SqliteStore::open_with(&path, OpenOptions { on_fatal, ..OpenOptions::default() })?;
        append(&store, 1, 1).await?;
        let token = store.load(&stream(1), None).await?.token;
        fs::rename(&path, path.with_file_name("elsewhere.db"))?;
        if replaced {
            fs::write(&path, "")?;
        }
        assert!(matches!(store.append(token, events(1)).await, Err(AppendError::Unavailable { .. })));
        assert!(fatal_heard.recv()?.contains("log.db"));
    }
    Ok(())
}
