//! A child process that ends with its owner.

use std::io::{BufRead as _, BufReader, Read};
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::time::Duration;

use anyhow::{Context as _, bail, ensure};

/// How long a program may take to say that it is ready.
const PATIENCE: Duration = Duration::from_secs(60);

/// Hears what a program says, a line at a time.
pub type Ear = Arc<dyn Fn(&str) + Send + Sync>;

/// Bytes kept of what is heard by an [`Ear`].
const HEARD_AND_KEPT: usize = 64 * 1024;

/// A running program; killed when dropped.
pub struct Child {
    process: std::process::Child,
    output: Arc<Mutex<String>>,
    lines: mpsc::Receiver<String>,
}

impl Child {
    /// Starts `command` and waits until a line of its output satisfies `ready`; gives that line.
    ///
    /// # Errors
    /// It can't be started, ends, or says nothing of the kind within a minute; the error holds what it said.
    pub fn start(command: Command, ready: impl Fn(&str) -> bool) -> anyhow::Result<(Self, String)> {
        Self::start_heard(command, ready, None)
    }

    /// The same, with every line that it says told to `ear` as well.
    ///
    /// # Errors
    /// It can't be started, ends, or says nothing of the kind within a minute; the error holds what it said.
    pub fn start_heard(
        mut command: Command,
        ready: impl Fn(&str) -> bool,
        ear: Option<Ear>,
    ) -> anyhow::Result<(Self, String)> {
        let name = command.get_program().to_string_lossy().into_owned();
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut process = command.spawn().with_context(|| format!("starting {name}"))?;
        let output = Arc::new(Mutex::new(String::new()));
        let (sender, lines) = mpsc::channel();
        let streams: [Option<Box<dyn Read + Send>>; 2] = [
            process.stdout.take().map(|stream| Box::new(stream) as Box<dyn Read + Send>),
            process.stderr.take().map(|stream| Box::new(stream) as Box<dyn Read + Send>),
        ];
        for stream in streams.into_iter().flatten() {
            let (sender, output, ear) = (sender.clone(), output.clone(), ear.clone());
            std::thread::spawn(move || {
                for line in BufReader::new(stream).lines().map_while(Result::ok) {
                    if let Some(ear) = &ear {
                        ear(&line);
                    }
                    let mut output = output.lock().unwrap_or_else(PoisonError::into_inner);
                    // What somebody hears anyway is kept for the case that it doesn't get ready.
                    if ear.is_none() || output.len() < HEARD_AND_KEPT {
                        output.push_str(&line);
                        output.push('\n');
                    }
                    let _ = sender.send(line);
                }
            });
        }
        drop(sender);
        let child = Self { process, output, lines };
        let deadline = std::time::Instant::now() + PATIENCE;
        loop {
            let left = deadline.saturating_duration_since(std::time::Instant::now());
            match child.lines.recv_timeout(left) {
                Ok(line) if ready(&line) => return Ok((child, line)),
                Ok(_) => {}
                Err(_) => bail!("{name} did not get ready; it said:\n{}", child.output()),
            }
        }
    }

    /// Everything that it has said so far.
    #[must_use]
    pub fn output(&self) -> String {
        self.output.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Ends it at once, as a power cut would (SIGKILL), and waits until it is gone.
    ///
    /// # Errors
    /// The system refuses.
    pub fn kill(&mut self) -> anyhow::Result<()> {
        self.process.kill().context("killing a child")?;
        self.process.wait().context("waiting for a killed child")?;
        Ok(())
    }

    /// Sends it a signal, by its short name: `TERM`, `INT`.
    ///
    /// # Errors
    /// The signal can't be sent.
    pub fn signal(&self, name: &str) -> anyhow::Result<()> {
        let sent = Command::new("kill").args([&format!("-{name}"), &self.id().to_string()]).status();
        ensure!(sent.context("starting kill")?.success(), "SIG{name} could not be sent");
        Ok(())
    }

    /// Waits until nobody can say anything more, neither it nor whom it started; false: somebody goes on for a minute.
    #[must_use]
    pub fn said_all(&self) -> bool {
        let deadline = std::time::Instant::now() + PATIENCE;
        loop {
            let left = deadline.saturating_duration_since(std::time::Instant::now());
            match self.lines.recv_timeout(left) {
                Ok(_) => {}
                Err(error) => return error == mpsc::RecvTimeoutError::Disconnected,
            }
        }
    }

    /// Its process id.
    #[must_use]
    pub fn id(&self) -> u32 {
        self.process.id()
    }

    /// How it ended, where it has.
    ///
    /// # Errors
    /// The system refuses.
    pub fn ended(&mut self) -> anyhow::Result<Option<String>> {
        Ok(self.process.try_wait().context("looking after a child")?.map(|how| how.to_string()))
    }

    /// Waits until it ends by itself; whether it ended well.
    ///
    /// # Errors
    /// The system refuses.
    pub fn wait(&mut self) -> anyhow::Result<bool> {
        Ok(self.process.wait().context("waiting for a child")?.success())
    }
}

impl Drop for Child {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
