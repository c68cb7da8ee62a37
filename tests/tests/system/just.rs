//! `./just`: which `just` runs a recipe, and what is said where something is missing.

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use twostep_tests::repository;

/// A clone without anything installed, and a PATH of its own.
struct Clone {
    root: tempfile::TempDir,
    path: tempfile::TempDir,
}

impl Clone {
    /// With C compiler, cargo, and a Python whose pip installs from no network.
    fn new() -> Self {
        let clone = Self { root: tempfile::tempdir().unwrap(), path: tempfile::tempdir().unwrap() };
        fs::create_dir_all(clone.root.path().join("deploy/tools")).unwrap();
        for file in [
            "just",
            "justfile",
            "deploy/tools/install",
            "deploy/tools/just.txt",
            "deploy/tools/nats-server.txt",
        ] {
            fs::copy(repository().join(file), clone.root.path().join(file)).unwrap();
        }
        for tool in ["dirname", "mkdir", "chmod", "cat"] {
            symlink(found(tool), clone.path.path().join(tool)).unwrap();
        }
        clone.put("cc", "exit 0");
        clone.put("cargo", "exit 0");
        let pinned = fs::read_to_string(repository().join("deploy/tools/just.txt")).unwrap();
        let pinned = pinned.lines().find_map(|line| line.strip_prefix("rust-just==")).unwrap();
        clone.put_pip("just", &just(pinned.split_whitespace().next().unwrap(), "the pinned one"));
        clone
    }

    /// A program on its PATH.
    fn put(&self, name: &str, script: &str) {
        let file = self.path.path().join(name);
        fs::write(&file, format!("#!/bin/sh\n{script}\n")).unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o755)).unwrap();
    }

    fn take_away(&self, name: &str) {
        fs::remove_file(self.path.path().join(name)).unwrap();
    }

    /// A `just` of this version, which says with what it was run.
    fn put_just(&self, version: &str) {
        self.put("just", &just(version, "the one on PATH"));
    }

    /// A pip that notes what it is asked, and installs this program as `tool`.
    fn put_pip(&self, tool: &str, program: &str) {
        let asked = self.asked().display().to_string();
        let install = format!(
            "[ \"$3\" = --version ] && exit 0\n\
             echo \"$*\" >>'{asked}'\n\
             for target; do :; done\n\
             mkdir -p \"$target/bin\"\n\
             cat >\"$target/bin/{tool}\" <<'END'\n#!/bin/sh\n{program}\nEND\n\
             chmod 755 \"$target/bin/{tool}\""
        );
        self.put("python3", &install);
    }

    fn asked(&self) -> PathBuf {
        self.path.path().join("asked-of-pip")
    }

    /// How often pip was asked to install, and the last time for what.
    fn installed(&self) -> Vec<String> {
        let asked = fs::read_to_string(self.asked()).unwrap_or_default();
        asked.lines().map(str::to_owned).collect()
    }

    fn run(&self) -> Output {
        let mut command = Command::new(self.root.path().join("just"));
        command.args(["demo", "--reset"]).env("PATH", self.path.path()).current_dir("/").output().unwrap()
    }

    /// It runs `demo --reset` with that `just`.
    fn runs(&self, which: &str) {
        let output = self.run();
        let root = self.root.path().canonicalize().unwrap();
        let root = root.display();
        let expected =
            format!("{which}: --justfile {root}/justfile --working-directory {root} demo --reset\n");
        assert_eq!(String::from_utf8_lossy(&output.stdout), expected, "{output:?}");
    }

    /// It runs nothing and says this.
    fn refuses(&self, words: &[&str]) {
        let output = self.run();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.code() == Some(1) && output.stdout.is_empty(), "{output:?}");
        assert!(words.iter().all(|word| said.contains(word)), "{words:?} isn't in {said}");
    }
}

fn just(version: &str, name: &str) -> String {
    format!("[ \"$1\" = --version ] && echo 'just {version}' || echo \"{name}: $*\"")
}

/// Where this machine has `tool`.
fn found(tool: &str) -> PathBuf {
    let path = std::env::var("PATH").unwrap();
    let mut files = path.split(':').map(|folder| Path::new(folder).join(tool));
    files.find(|file| file.is_file()).unwrap_or_else(|| panic!("no {tool} on PATH"))
}

#[test]
fn a_just_that_is_new_enough_is_used_and_nothing_is_installed() {
    let clone = Clone::new();
    for version in ["1.40.0", "1.100.2"] {
        clone.put_just(version);
        clone.runs("the one on PATH");
    }
    assert!(clone.installed().is_empty() && !clone.root.path().join(".tools").exists());
}

#[test]
fn an_old_just_or_none_is_replaced_by_the_pinned_one_once() {
    for old in [Some("1.39.0"), Some("0.11.2"), Some("of another kind"), None] {
        let clone = Clone::new();
        if let Some(version) = old {
            clone.put_just(version);
        }
        for _ in 0..2 {
            clone.runs("the pinned one");
        }
        let asked = clone.installed();
        assert_eq!(asked.len(), 1, "{old:?}: {asked:#?}");
        let root = clone.root.path().canonicalize().unwrap();
        let hashes = format!("--require-hashes -r {}/deploy/tools/just.txt", root.display());
        assert!(asked[0].contains(&hashes) && asked[0].ends_with("/.tools/just"), "{asked:#?}");
        // An older pinned one, from before, is replaced too.
        let kept = root.join(".tools/just/bin/just");
        fs::write(kept, format!("#!/bin/sh\n{}\n", just("1.50.0", "an old one"))).unwrap();
        clone.runs("the pinned one");
        assert_eq!(clone.installed().len(), 2);
    }
}

#[test]
fn what_is_missing_is_named_with_the_package_that_has_it() {
    let clone = Clone::new();
    clone.put("python3", "exit 1");
    clone.refuses(&["pip is missing", "apt-get install python3-pip"]);
    clone.take_away("python3");
    clone.refuses(&["python3 is missing", "apt-get install python3 python3-pip"]);
    clone.put_just("1.40.0");
    clone.runs("the one on PATH");
    clone.take_away("cargo");
    clone.refuses(&["cargo is missing", "rustup"]);
    clone.take_away("cc");
    clone.refuses(&["C compiler (cc)", "apt-get install build-essential"]);
}

/// The recipe as it stands, run as `just` runs it: by bash, in the clone.
#[test]
fn a_nats_server_that_is_too_old_or_missing_is_replaced_by_the_pinned_one_once() {
    let recipes = fs::read_to_string(repository().join("justfile")).unwrap();
    let recipe = recipes.split("\nnats-server:\n").nth(1).unwrap().split("\n\n").next().unwrap();
    let nats = |version: &str| format!("[ \"$1\" = --version ] && echo 'nats-server: v{version}'");
    for (there, installs) in [
        (None, 1),
        (Some("1.99.0"), 1),
        (Some("2.9.25"), 1),
        (Some("2.11.8"), 1),
        (Some("2.12.0"), 0),
        (Some("2.100.1"), 0),
    ] {
        let clone = Clone::new();
        clone.put_pip("nats-server", &nats("2.15.1"));
        if let Some(version) = there {
            clone.put("nats-server", &nats(version));
        }
        for _ in 0..2 {
            let mut bash = Command::new(found("bash"));
            bash.args(["-c", recipe]).env("PATH", clone.path.path()).current_dir(clone.root.path());
            let output = bash.output().unwrap();
            assert!(output.status.success() && output.stdout.is_empty(), "{there:?}: {output:?}");
        }
        let asked = clone.installed();
        assert_eq!(asked.len(), installs, "{there:?}: {asked:#?}");
        assert!(asked.iter().all(|asked| asked.contains("deploy/tools/nats-server.txt")), "{asked:#?}");
        assert_eq!(clone.root.path().join(".tools/nats-server/bin/nats-server").exists(), installs == 1);
    }
}
