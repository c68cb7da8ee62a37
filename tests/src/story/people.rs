//! The people of a story: how they come in, sign in and set up.

use anyhow::{Context as _, bail};
use chrono::{DateTime, Utc};
use twostep_api::{
    AcceptInvitation, Client as Front, ClientKind, ConfirmCode, ConfirmContact, CreatedCompany, InviteMember,
    Method, Next, ProofKind, Role, SignIn, StartSetUp, StartSignIn, Verify, VerifyEmail,
};
use twostep_client::Client;
use uuid::Uuid;

use crate::harness::{Inbox, Product, code_at, create_company};

/// A password as long as the strictest rule wants it.
#[must_use]
pub fn password(of: &str) -> String {
    format!("correct horse of {of} staple")
}

/// The website, or a console that can show these methods.
#[must_use]
pub fn front(kind: ClientKind, capabilities: &[Method]) -> Front {
    Front { kind, version: Some("story".to_owned()), capabilities: Some(capabilities.to_vec()) }
}

/// Signs in with the password; what comes next is in the answer.
///
/// # Errors
/// The API's.
pub async fn sign_in(api: &Client, login: &str, password: &str) -> anyhow::Result<SignIn> {
    start(api, None, login, password).await
}

/// The same in the company with the short name `slug`, where there are several.
///
/// # Errors
/// The API's.
pub async fn sign_in_at(api: &Client, slug: &str, login: &str, password: &str) -> anyhow::Result<SignIn> {
    start(api, Some(slug.to_owned()), login, password).await
}

async fn start(api: &Client, company: Option<String>, login: &str, password: &str) -> anyhow::Result<SignIn> {
    let all = [Method::App, Method::Sms, Method::Email];
    let start = StartSignIn {
        company,
        login: login.to_owned(),
        password: password.to_owned(),
        client: Some(front(ClientKind::Web, &all)),
    };
    Ok(api.start_sign_in(&start).await?)
}

/// Creates a company by the operator's command and follows the printed link; gives the holder's session.
///
/// # Errors
/// The first step that fails.
pub async fn new_company(product: &impl Product, slug: &str) -> anyhow::Result<(CreatedCompany, Client)> {
    let holder = format!("holder@{slug}.example");
    let created = create_company(&product.data(), slug, &holder)?;
    let api = product.api()?;
    let link = created.invitation_url.as_deref().context("no link was printed")?;
    let token = link.rsplit('/').next().context("the link has no token")?;
    api.accept_invitation(token, &AcceptInvitation { password: password("holder") }).await?;
    let signed_in = sign_in_at(&api, slug, &holder, &password("holder")).await?;
    let session = signed_in.token.context("no session for the account holder")?;
    Ok((created, api.with_token(&session)))
}

/// Invites somebody, who follows the mailed link and sets a password; gives their id.
///
/// # Errors
/// The first step that fails.
pub async fn member_of(
    product: &impl Product,
    inbox: &Inbox,
    admin: &Client,
    company: Uuid,
    login: &str,
    roles: &[Role],
    group: Option<Uuid>,
) -> anyhow::Result<Uuid> {
    let invite = InviteMember {
        name: format!("Person {}", login.split('@').next().unwrap_or_default()),
        email: login.to_owned(),
        login: None,
        roles: roles.to_vec(),
        group,
        locale: None,
        time_zone: None,
    };
    // Whoever had the login before may have got mail, too.
    let before = inbox.all(login).await?.iter().map(|mail| mail.id).max().unwrap_or(0);
    let invited = admin.invite_member(company, &invite).await?;
    let mail = inbox.next_that(login, before, |mail| !mail.links.is_empty()).await?;
    let token = mail.link_token()?;
    product.api()?.accept_invitation(&token, &AcceptInvitation { password: password(login) }).await?;
    Ok(invited.id)
}

/// A technician with an authenticator app.
pub struct Technician {
    /// Login and address.
    pub login: String,
    /// The app's secret.
    pub secret: String,
    /// The last code's time, so that the next one is of a later step.
    pub used: DateTime<Utc>,
}

impl Technician {
    /// Signs in for the first time, sets up app and e-mail, activates; gives the session and the recovery codes.
    ///
    /// # Errors
    /// The first step that fails.
    pub async fn set_up(
        product: &impl Product,
        inbox: &Inbox,
        login: &str,
    ) -> anyhow::Result<(Self, Client, Vec<String>)> {
        let pending = sign_in(&product.api()?, login, &password(login)).await?;
        if pending.next != Next::SetUp {
            bail!("the policy did not ask {login} to set up");
        }
        let api = product.api()?.with_token(&pending.token.context("no token for the set-up")?);
        api.start_set_up(&StartSetUp::default()).await?;
        let pairing = api.start_pairing().await?;
        let now = product.now().await?;
        let code = code_at(&pairing.secret, now.timestamp())?;
        api.confirm_pairing(&ConfirmCode { code }).await?;
        let address = format!("backup.{login}");
        let before = inbox.all(&address).await?.iter().map(|mail| mail.id).max().unwrap_or(0);
        api.set_up_email(&VerifyEmail { address: address.clone() }).await?;
        let mail = inbox.next_that(&address, before, |mail| mail.code.is_some()).await?;
        api.confirm_email(&ConfirmContact { code: mail.code }).await?;
        let activated = api.activate().await?;
        let session = activated.token.context("no session after the activation")?;
        let technician = Self { login: login.to_owned(), secret: pairing.secret, used: now };
        Ok((technician, product.api()?.with_token(&session), activated.recovery_codes))
    }

    /// The app's next code that was never used: moves the product's clock on to that step where it isn't there yet.
    ///
    /// # Errors
    /// The clock can't be moved.
    pub async fn next_code(&mut self, product: &impl Product) -> anyhow::Result<String> {
        let mut now = product.now().await?;
        let next = (self.used.timestamp() / 30 + 1) * 30;
        if now.timestamp() < next {
            now = product.advance(next - now.timestamp()).await?;
        }
        self.used = now;
        code_at(&self.secret, now.timestamp())
    }

    /// Signs in with password and app; gives the session.
    ///
    /// # Errors
    /// The first step that fails.
    pub async fn sign_in(&mut self, product: &impl Product) -> anyhow::Result<Client> {
        let api = product.api()?;
        let pending = sign_in(&api, &self.login, &password(&self.login)).await?;
        let asked = api.with_token(&pending.token.context("no token for the second step")?);
        let code = self.next_code(product).await?;
        let done = asked.verify(pending.id, &Verify { method: ProofKind::App, code }).await?;
        Ok(product.api()?.with_token(&done.token.context("no session after the code")?))
    }
}
