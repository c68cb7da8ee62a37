//! The disk that fails on demand, from the test's side (see `disk.c`).

use std::fs::{self, File};
use std::os::unix::fs::FileExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

/// One of the numbers that both sides see.
#[derive(Clone, Copy)]
pub(crate) enum Field {
    Armed,
    Syncs,
    FailSync,
    Writes,
    KillWrite,
    Full,
    Failed,
    Once,
}

/// The numbers of one disk.
pub(crate) struct Disk {
    path: PathBuf,
    file: File,
}

impl Disk {
    /// A disk that works, described in a new file in `directory`.
    pub(crate) fn new(directory: &Path) -> Self {
        let path = directory.join("disk");
        fs::write(&path, [0; 64]).expect("the disk's numbers are written");
        Self::at(&path)
    }

    /// The disk described in `path`.
    pub(crate) fn at(path: &Path) -> Self {
        let file = File::options().read(true).write(true).open(path).expect("the disk's numbers open");
        Self { path: path.to_owned(), file }
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    pub(crate) fn set(&self, field: Field, value: u64) {
        self.file.write_all_at(&value.to_ne_bytes(), field as u64 * 8).expect("a number is set");
    }

    pub(crate) fn get(&self, field: Field) -> u64 {
        let mut bytes = [0; 8];
        self.file.read_exact_at(&mut bytes, field as u64 * 8).expect("a number is read");
        u64::from_ne_bytes(bytes)
    }
}

/// The library that stands between a process and its disk; built on first use.
pub(crate) fn library() -> &'static Path {
    static LIBRARY: OnceLock<PathBuf> = OnceLock::new();
    LIBRARY.get_or_init(|| {
        let built = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("disk-{}.so", std::process::id()));
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/suite/disk.c");
        let status = Command::new("cc")
            .args(["-shared", "-fPIC", "-O1", "-Wall", "-o"])
            .args([&built, &source])
            .arg("-ldl")
            .status()
            .expect("the C compiler that links Rust programs is there");
        assert!(status.success(), "the failing disk compiles");
        let library = built.with_file_name("disk.so");
        fs::rename(&built, &library).expect("the library is put in its place");
        library
    })
}
