//! A nats-server of the test's own, on loopback.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use tempfile::TempDir;

/// It ends with the value.
pub(crate) struct Server {
    child: Child,
    pub(crate) url: String,
    _home: TempDir,
}

impl Server {
    pub(crate) fn start() -> Self {
        let home = tempfile::tempdir().unwrap();
        let ports = home.path().join("ports");
        std::fs::create_dir(&ports).unwrap();
        let mut command = Command::new(program());
        command.args(["-a", "127.0.0.1", "-p", "-1", "-js"]);
        command.arg("-sd").arg(home.path().join("store")).arg("--ports_file_dir").arg(&ports);
        let child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let file = ports.join(format!("nats-server_{}.ports", child.id()));
        let url = url(&file);
        Self { child, url, _home: home }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// What `./just` installs, or what is on PATH.
fn program() -> PathBuf {
    let installed = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../.tools/nats-server/bin/nats-server");
    if installed.exists() { installed } else { PathBuf::from("nats-server") }
}

/// The address that the server writes once it listens.
fn url(file: &Path) -> String {
    loop {
        if let Ok(text) = std::fs::read_to_string(file)
            && let Some(start) = text.find("nats://")
            && let Some(length) = text[start..].find('"')
        {
            return text[start..start + length].to_owned();
        }
        std::thread::yield_now();
    }
}
