//! Ports that a test holds to itself, also across a restart of what listens there.

use std::fs::File;
use std::net::TcpListener;
use std::path::Path;

use anyhow::{Context as _, bail};

/// Below the range from which the system takes the ports of outgoing connections: none of those gets in between.
const RANGE: std::ops::Range<u16> = 20_000..32_000;

/// A loopback port; nobody else who asks here gets it while this lives.
pub struct Port {
    number: u16,
    _held: File,
}

impl Port {
    /// Takes a free one.
    ///
    /// # Errors
    /// There is none, or the folder for temporary files can't be written.
    pub fn take() -> anyhow::Result<Self> {
        Self::row(1)?.pop().context("a row of one")
    }

    /// Takes `count` free ones, one after the other.
    ///
    /// # Errors
    /// There are none, or the folder for temporary files can't be written.
    pub fn row(count: u16) -> anyhow::Result<Vec<Self>> {
        let folder = folder()?;
        // Begins somewhere else in each process, so that they rarely try the same one.
        let start = std::process::id() % u32::from(RANGE.end - RANGE.start);
        let first = RANGE.start + u16::try_from(start).unwrap_or(0);
        for number in (first..RANGE.end).chain(RANGE.start..first) {
            let row: anyhow::Result<Vec<_>> =
                (number..number + count).map(|number| Self::hold(&folder, number)).collect();
            if let Some(row) = row?.into_iter().collect() {
                return Ok(row);
            }
        }
        bail!("no {count} free ports between {} and {}", RANGE.start, RANGE.end)
    }

    /// This one.
    ///
    /// # Errors
    /// Somebody has it.
    pub fn this(number: u16) -> anyhow::Result<Self> {
        let held = Self::hold(&folder()?, number)?;
        held.with_context(|| format!("port {number} is in use"))
    }

    /// This one, where it is free.
    fn hold(folder: &Path, number: u16) -> anyhow::Result<Option<Self>> {
        let file =
            File::options().create(true).truncate(false).write(true).open(folder.join(number.to_string()));
        let file = file.context("opening the file of a held port")?;
        let free = file.try_lock().is_ok() && TcpListener::bind(("127.0.0.1", number)).is_ok();
        Ok(free.then_some(Self { number, _held: file }))
    }

    /// Its number.
    #[must_use]
    pub fn number(&self) -> u16 {
        self.number
    }
}

/// Where held ports have a file each.
fn folder() -> anyhow::Result<std::path::PathBuf> {
    let folder = std::env::temp_dir().join("twostep-test-ports");
    std::fs::create_dir_all(&folder).context("making the folder of held ports")?;
    Ok(folder)
}
