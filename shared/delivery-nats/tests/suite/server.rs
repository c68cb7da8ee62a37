//! A nats-server of the test's own, on loopback.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use tempfile::TempDir;
use twostep_delivery_nats::{Connected, NatsConnection, connect};

/// It ends with the value.
pub(crate) struct Server {
    child: Child,
    pub(crate) url: String,
    home: TempDir,
}

impl Server {
    pub(crate) fn start() -> Self {
        let home = tempfile::tempdir().unwrap();
        std::fs::create_dir(home.path().join("ports")).unwrap();
        let (child, url) = spawn(home.path(), "-1");
        Self { child, url, home }
    }

    /// Ends it as a crash would.
    pub(crate) fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Starts it again after [`Self::kill`], at the same address.
    pub(crate) fn restart(&mut self) {
        let port = self.url.rsplit(':').next().unwrap();
        (self.child, self.url) = spawn(self.home.path(), port);
    }

    /// A connection of its own to it.
    pub(crate) async fn connected(&self, name: &str) -> Connected {
        let (url, name) = (self.url.clone(), name.to_owned());
        connect(&NatsConnection { url, name, ..NatsConnection::default() }).await.unwrap()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// The server in `home` at `port`, listening.
fn spawn(home: &Path, port: &str) -> (Child, String) {
    let ports = home.join("ports");
    let mut command = Command::new(program());
    command.args(["-a", "127.0.0.1", "-p", port, "-js"]);
    command.arg("-sd").arg(home.join("store")).arg("--ports_file_dir").arg(&ports);
    let child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let url = url(&ports.join(format!("nats-server_{}.ports", child.id())));
    (child, url)
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
