//! A backup of log and keys: a data directory that a start takes, of one moment.

use std::fs::{self, DirBuilder, OpenOptions};
use std::io::Write as _;
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail, ensure};
use clap::Args;
use twostep_api::BackedUp;
use twostep_command_service::Backups;
use twostep_event_store_sqlite::{SqliteReader, WriterLock};
use twostep_runtime::profile::MARKER;
use twostep_vault::SqliteKeyStore;

/// What to copy where, while no service runs; `twostep backup` knows whether one does.
#[derive(Args)]
pub(crate) struct Backup {
    /// Where log and keys lie.
    #[arg(long, env = "TWOSTEP_DATA")]
    data: PathBuf,
    /// The new directory to write to.
    #[arg(long, value_name = "DIRECTORY")]
    to: PathBuf,
}

/// Writes a backup of data that nobody uses and that nobody can begin to use meanwhile; prints a line of JSON.
pub(crate) fn run(backup: &Backup) -> anyhow::Result<()> {
    let log = backup.data.join("log.db");
    ensure!(log.exists(), "there is no log in {}: check --data", backup.data.display());
    let _lock = WriterLock::take(&log)?;
    let written = write(&backup.data, &std::path::absolute(&backup.to)?)?;
    Ok(writeln!(std::io::stdout(), "{}", serde_json::to_string(&written)?)?)
}

/// The data of this process.
pub(crate) struct Data(pub(crate) PathBuf);

impl Backups for Data {
    fn back_up(&self, to: &Path) -> Result<BackedUp, String> {
        write(&self.0, to).map_err(|error| format!("{error:#}"))
    }
}

/// Writes a backup of `data` to `to`, which appears whole or not at all.
fn write(data: &Path, to: &Path) -> anyhow::Result<BackedUp> {
    ensure!(to.is_absolute(), "{} is no full path", to.display());
    if fs::symlink_metadata(to).is_ok() {
        bail!("{} is there already: a backup goes into a directory of its own, name another", to.display());
    }
    let mut part = to.as_os_str().to_owned();
    part.push(".part");
    let part = PathBuf::from(part);
    DirBuilder::new().mode(0o700).create(&part).with_context(|| {
        format!("making {} (where it is left from a backup that broke off, remove it)", part.display())
    })?;
    let written = fill(data, &part)
        .and_then(|counts| fs::rename(&part, to).context("giving the whole backup its name").map(|()| counts))
        .and_then(|counts| sync(to.parent().unwrap_or(to)).map(|()| counts));
    let (events, keys) = written.inspect_err(|_| drop(fs::remove_dir_all(&part)))?;
    tracing::info!(to = %to.display(), events, keys, "a backup was written");
    Ok(BackedUp { directory: to.display().to_string(), events, keys })
}

/// The log first: a key is durable before the event that needs it, so the keys that are there afterwards are enough.
fn fill(data: &Path, to: &Path) -> anyhow::Result<(u64, usize)> {
    let events = SqliteReader::back_up(data.join("log.db"), to.join("log.db"))?;
    let keys = SqliteKeyStore::back_up(&data.join("keys.db"), &to.join("keys.db"))?;
    let profile = fs::read(data.join(MARKER)).context("reading the profile's marker")?;
    let mut marker = OpenOptions::new().write(true).create_new(true).mode(0o600).open(to.join(MARKER))?;
    marker.write_all(&profile).and_then(|()| marker.sync_all()).context("copying the profile's marker")?;
    sync(to)?;
    Ok((events, keys))
}

/// Makes the names in `directory` durable.
fn sync(directory: &Path) -> anyhow::Result<()> {
    let synced = fs::File::open(directory).and_then(|directory| directory.sync_all());
    synced.with_context(|| format!("syncing {}", directory.display()))
}

#[cfg(test)]
mod tests {
    use twostep_event_store_sqlite::SqliteStore;
    use twostep_runtime::Profile;

    use super::*;

    #[test]
    fn the_log_is_whole_in_the_backup_before_the_keys_are_read() {
        let home = tempfile::tempdir().unwrap();
        let [data, to] = ["data", "backup"].map(|name| home.path().join(name));
        Profile::Demo.claim(&data).unwrap();
        drop(SqliteStore::open(data.join("log.db")).unwrap());
        drop(SqliteKeyStore::open(&data.join("keys.db")).unwrap());
        let keys = rusqlite::Connection::open(data.join("keys.db")).unwrap();
        keys.execute_batch("BEGIN EXCLUSIVE").unwrap();
        std::thread::scope(|scope| {
            let writing = scope.spawn(|| write(&data, &to));
            while !home.path().join("backup.part/log.db").exists() {
                assert!(!writing.is_finished(), "the keys came first, or nothing");
                std::thread::yield_now();
            }
            keys.execute_batch("COMMIT").unwrap();
            writing.join().unwrap().unwrap();
        });
        assert!(to.join("keys.db").exists());
    }
}
