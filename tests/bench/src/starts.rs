//! How soon the demo answers.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::process::Command;
use std::time::Instant;

use anyhow::ensure;
use twostep_tests::harness::{Child, Port, program};

use crate::row::{Row, median_ms};

/// Starts of each kind.
const RUNS: usize = 5;

/// The built demo, from its start to its first answer: with a company to make, and over what it made before.
///
/// # Errors
/// It doesn't get ready.
pub(crate) fn rows() -> anyhow::Result<Vec<Row>> {
    let (mut first, mut again) = (Vec::new(), Vec::new());
    for _ in 0..RUNS {
        let home = tempfile::tempdir()?;
        for times in [&mut first, &mut again] {
            times.push(start(home.path())?);
        }
    }
    Ok(vec![
        Row::at_most(
            "the demo's very first start until it answers, built before, beside 5 s",
            "ms",
            median_ms(first),
            5_000.0,
            1.0,
        ),
        Row::at_most(
            "a later start of the demo until it answers, beside 300 ms",
            "ms",
            median_ms(again),
            300.0,
            1.0,
        ),
    ])
}

fn start(data: &std::path::Path) -> anyhow::Result<std::time::Duration> {
    let port = Port::take()?;
    let mut command = Command::new(program("twostep-standalone")?);
    command.args(["demo", "--port", &port.number().to_string(), "--data"]).arg(data.join("demo"));
    let begun = Instant::now();
    let (_demo, _) = Child::start(command, |line| line.contains("http://"))?;
    let mut page = TcpStream::connect(("127.0.0.1", port.number()))?;
    page.write_all(b"GET / HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\n\r\n")?;
    ensure!(page.read(&mut [0; 512])? > 0, "the demo hangs up");
    Ok(begun.elapsed())
}
