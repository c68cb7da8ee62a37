//! A stage for one test: a product with one company.

use std::path::PathBuf;

use anyhow::Context as _;
use tempfile::TempDir;
use twostep_api::{
    Client as Front, ClientKind, CodeSent, InviteMember, Method, Next, ProblemType, ProofKind, RequestCode,
    Role, SignIn, StartSignIn, Verify,
};
use twostep_client::{Client, Error};
use uuid::Uuid;

use super::{Technician, front, member_of, new_company, password, refused, require_everybody};
use crate::harness::{Inbox, Message, Product as _, Standalone, code_at};

/// A product with one company, and the world's mailboxes and phones.
pub struct Stage {
    /// The company's short name.
    pub slug: String,
    /// The company.
    pub company: Uuid,
    /// The account holder's id.
    pub holder_id: Uuid,
    /// The account holder's session.
    pub holder: Client,
    /// The product.
    pub product: Standalone,
    /// The mailboxes and phones.
    pub inbox: Inbox,
    _home: TempDir,
}

impl Stage {
    /// A company where nobody must verify.
    ///
    /// # Errors
    /// The first step that fails.
    pub async fn open(slug: &str) -> anyhow::Result<Self> {
        Self::open_in(slug, Vec::new()).await
    }

    /// The same, with more variables in the product's environment.
    ///
    /// # Errors
    /// The first step that fails.
    pub async fn open_in(slug: &str, environment: Vec<(&'static str, PathBuf)>) -> anyhow::Result<Self> {
        let home = tempfile::tempdir()?;
        let inbox = Inbox::start()?;
        let product = Standalone::start_in(home.path(), &inbox, environment)?;
        let (company, holder) = new_company(&product, slug).await?;
        let (slug, holder_id) = (slug.to_owned(), company.account_holder);
        Ok(Self { slug, company: company.id, holder_id, holder, product, inbox, _home: home })
    }

    /// A company where all technicians must verify, with an app.
    ///
    /// # Errors
    /// The first step that fails.
    pub async fn enforcing(slug: &str) -> anyhow::Result<Self> {
        let stage = Self::open(slug).await?;
        require_everybody(&stage.holder, stage.company).await?;
        Ok(stage)
    }

    /// Somebody's login and work address.
    #[must_use]
    pub fn login(&self, name: &str) -> String {
        format!("{name}@{}.example", self.slug)
    }

    /// What invites a technician, whose work address is the login.
    #[must_use]
    pub fn invitation(&self, name: &str) -> InviteMember {
        InviteMember {
            name: format!("Person {name}"),
            email: self.login(name),
            login: None,
            roles: vec![Role::Technician],
            group: None,
            locale: None,
            time_zone: None,
        }
    }

    /// Invites a technician; gives the token in the mailed link.
    ///
    /// # Errors
    /// The API's, or no mail arrives.
    pub async fn invite(&self, name: &str) -> anyhow::Result<String> {
        let invitation = self.invitation(name);
        self.holder.invite_member(self.company, &invitation).await?;
        let mail = self.inbox.next_that(&invitation.email, 0, |mail| !mail.links.is_empty()).await?;
        mail.link_token()
    }

    /// A technician who has a password and nothing else; gives login and id.
    ///
    /// # Errors
    /// The first step that fails.
    pub async fn hire(&self, name: &str) -> anyhow::Result<(String, Uuid)> {
        let login = self.login(name);
        let (inbox, company) = (&self.inbox, self.company);
        let roles = [Role::Technician];
        let id = member_of(&self.product, inbox, &self.holder, company, &login, &roles, None).await?;
        Ok((login, id))
    }

    /// A technician with app and backup address: whoever it is, the id, the session, the recovery codes.
    ///
    /// # Errors
    /// The first step that fails.
    pub async fn technician(&self, name: &str) -> anyhow::Result<Enrolled> {
        let (login, id) = self.hire(name).await?;
        let (technician, session, recovery) = Technician::set_up(&self.product, &self.inbox, &login).await?;
        Ok(Enrolled { technician, id, session, recovery })
    }

    /// Signs in with the password, on the website.
    ///
    /// # Errors
    /// The API's.
    pub async fn sign_in(&self, login: &str) -> anyhow::Result<Pending> {
        let all = [Method::App, Method::Sms, Method::Email];
        self.sign_in_with(login, front(ClientKind::Web, &all)).await
    }

    /// Signs in with the password, from `client`.
    ///
    /// # Errors
    /// The API's.
    pub async fn sign_in_with(&self, login: &str, client: Front) -> anyhow::Result<Pending> {
        let (login, password) = (login.to_owned(), password(login));
        let api = self.product.api()?;
        let start = StartSignIn { company: Some(self.slug.clone()), login, password, client: Some(client) };
        let begun = api.start_sign_in(&start).await?;
        let token = begun.token.context("a sign-in without a token")?;
        let methods = begun.methods.iter().map(|method| method.kind).collect();
        Ok(Pending { id: begun.id, next: begun.next, methods, api: api.with_token(&token), token })
    }

    /// Starts a step-up in `session`.
    ///
    /// # Errors
    /// The API's.
    pub async fn step_up(&self, session: &Client) -> anyhow::Result<Pending> {
        let begun = session.start_step_up().await?;
        let methods = begun.methods.iter().map(|method| method.kind).collect();
        Ok(Pending { id: begun.id, next: begun.next, methods, api: session.clone(), token: String::new() })
    }

    /// The id of the last message to `to`: what arrives later is new.
    ///
    /// # Errors
    /// The inbox doesn't answer.
    pub async fn last(&self, to: &str) -> anyhow::Result<u64> {
        Ok(self.inbox.all(to).await?.iter().map(|message| message.id).max().unwrap_or(0))
    }

    /// The code that arrives at `to` when `pending` sends one.
    ///
    /// # Errors
    /// It isn't sent or doesn't arrive.
    pub async fn sent_code(&self, pending: &Pending, method: Method, to: &str) -> anyhow::Result<String> {
        let before = self.last(to).await?;
        pending.send(method).await?;
        let message = self.inbox.next_that(to, before, |message| message.code.is_some()).await?;
        message.code.context("no code")
    }

    /// The mail whose subject begins with `subject`, after the message `after`.
    ///
    /// # Errors
    /// None arrives.
    pub async fn told(&self, to: &str, after: u64, subject: &str) -> anyhow::Result<Message> {
        let begins = |mail: &Message| mail.subject.as_deref().is_some_and(|it| it.starts_with(subject));
        self.inbox.next_that(to, after, begins).await
    }

    /// What the operator's Prometheus reads.
    ///
    /// # Errors
    /// The admin port doesn't answer.
    pub async fn metrics(&self) -> anyhow::Result<String> {
        let http = reqwest::Client::builder().no_proxy().build()?;
        Ok(http.get(format!("{}/metrics", self.product.admin_url())).send().await?.text().await?)
    }

    /// Ends the product as a power cut would and starts it again, at the time that its clock showed.
    ///
    /// # Errors
    /// It doesn't get ready.
    pub async fn restart(&mut self) -> anyhow::Result<()> {
        let before = self.product.now().await?;
        self.product.kill_and_restart()?;
        let behind = (before - self.product.now().await?).num_seconds();
        self.product.advance(behind.max(0)).await?;
        Ok(())
    }

    /// Moves the product's clock to five seconds into an app's next step, so that no step ends under a test's hands;
    /// gives that time.
    ///
    /// # Errors
    /// The clock can't be moved.
    pub async fn into_next_step(&self) -> anyhow::Result<i64> {
        let now = self.product.now().await?.timestamp();
        Ok(self.product.advance(35 - now.rem_euclid(30)).await?.timestamp())
    }
}

/// A technician with an app, a backup address and recovery codes.
pub struct Enrolled {
    /// Whoever it is, with the app.
    pub technician: Technician,
    /// Their id.
    pub id: Uuid,
    /// The session that the set-up opened.
    pub session: Client,
    /// The recovery codes.
    pub recovery: Vec<String>,
}

impl Enrolled {
    /// Login and work address.
    #[must_use]
    pub fn login(&self) -> &str {
        &self.technician.login
    }

    /// The backup address.
    #[must_use]
    pub fn backup(&self) -> String {
        format!("backup.{}", self.technician.login)
    }

    /// A code that the app shows in an hour only.
    ///
    /// # Errors
    /// The clock can't be read.
    pub async fn wrong_code(&self, stage: &Stage) -> anyhow::Result<String> {
        code_at(&self.technician.secret, stage.product.now().await?.timestamp() + 3_600)
    }

    /// The app's next code that was never used.
    ///
    /// # Errors
    /// The clock can't be moved.
    pub async fn next_code(&mut self, stage: &Stage) -> anyhow::Result<String> {
        self.technician.next_code(&stage.product).await
    }

    /// Signs in with password and app; gives the session.
    ///
    /// # Errors
    /// The first step that fails.
    pub async fn sign_in(&mut self, stage: &Stage) -> anyhow::Result<Client> {
        self.technician.sign_in(&stage.product).await
    }

    /// Proves the second step in `session`, with the app.
    ///
    /// # Errors
    /// The first step that fails.
    pub async fn step_up(&mut self, stage: &Stage, session: &Client) -> anyhow::Result<()> {
        let asked = stage.step_up(session).await?;
        let code = self.next_code(stage).await?;
        asked.verify(ProofKind::App, &code).await?;
        Ok(())
    }
}

/// A printed code that nobody has: a wrong guess that needs no app.
pub const NOBODYS_CODE: &str = "0000-0000-0000-0000-0000-0000";

impl Enrolled {
    /// Types wrong codes until the second step is locked, each as soon as the one before lets it; gives a sign-in that was
    /// open when it locked.
    ///
    /// # Errors
    /// A code is answered otherwise than as wrong, or the session is over.
    pub async fn lock(&self, stage: &Stage) -> anyhow::Result<Pending> {
        for failures in 0..19_u32 {
            self.fail_once(stage, failures, ProblemType::CodeRejected).await?;
        }
        stage.product.advance(901).await?;
        let open = stage.sign_in(self.login()).await?;
        self.fail_once(stage, 2, ProblemType::Locked).await?;
        Ok(open)
    }

    /// Types a wrong code in a step-up once the delay of the `failures` before is over.
    async fn fail_once(&self, stage: &Stage, failures: u32, answer: ProblemType) -> anyhow::Result<()> {
        if let Some(doublings) = failures.checked_sub(3) {
            stage.product.advance((1_i64 << doublings).min(900) + 1).await?;
        }
        let step_up = stage.step_up(&self.session).await?;
        refused(step_up.verify(ProofKind::Printed, NOBODYS_CODE).await, answer)
    }
}

/// A sign-in or step-up after its first step.
pub struct Pending {
    /// Which.
    pub id: Uuid,
    /// What comes next.
    pub next: Next,
    /// What is offered.
    pub methods: Vec<ProofKind>,
    /// The API with its token.
    pub api: Client,
    /// Its token; a step-up has none of its own.
    pub token: String,
}

impl Pending {
    /// Types a code.
    ///
    /// # Errors
    /// The API's.
    pub async fn verify(&self, method: ProofKind, code: &str) -> Result<SignIn, Error> {
        self.api.verify(self.id, &Verify { method, code: code.to_owned() }).await
    }

    /// *Send*.
    ///
    /// # Errors
    /// The API's.
    pub async fn send(&self, method: Method) -> Result<CodeSent, Error> {
        self.api.request_code(self.id, &RequestCode { method }).await
    }
}
