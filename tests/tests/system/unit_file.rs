//! The systemd unit, as systemd reads it.

use std::path::Path;
use std::process::Command;

#[test]
fn systemd_understands_every_line_of_the_unit() {
    let unit = Path::new(env!("CARGO_MANIFEST_DIR")).join("../deploy/systemd/twostep-standalone.service");
    let text = std::fs::read_to_string(unit).unwrap();
    let installed = "/usr/bin/twostep-standalone";
    assert!(text.contains(installed), "another program is started");
    // It isn't installed here, and systemd looks for it.
    let home = tempfile::tempdir().unwrap();
    let copy = home.path().join("twostep-standalone.service");
    std::fs::write(&copy, text.replace(installed, "/bin/true")).unwrap();
    let verify = Command::new("systemd-analyze").args(["verify", "--man=no"]).arg(&copy).output();
    let Ok(judged) = verify else {
        eprintln!("not judged: there is no systemd-analyze here");
        return;
    };
    let said = String::from_utf8_lossy(&judged.stderr);
    // What it thinks of the machine's other units isn't ours to mend.
    let ours: Vec<&str> = said.lines().filter(|line| line.contains("twostep-standalone")).collect();
    assert!(ours.is_empty(), "{ours:#?}");
}
