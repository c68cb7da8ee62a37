//! The operator's socket: a file in the data directory that only its owner reaches.

use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use tokio::net::UnixListener;

/// The socket's name in the data directory.
pub(crate) const NAME: &str = "operator.sock";

/// Listens in `data`; called while the log's lock is held, so a socket that lies there is a dead process's.
pub(crate) fn listen(data: &Path) -> anyhow::Result<(UnixListener, PathBuf)> {
    let path = data.join(NAME);
    match std::fs::remove_file(&path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            return Err(error).with_context(|| format!("removing the old {}", path.display()));
        }
        _ => {}
    }
    let listener = UnixListener::bind(&path).with_context(|| format!("listening at {}", path.display()))?;
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600))
        .with_context(|| format!("closing {} to others", path.display()))?;
    Ok((listener, path))
}
