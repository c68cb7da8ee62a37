//! The operator's socket: a file in the data directory that only its owner reaches.

use std::fs::{DirBuilder, Permissions};
use std::os::unix::fs::{DirBuilderExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use tokio::net::UnixListener;

/// The socket's name in the data directory.
pub const NAME: &str = "operator.sock";

/// Where the socket is made, before anybody else can reach it.
const MADE_IN: &str = ".operator";

/// Listens in `data`; called while the log's lock is held, so a socket that lies there is a dead process's.
pub(crate) fn listen(data: &Path) -> anyhow::Result<(UnixListener, PathBuf)> {
    let (path, apart) = (data.join(NAME), data.join(MADE_IN));
    // A socket is born as open as the process's umask lets it be: so it is born where nobody else may go.
    remove(std::fs::remove_dir_all(&apart))
        .with_context(|| format!("removing the old {}", apart.display()))?;
    DirBuilder::new().mode(0o700).create(&apart).with_context(|| format!("making {}", apart.display()))?;
    let born = apart.join("s");
    let listener = UnixListener::bind(&born).with_context(|| format!("listening at {}", born.display()))?;
    std::fs::set_permissions(&born, Permissions::from_mode(0o600))
        .and_then(|()| std::fs::rename(&born, &path))
        .and_then(|()| std::fs::remove_dir(&apart))
        .with_context(|| format!("moving the closed socket to {}", path.display()))?;
    Ok((listener, path))
}

/// Takes the socket away, so that nobody knocks where nobody listens.
pub(crate) fn close(path: &Path) {
    if let Err(error) = remove(std::fs::remove_file(path)) {
        tracing::warn!(path = %path.display(), %error, "the operator's socket stays");
    }
}

/// Whether it was removed or wasn't there.
fn remove(removed: std::io::Result<()>) -> std::io::Result<()> {
    match removed {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::net::UnixStream;

    use super::*;

    #[tokio::test]
    async fn the_socket_is_its_owner_s_alone_and_takes_a_dead_one_s_place() {
        let data = tempfile::tempdir().unwrap();
        let (dead, _) = listen(data.path()).unwrap();
        drop(dead);
        // What a process leaves that dies in between.
        std::fs::create_dir(data.path().join(MADE_IN)).unwrap();
        std::fs::write(data.path().join(MADE_IN).join("s"), "").unwrap();
        let (_listener, path) = listen(data.path()).unwrap();
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        UnixStream::connect(&path).unwrap();
        let left: Vec<_> =
            std::fs::read_dir(data.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert_eq!(left, [NAME]);
    }
}
