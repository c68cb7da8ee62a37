//! The embedded event store: one SQLite file, one writer, any number of readers.
//!
//! - [`SqliteStore`] writes and reads. One thread owns the writing connection and commits in groups: whatever is
//!   queued when it is free goes into one transaction and one fsync, and no answer leaves before that.
//! - [`SqliteReader`] only reads, in any number of processes, while the writer runs or not.
//!
//! # Files and rights
//! `<path>` is the log, `<path>-wal` and `<path>-shm` are SQLite's, `<path>.lock` keeps a second writer out. The
//! writer makes them with mode 0600, SQLite gives its two the mode of the log, and the directory is its owner's: nobody
//! else reads the log in its place. An auditor's account gets a copy ([`SqliteReader::back_up`]), which needs no rights
//! but `r` on the file.
//!
//! # When storage fails
//! A full disk refuses appends ([`AppendError::Full`](twostep_event_store::AppendError::Full)) until there is room;
//! meanwhile [`takes_appends`](twostep_event_store::Writer::takes_appends) looks for it, so that readiness can say both.
//! After any other failure to write or sync, what is on the disk is unknown, and asking the kernel again may hear
//! "fine" about pages that it dropped: the process ends ([`OpenOptions::on_fatal`]). The next opening copies the
//! whole write-ahead log into the database and syncs it, before anything else is taken on top.

mod append;
mod backup;
mod checkpoint;
mod connection;
mod ends;
mod failure;
mod file;
mod group;
mod lock;
mod open_error;
mod options;
mod place;
mod pool;
mod query;
mod reader;
mod room;
mod schema;
mod store;
mod writer;

pub use backup::BackupError;
pub use lock::WriterLock;
pub use open_error::OpenError;
pub use options::OpenOptions;
pub use reader::SqliteReader;
pub use store::SqliteStore;
