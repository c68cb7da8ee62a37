//! A nats-server with JetStream, on a port and over a store that outlive it.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::{Child, Port};

/// A running nats-server.
pub struct Nats {
    port: Port,
    store: PathBuf,
    child: Child,
}

impl Nats {
    /// Starts one over `store`.
    ///
    /// # Errors
    /// It isn't installed (`./just test` does that), or doesn't get ready.
    pub fn start(store: &Path) -> anyhow::Result<Self> {
        let port = Port::take()?;
        let child = launch(port.number(), store)?;
        Ok(Self { port, store: store.to_owned(), child })
    }

    /// Where it listens.
    #[must_use]
    pub fn url(&self) -> String {
        format!("nats://127.0.0.1:{}", self.port.number())
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
        self.child = launch(self.port.number(), &self.store)?;
        Ok(())
    }

    /// Where its store lies.
    #[must_use]
    pub fn store(&self) -> &Path {
        &self.store
    }
}

fn launch(port: u16, store: &Path) -> anyhow::Result<Child> {
    let mut command = Command::new(installed());
    command.args(["-a", "127.0.0.1", "-p", &port.to_string(), "-js", "-sd"]).arg(store);
    let (child, _) = Child::start(command, |line| line.contains("Server is ready"))?;
    Ok(child)
}

/// What `./just` installs, or what is on PATH.
fn installed() -> PathBuf {
    let installed = crate::repository().join(".tools/nats-server/bin/nats-server");
    if installed.is_file() { installed } else { "nats-server".into() }
}
