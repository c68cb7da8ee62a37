//! The people of a load, and their second steps up to the code.

use anyhow::{Context as _, ensure};
use futures::{StreamExt as _, TryStreamExt as _, stream};
use twostep_api::{ConfirmCode, Method, Next, Policy, ProofKind, Role, StartSetUp};
use twostep_client::Client;
use uuid::Uuid;

use super::Target;
use crate::harness::{Inbox, Product as _, code_at, codes_at};
use crate::story::{member_of, new_company, password, require_everybody, save_policy, sign_in};

/// The company's short name.
const SLUG: &str = "load";

/// How many are made, or begin, at once: each takes a password's hash.
const AT_ONCE: usize = 8;

/// Somebody with an app, and printed codes as backup.
pub struct Person {
    login: String,
    secret: String,
}

/// A sign-in that waits for its code.
pub struct Pending {
    /// Which.
    pub id: Uuid,
    /// The API, with its token.
    pub api: Client,
}

/// Makes a company with so many people.
///
/// # Errors
/// The product's.
pub async fn seed(target: &Target, inbox: &Inbox, people: usize) -> anyhow::Result<Vec<Person>> {
    let (company, holder) = new_company(target, SLUG).await?;
    require_everybody(&holder, company.id).await?;
    let backups = vec![ProofKind::Printed];
    save_policy(&holder, company.id, |policy| Policy { primary: Method::App, backups, ..policy }).await?;
    let (holder, company) = (&holder, company.id);
    let made = stream::iter(0..people).map(|number| async move {
        let login = format!("person{number}@{SLUG}.example");
        member_of(target, inbox, holder, company, &login, &[Role::Technician], None).await?;
        set_up(target, login).await
    });
    made.buffered(AT_ONCE).try_collect().await
}

async fn set_up(target: &Target, login: String) -> anyhow::Result<Person> {
    let api = target.api()?;
    let pending = sign_in(&api, &login, &password(&login)).await?;
    ensure!(pending.next == Next::SetUp, "{login} needn't set up");
    let api = api.with_token(pending.token.as_deref().context("no token")?);
    api.start_set_up(&StartSetUp::default()).await?;
    let secret = api.start_pairing().await?.secret;
    let code = code_at(&secret, target.now().await?.timestamp())?;
    api.confirm_pairing(&ConfirmCode { code }).await?;
    api.make_recovery_codes().await?;
    api.activate().await?;
    Ok(Person { login, secret })
}

/// Everybody's password, ahead of the measured part. All share the connections of one client.
///
/// # Errors
/// The product's, or somebody isn't asked for a code.
pub async fn begin(target: &Target, people: &[Person]) -> anyhow::Result<Vec<Pending>> {
    let api = &target.api()?;
    let begun = stream::iter(people).map(|person| async move {
        let pending = sign_in(api, &person.login, &password(&person.login)).await?;
        ensure!(pending.next == Next::Verify, "{} isn't asked for a code", person.login);
        let api = api.with_token(pending.token.as_deref().context("no token")?);
        anyhow::Ok(Pending { id: pending.id, api })
    });
    begun.buffered(AT_ONCE).try_collect().await
}

/// Moves the clock into the next step of every app, and reads them all.
///
/// # Errors
/// There is no clock to move, or no app.
pub async fn codes(target: &Target, people: &[Person]) -> anyhow::Result<Vec<String>> {
    let now = target.now().await?.timestamp();
    let now = target.advance(32 - now.rem_euclid(30)).await?.timestamp();
    let asked: Vec<_> = people.iter().map(|person| (person.secret.as_str(), now)).collect();
    codes_at(&asked)
}
