//! `twostep-audit state`.

use std::io::{self, Write as _};

use anyhow::{Context as _, bail};
use chrono::{DateTime, Utc};
use clap::{Args, ValueEnum};
use twostep_api::{AuditState, AuditSubject, HistoryPlace, UnmaskedBy, UnmaskedScope};
use twostep_client::AuditMoment;
use twostep_domain::{CompanyId, GroupId, MemberId, StreamKind};
use twostep_event_store::Envelope;
use twostep_history::{StateAt, Subject};
use twostep_vault::PersonalData;
use uuid::Uuid;

use crate::progress::Progress;
use crate::selection::{company, time};
use crate::source::{File, Origin, Source};
use crate::unmasking::Unmasking;
use crate::{Output, table};

/// What is asked, about when.
#[derive(Args)]
pub(crate) struct State {
    /// The moment, like 2026-11-24T12:00:00Z: everything recorded up to it counts.
    #[arg(long, value_name = "TIME", value_parser = time)]
    at: DateTime<Utc>,
    /// Of this company, by its short name or id; left out: the one that has it.
    #[arg(long, value_name = "NAME|ID", value_parser = company)]
    company: Option<CompanyId>,
    /// What is asked about.
    #[arg(value_enum)]
    kind: Kind,
    /// Which group or person; of the company it may be left out.
    id: Option<Uuid>,
    #[command(flatten)]
    unmasking: Unmasking,
}

/// What is asked about.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Kind {
    /// The company itself.
    Company,
    /// A group.
    Group,
    /// A person.
    Member,
}

/// Carries the command out.
pub(crate) async fn run(from: Origin, output: Output, state: State) -> anyhow::Result<()> {
    let source = from.open()?;
    let personal = personal(&from, &state).await?;
    let told = match source {
        Source::Server(server) => {
            let kind = match state.kind {
                Kind::Company => AuditSubject::Company,
                Kind::Group => AuditSubject::Group,
                Kind::Member => AuditSubject::Member,
            };
            let id = state.id.or_else(|| state.company.map(|company| company.0));
            server.state(&AuditMoment { at: state.at, kind, id }).await?
        }
        Source::File(file) => from_file(&file, &state, personal.as_ref()).await?,
    };
    let text = match output {
        Output::Json => format!("{}\n", serde_json::to_string(&told)?),
        Output::Text => table::state(&told),
    };
    Ok(io::stdout().write_all(text.as_bytes())?)
}

/// What opens a person's data, where that is asked for.
async fn personal(from: &Origin, state: &State) -> anyhow::Result<Option<PersonalData>> {
    if state.unmasking.is_wanted() && state.kind != Kind::Member {
        bail!("--master-key-path: in what a company or a group was nothing is masked: leave it out");
    }
    let to = Some(HistoryPlace::Time(state.at));
    let scope =
        UnmaskedScope { command: UnmaskedBy::State, member: state.id, event_type: None, from: None, to };
    state.unmasking.recorded(from.data(), state.company, scope).await
}

/// Folds the log, once its company is known.
async fn from_file(
    file: &File,
    state: &State,
    personal: Option<&PersonalData>,
) -> anyhow::Result<AuditState> {
    let company = match state.company {
        Some(company) => company,
        None => whose(file, state).await?,
    };
    let id = || state.id.context("say which: the id of the group or person follows its kind");
    let subject = match state.kind {
        Kind::Company => Subject::Company,
        Kind::Group => Subject::Group(GroupId(id()?)),
        Kind::Member => Subject::Member(MemberId(id()?)),
    };
    let mut folded = StateAt::new(company, subject, state.at);
    let mut events = file.events().await?;
    let progress = Progress::of(Some(events.end()), false);
    loop {
        let page = events.next().await?;
        if page.is_empty() {
            break;
        }
        page.iter().try_for_each(|event| folded.take(event))?;
        progress.read(events.read());
    }
    let shown = personal.map_or_else(|| Ok(folded.shown()), |personal| folded.unmasked(personal))?;
    shown.with_context(|| format!("it wasn't there at {}, or this log doesn't have it", state.at))
}

/// The company that the question is about: the one that has the group or person, or the only one.
async fn whose(file: &File, state: &State) -> anyhow::Result<CompanyId> {
    let wanted = |envelope: &Envelope| match (state.kind, state.id) {
        (Kind::Company, Some(id)) => envelope.company.0 == id,
        (Kind::Company, None) => envelope.event_type == "CompanyRegistered",
        (Kind::Group, id) => envelope.kind == StreamKind::Group && envelope.key.uuid() == id,
        (Kind::Member, id) => envelope.kind == StreamKind::Member && envelope.key.uuid() == id,
    };
    let mut events = file.events().await?;
    let mut found = None;
    loop {
        let page = events.next().await?;
        if page.is_empty() {
            return found.context("this log doesn't have it");
        }
        for company in page.iter().map(|event| &event.envelope).filter(|it| wanted(it)).map(|it| it.company) {
            if found.is_some_and(|found| found != company) {
                bail!("this log has several companies: name one with --company");
            }
            found = Some(company);
        }
    }
}
