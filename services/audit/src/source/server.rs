//! A history at a server, which shows an auditor their own company's.

use std::path::Path;

use anyhow::{Context as _, anyhow, ensure};
use twostep_api::{AuditState, AuditSubject};
use twostep_client::{AuditMoment, AuditPage, Client, Error};
use url::{Host, Url};
use uuid::Uuid;

use super::Page;
use crate::selection::Selection;

/// The token itself; a command line is seen by everybody on the host.
const TOKEN: &str = "TWOSTEP_TOKEN";

/// Events asked for at a time.
const PAGE: u16 = 200;

/// A server, asked as one auditor.
pub(crate) struct Server {
    client: Client,
}

impl Server {
    /// The server at `url`, with the token in `file`, else with that in the environment.
    pub(crate) fn at(url: &Url, file: Option<&Path>) -> anyhow::Result<Self> {
        let secret = url.scheme() == "https" || is_this_host(url);
        ensure!(secret, "--server: the token would go there unencrypted: name it with https");
        Ok(Self { client: Client::new(url.clone())?.with_token(&token(file)?) })
    }

    /// The events that `selection` wants.
    pub(super) fn pages(self, selection: &Selection) -> anyhow::Result<Pages> {
        ensure!(selection.company.is_none(), "--company: a server shows the company whose auditor asks");
        let filter = selection.filter();
        let before = selection.first().saturating_sub(1);
        let question = AuditPage {
            cursor: (before > 0).then(|| before.to_string()),
            limit: Some(PAGE),
            event_type: filter.event_type,
            member: filter.member.map(|member| member.0),
            from: filter.from,
            until: filter.until,
        };
        Ok(Pages { client: self.client, question: Some(question), last: selection.last(), read: 0 })
    }

    /// What it tells of a moment.
    pub(crate) async fn state(&self, moment: &AuditMoment) -> anyhow::Result<AuditState> {
        in_words(self.client.audit_state(moment).await).with_context(|| not_told(moment.kind, moment.id))
    }
}

/// What a server refuses, with what it says to do about it.
fn in_words<T>(answer: Result<T, Error>) -> anyhow::Result<T> {
    answer.map_err(|error| match error {
        Error::Problem(problem) => anyhow!("{}: {}", problem.title, problem.detail),
        other => other.into(),
    })
}

fn not_told(kind: AuditSubject, id: Option<Uuid>) -> String {
    let what = id.map_or_else(|| "the company".to_owned(), |id| format!("{kind:?} {id}").to_lowercase());
    format!("the server doesn't tell what {what} was then")
}

/// The chosen events of a server.
pub(crate) struct Pages {
    client: Client,
    /// The next page; none: the last one was read.
    question: Option<AuditPage>,
    last: u64,
    read: u64,
}

impl Pages {
    pub(super) async fn next(&mut self) -> anyhow::Result<Option<Page>> {
        let Some(mut question) = self.question.take() else { return Ok(None) };
        let found = in_words(self.client.audit_events(&question).await);
        let found = found.context("asking the server for its history")?;
        let asked = found.events.len();
        let events: Vec<_> = found.events.into_iter().filter(|event| event.number <= self.last).collect();
        self.read += events.len() as u64;
        if found.next.is_some() && events.len() == asked {
            question.cursor = found.next;
            self.question = Some(question);
        }
        Ok(Some(Page { events, read: self.read }))
    }
}

fn token(file: Option<&Path>) -> anyhow::Result<String> {
    let text = match file {
        Some(file) => std::fs::read_to_string(file).with_context(|| format!("reading {}", file.display()))?,
        None => std::env::var(TOKEN).with_context(|| {
            format!(
                "a server is asked with an auditor's token: set {TOKEN}, or name a file with --token-file"
            )
        })?,
    };
    Ok(text.trim().to_owned())
}

fn is_this_host(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}
