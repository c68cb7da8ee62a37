//! Writing an export: the events, then the manifest, which is there whole or not at all.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{BufWriter, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use data_encoding::HEXLOWER;
use serde::Serialize;
use serde_json::Value;
use sha2::{Digest as _, Sha256};

/// The file with the events.
pub(super) const EVENTS: &str = "events.jsonl";
/// The file that says what they are.
const MANIFEST: &str = "manifest.json";

/// An export under way.
pub(super) struct Writer {
    directory: PathBuf,
    file: BufWriter<File>,
    hash: Sha256,
    lines: u64,
    bytes: u64,
}

/// A whole file of events.
pub(super) struct Written {
    pub(super) lines: u64,
    pub(super) bytes: u64,
    pub(super) sha256: String,
}

impl Writer {
    /// Makes `directory` and an empty file of events in it, for their owner alone.
    pub(super) fn begin(directory: &Path) -> anyhow::Result<Self> {
        let made = DirBuilder::new().mode(0o700).create(directory);
        made.with_context(|| format!("making {}, which mustn't be there yet", directory.display()))?;
        let file = new_file(&directory.join(EVENTS))?;
        Ok(Self {
            directory: directory.to_owned(),
            file: BufWriter::new(file),
            hash: Sha256::new(),
            lines: 0,
            bytes: 0,
        })
    }

    /// Adds a line.
    pub(super) fn line(&mut self, line: &Value) -> anyhow::Result<()> {
        let text = format!("{line}\n");
        self.file.write_all(text.as_bytes()).context("writing the events")?;
        self.hash.update(text.as_bytes());
        self.lines += 1;
        self.bytes += text.len() as u64;
        Ok(())
    }

    /// Makes the events durable, then the manifest that follows from them.
    pub(super) fn end<M: Serialize>(self, manifest: impl FnOnce(Written) -> M) -> anyhow::Result<M> {
        let Self { directory, file, hash, lines, bytes } = self;
        let file = file.into_inner().context("writing the events")?;
        file.sync_all().context("making the events durable")?;
        let sha256 = HEXLOWER.encode(hash.finalize().as_slice());
        let manifest = manifest(Written { lines, bytes, sha256 });
        let (new, place) = (directory.join("manifest.json.new"), directory.join(MANIFEST));
        let mut file = new_file(&new)?;
        serde_json::to_writer_pretty(&mut file, &manifest)?;
        file.write_all(b"\n").and_then(|()| file.sync_all()).context("writing the manifest")?;
        fs::rename(&new, &place).context("putting the manifest in its place")?;
        File::open(&directory)?.sync_all().context("making the manifest's name durable")?;
        Ok(manifest)
    }
}

fn new_file(path: &Path) -> anyhow::Result<File> {
    let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
    file.with_context(|| format!("making {}", path.display()))
}
