//! Ports that a test holds to itself, also across a restart of what listens there.

use std::fs::File;
use std::net::TcpListener;

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
        let folder = std::env::temp_dir().join("twostep-test-ports");
        std::fs::create_dir_all(&folder).context("making the folder of held ports")?;
        // Begins somewhere else in each process, so that they rarely try the same one.
        let start = std::process::id() % u32::from(RANGE.end - RANGE.start);
        let first = RANGE.start + u16::try_from(start).unwrap_or(0);
        for number in (first..RANGE.end).chain(RANGE.start..first) {
            let file = File::options()
                .create(true)
                .truncate(false)
                .write(true)
                .open(folder.join(number.to_string()));
            let file = file.context("opening the file of a held port")?;
            if file.try_lock().is_ok() && TcpListener::bind(("127.0.0.1", number)).is_ok() {
                return Ok(Self { number, _held: file });
            }
        }
        bail!("no free port between {} and {}", RANGE.start, RANGE.end)
    }

    /// Its number.
    #[must_use]
    pub fn number(&self) -> u16 {
        self.number
    }
}
