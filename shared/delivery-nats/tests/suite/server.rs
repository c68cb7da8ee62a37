//! A nats-server of the test's own, on loopback.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use tempfile::TempDir;
use twostep_delivery_nats::{Connected, NatsConnection, connect};

/// It ends with the value.
pub(crate) struct Server {
    child: Child,
    pub(crate) url: String,
    home: TempDir,
    configuration: PathBuf,
    environment: Vec<(&'static str, OsString)>,
}

impl Server {
    /// With JetStream, and open to everybody.
    pub(crate) fn start() -> Self {
        Self::start_with(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/suite/open.conf"), Vec::new())
    }

    pub(crate) fn start_with(configuration: PathBuf, environment: Vec<(&'static str, OsString)>) -> Self {
        let home = tempfile::tempdir().unwrap();
        std::fs::create_dir(home.path().join("ports")).unwrap();
        let (child, url) = spawn(home.path(), "-1", &configuration, &environment);
        Self { child, url, home, configuration, environment }
    }

    /// Where it keeps what it was given.
    pub(crate) fn store(&self) -> PathBuf {
        self.home.path().join("store")
    }

    /// Which port it listens on.
    pub(crate) fn port(&self) -> &str {
        self.url.rsplit(':').next().unwrap()
    }

    /// Ends it as a crash would.
    pub(crate) fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Starts it again after [`Self::kill`], at the same address.
    pub(crate) fn restart(&mut self) {
        let started = spawn(self.home.path(), self.port(), &self.configuration, &self.environment);
        (self.child, self.url) = started;
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
fn spawn(
    home: &Path,
    port: &str,
    configuration: &Path,
    environment: &[(&'static str, OsString)],
) -> (Child, String) {
    let ports = home.join("ports");
    let mut command = Command::new(program());
    command
        .args(["-a", "127.0.0.1", "-p", port, "-c"])
        .arg(configuration)
        .arg("--ports_file_dir")
        .arg(&ports);
    command.env("TWOSTEP_NATS_STORE", home.join("store")).envs(environment.iter().cloned());
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let url = url(&mut child, &ports);
    (child, url)
}

/// What `./just` installs, or what is on PATH.
fn program() -> PathBuf {
    let installed = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../.tools/nats-server/bin/nats-server");
    if installed.exists() { installed } else { PathBuf::from("nats-server") }
}

/// The address that the server writes once it listens.
fn url(child: &mut Child, ports: &Path) -> String {
    let file = ports.join(format!("nats-server_{}.ports", child.id()));
    loop {
        if let Ok(text) = std::fs::read_to_string(&file)
            && let Ok(ports) = serde_json::from_str::<serde_json::Value>(&text)
            && let Some(url) = ports["nats"][0].as_str()
        {
            return url.to_owned();
        }
        assert!(child.try_wait().unwrap().is_none(), "the server ended at its start");
        std::thread::yield_now();
    }
}
