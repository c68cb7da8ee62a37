//! What a process is run for, and what that forbids (S31).

use std::io::Write;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::{fmt, fs, io};

use clap::ValueEnum;
use serde::Deserialize;
use url::{Host, Url};

/// What a process is run for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Profile {
    /// Real people and real messages.
    Production,
    /// Trying out, development and tests: loopback only, in a data directory of its own.
    Demo,
}

/// The file in a data directory that names the profile it belongs to.
pub const MARKER: &str = "profile";

/// Why this profile refuses to start.
#[derive(Debug, thiserror::Error)]
pub enum ProfileError {
    /// The demo would be reachable from other machines.
    #[error("{setting} is {value}, but the demo is for this machine only; use 127.0.0.1 or localhost")]
    NotLoopback {
        /// The setting's name.
        setting: &'static str,
        /// What it is set to.
        value: String,
    },
    /// The data directory belongs to the other profile.
    #[error("{} holds the data of the {found} profile and is refused by {wanted}; name another data directory", directory.display())]
    OtherProfile {
        /// The data directory.
        directory: PathBuf,
        /// Whose it is.
        found: Profile,
        /// Who asked.
        wanted: Profile,
    },
    /// The directory is in use for something else, or lost its marker.
    #[error("{} holds files, but its file `{MARKER}` names no profile (`production` or `demo`): it is not taken for a data directory", directory.display())]
    NotADataDirectory {
        /// The directory.
        directory: PathBuf,
    },
    /// The directory can't be made, read or marked.
    #[error("preparing the data directory {}", directory.display())]
    Io {
        /// The data directory.
        directory: PathBuf,
        /// What failed.
        #[source]
        source: io::Error,
    },
}

impl fmt::Display for Profile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Profile {
    /// The profile's name in settings and in the marker.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Production => "production",
            Self::Demo => "demo",
        }
    }

    /// Accepts an address to listen on: the demo's must be loopback.
    ///
    /// # Errors
    /// [`ProfileError::NotLoopback`], naming `setting`.
    pub fn check_listen(self, setting: &'static str, address: SocketAddr) -> Result<(), ProfileError> {
        if self == Self::Demo && !address.ip().is_loopback() {
            return Err(ProfileError::NotLoopback { setting, value: address.to_string() });
        }
        Ok(())
    }

    /// Accepts a base URL of links: the demo's must be on this machine.
    ///
    /// # Errors
    /// [`ProfileError::NotLoopback`], naming `setting`.
    pub fn check_base_url(self, setting: &'static str, url: &Url) -> Result<(), ProfileError> {
        let loopback = match url.host() {
            Some(Host::Ipv4(address)) => address.is_loopback(),
            Some(Host::Ipv6(address)) => address.is_loopback(),
            Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
            None => false,
        };
        if self == Self::Demo && !loopback {
            return Err(ProfileError::NotLoopback { setting, value: url.to_string() });
        }
        Ok(())
    }

    /// Takes a data directory: makes it (mode 0700) and marks it when it is new, and refuses the other profile's.
    ///
    /// Call it before anything else is put there.
    ///
    /// # Errors
    /// The directory belongs to the other profile, holds something else, or can't be used.
    pub fn claim(self, directory: &Path) -> Result<(), ProfileError> {
        let failed = |source| ProfileError::Io { directory: directory.to_owned(), source };
        make_private(directory).map_err(failed)?;
        if self.is_new(directory)? { self.mark(directory).map_err(failed) } else { Ok(()) }
    }

    /// Accepts a data directory that this profile may take, and leaves it as it is; it needn't be there yet.
    ///
    /// # Errors
    /// The directory belongs to the other profile, holds something else, or can't be read.
    pub fn check_directory(self, directory: &Path) -> Result<(), ProfileError> {
        if directory.exists() { self.is_new(directory).map(drop) } else { Ok(()) }
    }

    /// What is worth saying of a data directory that others may look into; its files are closed to them.
    #[must_use]
    pub fn open_directory(directory: &Path) -> Option<String> {
        use std::os::unix::fs::PermissionsExt;
        let mode = fs::metadata(directory).ok()?.permissions().mode() & 0o777;
        let path = directory.display();
        (mode & 0o077 != 0).then(|| {
            format!("the data directory {path} is open to others (mode {mode:04o}): chmod 700 {path}")
        })
    }

    /// Whether the directory is empty; otherwise it is this profile's.
    fn is_new(self, directory: &Path) -> Result<bool, ProfileError> {
        let failed = |source| ProfileError::Io { directory: directory.to_owned(), source };
        match fs::read_to_string(directory.join(MARKER)) {
            Ok(name) => self.compare(directory, name.trim()).map(|()| false),
            Err(missing) if missing.kind() == io::ErrorKind::NotFound => {
                if fs::read_dir(directory).map_err(failed)?.next().is_some() {
                    return Err(ProfileError::NotADataDirectory { directory: directory.to_owned() });
                }
                Ok(true)
            }
            Err(source) => Err(failed(source)),
        }
    }

    fn compare(self, directory: &Path, name: &str) -> Result<(), ProfileError> {
        let directory = directory.to_owned();
        match [Self::Production, Self::Demo].into_iter().find(|profile| profile.as_str() == name) {
            Some(found) if found == self => Ok(()),
            Some(found) => Err(ProfileError::OtherProfile { directory, found, wanted: self }),
            None => Err(ProfileError::NotADataDirectory { directory }),
        }
    }

    /// Writes the marker durably: a directory that lost it would be refused.
    fn mark(self, directory: &Path) -> io::Result<()> {
        let mut file = fs::File::create_new(directory.join(MARKER))?;
        writeln!(file, "{self}")?;
        file.sync_all()?;
        fs::File::open(directory)?.sync_all()
    }
}

fn make_private(directory: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    fs::DirBuilder::new().recursive(true).mode(0o700).create(directory)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s31_the_demo_listens_on_loopback_only() {
        let open = "0.0.0.0:8080".parse().unwrap();
        let error = Profile::Demo.check_listen("http.listen", open).unwrap_err();
        assert!(error.to_string().starts_with("http.listen is 0.0.0.0:8080"), "{error}");
        Profile::Demo.check_listen("http.listen", "[::1]:8080".parse().unwrap()).unwrap();
        Profile::Production.check_listen("http.listen", open).unwrap();
    }

    #[test]
    fn s31_the_demo_writes_links_to_this_machine_only() {
        for good in
            ["http://127.0.0.1:8080", "http://localhost:1", "http://[::1]/", "http://rescue.localhost"]
        {
            Profile::Demo.check_base_url("web.base_url", &good.parse().unwrap()).unwrap();
        }
        for bad in ["https://example.org", "http://192.168.0.7", "http://localhost.example.org"] {
            let url = bad.parse().unwrap();
            assert!(Profile::Demo.check_base_url("web.base_url", &url).is_err(), "{bad}");
            Profile::Production.check_base_url("web.base_url", &url).unwrap();
        }
    }

    #[test]
    fn s31_a_directory_marked_for_one_profile_is_refused_by_the_other() {
        let parent = tempfile::tempdir().unwrap();
        let directory = parent.path().join("data");
        Profile::Demo.claim(&directory).unwrap();
        Profile::Demo.claim(&directory).unwrap();
        let error = Profile::Production.claim(&directory).unwrap_err();
        assert!(matches!(
            error,
            ProfileError::OtherProfile { found: Profile::Demo, wanted: Profile::Production, .. }
        ));
        assert!(error.to_string().contains("holds the data of the demo profile"), "{error}");
        assert!(Profile::Production.check_directory(&directory).is_err());
        Profile::Demo.check_directory(&directory).unwrap();
    }

    #[test]
    fn looking_at_a_data_directory_claims_nothing() {
        let parent = tempfile::tempdir().unwrap();
        let absent = parent.path().join("data");
        for directory in [&absent, parent.path()] {
            Profile::Production.check_directory(directory).unwrap();
        }
        assert!(fs::read_dir(parent.path()).unwrap().next().is_none());
    }

    #[test]
    fn s31_a_directory_with_files_but_no_marker_is_refused() {
        let directory = tempfile::tempdir().unwrap();
        fs::write(directory.path().join("log.db"), "").unwrap();
        for profile in [Profile::Production, Profile::Demo] {
            let not_data = |taken| matches!(taken, Err(ProfileError::NotADataDirectory { .. }));
            assert!(not_data(profile.claim(directory.path())));
            assert!(not_data(profile.check_directory(directory.path())));
        }
    }

    #[test]
    fn a_new_data_directory_is_for_its_owner_only() {
        use std::os::unix::fs::PermissionsExt;
        let parent = tempfile::tempdir().unwrap();
        let directory = parent.path().join("data");
        Profile::Production.claim(&directory).unwrap();
        assert_eq!(fs::metadata(&directory).unwrap().permissions().mode() & 0o777, 0o700);
    }
}
