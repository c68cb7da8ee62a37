//! Copies of the log.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use twostep_event_store::{Checkpoint, Reader as _, Writer as _};
use twostep_event_store_sqlite::{BackupError, SqliteReader, SqliteStore};

use crate::given::{events, place, stream};

#[tokio::test]
async fn a_copy_is_the_log_as_of_one_moment() -> anyhow::Result<()> {
    let (directory, path) = place();
    let copy = directory.path().join("copy.db");
    let store = SqliteStore::open(&path)?;
    store.append(store.load(&stream(1), None).await?.token, events(3)).await?;
    assert_eq!(SqliteReader::back_up(&path, &copy)?, 3);
    store.append(store.load(&stream(1), None).await?.token, events(2)).await?;

    let whole = store.read(&Checkpoint::start(), 10).await?;
    let copied = SqliteReader::open(&copy)?.read(&Checkpoint::start(), 10).await?;
    assert_eq!((whole.len(), copied.len()), (5, 3));
    for (original, copied) in whole.iter().zip(&copied) {
        assert_eq!(original.envelope_bytes, copied.envelope_bytes);
        assert_eq!(original.data, copied.data);
        assert_eq!(original.position, copied.position);
    }
    assert_eq!(fs::metadata(&copy)?.permissions().mode() & 0o777, 0o600);

    let restored = SqliteStore::open(&copy)?;
    let appended = restored.append(restored.load(&stream(1), None).await?.token, events(1)).await?;
    assert_eq!(appended.position.offset(), 4);
    Ok(())
}

#[test]
fn a_copy_is_never_written_over() -> anyhow::Result<()> {
    let (directory, path) = place();
    drop(SqliteStore::open(&path)?);
    let copy = directory.path().join("copy.db");
    fs::write(&copy, "the last backup")?;
    assert!(matches!(SqliteReader::back_up(&path, &copy), Err(BackupError::Exists { .. })));
    assert_eq!(fs::read_to_string(&copy)?, "the last backup");
    Ok(())
}

#[tokio::test]
async fn a_damaged_log_makes_no_copy() -> anyhow::Result<()> {
    let (directory, path) = place();
    let store = SqliteStore::open(&path)?;
    for _ in 0..30 {
        store.append(store.load(&stream(1), None).await?.token, events(3)).await?;
    }
    drop(store);
    let mut bytes = fs::read(&path)?;
    let middle = bytes.len() / 2;
    bytes[middle..middle + 4096].fill(0x5a);
    fs::write(&path, bytes)?;
    let copy = directory.path().join("copy.db");
    let error = SqliteReader::back_up(&path, &copy).expect_err("the log is damaged").to_string();
    assert!(error.contains("malformed"), "{error}");
    assert!(!copy.exists());
    Ok(())
}
