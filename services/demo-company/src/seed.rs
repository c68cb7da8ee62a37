//! Making the demo company: over HTTP and through mails, as anybody would.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::path::PathBuf;

use anyhow::Context as _;
use twostep_api::{
    AcceptInvitation, Client as Front, ClientKind, CreateCompany, CreateGroup, CreatedCompany, InviteMember,
    Method, Policy, ProofKind, PutPolicy, StartSignIn, Technicians, Transition,
};
use twostep_client::Client;
use uuid::Uuid;

use crate::credentials::{Credentials, Login, draw};
use crate::inbox::next_mail;
use crate::people::{ADMINS_GROUP, GROUPS, HOLDER, PEOPLE, Person, SLUG};
use crate::say::say;

/// Everything that the seed speaks to.
pub struct Seed {
    api: SocketAddr,
    inbox: SocketAddr,
    operator: PathBuf,
}

impl Seed {
    /// The API, the inbox and the operator's socket of a product without companies.
    #[must_use]
    pub fn new(api: SocketAddr, inbox: SocketAddr, operator: PathBuf) -> Self {
        Self { api, inbox, operator }
    }

    /// Makes company, groups, people and policy; gives what they sign in with.
    ///
    /// # Errors
    /// The first step that fails.
    pub async fn run(&self) -> anyhow::Result<Credentials> {
        let api = Client::new(format!("http://{}/", self.api).parse()?)?;
        let http = reqwest::Client::builder().no_proxy().build()?;
        let all = PEOPLE.len() + 1;
        say(&format!("Making the demo company, with {all} people in {} groups\n", GROUPS.len()));
        let created = self.create_company().await.context("creating the company")?;
        let link = created.invitation_url.context("no invitation link came back")?;
        let mut people = vec![accept(&api, &link, "Master Account Holder", HOLDER).await?];
        say(&format!("  1 of {all}  {HOLDER}\n"));
        let holder = sign_in(&api, &people[0]).await.context("signing in as the Master Account Holder")?;
        let groups = create_groups(&holder, created.id).await.context("creating the groups")?;
        for (place, person) in (2..).zip(PEOPLE) {
            let invited = invite(&holder, created.id, person, &groups).await?;
            let mail = next_mail(&http, self.inbox, person.login).await?;
            let link = mail.links.first().context("the invitation has no link")?;
            people.push(accept(&api, link, person.name, person.login).await?);
            if person.login.starts_with("admin@") {
                holder.assign_group_admin(created.id, groups[ADMINS_GROUP], invited).await?;
            }
            say(&format!("  {place} of {all}  {}\n", person.login));
        }
        save_policy(&holder, created.id).await.context("saving the policy")?;
        // Nobody's browser: the holder's list of sessions begins empty.
        holder.sign_out().await.context("signing out")?;
        Ok(Credentials { people })
    }

    async fn create_company(&self) -> anyhow::Result<CreatedCompany> {
        let operator = reqwest::Client::builder().unix_socket(self.operator.as_path()).no_proxy().build()?;
        let create = CreateCompany {
            slug: SLUG.to_owned(),
            name: "Demo Company".to_owned(),
            country: "DE".to_owned(),
            locale: "en".to_owned(),
            time_zone: "Europe/Berlin".to_owned(),
            product_name: Some("Rescue".to_owned()),
            account_name: Some("Rescue".to_owned()),
            holder_name: "Master Account Holder".to_owned(),
            holder_email: HOLDER.to_owned(),
            holder_login: None,
        };
        let answer = operator.post("http://operator/api/v1/companies").json(&create).send().await?;
        Ok(answer.error_for_status()?.json().await?)
    }
}

/// Follows an invitation's link and sets a random password.
async fn accept(api: &Client, link: &str, name: &str, login: &str) -> anyhow::Result<Login> {
    let token = link.rsplit('/').next().context("the invitation's link has no token")?;
    let password = draw();
    let accepted = api.accept_invitation(token, &AcceptInvitation { password: password.clone() }).await;
    accepted.with_context(|| format!("accepting the invitation of {login}"))?;
    Ok(Login { name: name.to_owned(), login: login.to_owned(), password })
}

async fn sign_in(api: &Client, login: &Login) -> anyhow::Result<Client> {
    let all = vec![Method::App, Method::Sms, Method::Email];
    let signed_in = api
        .start_sign_in(&StartSignIn {
            company: Some(SLUG.to_owned()),
            login: login.login.clone(),
            password: login.password.clone(),
            client: Some(Front { kind: ClientKind::Web, version: None, capabilities: Some(all) }),
        })
        .await?;
    Ok(api.with_token(&signed_in.token.context("no session was opened")?))
}

async fn create_groups(holder: &Client, company: Uuid) -> anyhow::Result<HashMap<&'static str, Uuid>> {
    let mut groups = HashMap::new();
    for (name, parent) in GROUPS {
        let parent = parent.map(|parent| groups[parent]);
        let group = holder.create_group(company, &CreateGroup { name: (*name).to_owned(), parent }).await?;
        groups.insert(*name, group.id);
    }
    Ok(groups)
}

async fn invite(
    holder: &Client,
    company: Uuid,
    person: &Person,
    groups: &HashMap<&str, Uuid>,
) -> anyhow::Result<Uuid> {
    let invite = InviteMember {
        name: person.name.to_owned(),
        email: person.login.to_owned(),
        login: None,
        roles: person.roles.to_vec(),
        group: person.group.map(|group| groups[group]),
        locale: None,
        time_zone: None,
    };
    let invited = holder.invite_member(company, &invite).await;
    Ok(invited.with_context(|| format!("inviting {}", person.login))?.id)
}

/// All technicians must verify with an app; administrators needn't yet, so that the policy can be tried out first.
async fn save_policy(holder: &Client, company: Uuid) -> anyhow::Result<()> {
    let shown = holder.policy(company).await?;
    let etag = shown.etag.context("the policy has no ETag")?;
    let policy = Policy {
        technicians: Technicians::All,
        primary: Method::App,
        backups: vec![ProofKind::Email, ProofKind::Sms, ProofKind::Printed, ProofKind::App],
        ..shown.value
    };
    let reason = "The demo begins with all technicians".to_owned();
    let put = PutPolicy { policy, reason, transition: Transition::Lossless, turn_off_uncovered: false };
    holder.put_policy(company, &etag, &put).await?;
    Ok(())
}
