//! S22, the other way round: each route that changes something does so for the weakest role that may.

use std::collections::BTreeSet;

use anyhow::{Context as _, ensure};
use serde_json::{Value, json};
use twostep_tests::harness::{Inbox, Product as _, Standalone, code_at};
use twostep_tests::story::{NOBODYS_CODE, Raw, Reply, password, token};
use uuid::Uuid;

use super::cast::{Cast, cast};
use super::filled;
use super::table::{TABLE, branding};
use crate::text_statuses::signature;

#[tokio::test]
async fn s22_every_route_that_changes_something_does_so_for_the_weakest_role_that_may() {
    every_write().await.unwrap();
}

async fn every_write() -> anyhow::Result<()> {
    let home = tempfile::tempdir()?;
    let inbox = Inbox::start()?;
    let statuses = vec![("TWOSTEP_SMS__PROVIDERS__INBOX__STATUSES", "true".into())];
    let product = Standalone::start_in(home.path(), &inbox, statuses)?;
    let cast = cast(&product, &inbox).await?;
    let mut play = Play { product: &product, inbox: &inbox, cast: &cast, done: BTreeSet::new() };
    play.the_company_is_changed().await?;
    play.somebody_comes_and_goes().await?;
    let session = play.somebody_sets_up().await?;
    play.somebody_is_locked_and_let_in(&session).await?;
    play.a_provider_says_what_became_of_a_text().await?;
    let writes = TABLE.iter().filter(|route| route.method != "GET");
    let missing: Vec<_> =
        writes.map(|route| (route.method, route.path)).filter(|route| !play.done.contains(route)).collect();
    ensure!(missing.is_empty(), "never seen to succeed: {missing:?}");
    Ok(())
}

struct Play<'a> {
    product: &'a Standalone,
    inbox: &'a Inbox,
    cast: &'a Cast,
    /// Method and path of what succeeded.
    done: BTreeSet<(&'static str, &'static str)>,
}

impl Play<'_> {
    fn column(&self, column: &str) -> anyhow::Result<&str> {
        self.cast.tokens[column].as_deref().with_context(|| format!("{column} has no token"))
    }

    /// A request that must succeed; one that replaces something names what an administrator just saw.
    async fn does(
        &mut self,
        token: Option<&str>,
        (method, template): (&'static str, &'static str),
        path: &str,
        body: Option<Value>,
    ) -> anyhow::Result<Reply> {
        let mut raw = Raw::new(self.product);
        if method == "PUT" {
            let parts = template[..=template.rfind('}').context("nothing is replaced")?].split('/').count();
            let read = path.split('/').take(parts).collect::<Vec<_>>().join("/");
            let seen = raw.with_token(self.column("master")?).call("GET", &read, None).await?;
            if let Some(etag) = seen.etag {
                raw = raw.with_header("if-match", &etag);
            }
        }
        if let Some(token) = token {
            raw = raw.with_token(token);
        }
        let answer = raw.call(method, path, body.as_ref()).await?;
        ensure!((200..300).contains(&answer.status), "{method} {path}: {answer:?}");
        self.done.insert((method, template));
        Ok(answer)
    }

    /// The same under `companies`, by the one who plays `column`, about `member` and the Admin's group.
    async fn manages(
        &mut self,
        column: &str,
        (method, template): (&'static str, &'static str),
        member: Uuid,
        body: Option<Value>,
    ) -> anyhow::Result<Reply> {
        let token = self.column(column)?.to_owned();
        let path = filled(template, self.cast.office.id, self.cast.group, member);
        self.does(Some(&token), (method, template), &path, body).await
    }

    async fn the_company_is_changed(&mut self) -> anyhow::Result<()> {
        let policy = json!({
            "admins": false, "technicians": "selected_groups", "primary": "app",
            "backups": ["email", "sms", "printed"], "code_life_seconds": 300,
        });
        let enforcement = json!({ "choice": "enforce", "also_subgroups": false });
        let names = json!({ "product_name": "Other", "account_name": "Other", "sender_name": "Other" });
        ensure!(names != branding(), "nothing would change");
        let both = self.cast.both.id;
        for (column, method, template, body) in [
            ("master", "PUT", "/companies/{id}/branding", Some(names)),
            ("master", "PUT", "/companies/{id}/sms-countries", Some(json!({ "countries": ["DE", "AT"] }))),
            (
                "master",
                "PUT",
                "/companies/{id}/policy",
                Some(json!({ "policy": policy, "reason": "a test" })),
            ),
            ("master", "POST", "/companies/{id}/groups", Some(json!({ "name": "New" }))),
            ("master", "PUT", "/companies/{id}/groups/{group}", Some(json!({ "name": "Renamed" }))),
            ("master", "DELETE", "/companies/{id}/groups/{group}/admins/{member}", None),
            ("master", "PUT", "/companies/{id}/groups/{group}/admins/{member}", None),
            (
                "admin",
                "PUT",
                "/companies/{id}/groups/{group}/enforcement",
                Some(json!({ "enforcement": enforcement })),
            ),
            (
                "master",
                "PUT",
                "/companies/{id}/groups/{group}/enforcement/lock",
                Some(json!({ "locked": true })),
            ),
            ("holder", "POST", "/companies/{id}/account-holder", Some(json!({ "to": self.cast.master.id }))),
        ] {
            self.manages(column, (method, template), both, body).await?;
        }
        Ok(())
    }

    /// From the invitation to the erasure.
    async fn somebody_comes_and_goes(&mut self) -> anyhow::Result<()> {
        let login = self.cast.office.login("new");
        let invite =
            json!({ "name": "New", "email": login, "roles": ["technician"], "group": self.cast.group });
        let nobody = Uuid::nil();
        let invited =
            self.manages("admin", ("POST", "/companies/{id}/members"), nobody, Some(invite)).await?;
        let new: Uuid = invited.json()?["id"].as_str().context("no id")?.parse()?;
        let first = self.inbox.next_that(&login, 0, |mail| !mail.links.is_empty()).await?;
        let again = ("POST", "/companies/{id}/members/{member}/invitation");
        self.manages("admin", again, new, None).await?;
        let mail = self.inbox.next_that(&login, first.id, |mail| !mail.links.is_empty()).await?;
        let path = format!("/invitations/{}", mail.link_token()?);
        let first_password = json!({ "password": password("first") });
        self.does(None, ("POST", "/invitations/{token}"), &path, Some(first_password)).await?;
        let forgotten = json!({ "company": self.cast.office.slug, "login": login });
        self.does(None, ("POST", "/password-resets"), "/password-resets", Some(forgotten)).await?;
        let mail = self.inbox.next_that(&login, mail.id, |mail| !mail.links.is_empty()).await?;
        let path = format!("/password-resets/{}", mail.link_token()?);
        let second_password = json!({ "password": password("second") });
        self.does(None, ("POST", "/password-resets/{token}"), &path, Some(second_password)).await?;
        let elsewhere = json!({ "group": self.cast.elsewhere });
        for (column, method, template, body) in [
            (
                "admin",
                "PUT",
                "/companies/{id}/members/{member}/standing",
                Some(json!({ "enabled": false, "reason": "" })),
            ),
            ("admin", "POST", "/companies/{id}/members/resets", Some(json!({ "members": [new] }))),
            (
                "master",
                "PUT",
                "/companies/{id}/members/{member}/roles",
                Some(json!({ "roles": ["technician", "auditor"] })),
            ),
            ("master", "PUT", "/companies/{id}/members/{member}/group", Some(elsewhere)),
            ("master", "DELETE", "/companies/{id}/members/{member}/personal-data", None),
        ] {
            let answer = self.manages(column, (method, template), new, body).await?;
            ensure!(
                !template.ends_with("/resets") || answer.json()?["members"][0]["reset"] == true,
                "{answer:?}"
            );
        }
        Ok(())
    }

    /// Whoever waits in a sign-in, asked for a set-up since an Admin ticked the box; gives their session.
    async fn somebody_sets_up(&mut self) -> anyhow::Result<String> {
        let login = self.cast.office.login("victim");
        let pending = self.signs_in(&password(&login)).await?;
        let token = pending["token"].as_str().context("no token")?.to_owned();
        let own = Some(&*token);
        self.does(own, ("POST", "/set-up"), "/set-up", Some(json!({}))).await?;
        let shown = self.does(own, ("POST", "/set-up/authenticator"), "/set-up/authenticator", None).await?;
        let shown = shown.json()?;
        let seed = shown["secret"].as_str().context("no secret")?;
        let code = json!({ "code": code_at(seed, self.product.now().await?.timestamp())? });
        let confirm = "/set-up/authenticator/confirmation";
        self.does(own, ("POST", confirm), confirm, Some(code)).await?;
        let address = format!("backup.{login}");
        let typed = json!({ "address": address });
        let set_up = self.does(own, ("POST", "/set-up/email"), "/set-up/email", Some(typed)).await?;
        let mail = self.inbox.next_that(&address, 0, |mail| !mail.links.is_empty()).await?;
        let path = format!("/verification-links/{}", mail.link_token()?);
        let screen = json!({ "first_screen_code": set_up.json()?["first_screen_code"] });
        self.does(None, ("POST", "/verification-links/{token}"), &path, Some(screen)).await?;
        let confirm = "/set-up/email/confirmation";
        self.does(own, ("POST", confirm), confirm, Some(json!({}))).await?;
        let number = "+4915112345678";
        let typed = json!({ "number": number });
        self.does(own, ("POST", "/set-up/phone"), "/set-up/phone", Some(typed)).await?;
        let text = self.inbox.next_that(number, 0, |text| text.code.is_some()).await?;
        let confirm = "/set-up/phone/confirmation";
        self.does(own, ("POST", confirm), confirm, Some(json!({ "code": text.code }))).await?;
        self.does(own, ("POST", "/set-up/recovery-codes"), "/set-up/recovery-codes", None).await?;
        let activated = self.does(own, ("POST", "/set-up/activation"), "/set-up/activation", None).await?;
        let session = activated.json()?["token"].as_str().context("no session")?.to_owned();
        // Just proven, so that the password may be changed; the session goes on.
        let change = json!({ "old": password(&login), "new": password("third") });
        self.does(Some(&session), ("POST", "/me/password"), "/me/password", Some(change)).await?;
        Ok(session)
    }

    async fn somebody_is_locked_and_let_in(&mut self, session: &str) -> anyhow::Result<()> {
        let step_up = ("POST", "/sessions/current/step-ups");
        let guess = json!({ "method": "printed", "code": NOBODYS_CODE });
        let guessing = Raw::new(self.product).with_token(session);
        for failures in 0..20_u32 {
            let delay = failures.checked_sub(3).map_or(0, |doublings| (1_i64 << doublings).min(900) + 1);
            self.product.advance(delay).await?;
            let id = self.does(Some(session), step_up, step_up.1, None).await?.json()?["id"].clone();
            let id = id.as_str().context("no id")?;
            let wrong = guessing.call("POST", &format!("/sign-ins/{id}/verifications"), Some(&guess)).await?;
            let due = if failures < 19 { "code-rejected" } else { "locked" };
            ensure!(wrong.problem == due, "after {failures}: {wrong:?}");
        }
        // Everybody else was idle for too long.
        let (slug, admin) = (&self.cast.office.slug, self.cast.office.login("admin"));
        let admin = token(self.product, slug, &admin, &password(&admin)).await?;
        let unlock = "/companies/{id}/members/{member}/unlock";
        let path = filled(unlock, self.cast.office.id, self.cast.group, self.cast.victim);
        self.does(Some(&admin), ("POST", unlock), &path, None).await?;
        let address = format!("backup.{}", self.cast.office.login("victim"));
        let begun = self.signs_in(&password("third")).await?;
        let (id, token) = (begun["id"].as_str().context("no id")?, begun["token"].as_str());
        let before = self.inbox.all(&address).await?.iter().map(|mail| mail.id).max().unwrap_or(0);
        let path = format!("/sign-ins/{id}/codes");
        let email = json!({ "method": "email" });
        self.does(token, ("POST", "/sign-ins/{id}/codes"), &path, Some(email)).await?;
        let mail = self.inbox.next_that(&address, before, |mail| mail.code.is_some()).await?;
        let path = format!("/sign-ins/{id}/verifications");
        let typed = json!({ "method": "email", "code": mail.code });
        let verified = self.does(token, ("POST", "/sign-ins/{id}/verifications"), &path, Some(typed)).await?;
        let verified = verified.json()?;
        let session = verified["token"].as_str();
        // Off for whoever the policy lets: a Master Admin takes it out of the company.
        let holder = self.cast.master.login.clone();
        let master = self::token(self.product, slug, &holder, &password(&holder)).await?;
        let policy = json!({
            "admins": false, "technicians": "none", "primary": "app", "backups": ["email"], "code_life_seconds": 300,
        });
        let path = format!("/companies/{}/policy", self.cast.office.id);
        let raw = Raw::new(self.product).with_token(&master);
        let seen = raw.call("GET", &path, None).await?.etag.context("no ETag")?;
        let body = json!({ "policy": policy, "reason": "a test" });
        let saved = raw.with_header("if-match", &seen).call("PUT", &path, Some(&body)).await?;
        ensure!(saved.status == 200, "{saved:?}");
        self.does(session, ("DELETE", "/me/enrolment"), "/me/enrolment", None).await?;
        self.does(session, ("DELETE", "/sessions/{id}"), "/sessions/current", None).await?;
        Ok(())
    }

    async fn a_provider_says_what_became_of_a_text(&mut self) -> anyhow::Result<()> {
        let path = "/webhooks/sms/inbox?reference=unknown";
        let url = format!("{}/api/v1{path}", self.product.url());
        let signature = signature("any", &url, "MessageStatusdelivered");
        let raw = Raw::new(self.product).with_header("x-twilio-signature", &signature);
        let form = ("application/x-www-form-urlencoded", b"MessageStatus=delivered".to_vec());
        let answer = raw.send("POST", path, Some(form)).await?;
        ensure!(answer.status == 204, "{answer:?}");
        self.done.insert(("POST", "/webhooks/sms/{provider}"));
        Ok(())
    }

    async fn signs_in(&mut self, password: &str) -> anyhow::Result<Value> {
        let (company, login) = (&self.cast.office.slug, self.cast.office.login("victim"));
        let methods = ["app", "email", "sms"];
        let client = json!({ "kind": "web", "capabilities": methods });
        let typed = json!({ "company": company, "login": login, "password": password, "client": client });
        self.does(None, ("POST", "/sign-ins"), "/sign-ins", Some(typed)).await?.json()
    }
}
