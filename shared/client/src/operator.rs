//! The operator's routes of the running service, through its socket in the data directory.

use std::io::ErrorKind;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};

use reqwest::{Client, RequestBuilder};
use serde::Serialize;
use serde::de::DeserializeOwned;
use twostep_api::Problem;

/// The socket's name in the data directory.
const SOCKET: &str = "operator.sock";

/// Why the service didn't do what was asked, in words for whoever typed the command.
#[derive(Debug, thiserror::Error)]
pub enum OperatorError {
    /// Nobody listens.
    #[error(
        "the service isn't running, or {data} isn't its data directory: start the program that the data are of \
         (systemctl start twostep-standalone or twostep-command-service; its --help says how without systemd), and \
         repeat this command", data = .0.display()
    )]
    NotRunning(PathBuf),
    /// The socket is somebody else's.
    #[error("{} is the service's alone: run this command as its user or as root", .0.display())]
    NotOurs(PathBuf),
    /// The socket can't be reached for another reason.
    #[error("reaching the service at {}", .socket.display())]
    OutOfReach {
        /// Where it is.
        socket: PathBuf,
        /// What the operating system says.
        source: std::io::Error,
    },
    /// No request can be made.
    #[error("the service can't be asked")]
    Unusable(#[source] reqwest::Error),
    /// The service was reached and gave no answer.
    #[error(
        "the service broke off at {}: it may have done what was asked or not; look at its log", .socket.display()
    )]
    BrokeOff {
        /// Where it was reached.
        socket: PathBuf,
        /// What the connection said; nothing in it names what was asked.
        source: reqwest::Error,
    },
    /// An answer of another shape.
    #[error("the service's answer can't be read: are both of one version?")]
    Unreadable(#[source] serde_json::Error),
    /// The service refused.
    #[error("{}", in_words(.0))]
    Refused(Box<Problem>),
    /// The service answered with something that is no problem document.
    #[error("the service answered {0}")]
    Answered(reqwest::StatusCode),
}

/// Whether somebody listens there.
#[must_use]
pub fn is_running(data: &Path) -> bool {
    UnixStream::connect(data.join(SOCKET)).is_ok()
}

/// Whether the service can be asked at all.
///
/// # Errors
/// It can't: why, and what to do.
pub fn reach(data: &Path) -> Result<(), OperatorError> {
    let socket = data.join(SOCKET);
    let Err(source) = UnixStream::connect(&socket) else { return Ok(()) };
    Err(match source.kind() {
        ErrorKind::NotFound | ErrorKind::ConnectionRefused => OperatorError::NotRunning(data.to_owned()),
        ErrorKind::PermissionDenied => OperatorError::NotOurs(socket),
        _ => OperatorError::OutOfReach { socket, source },
    })
}

/// Reads what lies at `path`.
///
/// # Errors
/// [`OperatorError`].
pub async fn get<T: DeserializeOwned>(data: &Path, path: &str) -> Result<T, OperatorError> {
    ask(data, path, |client, url| client.get(url)).await
}

/// Posts `body` to `path` and reads the answer.
///
/// # Errors
/// [`OperatorError`].
pub async fn post<T: DeserializeOwned>(
    data: &Path,
    path: &str,
    body: &impl Serialize,
) -> Result<T, OperatorError> {
    ask(data, path, |client, url| client.post(url).json(body)).await
}

async fn ask<T: DeserializeOwned>(
    data: &Path,
    path: &str,
    make: impl FnOnce(&Client, String) -> RequestBuilder,
) -> Result<T, OperatorError> {
    reach(data)?;
    let socket = data.join(SOCKET);
    let client = Client::builder().unix_socket(socket.as_path()).no_proxy().build();
    let client = client.map_err(OperatorError::Unusable)?;
    // The URL is ours alone: nobody could go there.
    let broke_off = |source: reqwest::Error| OperatorError::BrokeOff {
        socket: socket.clone(),
        source: source.without_url(),
    };
    let answer = make(&client, format!("http://operator/api/v1/{path}")).send().await.map_err(&broke_off)?;
    let status = answer.status();
    let bytes = answer.bytes().await.map_err(broke_off)?;
    if status.is_success() {
        return serde_json::from_slice(&bytes).map_err(OperatorError::Unreadable);
    }
    match serde_json::from_slice::<Problem>(&bytes) {
        Ok(problem) => Err(OperatorError::Refused(Box::new(problem))),
        Err(_) => Err(OperatorError::Answered(status)),
    }
}

/// What was refused, each wrong field by the name of its option.
fn in_words(problem: &Problem) -> String {
    if problem.fields.is_empty() {
        return problem.detail.clone();
    }
    let wrong = problem
        .fields
        .iter()
        .map(|wrong| format!("\n  --{}: {}", wrong.field.replace('_', "-"), wrong.message));
    wrong.fold(problem.title.clone(), |said, wrong| said + &wrong)
}
