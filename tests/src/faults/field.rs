//! Where faults strike: a cluster with one company whose people are invited by mail.

use std::collections::HashSet;
use std::path::PathBuf;

use anyhow::Context as _;
use twostep_api::{InviteMember, Role, StartSetUp, VerifyPhone};
use twostep_client::Client;
use twostep_domain::MemberId;
use twostep_domain::delivery::MessageKind;
use uuid::Uuid;

use super::Row;
use super::outcomes::{Outcomes, PATIENCE};
use crate::harness::{Cluster, Inbox, Manner, Product as _, Workers};
use crate::story::{member_of, new_company, password, require_everybody, sign_in};

/// A cluster with a company.
pub struct Field {
    /// The cluster.
    pub cluster: Cluster,
    /// Where mails go.
    pub inbox: Inbox,
    /// The company.
    pub company: Uuid,
    /// The account holder's session.
    pub holder: Client,
    slug: &'static str,
    kind: MessageKind,
    wanted: Vec<(String, MemberId)>,
    before: usize,
    _home: tempfile::TempDir,
}

impl Field {
    /// A cluster that takes a silent worker for gone after two seconds.
    ///
    /// # Errors
    /// A part doesn't get ready.
    pub async fn open(slug: &'static str, workers: Workers) -> anyhow::Result<Self> {
        let patience: (&str, PathBuf) = ("TWOSTEP_NATS__PATIENCE_SECONDS", "2".into());
        let manner = Manner { environment: vec![patience], ..Manner::default() };
        Self::open_as(slug, workers, manner).await
    }

    /// A cluster in a manner.
    ///
    /// # Errors
    /// A part doesn't get ready.
    pub async fn open_as(slug: &'static str, workers: Workers, manner: Manner) -> anyhow::Result<Self> {
        let (home, inbox) = (tempfile::tempdir()?, Inbox::start()?);
        let cluster = Cluster::start_as(home.path(), &inbox, workers, manner)?;
        let (company, holder) = new_company(&cluster, slug).await?;
        let (company, wanted) = (company.id, Vec::new());
        Ok(Self {
            cluster,
            inbox,
            company,
            holder,
            slug,
            kind: MessageKind::Invitation,
            wanted,
            before: 0,
            _home: home,
        })
    }

    /// Invites `count` people: as many mails are wanted.
    pub async fn wish(&mut self, count: usize) -> anyhow::Result<()> {
        for _ in 0..count {
            let email = format!("person{}@{}.example", self.wanted.len(), self.slug);
            let invite = InviteMember {
                name: "Somebody".to_owned(),
                email: email.clone(),
                login: None,
                roles: vec![Role::Technician],
                group: None,
                locale: None,
                time_zone: None,
            };
            let invited = self.holder.invite_member(self.company, &invite).await?;
            self.wanted.push((email, MemberId(invited.id)));
        }
        Ok(())
    }

    /// From now on the messages are texts to people in their set-up.
    pub(super) async fn of_texts(&mut self) -> anyhow::Result<()> {
        require_everybody(&self.holder, self.company).await?;
        self.kind = MessageKind::SetUpCode;
        Ok(())
    }

    /// Somebody new sets up two-step verification by text.
    pub(super) async fn wish_text(&mut self) -> anyhow::Result<()> {
        let number = format!("+4915123456{:03}", self.wanted.len());
        let login = format!("person{}@{}.example", self.wanted.len(), self.slug);
        let (cluster, roles) = (&self.cluster, &[Role::Technician]);
        let id = member_of(cluster, &self.inbox, &self.holder, self.company, &login, roles, None).await?;
        let api = cluster.api()?;
        let pending = sign_in(&api, &login, &password(&login)).await?;
        let api = api.with_token(pending.token.as_deref().context("no token")?);
        api.start_set_up(&StartSetUp::default()).await?;
        api.set_up_phone(&VerifyPhone { number: number.clone() }).await?;
        self.wanted.push((number, MemberId(id)));
        Ok(())
    }

    /// Everybody who was invited.
    pub fn everybody(&self) -> Vec<Uuid> {
        self.wanted.iter().map(|(_, member)| member.0).collect()
    }

    /// The addresses whose mails weren't counted yet.
    pub fn uncounted(&self) -> Vec<String> {
        self.wanted[self.before..].iter().map(|(address, _)| address.clone()).collect()
    }

    /// Waits until the relay has put everything into the queue.
    pub async fn published(&self) -> anyhow::Result<()> {
        let log = self.cluster.data().join("log.db");
        let recipients: HashSet<MemberId> =
            self.wanted[self.before..].iter().map(|(_, member)| *member).collect();
        Outcomes::requested(&log, self.kind, &recipients).await?;
        let url = self.cluster.admin_urls().remove(0);
        let waiting = async {
            loop {
                let text = self.cluster.http().get(format!("{url}/metrics")).send().await?.text().await?;
                if text.lines().any(|line| line == "twostep_relay_backlog 0") {
                    return anyhow::Ok(());
                }
            }
        };
        tokio::time::timeout(PATIENCE, waiting).await.context("the relay doesn't get done")?
    }

    /// Waits until everything that was wanted since the last count has ended.
    pub(super) async fn ended(&self) -> anyhow::Result<Outcomes> {
        let wanted = &self.wanted[self.before..];
        let recipients: HashSet<MemberId> = wanted.iter().map(|(_, member)| *member).collect();
        let log = self.cluster.data().join("log.db");
        Outcomes::of(&log, self.kind, &recipients).await
    }

    /// The same where a far end refuses every mail for good: whatever says otherwise, or is there, is lost.
    ///
    /// # Errors
    /// The log or the inbox can't be read.
    pub(super) async fn count_refused(&mut self, fault: &'static str, runs: usize) -> anyhow::Result<Row> {
        let outcomes = self.ended().await?;
        let (ended, failed) = (outcomes.ended(), outcomes.failed());
        let mut row = self.row(fault, runs, 0, &ended);
        for (address, member) in &self.wanted[self.before..] {
            let copies = self.inbox.all(address).await?.len();
            row.lost += usize::from(copies > 0 || (ended.contains(member) && !failed.contains(member)));
        }
        self.before = self.wanted.len();
        Ok(row)
    }

    fn row(&self, fault: &'static str, runs: usize, bound: usize, ended: &HashSet<MemberId>) -> Row {
        let wanted = &self.wanted[self.before..];
        let never_ended = wanted.iter().filter(|(_, member)| !ended.contains(member)).count();
        Row { fault, runs, intents: wanted.len(), lost: 0, duplicated: 0, bound, never_ended }
    }

    /// Waits until everything that was wanted since the last count has ended, and counts.
    pub async fn count(&mut self, fault: &'static str, runs: usize, bound: usize) -> anyhow::Result<Row> {
        let outcomes = self.ended().await?;
        let (ended, unknown) = (outcomes.ended(), outcomes.unknown());
        let mut row = self.row(fault, runs, bound, &ended);
        for (address, member) in &self.wanted[self.before..] {
            let copies = self.inbox.all(address).await?.len();
            // A crash leaves it open whether what was in the worker's hands is there, and says so.
            let missed = copies == 0 && ended.contains(member);
            row.lost += usize::from(missed && !unknown.contains(member));
            row.duplicated += copies.saturating_sub(1);
        }
        self.before = self.wanted.len();
        Ok(row)
    }
}
