//! A company with somebody of every kind in it.

use anyhow::{Context as _, ensure};
use twostep_api::{CreateGroup, InviteMember, Next, Role};
use twostep_client::Client;
use uuid::Uuid;

use super::{member_of, new_company, password, sign_in_at};
use crate::harness::{Inbox, Product};

/// A company whose people are signed in.
pub struct Office {
    /// Its short name.
    pub slug: String,
    /// Its id.
    pub id: Uuid,
    /// The Master Account Holder.
    pub holder: Person,
}

/// Somebody who is signed in.
#[derive(Clone)]
pub struct Person {
    /// Their id.
    pub id: Uuid,
    /// Their login, which is their address too.
    pub login: String,
    /// Their session.
    pub session: Client,
    /// Its token.
    pub token: String,
}

impl Office {
    /// A new company by the operator's command, its holder signed in.
    ///
    /// # Errors
    /// The first step that fails.
    pub async fn open(product: &impl Product, slug: &str) -> anyhow::Result<Self> {
        let (created, _) = new_company(product, slug).await?;
        let login = format!("holder@{slug}.example");
        let token = token(product, slug, &login, &password("holder")).await?;
        let session = product.api()?.with_token(&token);
        let holder = Person { id: created.account_holder, login, session, token };
        Ok(Self { slug: slug.to_owned(), id: created.id, holder })
    }

    /// Somebody new with a password, signed in; `name` becomes `name@<slug>.example`.
    ///
    /// # Errors
    /// The first step that fails.
    pub async fn person(
        &self,
        product: &impl Product,
        inbox: &Inbox,
        name: &str,
        roles: &[Role],
        group: Option<Uuid>,
    ) -> anyhow::Result<Person> {
        let login = self.login(name);
        let id = member_of(product, inbox, &self.holder.session, self.id, &login, roles, group).await?;
        let token = token(product, &self.slug, &login, &password(&login)).await?;
        Ok(Person { id, login, session: product.api()?.with_token(&token), token })
    }

    /// The login and address of `name` here.
    #[must_use]
    pub fn login(&self, name: &str) -> String {
        format!("{name}@{}.example", self.slug)
    }

    /// A group.
    ///
    /// # Errors
    /// The API's.
    pub async fn group(&self, name: &str, parent: Option<Uuid>) -> anyhow::Result<Uuid> {
        let create = CreateGroup { name: name.to_owned(), parent };
        Ok(self.holder.session.create_group(self.id, &create).await?.id)
    }

    /// What invites `name`.
    #[must_use]
    pub fn invitation(&self, name: &str, roles: &[Role], group: Option<Uuid>) -> InviteMember {
        InviteMember {
            name: format!("Person {name}"),
            email: self.login(name),
            login: None,
            roles: roles.to_vec(),
            group,
            locale: None,
            time_zone: None,
        }
    }
}

/// A session's token, by password alone.
///
/// # Errors
/// A second step is due, or the API refuses.
pub async fn token(
    product: &impl Product,
    slug: &str,
    login: &str,
    password: &str,
) -> anyhow::Result<String> {
    let signed_in = sign_in_at(&product.api()?, slug, login, password).await?;
    ensure!(signed_in.next == Next::SignedIn, "{login} must do more: {:?}", signed_in.next);
    signed_in.token.context("no token")
}
