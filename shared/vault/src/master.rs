//! The master key: what wraps all other keys.

use std::fs::{File, Metadata, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD};
use data_encoding::HEXLOWER_PERMISSIVE;
use hkdf::Hkdf;
use sha2::Sha256;
use zeroize::{ZeroizeOnDrop, Zeroizing};

use crate::{Existing, random};

/// Longer than any way to write 32 bytes, so that a wrong path doesn't read a disk.
const LONGEST_FILE: u64 = 4_096;

/// 32 bytes that wrap all other keys. Cleared when dropped; there is no way to print or compare them.
#[derive(ZeroizeOnDrop)]
pub struct MasterKey(Zeroizing<[u8; 32]>);

/// Why there is no master key, and what to do.
#[derive(Debug, thiserror::Error)]
pub enum MasterKeyError {
    /// No file.
    #[error("there is no master key at {}: put the key back from its backup, or name its place in the configuration", .0.display())]
    Missing(PathBuf),
    /// No file, but data that was sealed under one.
    #[error(
        "there is no master key at {}, but data that needs it: no new key is made; put the key back from its backup", .0.display()
    )]
    MissingWithData(PathBuf),
    /// A new key would overwrite another.
    #[error("there is already a file at {}: a master key is never overwritten", .0.display())]
    AlreadyThere(PathBuf),
    /// Key and data would be copied and stolen together.
    #[error(
        "the master key {} lies in the data directory {}: move it elsewhere, so that a copy of the data is useless without it", .key.display(), .data.display()
    )]
    InDataDirectory {
        /// Where the key is.
        key: PathBuf,
        /// Where the data is.
        data: PathBuf,
    },
    /// Others than the owner can use the file.
    #[error("the master key {} is open to others (mode {mode:04o}): run chmod 600 on it", .path.display())]
    TooOpen {
        /// Where the key is.
        path: PathBuf,
        /// Its mode.
        mode: u32,
    },
    /// Not 32 bytes.
    #[error(
        "the master key must be 32 bytes, written as 64 hexadecimal digits or 43 or 44 characters of base64"
    )]
    Malformed,
    /// The file system refused.
    #[error("{doing} the master key {} failed", .path.display())]
    Io {
        /// What we were doing.
        doing: &'static str,
        /// Where the key is.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}

impl MasterKey {
    /// Reads the key in the file at `path`, which must lie outside the directory `data` and be its owner's only
    /// (mode 0600 or stricter), or be a credential that systemd hands over.
    ///
    /// # Errors
    /// See [`MasterKeyError`].
    pub fn read(path: &Path, data: &Path) -> Result<Self, MasterKeyError> {
        Self::read_with(path, data, std::env::var_os("CREDENTIALS_DIRECTORY").as_deref().map(Path::new))
    }

    fn read_with(path: &Path, data: &Path, credentials: Option<&Path>) -> Result<Self, MasterKeyError> {
        outside(path, data)?;
        let file = File::open(path).map_err(|source| match source.kind() {
            io::ErrorKind::NotFound => MasterKeyError::Missing(path.to_owned()),
            _ => io_error("opening", path)(source),
        })?;
        let metadata = file.metadata().map_err(io_error("looking at", path))?;
        let mode = metadata.mode() & 0o7777;
        if mode & 0o077 != 0 && !is_credential(path, &metadata, credentials) {
            return Err(MasterKeyError::TooOpen { path: path.to_owned(), mode });
        }
        if !metadata.is_file() || metadata.len() > LONGEST_FILE {
            return Err(MasterKeyError::Malformed);
        }
        let mut text = Zeroizing::new(Vec::with_capacity(LONGEST_FILE as usize));
        file.take(LONGEST_FILE).read_to_end(&mut text).map_err(io_error("reading", path))?;
        std::str::from_utf8(&text).map_err(|_| MasterKeyError::Malformed).and_then(Self::from_text)
    }

    /// Reads a key from configuration: 64 hexadecimal digits, or base64 (either alphabet, padded or not).
    ///
    /// # Errors
    /// [`MasterKeyError::Malformed`].
    pub fn from_text(text: &str) -> Result<Self, MasterKeyError> {
        let text = text.trim().as_bytes();
        let bytes = match text.len() {
            64 => HEXLOWER_PERMISSIVE.decode(text).ok(),
            _ => [STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD]
                .iter()
                .find_map(|alphabet| alphabet.decode(text).ok()),
        };
        let bytes = Zeroizing::new(bytes.ok_or(MasterKeyError::Malformed)?);
        Self::from_bytes(&bytes).ok_or(MasterKeyError::Malformed)
    }

    /// The key, where there are 32 bytes.
    pub(crate) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        <[u8; 32]>::try_from(bytes).ok().map(|key| Self(Zeroizing::new(key)))
    }

    /// The key itself, to be sealed.
    pub(crate) fn bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// Draws a new key and writes it to a new file at `path`, mode 0600; durable when this returns.
    ///
    /// # Errors
    /// There is a file already, it would lie in `data`, or the file system refuses.
    pub fn create(path: &Path, data: &Path) -> Result<Self, MasterKeyError> {
        outside(path, data)?;
        let key = Self::draw();
        let text = Zeroizing::new(STANDARD.encode(*key.0) + "\n");
        let mut file =
            OpenOptions::new().write(true).create_new(true).mode(0o600).open(path).map_err(|source| {
                match source.kind() {
                    io::ErrorKind::AlreadyExists => MasterKeyError::AlreadyThere(path.to_owned()),
                    _ => io_error("making", path)(source),
                }
            })?;
        file.write_all(text.as_bytes()).map_err(io_error("writing", path))?;
        file.sync_all().map_err(io_error("syncing", path))?;
        let directory = File::open(directory_of(path)).map_err(io_error("opening the directory of", path))?;
        directory.sync_all().map_err(io_error("syncing the directory of", path))?;
        Ok(key)
    }

    /// Reads the key at `path`; makes one if there is none and nothing exists that needs it.
    ///
    /// # Errors
    /// As [`Self::read`] and [`Self::create`]; [`MasterKeyError::MissingWithData`] where data exists.
    pub fn read_or_create(path: &Path, data: &Path, existing: Existing) -> Result<Self, MasterKeyError> {
        match (Self::read(path, data), existing) {
            (Err(MasterKeyError::Missing(_)), Existing::Nothing) => Self::create(path, data),
            (Err(MasterKeyError::Missing(path)), Existing::Log) => Err(MasterKeyError::MissingWithData(path)),
            (read, _) => read,
        }
    }

    /// A new key that is written nowhere: what it seals is gone with the process. For tests.
    #[must_use]
    pub fn draw() -> Self {
        Self(random::bytes())
    }

    /// The key for one use (HKDF-SHA256, RFC 5869): different labels give independent keys.
    pub(crate) fn derive(&self, label: &str) -> Zeroizing<[u8; 32]> {
        let mut key = Zeroizing::new([0; 32]);
        Hkdf::<Sha256>::new(Some(b"twostep/master/v1"), self.0.as_slice())
            .expand(label.as_bytes(), key.as_mut_slice())
            .expect("32 bytes are fewer than 255 blocks");
        key
    }
}

fn directory_of(path: &Path) -> &Path {
    path.parent().filter(|directory| !directory.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Whether systemd hands the file over (`LoadCredential=`). From version 254 on such a file is root's, and an ACL lets the
/// service's user read it; the mode shows what the ACL gives at most as if it were the group's: 0440. The file can't be
/// changed by anybody, and only the service reaches its directory.
fn is_credential(path: &Path, file: &Metadata, credentials: Option<&Path>) -> bool {
    let lies_there = || {
        let (real, folder) = (path.canonicalize().ok()?, credentials?.canonicalize().ok()?);
        Some(real.parent()? == folder)
    };
    file.uid() == 0 && file.mode() & 0o7777 == 0o440 && lies_there() == Some(true)
}

/// Refuses a key inside the data directory, whatever links and dots lead there.
fn outside(key: &Path, data: &Path) -> Result<(), MasterKeyError> {
    let real = |path: &Path| path.canonicalize().or_else(|_| std::path::absolute(path));
    let data_real = real(data).map_err(io_error("finding the data directory beside", key))?;
    let directory = real(directory_of(key)).map_err(io_error("finding", key))?;
    let target = real(key).map_err(io_error("finding", key))?;
    if directory.starts_with(&data_real) || target.starts_with(&data_real) {
        return Err(MasterKeyError::InDataDirectory { key: key.to_owned(), data: data.to_owned() });
    }
    Ok(())
}

fn io_error(doing: &'static str, path: &Path) -> impl FnOnce(io::Error) -> MasterKeyError {
    move |source| MasterKeyError::Io { doing, path: path.to_owned(), source }
}

#[cfg(test)]
mod tests {
    use std::fs::{self, Permissions};
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    /// A directory with `data` in it, and a key file beside that.
    fn place() -> (tempfile::TempDir, PathBuf, PathBuf) {
        let directory = tempfile::tempdir().unwrap();
        let data = directory.path().join("data");
        fs::create_dir(&data).unwrap();
        let key = directory.path().join("master.key");
        (directory, data, key)
    }

    fn same(one: &MasterKey, other: &MasterKey) -> bool {
        *one.0 == *other.0
    }

    #[test]
    fn a_new_key_is_its_owners_only_reads_back_and_is_never_overwritten() {
        let (_directory, data, path) = place();
        let key = MasterKey::create(&path, &data).unwrap();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert!(same(&MasterKey::read(&path, &data).unwrap(), &key));
        assert!(matches!(MasterKey::create(&path, &data), Err(MasterKeyError::AlreadyThere(_))));
        assert!(same(&MasterKey::read_or_create(&path, &data, Existing::Nothing).unwrap(), &key));
    }

    #[test]
    fn s24_a_key_that_others_can_read_is_refused() {
        let (_directory, data, path) = place();
        MasterKey::create(&path, &data).unwrap();
        for mode in [0o640, 0o604, 0o620, 0o666] {
            fs::set_permissions(&path, Permissions::from_mode(mode)).unwrap();
            let error = MasterKey::read(&path, &data).err().unwrap();
            assert!(matches!(error, MasterKeyError::TooOpen { mode: found, .. } if found == mode));
            assert!(error.to_string().contains("chmod 600"));
        }
        fs::set_permissions(&path, Permissions::from_mode(0o400)).unwrap();
        assert!(MasterKey::read(&path, &data).is_ok());
    }

    /// As systemd hands it over: root's, with an ACL that stat shows as the group's right.
    #[test]
    fn s24_a_credential_of_root_s_may_look_readable_for_a_group_and_nothing_else_may() {
        let (directory, data, path) = place();
        let credentials = directory.path().join("credentials");
        fs::create_dir(&credentials).unwrap();
        let credential = credentials.join("master-key");
        MasterKey::create(&path, &data).unwrap();
        fs::copy(&path, &credential).unwrap();
        for file in [&path, &credential] {
            fs::set_permissions(file, Permissions::from_mode(0o440)).unwrap();
        }
        // Whose the file is, only root can choose.
        let root = fs::metadata(&credential).unwrap().uid() == 0;
        let read = |file: &Path, there: Option<&Path>| MasterKey::read_with(file, &data, there).is_ok();
        assert_eq!(read(&credential, Some(&credentials)), root);
        assert!(!read(&credential, None) && !read(&path, Some(&credentials)));
        assert!(!read(&credential, Some(directory.path())));
        for mode in [0o444, 0o460, 0o640] {
            fs::set_permissions(&credential, Permissions::from_mode(mode)).unwrap();
            assert!(!read(&credential, Some(&credentials)), "{mode:o}");
        }
        if root {
            fs::set_permissions(&credential, Permissions::from_mode(0o440)).unwrap();
            std::os::unix::fs::chown(&credential, Some(1), None).unwrap();
            assert!(!read(&credential, Some(&credentials)), "another's file passed for systemd's");
        }
    }

    #[test]
    fn s24_a_key_in_the_data_directory_is_refused_also_through_links_and_dots() {
        let (directory, data, path) = place();
        let inside = data.join("master.key");
        let made = MasterKey::create(&inside, &data);
        assert!(matches!(made, Err(MasterKeyError::InDataDirectory { .. })));
        let outside = MasterKey::create(&path, &data).unwrap();
        fs::rename(&path, &inside).unwrap();
        std::os::unix::fs::symlink(&inside, &path).unwrap();
        std::os::unix::fs::symlink(&data, directory.path().join("link")).unwrap();
        for way in [
            &path,
            &directory.path().join("link/master.key"),
            &directory.path().join("data/../data/master.key"),
        ] {
            let read = MasterKey::read(way, &data);
            assert!(matches!(read, Err(MasterKeyError::InDataDirectory { .. })), "{}", way.display());
        }
        drop(outside);
    }

    #[test]
    fn a_missing_key_is_made_only_where_nothing_needs_it() {
        let (_directory, data, path) = place();
        assert!(matches!(MasterKey::read(&path, &data), Err(MasterKeyError::Missing(_))));
        let refused = MasterKey::read_or_create(&path, &data, Existing::Log);
        assert!(matches!(refused, Err(MasterKeyError::MissingWithData(_))));
        assert!(!path.exists());
        assert!(MasterKey::read_or_create(&path, &data, Existing::Nothing).is_ok());
    }

    #[test]
    fn a_key_is_32_bytes_in_hexadecimal_or_base64() {
        let bytes: [u8; 32] = std::array::from_fn(|at| 255 - at as u8);
        let hex = HEXLOWER_PERMISSIVE.encode(&bytes);
        let texts = [
            hex.clone(),
            hex.to_uppercase(),
            format!(" {hex}\n"),
            STANDARD.encode(bytes),
            STANDARD_NO_PAD.encode(bytes),
            URL_SAFE.encode(bytes),
            URL_SAFE_NO_PAD.encode(bytes),
        ];
        for text in texts {
            assert!(*MasterKey::from_text(&text).unwrap().0 == bytes, "{text}");
        }
        for bad in ["", "secret", &hex[1..], &hex[2..], &format!("{hex}00"), &STANDARD.encode([1; 31])] {
            assert!(matches!(MasterKey::from_text(bad), Err(MasterKeyError::Malformed)), "{bad}");
        }
    }

    #[test]
    fn each_use_has_a_key_of_its_own() {
        let master = MasterKey::draw();
        assert_ne!(*master.derive("a"), *master.derive("b"));
        assert_eq!(*master.derive("a"), *master.derive("a"));
    }
}
