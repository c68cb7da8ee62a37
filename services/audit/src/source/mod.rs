//! Where a history comes from.

mod file;
mod server;

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::Args;
use twostep_api::AuditEvent;
use twostep_vault::PersonalData;
use url::Url;

use crate::selection::Selection;

pub(crate) use file::File;
pub(crate) use server::Server;

/// Where the history comes from.
#[derive(Args)]
pub(crate) struct Origin {
    #[command(flatten)]
    place: Place,
    /// A file with the auditor's token, where it isn't in TWOSTEP_TOKEN.
    #[arg(long, value_name = "FILE", requires = "server")]
    token_file: Option<PathBuf>,
}

/// One of them.
#[derive(Args)]
#[group(required = true, multiple = false)]
struct Place {
    /// A log: the log.db of a backup.
    #[arg(long, value_name = "FILE")]
    log: Option<PathBuf>,
    /// A data directory, whose service runs or not, or a backup: the log.db in it.
    #[arg(long, value_name = "DIRECTORY")]
    data: Option<PathBuf>,
    /// A server, asked with an auditor's token, which is in TWOSTEP_TOKEN or in a file.
    #[arg(long, value_name = "URL")]
    server: Option<Url>,
}

/// An opened history.
pub(crate) enum Source {
    /// Every company's, in a file.
    File(File),
    /// One company's, at a server.
    Server(Server),
}

impl Origin {
    /// The data directory, where one is named.
    pub(crate) fn data(&self) -> Option<&Path> {
        self.place.data.as_deref()
    }

    /// Opens it.
    pub(crate) fn open(&self) -> anyhow::Result<Source> {
        let Place { log, data, server } = &self.place;
        let Some(server) = server else {
            let log = log.clone().or_else(|| Some(data.as_ref()?.join("log.db")));
            return Ok(Source::File(File::open(&log.context("no log is named")?)?));
        };
        Ok(Source::Server(Server::at(server, self.token_file.as_deref())?))
    }
}

/// Some events, and how far the history is read.
pub(crate) struct Page {
    pub(crate) events: Vec<AuditEvent>,
    /// Events that have been read in all, also those passed over.
    pub(crate) read: u64,
}

/// Whoever gives out a history a page at a time.
pub(crate) enum Pages {
    File(file::Pages),
    Server(server::Pages),
}

impl Source {
    /// The events that `selection` wants, to be taken out a page at a time; of a file's, `personal` opens what it can.
    pub(crate) async fn pages(
        self,
        selection: &Selection,
        personal: Option<PersonalData>,
    ) -> anyhow::Result<Pages> {
        Ok(match self {
            Self::File(file) => Pages::File(file.pages(selection, personal).await?),
            Self::Server(server) => Pages::Server(server.pages(selection)?),
        })
    }
}

impl Pages {
    /// The next page; nothing after the last one. It may be empty.
    pub(crate) async fn next(&mut self) -> anyhow::Result<Option<Page>> {
        match self {
            Self::File(pages) => pages.next().await,
            Self::Server(pages) => pages.next().await,
        }
    }

    /// How many events there are to read, where that is known.
    pub(crate) fn length(&self) -> Option<u64> {
        match self {
            Self::File(pages) => Some(pages.length()),
            Self::Server(_) => None,
        }
    }
}
