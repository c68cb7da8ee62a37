//! The product in one process, as a program of its own.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Context as _;
use twostep_client::Client;

use super::{Child, Inbox, Port, Product, program};

/// A running product over a data directory that outlives it.
pub struct Standalone {
    home: PathBuf,
    port: Port,
    admin: Port,
    smtp: String,
    /// Where texts go; none: its settings have no `sms` section.
    sms: Option<String>,
    http: reqwest::Client,
    api: Client,
    environment: Vec<(&'static str, PathBuf)>,
    child: Child,
    said_before: String,
}

impl Standalone {
    /// Starts one in `home`, with messages going to `inbox`.
    ///
    /// # Errors
    /// It doesn't get ready; the error holds what it said.
    pub fn start(home: &Path, inbox: &Inbox) -> anyhow::Result<Self> {
        Self::start_in(home, inbox, Vec::new())
    }

    /// The same, with more variables in its environment.
    ///
    /// # Errors
    /// It doesn't get ready; the error holds what it said.
    pub fn start_in(
        home: &Path,
        inbox: &Inbox,
        environment: Vec<(&'static str, PathBuf)>,
    ) -> anyhow::Result<Self> {
        let (port, admin) = (Port::take()?, Port::take()?);
        let child =
            launch(home, port.number(), admin.number(), &inbox.smtp, Some(&inbox.http), &environment)?;
        let api = Client::new(format!("http://127.0.0.1:{}/", port.number()).parse()?)?;
        Ok(Self {
            home: home.to_owned(),
            port,
            admin,
            smtp: inbox.smtp.clone(),
            sms: Some(inbox.http.clone()),
            http: reqwest::Client::builder().no_proxy().build()?,
            api,
            environment,
            child,
            said_before: String::new(),
        })
    }

    /// Ends it as a power cut would and starts it again, with something happening to the data directory in between.
    ///
    /// # Errors
    /// That fails, or it doesn't get ready.
    pub fn kill_and_restart_after(
        &mut self,
        meanwhile: impl FnOnce(&Path) -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        self.child.kill()?;
        meanwhile(&self.data())?;
        self.said_before.push_str(&self.child.output());
        // Its connections are dead as well.
        self.http = reqwest::Client::builder().no_proxy().build()?;
        self.api = Client::new(format!("{}/", self.url()).parse()?)?;
        let (port, admin) = (self.port.number(), self.admin.number());
        self.child = launch(&self.home, port, admin, &self.smtp, self.sms.as_deref(), &self.environment)?;
        Ok(())
    }

    /// Takes the `sms` section out of its settings, for its next start.
    pub fn forget_texts(&mut self) {
        self.sms = None;
    }

    /// Asks it to stop (SIGTERM) and waits until it is gone; whether it ended well.
    ///
    /// # Errors
    /// The signal can't be sent.
    pub fn stop(&mut self) -> anyhow::Result<bool> {
        self.child.signal("TERM")?;
        self.child.wait()
    }

    /// Sends it a signal, by its short name: `HUP`.
    ///
    /// # Errors
    /// The signal can't be sent.
    pub fn signal(&self, name: &str) -> anyhow::Result<()> {
        self.child.signal(name)
    }

    /// Waits until it ends by itself; whether it ended well.
    ///
    /// # Errors
    /// The system refuses.
    pub fn wait(&mut self) -> anyhow::Result<bool> {
        self.child.wait()
    }

    /// Where the admin port is.
    #[must_use]
    pub fn admin_url(&self) -> String {
        format!("http://127.0.0.1:{}", self.admin.number())
    }

    /// The number in the line of its metrics that begins with `counter`; 0 where there is none yet.
    ///
    /// # Errors
    /// The admin port doesn't answer.
    pub async fn metric(&self, counter: &str) -> anyhow::Result<u64> {
        let url = format!("{}/metrics", self.admin_url());
        let text = self.http.get(url).send().await?.error_for_status()?.text().await?;
        let number = text.lines().find_map(|line| line.strip_prefix(counter)?.strip_prefix(' '));
        Ok(number.map(str::parse).transpose()?.unwrap_or(0))
    }

    /// Everything that it has logged, also before a restart.
    #[must_use]
    pub fn output(&self) -> String {
        format!("{}{}", self.said_before, self.child.output())
    }

    /// Its process id.
    #[must_use]
    pub fn id(&self) -> u32 {
        self.child.id()
    }
}

impl Product for Standalone {
    fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port.number())
    }

    fn api_url(&self) -> String {
        self.url()
    }

    fn api(&self) -> anyhow::Result<Client> {
        Ok(self.api.clone())
    }

    fn data(&self) -> PathBuf {
        self.home.join("data")
    }

    fn admin_urls(&self) -> Vec<String> {
        vec![self.admin_url()]
    }

    fn http(&self) -> &reqwest::Client {
        &self.http
    }

    fn kill_and_restart(&mut self) -> anyhow::Result<()> {
        self.kill_and_restart_after(|_| Ok(()))
    }
}

fn launch(
    home: &Path,
    port: u16,
    admin: u16,
    smtp: &str,
    sms: Option<&str>,
    environment: &[(&'static str, PathBuf)],
) -> anyhow::Result<Child> {
    let (smtp_host, smtp_port) = smtp.rsplit_once(':').context("the inbox's address")?;
    let mut command = Command::new(program("twostep-standalone")?);
    command
        .args(["--log-format", "json", "run", "--profile", "demo", "--test-clock", "--data"])
        .arg(home.join("data"))
        .env("TWOSTEP_LOG", "debug")
        .envs(environment.iter().map(|(name, value)| (name, value)))
        .env("TWOSTEP_PUBLIC_URL", format!("http://127.0.0.1:{port}/"))
        .env("TWOSTEP_HTTP__LISTEN", format!("127.0.0.1:{port}"))
        .env("TWOSTEP_ADMIN__LISTEN", format!("127.0.0.1:{admin}"))
        .env("TWOSTEP_KEYS__MASTER_PATH", home.join("master-key"))
        .env("TWOSTEP_EMAIL__FROM", "no-reply@example.com")
        .env("TWOSTEP_EMAIL__HOST", "mail.example.com")
        .env("TWOSTEP_EMAIL__RELAYS__INBOX__HOST", smtp_host)
        .env("TWOSTEP_EMAIL__RELAYS__INBOX__PORT", smtp_port)
        .env("TWOSTEP_EMAIL__RELAYS__INBOX__SECURITY", "plain-loopback-demo");
    if let Some(sms) = sms {
        command
            .env("TWOSTEP_SMS__PROVIDERS__INBOX__TWILIO__BASE", format!("http://{sms}/"))
            .env("TWOSTEP_SMS__PROVIDERS__INBOX__TWILIO__ACCOUNT", "ACtest")
            .env("TWOSTEP_SMS__PROVIDERS__INBOX__TWILIO__TOKEN", "any")
            .env("TWOSTEP_SMS__PROVIDERS__INBOX__TWILIO__FROM", "Rescue");
    }
    let (child, _) = Child::start(command, |line| line.contains("\"message\":\"ready\""))?;
    Ok(child)
}
