//! A nats-server with JetStream, on a port and over a store that outlive it.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::{Child, Manner, Port};

/// A running nats-server.
pub struct Nats {
    port: Port,
    store: PathBuf,
    manner: Manner,
    child: Child,
}

impl Nats {
    /// Starts one over `store`.
    ///
    /// # Errors
    /// It isn't installed (`./just test` does that), or doesn't get ready.
    pub fn start(store: &Path) -> anyhow::Result<Self> {
        Self::start_as(store, &Manner::default())
    }

    /// The same in a manner.
    pub(super) fn start_as(store: &Path, manner: &Manner) -> anyhow::Result<Self> {
        let port = Port::take()?;
        let child = launch(port.number(), store, manner)?;
        Ok(Self { port, store: store.to_owned(), manner: manner.clone(), child })
    }

    /// Asks it to stop (SIGTERM) and waits until it is gone.
    ///
    /// # Errors
    /// The signal can't be sent.
    pub fn stop(&mut self) -> anyhow::Result<()> {
        self.child.signal("TERM")?;
        // It ends with 1 when it is asked to.
        self.child.wait().map(drop)
    }

    /// Where it listens.
    #[must_use]
    pub fn url(&self) -> String {
        format!("nats://127.0.0.1:{}", self.port.number())
    }

    /// Its port.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port.number()
    }

    /// Ends it as a power cut would; [`Nats::start_again`] brings it back.
    ///
    /// # Errors
    /// The system refuses.
    pub fn kill(&mut self) -> anyhow::Result<()> {
        self.child.kill()
    }

    /// Starts it again over what is left of its store.
    ///
    /// # Errors
    /// It doesn't get ready.
    pub fn start_again(&mut self) -> anyhow::Result<()> {
        self.child = launch(self.port.number(), &self.store, &self.manner)?;
        Ok(())
    }

    /// Where its store lies.
    #[must_use]
    pub fn store(&self) -> &Path {
        &self.store
    }
}

fn launch(port: u16, store: &Path, manner: &Manner) -> anyhow::Result<Child> {
    let mut command = Command::new(installed());
    command.args(["-a", "127.0.0.1", "-p", &port.to_string(), "-js", "-sd"]).arg(store);
    manner.start("nats-server", command, |line| line.contains("Server is ready"))
}

/// What `./just` installs, or what is on PATH.
fn installed() -> PathBuf {
    let installed = crate::repository().join(".tools/nats-server/bin/nats-server");
    if installed.is_file() { installed } else { "nats-server".into() }
}
