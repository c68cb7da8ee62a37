//! `twostep keys …`.

use std::ffi::OsString;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _, chown};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, ensure};
use clap::{Args, Subcommand};
use twostep_api::{
    AskForChannelKey, ChannelKeyHandedOver, MasterKeyRotated, PossessionChallenge, RotateMasterKey,
};
use twostep_client::operator as service;
use twostep_vault::{Existing, MasterKey};

use crate::{Output, master_key};

/// The installation's keys.
#[derive(Subcommand)]
pub(crate) enum Keys {
    /// Draws a new master key, wraps every key with it while the service runs, and puts it in the old one's place. What
    /// broke off is finished by the same command.
    Rotate(Rotate),
    /// Writes the key that a worker of a channel opens its messages with into a file of mode 0600: its `channel_key`.
    Channel(ChannelKey),
}

/// Which channel's, and where to.
#[derive(Args)]
pub(crate) struct ChannelKey {
    /// The channel.
    #[arg(value_parser = ["email", "sms"])]
    channel: String,
    /// The file to write, which must not be there yet.
    #[arg(long, value_name = "FILE")]
    to: PathBuf,
    /// The installation's master key; left out, the key in TWOSTEP_KEYS__MASTER or the file that TWOSTEP_KEYS__MASTER_FILE names.
    #[arg(long, env = "TWOSTEP_KEYS__MASTER_PATH", value_name = "FILE")]
    master_key_path: Option<PathBuf>,
}

/// Which key.
#[derive(Args)]
pub(crate) struct Rotate {
    /// The file with the installation's master key.
    #[arg(long, env = "TWOSTEP_KEYS__MASTER_PATH", value_name = "FILE")]
    master_key_path: PathBuf,
}

/// Carries a command out.
pub(crate) async fn run(data: &Path, output: Output, command: Keys) -> anyhow::Result<()> {
    match command {
        Keys::Rotate(command) => rotation(data, output, command).await,
        Keys::Channel(command) => hand_over(data, output, command).await,
    }
}

async fn hand_over(data: &Path, output: Output, command: ChannelKey) -> anyhow::Result<()> {
    let ChannelKey { channel, to, master_key_path } = command;
    let key = master_key::held(data, master_key_path.as_deref())?;
    // Before the key leaves the service: it hands out none that can't be kept.
    let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&to);
    let file = file.with_context(|| format!("making {}", to.display()))?;
    let written = keep(data, &key, &channel, file).await;
    written
        .inspect_err(|_| drop(fs::remove_file(&to)))
        .with_context(|| format!("writing {}", to.display()))?;
    let text = match output {
        Output::Json => serde_json::json!({ "file": to.display().to_string() }).to_string(),
        Output::Text => format!(
            "{} holds the key of the {} worker: its setting channel_key_file names it. Whoever has it reads every code on its way there.",
            to.display(),
            channel
        ),
    };
    Ok(writeln!(io::stdout(), "{text}")?)
}

async fn keep(data: &Path, key: &MasterKey, channel: &str, mut file: File) -> anyhow::Result<()> {
    let PossessionChallenge { challenge } =
        service::post(data, "possession-challenges", &serde_json::json!({})).await?;
    let mut request = AskForChannelKey { channel: channel.to_owned(), challenge, proof: String::new() };
    request.proof = key.prove(&request.challenge, &request.proven());
    let ChannelKeyHandedOver { text } = service::post(data, "channel-keys", &request).await?;
    writeln!(file, "{text}")?;
    Ok(file.sync_all()?)
}

async fn rotation(data: &Path, output: Output, command: Rotate) -> anyhow::Result<()> {
    let path = command.master_key_path;
    let (next_path, present) = (beside(&path, ".next"), MasterKey::read(&path, data)?);
    // Without the service no key is drawn.
    service::reach(data)?;
    let broke_off = next_path.exists();
    // The new key is durable before anything is wrapped with it.
    let next = MasterKey::read_or_create(&next_path, data, Existing::Nothing)?;
    like(&path, &next_path).with_context(|| format!("giving {} its owner", next_path.display()))?;
    let finished = if broke_off { rotate(data, &next, &next).await.ok() } else { None };
    let rotated = match finished {
        Some(rotated) => rotated,
        None => rotate(data, &present, &next).await.with_context(|| {
            format!(
                "the master key wasn't rotated, as far as is known here; the new key stays in {}: this command, repeated, goes on with it",
                next_path.display()
            )
        })?,
    };
    let old_path = beside(&path, &format!(".until-{}", rotated.at.format("%Y%m%dT%H%M%SZ")));
    put_in_place(&path, &next_path, &old_path).with_context(|| {
        format!(
            "every key is wrapped with the key in {next}, but it can't be put at {path}: do so before the next start",
            next = next_path.display(),
            path = path.display()
        )
    })?;
    let text = match output {
        Output::Json => serde_json::to_string(&rotated)?,
        Output::Text => format!(
            "{} keys are wrapped with a new master key, which is in {} now; nothing has to be restarted.\n\
             Backups from before {} open with the old key only, which is kept in {}: remove it with the last of them.\n\
             Where the service takes its key from elsewhere, put the new one there before the next start.",
            rotated.keys,
            path.display(),
            rotated.at.format("%Y-%m-%d %H:%M:%S UTC"),
            old_path.display(),
        ),
    };
    Ok(writeln!(io::stdout(), "{text}")?)
}

async fn rotate(data: &Path, present: &MasterKey, next: &MasterKey) -> anyhow::Result<MasterKeyRotated> {
    let PossessionChallenge { challenge } =
        service::post(data, "possession-challenges", &serde_json::json!({})).await?;
    let sealed = present.hand_over(next, &challenge);
    Ok(service::post(data, "master-key-rotations", &RotateMasterKey { challenge, sealed }).await?)
}

/// A file in the same directory, so that one becomes the other in one step.
fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(ending);
    name.into()
}

/// The service reads the new file at its next start, whoever ran this command.
fn like(model: &Path, file: &Path) -> io::Result<()> {
    let (wanted, found) = (fs::metadata(model)?, fs::metadata(file)?);
    if (wanted.uid(), wanted.gid()) == (found.uid(), found.gid()) {
        return Ok(());
    }
    chown(file, Some(wanted.uid()), Some(wanted.gid()))
}

/// At every moment there is a key at `path`, and the old one isn't lost.
fn put_in_place(path: &Path, next: &Path, old: &Path) -> anyhow::Result<()> {
    ensure!(!old.exists(), "{} is there already", old.display());
    fs::hard_link(path, old).with_context(|| format!("keeping the old key at {}", old.display()))?;
    fs::rename(next, path).context("putting the new key in its place")?;
    let directory = path.parent().filter(|directory| !directory.as_os_str().is_empty());
    Ok(File::open(directory.unwrap_or(Path::new(".")))?.sync_all()?)
}
