//! The product as separate processes: nats-server, command service, workers, pages.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, ensure};
use twostep_client::Client;

use super::{Child, Inbox, Manner, Nats, Port, Product, operate, program};

/// How many workers of each channel run.
#[derive(Clone, Copy, Debug)]
pub struct Workers {
    /// E-mail.
    pub email: usize,
    /// Texts.
    pub sms: usize,
}

/// A running cluster on this machine, over a directory that outlives it.
pub struct Cluster {
    home: PathBuf,
    ports: Ports,
    inbox: Far,
    manner: Manner,
    http: reqwest::Client,
    /// The broker.
    pub nats: Nats,
    /// The command service.
    pub service: Child,
    /// The pages.
    pub web: Child,
    /// The e-mail workers.
    pub email: Vec<Worker>,
    /// The SMS workers.
    pub sms: Vec<Worker>,
}

/// A worker.
pub struct Worker {
    /// What it is called: `email-worker-1`.
    pub name: String,
    /// The process.
    pub child: Child,
    admin: Port,
}

struct Ports {
    api: Port,
    admin: Port,
    web: Port,
    web_admin: Port,
}

impl Ports {
    fn of(manner: &Manner) -> anyhow::Result<Self> {
        let take = |offset| manner.first_port.map_or_else(Port::take, |first| Port::this(first + offset));
        Ok(Self { web: take(0)?, api: take(1)?, admin: take(2)?, web_admin: take(3)? })
    }
}

/// Where messages go.
struct Far {
    smtp: String,
    http: String,
}

/// A channel that has workers.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Channel {
    Email,
    Sms,
}

impl Channel {
    fn word(self) -> &'static str {
        if self == Self::Email { "email" } else { "sms" }
    }
}

impl Cluster {
    /// Starts one in `home`, with messages going to `inbox`.
    ///
    /// # Errors
    /// A part doesn't get ready; the error holds what it said.
    pub fn start(home: &Path, inbox: &Inbox, workers: Workers) -> anyhow::Result<Self> {
        Self::start_as(home, inbox, workers, Manner::default())
    }

    /// The same in another manner.
    ///
    /// # Errors
    /// A part doesn't get ready; the error holds what it said.
    pub fn start_as(home: &Path, inbox: &Inbox, workers: Workers, manner: Manner) -> anyhow::Result<Self> {
        let ports = Ports::of(&manner)?;
        let nats = Nats::start_as(&home.join("nats"), &manner)?;
        provision(&nats, &manner)?;
        let service = launch_service(home, &ports, &nats, &manner)?;
        for channel in [Channel::Email, Channel::Sms] {
            hand_over_key(home, channel)?;
        }
        let web = launch_web(&ports, &manner)?;
        let inbox = Far { smtp: inbox.smtp.clone(), http: inbox.http.clone() };
        let http = reqwest::Client::builder().no_proxy().build()?;
        let (email, sms) = (Vec::new(), Vec::new());
        let mut cluster =
            Self { home: home.to_owned(), ports, inbox, manner, http, nats, service, web, email, sms };
        for _ in 0..workers.email {
            cluster.add_email_worker()?;
        }
        for _ in 0..workers.sms {
            cluster.add_sms_worker()?;
        }
        Ok(cluster)
    }

    /// Starts one more e-mail worker.
    ///
    /// # Errors
    /// It doesn't get ready.
    pub fn add_email_worker(&mut self) -> anyhow::Result<()> {
        let worker = self.launch_worker(Channel::Email, Port::take()?, &[])?;
        self.email.push(worker);
        Ok(())
    }

    /// Starts one more SMS worker.
    ///
    /// # Errors
    /// It doesn't get ready.
    pub fn add_sms_worker(&mut self) -> anyhow::Result<()> {
        let worker = self.launch_worker(Channel::Sms, Port::take()?, &[])?;
        self.sms.push(worker);
        Ok(())
    }

    /// Starts an e-mail worker that dies at `point` of its first message; it isn't counted among the others.
    ///
    /// # Errors
    /// It doesn't get ready.
    pub fn add_dying_email_worker(&self, point: &str) -> anyhow::Result<Child> {
        let dying = self.launch_worker(Channel::Email, Port::take()?, &["--fail-point", point])?;
        Ok(dying.child)
    }

    fn launch_worker(&self, channel: Channel, admin: Port, more: &[&str]) -> anyhow::Result<Worker> {
        let (smtp_host, smtp_port) = self.inbox.smtp.rsplit_once(':').context("the inbox's address")?;
        let word = channel.word();
        let mut command = self.manner.command(&format!("twostep-{word}-worker"))?;
        command
            .args(["--admin-listen", &format!("127.0.0.1:{}", admin.number())])
            .args(more)
            .env("TWOSTEP_NATS__URL", self.nats.url())
            .envs(self.manner.variables())
            .env("TWOSTEP_CHANNEL_KEY_FILE", self.home.join(format!("{word}-channel-key")));
        match channel {
            Channel::Email => command
                .env("TWOSTEP_EMAIL__FROM", "no-reply@example.com")
                .env("TWOSTEP_EMAIL__HOST", "mail.example.com")
                .env("TWOSTEP_EMAIL__RELAYS__INBOX__HOST", smtp_host)
                .env("TWOSTEP_EMAIL__RELAYS__INBOX__PORT", smtp_port)
                .env("TWOSTEP_EMAIL__RELAYS__INBOX__SECURITY", "plain-loopback-demo"),
            Channel::Sms => command
                .env("TWOSTEP_SMS__PROVIDERS__INBOX__TWILIO__BASE", format!("http://{}/", self.inbox.http))
                .env("TWOSTEP_SMS__PROVIDERS__INBOX__TWILIO__ACCOUNT", "ACtest")
                .env("TWOSTEP_SMS__PROVIDERS__INBOX__TWILIO__TOKEN", "any")
                .env("TWOSTEP_SMS__PROVIDERS__INBOX__TWILIO__FROM", "Rescue"),
        };
        let others = if channel == Channel::Email { &self.email } else { &self.sms };
        let name = format!("{word}-worker-{}", others.len() + 1);
        let child = self.manner.start(&name, command, ready)?;
        Ok(Worker { name, child, admin })
    }

    /// Everything that the command service has said.
    #[must_use]
    pub fn output(&self) -> String {
        self.service.output()
    }

    /// Everything that any program of ours has said.
    #[must_use]
    pub fn all_output(&self) -> String {
        let workers = self.email.iter().chain(&self.sms).map(|worker| worker.child.output());
        [self.service.output(), self.web.output()].into_iter().chain(workers).collect()
    }

    /// What a worker's Prometheus reads.
    ///
    /// # Errors
    /// The admin port doesn't answer.
    pub async fn metrics(&self, worker: &Worker) -> anyhow::Result<String> {
        Ok(self.http.get(format!("{}/metrics", worker.admin_url())).send().await?.text().await?)
    }

    /// Asks every program to stop (SIGTERM), whoever others need last, and waits until they are gone.
    ///
    /// # Errors
    /// A signal can't be sent, or a program ended badly: which.
    pub fn stop(&mut self) -> anyhow::Result<()> {
        let workers = self.email.iter_mut().chain(&mut self.sms);
        let workers = workers.map(|worker| (worker.name.as_str(), &mut worker.child));
        let first = [("web", &mut self.web)].into_iter().chain(workers);
        let mut badly = Vec::new();
        for (name, child) in first.chain([("command-service", &mut self.service)]) {
            // One that is gone already can't be asked; how it ended is told by the wait.
            let _ = child.signal("TERM");
            if !child.wait()? {
                badly.push(name);
            }
        }
        self.nats.stop()?;
        ensure!(badly.is_empty(), "not ended as asked: {}; the lines above say more", badly.join(", "));
        Ok(())
    }

    /// The programs of ours that ended by themselves, by name, each with how.
    ///
    /// # Errors
    /// The system refuses.
    pub fn gone(&mut self) -> anyhow::Result<Vec<(String, String)>> {
        let workers = self.email.iter_mut().chain(&mut self.sms);
        let workers = workers.map(|worker| (worker.name.as_str(), &mut worker.child));
        let ours = [("web", &mut self.web), ("command-service", &mut self.service)].into_iter();
        let mut gone = Vec::new();
        for (name, child) in ours.chain(workers) {
            gone.extend(child.ended()?.map(|how| (name.to_owned(), how)));
        }
        Ok(gone)
    }

    /// Makes the queue anew where its store was lost.
    ///
    /// # Errors
    /// The operator's command fails.
    pub fn provision(&self) -> anyhow::Result<()> {
        provision(&self.nats, &self.manner)
    }
}

impl Worker {
    /// Where its admin port is.
    #[must_use]
    pub fn admin_url(&self) -> String {
        format!("http://127.0.0.1:{}", self.admin.number())
    }
}

impl Product for Cluster {
    fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.ports.web.number())
    }

    fn api_url(&self) -> String {
        format!("http://127.0.0.1:{}", self.ports.api.number())
    }

    fn api(&self) -> anyhow::Result<Client> {
        Ok(Client::new(format!("{}/", self.api_url()).parse()?)?)
    }

    fn data(&self) -> PathBuf {
        self.home.join("data")
    }

    fn admin_urls(&self) -> Vec<String> {
        let own = [&self.ports.admin, &self.ports.web_admin].into_iter();
        let workers = self.email.iter().chain(&self.sms).map(|worker| &worker.admin);
        own.chain(workers).map(|port| format!("http://127.0.0.1:{}", port.number())).collect()
    }

    fn http(&self) -> &reqwest::Client {
        &self.http
    }

    fn kill_and_restart(&mut self) -> anyhow::Result<()> {
        self.service.kill()?;
        self.web.kill()?;
        self.nats.kill()?;
        for worker in self.email.iter_mut().chain(&mut self.sms) {
            worker.child.kill()?;
        }
        self.http = reqwest::Client::builder().no_proxy().build()?;
        self.nats.start_again()?;
        self.service = launch_service(&self.home, &self.ports, &self.nats, &self.manner)?;
        self.web = launch_web(&self.ports, &self.manner)?;
        for worker in std::mem::take(&mut self.email) {
            let again = self.launch_worker(Channel::Email, worker.admin, &[])?;
            self.email.push(again);
        }
        for worker in std::mem::take(&mut self.sms) {
            let again = self.launch_worker(Channel::Sms, worker.admin, &[])?;
            self.sms.push(again);
        }
        Ok(())
    }
}

/// As JSON or for people.
fn ready(line: &str) -> bool {
    line.contains("\"message\":\"ready\"") || line.contains(": ready")
}

fn provision(nats: &Nats, manner: &Manner) -> anyhow::Result<()> {
    let mut command = Command::new(program("twostep")?);
    command.args(["provision", "--nats-url", &nats.url()]);
    command.envs(manner.variables());
    let done = command.output().context("starting twostep")?;
    ensure!(done.status.success(), "twostep provision failed: {}", String::from_utf8_lossy(&done.stderr));
    Ok(())
}

fn hand_over_key(home: &Path, channel: Channel) -> anyhow::Result<()> {
    let file = home.join(format!("{}-channel-key", channel.word()));
    if file.exists() {
        return Ok(());
    }
    let (file, key) = (file.display().to_string(), home.join("master-key").display().to_string());
    let arguments = ["keys", "channel", channel.word(), "--to", &file, "--master-key-path", &key];
    let done = operate(&home.join("data"), &arguments)?;
    ensure!(done.status.success(), "twostep keys channel failed: {}", String::from_utf8_lossy(&done.stderr));
    Ok(())
}

fn launch_service(home: &Path, ports: &Ports, nats: &Nats, manner: &Manner) -> anyhow::Result<Child> {
    let mut command = manner.command("twostep-command-service")?;
    command
        .arg("--data")
        .arg(home.join("data"))
        .env("TWOSTEP_PUBLIC_URL", format!("http://127.0.0.1:{}/", ports.web.number()))
        .env("TWOSTEP_HTTP__LISTEN", format!("127.0.0.1:{}", ports.api.number()))
        .env("TWOSTEP_ADMIN__LISTEN", format!("127.0.0.1:{}", ports.admin.number()))
        .env("TWOSTEP_KEYS__MASTER_PATH", home.join("master-key"))
        .env("TWOSTEP_NATS__URL", nats.url())
        .envs(manner.variables());
    manner.start("command-service", command, ready)
}

fn launch_web(ports: &Ports, manner: &Manner) -> anyhow::Result<Child> {
    let mut command = manner.command("twostep-web")?;
    command
        .env("TWOSTEP_PUBLIC_URL", format!("http://127.0.0.1:{}/", ports.web.number()))
        .env("TWOSTEP_HTTP__LISTEN", format!("127.0.0.1:{}", ports.web.number()))
        .env("TWOSTEP_ADMIN__LISTEN", format!("127.0.0.1:{}", ports.web_admin.number()))
        .env("TWOSTEP_API__URL", format!("http://127.0.0.1:{}/", ports.api.number()));
    manner.start("web", command, ready)
}
