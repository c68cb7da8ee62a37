//! The running service, through its operator's socket.

use std::os::unix::net::UnixStream;
use std::path::Path;

use anyhow::{Context as _, bail};
use serde::Serialize;
use serde::de::DeserializeOwned;
use twostep_api::Problem;

/// The socket's name in the data directory.
const SOCKET: &str = "operator.sock";

/// Whether somebody listens there.
pub(crate) fn is_running(data: &Path) -> bool {
    UnixStream::connect(data.join(SOCKET)).is_ok()
}

/// Posts `body` to `path` and reads the answer.
pub(crate) async fn post<T: DeserializeOwned>(
    data: &Path,
    path: &str,
    body: &impl Serialize,
) -> anyhow::Result<T> {
    let socket = data.join(SOCKET);
    if !socket.exists() {
        bail!(
            "{} is not there: is the service running, and is --data its data directory? (start it with: twostep-standalone run --data {})",
            socket.display(),
            data.display()
        );
    }
    let client = reqwest::Client::builder().unix_socket(socket.as_path()).no_proxy().build()?;
    let sent = client.post(format!("http://operator/api/v1/{path}")).json(body).send().await;
    let answer = sent.with_context(|| {
        format!("the service doesn't answer at {}: is it running, and are you its user?", socket.display())
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
