//! `GET companies/{id}/members`: the people whom somebody may see, a page at a time.

#![allow(unused_qualifications, reason = "the document's macro repeats the types of query parameters")]

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use twostep_api::{Member, Members, Problem, Role};
use twostep_commands::{Fault, Principal};
use twostep_domain::{CompanyId, Digest, Email, GroupId, LoginName, MemberId, Roles};
use twostep_projections::{CompanyView, MemberView};
use twostep_vault::Vault;
use utoipa::IntoParams;
use uuid::Uuid;

use super::companies::own;
use super::members::{in_full, seen};
use crate::app::App;
use crate::refusal::Refused;
use crate::request::{Path, Query, Session, page_size};
use crate::shape;

/// Which page of members.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(crate) struct Page {
    /// What the page before gave as `next`.
    cursor: Option<Uuid>,
    /// Members on a page, 1 to 200; 50 if left out.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<usize>,
    /// Only members of this group.
    group: Option<Uuid>,
    /// Only people with this role.
    role: Option<Role>,
    /// Only whoever has exactly this login, of the people whom the caller sees in full.
    login: Option<String>,
    /// Only people with exactly this work address, of those whom the caller sees in full.
    email: Option<String>,
}

/// The people whom the caller may see: all, or an Admin's own technicians.
#[utoipa::path(get, path = "/companies/{id}/members", tag = "members", params(("id" = Uuid, Path), Page),
    responses((status = 200, body = Members), (status = 404, body = Problem)))]
pub(crate) async fn list(
    State(app): State<App>,
    Session(caller): Session,
    Path(id): Path<Uuid>,
    Query(page): Query<Page>,
) -> Result<Json<Members>, Refused> {
    let company = own(&caller, id)?;
    let limit = page_size(page.limit)?;
    let cursor = page.cursor.map(MemberId);
    let sought = Sought::new(app.commands.vault(), company, page)?;
    let directory = app.commands.checks().fenced(company).await.map_err(Fault::from)?;
    let view = directory.company(company).ok_or_else(Refused::not_found)?;
    let visible = view
        .members(cursor)
        .filter(|(id, _)| caller.principal.sees_member(*id, view))
        .filter(|(id, member)| sought.is(&caller.principal, view, *id, member));
    let mut members: Vec<Member> =
        visible.take(limit + 1).map(|(id, member)| seen(&app.commands, &caller, view, id, member)).collect();
    let next = (members.len() > limit).then(|| members.truncate(limit)).and_then(|()| members.last());
    let next = next.map(|last| last.id.to_string());
    Ok(Json(Members { members, next }))
}

/// Whom a question is about; logins and addresses as their keyed hashes, so that nothing is opened to compare it.
struct Sought {
    group: Option<GroupId>,
    role: Option<Roles>,
    login: Option<Digest>,
    email: Option<Digest>,
}

impl Sought {
    fn new(vault: &Vault, company: CompanyId, page: Page) -> Result<Self, Refused> {
        let login = page.login.map(|text| LoginName::parse(&text)).transpose();
        let login = login.map_err(|error| Refused::field("login", error))?;
        let email = page.email.map(|text| Email::parse(&text)).transpose();
        let email = email.map_err(|error| Refused::field("email", error))?;
        Ok(Self {
            group: page.group.map(GroupId),
            role: page.role.map(|role| shape::roles_in(&[role])),
            login: login.map(|login| vault.login_hash(company, &login)),
            email: email.map(|email| vault.email_hash(company, &email)),
        })
    }

    /// Whether it is `member`. Whoever is shown masked isn't found by what the mask hides.
    fn is(&self, principal: &Principal, view: &CompanyView, id: MemberId, member: &MemberView) -> bool {
        let identity = member.identity.as_deref();
        let named = |sought: &Option<Digest>, is: Option<&Digest>| sought.is_none() || sought.as_ref() == is;
        let by_name = self.login.is_some() || self.email.is_some();
        (self.group.is_none() || member.group == self.group)
            && self
                .role
                .as_ref()
                .is_none_or(|role| role.0.is_subset(&Principal::roles_of(principal.company, id, view).0))
            && named(&self.login, identity.map(|identity| &identity.login_hash))
            && named(&self.email, identity.map(|identity| &identity.email_hash))
            && (!by_name || in_full(principal, view, id, member))
    }
}
