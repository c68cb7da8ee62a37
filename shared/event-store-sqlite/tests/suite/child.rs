//! A process that appends and says what was acknowledged, to be killed.

use std::env;
use std::io::{BufRead as _, BufReader, Lines};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, ExitStatus, Stdio};
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use tokio::task::JoinSet;
use twostep_event_store::{AppendError, NewEvent, Reader as _, Writer as _};
use twostep_event_store_sqlite::{OpenOptions, SqliteStore};

use crate::disk::{self, Disk, Field};
use crate::given::{event, stream};

/// What the process does.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Work {
    pub(crate) log: PathBuf,
    /// Who append at the same time.
    pub(crate) workers: usize,
    /// How often each.
    pub(crate) appends: usize,
    /// Whether they share streams.
    pub(crate) shared: bool,
    /// Bytes of padding in each event.
    pub(crate) size: usize,
    /// Whether a fatal failure is printed rather than the end.
    pub(crate) survive: bool,
    /// Where the disk's numbers are.
    pub(crate) disk: Option<PathBuf>,
    /// Whether the disk counts and fails from the start, and not from when the log is open.
    pub(crate) armed: bool,
}

impl Work {
    pub(crate) fn on(log: &Path) -> Self {
        let log = log.to_owned();
        Self {
            log,
            workers: 1,
            appends: 10_000,
            shared: false,
            size: 200,
            survive: false,
            disk: None,
            armed: false,
        }
    }
}

/// What an event says about the command that it was appended with.
#[derive(Serialize, Deserialize)]
pub(crate) struct Part {
    pub(crate) command: String,
    pub(crate) number: usize,
    pub(crate) of: usize,
}

/// Something that the process said.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Said {
    Open,
    Acknowledged(Vec<String>),
    Full,
    Unavailable,
    Fatal,
}

/// The process, from its parent's side.
pub(crate) struct Running {
    child: Child,
    lines: Lines<BufReader<ChildStdout>>,
}

impl Running {
    /// Starts it, on its disk where there is one; every synced file is copied to `shadow` where that is given.
    pub(crate) fn start(work: &Work, shadow: Option<&Path>) -> Self {
        let mut command = Command::new(env::current_exe().expect("this program has a path"));
        command
            .args(["--exact", "child::works_until_it_is_killed", "--ignored", "--nocapture"])
            .env("TWOSTEP_CHILD", serde_json::to_string(work).expect("the work is written"))
            .stdout(Stdio::piped())
            .stderr(Stdio::null());
        if let Some(disk) = &work.disk {
            command.env("LD_PRELOAD", disk::library()).env("FAILING_DISK", disk);
        }
        if let Some(shadow) = shadow {
            command.env("TWOSTEP_SHADOW", shadow);
        }
        let mut child = command.spawn().expect("this program starts again");
        let lines = BufReader::new(child.stdout.take().expect("its output is a pipe")).lines();
        Self { child, lines }
    }

    /// What it says next; nothing once it has ended.
    pub(crate) fn next(&mut self) -> Option<Said> {
        loop {
            let line = self.lines.next()?.expect("its output is text");
            // The test harness's own line may stand before the first thing said.
            let Some((_, said)) = line.split_once("twostep-child ") else { continue };
            let mut words = said.split(' ').map(str::to_owned);
            return Some(match words.next().as_deref() {
                Some("open") => Said::Open,
                Some("acknowledged") => Said::Acknowledged(words.collect()),
                Some("full") => Said::Full,
                Some("unavailable") => Said::Unavailable,
                Some("fatal") => Said::Fatal,
                other => panic!("the child says {other:?}"),
            });
        }
    }

    /// Kills it, and gives what it had said by then.
    pub(crate) fn kill(mut self) -> Vec<Said> {
        self.child.kill().expect("the child is killed");
        self.end().0
    }

    /// What it says until it ends, and how it ends.
    pub(crate) fn end(mut self) -> (Vec<Said>, ExitStatus) {
        let said = std::iter::from_fn(|| self.next()).collect();
        (said, self.child.wait().expect("the child ends"))
    }
}

/// Prints in one write, so that a killed process leaves whole lines or none.
macro_rules! say {
    ($($text:tt)*) => { println!("twostep-child {}", format_args!($($text)*)) };
}

#[test]
#[ignore = "the other tests start it as a process of its own"]
fn works_until_it_is_killed() {
    let Ok(work) = env::var("TWOSTEP_CHILD") else { return };
    let work: Work = serde_json::from_str(&work).expect("the work is read");
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    runtime.expect("a runtime").block_on(run(Arc::new(work)));
}

async fn run(work: Arc<Work>) {
    let disk = work.disk.as_deref().map(Disk::at);
    if let (Some(disk), true) = (&disk, work.armed) {
        disk.set(Field::Armed, 1);
    }
    let mut options = OpenOptions::default();
    if work.survive {
        options.on_fatal = Box::new(|_| say!("fatal"));
    }
    let store = Arc::new(SqliteStore::open_with(&work.log, options).expect("the log opens"));
    say!("open");
    if let Some(disk) = &disk {
        disk.set(Field::Armed, 1);
    }
    let mut workers = JoinSet::new();
    for worker in 0..work.workers {
        workers.spawn(append_all(Arc::clone(&store), Arc::clone(&work), worker));
    }
    workers.join_all().await;
}

async fn append_all(store: Arc<SqliteStore>, work: Arc<Work>, worker: usize) {
    for turn in 0..work.appends {
        let place = if work.shared { turn % 3 } else { worker };
        let events = command(1 + (worker + turn) % 3, work.size);
        for attempt in 0.. {
            assert!(attempt < 100_000, "a store that refuses for ever has lost its way");
            let token = store.load(&stream(place), None).await.expect("a stream loads").token;
            match store.append(token, events.clone()).await {
                Ok(_) => {
                    let ids: Vec<String> = events.iter().map(|event| event.id.to_string()).collect();
                    say!("acknowledged {}", ids.join(" "));
                    break;
                }
                Err(AppendError::Conflict { .. }) => {}
                Err(AppendError::Full { .. }) => say!("full"),
                Err(AppendError::Unavailable { .. }) => {
                    say!("unavailable");
                    break;
                }
                Err(error) => panic!("an append can't end like this: {error}"),
            }
        }
    }
}

/// Events that say that they belong together.
fn command(of: usize, size: usize) -> Vec<NewEvent> {
    let command = event().id.to_string();
    let part = |number| {
        let part = Part { command: command.clone(), number, of };
        let mut data = serde_json::to_vec(&part).expect("a part is written");
        // White space after the value is JSON still, and costs nothing to write and to read.
        data.resize(data.len() + size, b' ');
        NewEvent { data, ..event() }
    };
    (0..of).map(part).collect()
}
