//! An authenticator app that isn't ours: RFC 6238 in a dozen lines of Python's standard library.

use std::io::Write as _;
use std::process::{Command, Stdio};

use anyhow::{Context as _, ensure};

/// HOTP over SHA-1 with 6 digits (RFC 4226 §5.3) of the 30-second step (RFC 6238 §4.2).
const APP: &str = "
import base64, hashlib, hmac, struct, sys
for line in sys.stdin:
    secret, seconds = line.split()
    key = base64.b32decode(secret + '=' * (-len(secret) % 8))
    mac = hmac.new(key, struct.pack('>Q', int(seconds) // 30), hashlib.sha1).digest()
    at = mac[-1] & 15
    number = struct.unpack('>I', mac[at:at + 4])[0] & 0x7fffffff
    print('%06d' % (number % 1000000))
";

/// The code that an app with `secret` (base32, spaces allowed) shows at Unix time `seconds`.
///
/// # Errors
/// There is no `python3`.
pub fn code_at(secret: &str, seconds: i64) -> anyhow::Result<String> {
    codes_at(&[(secret, seconds)])?.pop().context("the authenticator app said nothing")
}

/// The codes of many apps, each with its secret at its time.
///
/// # Errors
/// There is no `python3`.
pub fn codes_at(asked: &[(&str, i64)]) -> anyhow::Result<Vec<String>> {
    let mut lines = String::new();
    for (secret, seconds) in asked {
        lines.extend(secret.chars().filter(|c| !c.is_whitespace()));
        lines.push_str(&format!(" {seconds}\n"));
    }
    let mut python = Command::new("python3")
        .args(["-c", APP])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .context("starting python3, which stands in for an authenticator app")?;
    let mut input = python.stdin.take().context("python3 without an input")?;
    // Written aside: with many apps, both pipes could be full.
    let written = std::thread::spawn(move || input.write_all(lines.as_bytes()));
    let output = python.wait_with_output().context("waiting for python3")?;
    let _ = written.join();
    ensure!(output.status.success(), "python3 failed");
    let codes: Vec<_> = String::from_utf8(output.stdout)?.lines().map(str::to_owned).collect();
    ensure!(
        codes.len() == asked.len(),
        "the authenticator app said {} codes of {}",
        codes.len(),
        asked.len()
    );
    Ok(codes)
}
#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_shows_the_codes_of_rfc_6238() {
        // Appendix B gives 8 digits; the last 6 are the same number.
        let secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
        for (seconds, code) in [(59, "287082"), (1_111_111_109, "081804"), (20_000_000_000, "353130")] {
            assert_eq!(code_at(secret, seconds).unwrap(), code);
        }
    }
}
