//! A backup of log and keys: a data directory that a start takes, of one moment.

use std::fs::{self, DirBuilder, OpenOptions};
use std::io::Write as _;
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail, ensure};
use twostep_api::BackedUp;
use twostep_event_store_sqlite::{SqliteReader, WriterLock};
use twostep_runtime::profile::MARKER;
use twostep_service::Backups;
use twostep_vault::SqliteKeyStore;

/// Writes a backup of data that nobody uses and that nobody can begin to use meanwhile.
///
/// # Errors
/// A service runs over them, or what keeps it from being written.
pub fn of_files(data: &Path, to: &Path) -> anyhow::Result<BackedUp> {
    let log = data.join("log.db");
    ensure!(log.exists(), "there is no log in {}: check --data", data.display());
    let _lock = WriterLock::take(&log)?;
    write(data, &std::path::absolute(to)?)
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
    let (Some(parent), Some(own_name)) = (to.parent(), to.file_name()) else {
        bail!("{} names no directory of its own", to.display());
    };
    // Without a slash at the end, behind which another name would lie.
    let to = &parent.join(own_name);
    outside(parent, data)?;
    if fs::symlink_metadata(to).is_ok() {
        bail!("{} is there already: a backup goes into a directory of its own, name another", to.display());
    }
    let mut part_name = own_name.to_owned();
    part_name.push(".part");
    let part = parent.join(part_name);
    DirBuilder::new().mode(0o700).create(&part).with_context(|| {
        format!("making {} (where it is left from a backup that broke off, remove it)", part.display())
    })?;
    let written = fill(data, &part).and_then(|counts| name(&part, to, sync).map(|()| counts));
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

/// Gives the whole backup its name, for good.
fn name(part: &Path, to: &Path, sync: impl FnOnce(&Path) -> anyhow::Result<()>) -> anyhow::Result<()> {
    fs::rename(part, to).context("giving the whole backup its name")?;
    sync(to.parent().unwrap_or(to)).inspect_err(|_| drop(fs::remove_dir_all(to)))
}

/// Refuses a backup inside the data, whatever links and dots lead there: it would be reset, restored and lost with them.
fn outside(parent: &Path, data: &Path) -> anyhow::Result<()> {
    let parent_real = match parent.canonicalize() {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            bail!("the folder {} isn't there: make it, or name another", parent.display())
        }
        found => found.with_context(|| format!("finding {}", parent.display()))?,
    };
    let data_real = data.canonicalize().with_context(|| format!("finding {}", data.display()))?;
    ensure!(
        !parent_real.starts_with(data_real),
        "{} lies in the data directory {}: name a directory elsewhere",
        parent.display(),
        data.display()
    );
    Ok(())
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

    /// A home with data that nobody uses.
    fn home() -> (tempfile::TempDir, PathBuf) {
        let home = tempfile::tempdir().unwrap();
        let data = home.path().join("data");
        Profile::Demo.claim(&data).unwrap();
        drop(SqliteStore::open(data.join("log.db")).unwrap());
        drop(SqliteKeyStore::open(&data.join("keys.db")).unwrap());
        (home, data)
    }

    #[track_caller]
    fn refused(data: &Path, to: &Path, because: &str) {
        let said = format!("{:#}", write(data, to).unwrap_err());
        assert!(said.contains(because), "{said}");
        assert!(!to.exists());
    }

    #[test]
    fn a_folder_that_is_not_there_is_what_is_said_to_be_missing() {
        let (home, data) = home();
        let nowhere = home.path().join("nowhere");
        let said = format!("the folder {} isn't there", nowhere.display());
        refused(&data, &nowhere.join("backup"), &said);
        fs::create_dir(home.path().join("left.part")).unwrap();
        refused(&data, &home.path().join("left"), "left from a backup that broke off");
    }

    #[test]
    fn a_slash_at_the_end_makes_no_other_name() {
        let (home, data) = home();
        let written = write(&data, &home.path().join("backup/")).unwrap();
        assert_eq!(written.directory, home.path().join("backup").display().to_string());
        assert!(home.path().join("backup/log.db").exists());
    }

    #[test]
    fn a_backup_inside_the_data_that_it_is_of_is_refused() {
        let (home, data) = home();
        let link = home.path().join("link");
        std::os::unix::fs::symlink(&data, &link).unwrap();
        for inside in [data.join("backup"), link.join("backup"), data.join("../data/backup")] {
            refused(&data, &inside, "lies in the data directory");
        }
    }

    #[test]
    fn a_name_that_may_not_last_is_taken_back() {
        let home = tempfile::tempdir().unwrap();
        let [part, to] = ["backup.part", "backup"].map(|name| home.path().join(name));
        fs::create_dir(&part).unwrap();
        name(&part, &to, |_| bail!("no space")).unwrap_err();
        assert!(!part.exists() && !to.exists());
    }

    #[test]
    fn the_log_is_whole_in_the_backup_before_the_keys_are_read() {
        let (home, data) = home();
        let to = home.path().join("backup");
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
