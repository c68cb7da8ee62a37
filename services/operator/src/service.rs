//! The running service, through its operator's socket.

use std::io::ErrorKind;
use std::os::unix::net::UnixStream;
use std::path::Path;

use anyhow::{Context as _, bail};
use reqwest::{Client, RequestBuilder};
use serde::Serialize;
use serde::de::DeserializeOwned;
use twostep_api::Problem;

/// The socket's name in the data directory.
const SOCKET: &str = "operator.sock";

/// Whether somebody listens there.
pub(crate) fn is_running(data: &Path) -> bool {
    UnixStream::connect(data.join(SOCKET)).is_ok()
}

/// Whether the service can be asked at all.
///
/// # Errors
/// It can't: why, and what to do.
pub(crate) fn reach(data: &Path) -> anyhow::Result<()> {
    let socket = data.join(SOCKET);
    let Err(error) = UnixStream::connect(&socket) else { return Ok(()) };
    match error.kind() {
        ErrorKind::NotFound | ErrorKind::ConnectionRefused => bail!(
            "the service isn't running, or {data} isn't its data directory: start it (systemctl start twostep-standalone, or twostep-command-service where the workers run by themselves; or twostep-standalone run --config FILE --data {data}), and repeat this command",
            data = data.display()
        ),
        ErrorKind::PermissionDenied => {
            bail!("{} is the service's alone: run this command as its user or as root", socket.display())
        }
        _ => Err(error).with_context(|| format!("reaching the service at {}", socket.display())),
    }
}

/// Reads what lies at `path`.
pub(crate) async fn get<T: DeserializeOwned>(data: &Path, path: &str) -> anyhow::Result<T> {
    ask(data, path, |client, url| client.get(url)).await
}

/// Posts `body` to `path` and reads the answer.
pub(crate) async fn post<T: DeserializeOwned>(
    data: &Path,
    path: &str,
    body: &impl Serialize,
) -> anyhow::Result<T> {
    ask(data, path, |client, url| client.post(url).json(body)).await
}

async fn ask<T: DeserializeOwned>(
    data: &Path,
    path: &str,
    make: impl FnOnce(&Client, String) -> RequestBuilder,
) -> anyhow::Result<T> {
    reach(data)?;
    let socket = data.join(SOCKET);
    let client = Client::builder().unix_socket(socket.as_path()).no_proxy().build()?;
    let sent = make(&client, format!("http://operator/api/v1/{path}")).send().await;
    // The URL is ours alone: nobody could go there.
    let answer = sent.map_err(reqwest::Error::without_url).with_context(|| {
        format!(
            "the service broke off at {}: it may have done what was asked or not; look at its log",
            socket.display()
        )
    })?;
    let status = answer.status();
    let bytes = answer.bytes().await.context("the service's answer broke off")?;
    if status.is_success() {
        return serde_json::from_slice(&bytes)
            .context("the service's answer can't be read: are both of one version?");
    }
    match serde_json::from_slice::<Problem>(&bytes) {
        Ok(problem) => bail!("{}", in_words(&problem)),
        Err(_) => bail!("the service answered {status}"),
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
