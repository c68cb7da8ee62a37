//! `companies/{id}`: how it presents itself, where texts go, who holds the account.

use std::collections::BTreeSet;

use axum::extract::State;
use axum::response::Response;
use twostep_api::{Branding, Company, Problem, SmsCountries, TransferAccount};
use twostep_domain::company::{Branding as DomainBranding, ChangeSmsCountries, Registered, Texting};
use twostep_domain::{CompanyId, Country, MemberId, Name};
use uuid::Uuid;

use super::{changed, done, versioned};
use crate::app::App;
use crate::refusal::Refused;
use crate::request::{Ask, Body, Path, Session};

/// The company, for its administrators. Its ETag is what changes of the names, the countries and the policy send back.
#[utoipa::path(get, path = "/companies/{id}", tag = "companies", params(("id" = Uuid, Path)),
    responses((status = 200, body = Company), (status = 404, body = Problem)))]
pub(crate) async fn show(
    State(app): State<App>,
    Session(caller): Session,
    Path(id): Path<Uuid>,
) -> Result<Response, Refused> {
    let company = own(&caller, id)?;
    if !caller.principal.roles.administers() {
        return Err(Refused::new(twostep_api::ProblemType::Forbidden, "your role doesn't allow this"));
    }
    let fold = app.commands.company(company).await?;
    let registered = fold.state().registered().ok_or_else(Refused::not_found)?;
    Ok(versioned(shown(&app, company, registered), fold.revision().map_or(0, |revision| revision.0)))
}

/// Changes the names that people see.
#[utoipa::path(put, path = "/companies/{id}/branding", tag = "companies",
    params(("id" = Uuid, Path), ("If-Match" = String, Header, description = "the company's ETag")), request_body = Branding,
    responses((status = 200, body = Branding), (status = 400, body = Problem), (status = 403, body = Problem),
        (status = 412, body = Problem), (status = 428, body = Problem)))]
pub(crate) async fn branding(
    State(app): State<App>,
    Session(caller): Session,
    ask: Ask,
    Path(id): Path<Uuid>,
    body: Body<Branding>,
) -> Result<Response, Refused> {
    let company = own(&caller, id)?;
    let expected = ask.expected_revision()?;
    let new = DomainBranding {
        product_name: name_in_place("product_name", body.value.product_name)?,
        account_name: name_in_place("account_name", body.value.account_name)?,
        sender_name: name_in_place("sender_name", body.value.sender_name)?,
    };
    let metadata = ask.once(app.commands.vault(), company, caller.principal.member, &body.bytes);
    let done = app.commands.change_branding(&caller, company, expected, new, &metadata).await?;
    let registered = done.fold.state().registered().ok_or_else(Refused::not_found)?;
    Ok(changed(shown(&app, company, registered).branding, done.fold.revision(), &done.position))
}

/// Changes where texts may go.
#[utoipa::path(put, path = "/companies/{id}/sms-countries", tag = "companies",
    params(("id" = Uuid, Path), ("If-Match" = String, Header, description = "the company's ETag")),
    request_body = SmsCountries,
    responses((status = 200, body = SmsCountries), (status = 400, body = Problem), (status = 403, body = Problem),
        (status = 412, body = Problem), (status = 428, body = Problem)))]
pub(crate) async fn sms_countries(
    State(app): State<App>,
    Session(caller): Session,
    ask: Ask,
    Path(id): Path<Uuid>,
    body: Body<SmsCountries>,
) -> Result<Response, Refused> {
    let company = own(&caller, id)?;
    let expected = ask.expected_revision()?;
    let countries: Result<BTreeSet<Country>, _> =
        body.value.countries.iter().map(|country| Country::parse(country)).collect();
    let new = countries.map_err(|error| Refused::field("countries", error))?;
    let reason = body.value.reason;
    let change = ChangeSmsCountries { new, reason: reason.clone() };
    let metadata = ask.once(app.commands.vault(), company, caller.principal.member, &body.bytes);
    let done = app.commands.change_sms_countries(&caller, company, expected, change, &metadata).await?;
    let registered = done.fold.state().registered().ok_or_else(Refused::not_found)?;
    let countries = shown(&app, company, registered).sms_countries;
    Ok(changed(SmsCountries { countries, reason }, done.fold.revision(), &done.position))
}

/// Hands the account to another Master Admin; the Master Account Holder's alone.
#[utoipa::path(post, path = "/companies/{id}/account-holder", tag = "companies", params(("id" = Uuid, Path)),
    request_body = TransferAccount,
    responses((status = 204), (status = 403, body = Problem), (status = 409, body = Problem)))]
pub(crate) async fn transfer(
    State(app): State<App>,
    Session(caller): Session,
    ask: Ask,
    Path(id): Path<Uuid>,
    body: Body<TransferAccount>,
) -> Result<Response, Refused> {
    let company = own(&caller, id)?;
    let metadata = ask.once(app.commands.vault(), company, caller.principal.member, &body.bytes);
    let transferred =
        app.commands.transfer_account(&caller, company, MemberId(body.value.to), &metadata).await?;
    Ok(done(&transferred.position))
}

/// The company of the path, if it is the caller's own; any other one isn't there (S22).
pub(crate) fn own(caller: &twostep_commands::SessionCaller, id: Uuid) -> Result<CompanyId, Refused> {
    let company = CompanyId(id);
    if caller.principal.company == company { Ok(company) } else { Err(Refused::not_found()) }
}

/// A name from a field.
pub(crate) fn name(field: &str, text: &str) -> Result<Name, Refused> {
    Name::parse(text).map_err(|error| Refused::field(field, error))
}

/// A name from a field that has one already: whoever changes it judges whether it is new.
pub(crate) fn name_in_place(field: &str, text: String) -> Result<Name, Refused> {
    Name::try_from(text).map_err(|error| Refused::field(field, error))
}

fn shown(app: &App, id: CompanyId, company: &Registered) -> Company {
    let branding = company.branding();
    Company {
        id: id.0,
        slug: company.slug().to_string(),
        name: company.name().as_str().to_owned(),
        country: company.country().as_str().to_owned(),
        account_holder: company.account_holder().0,
        master_admins: company.master_admins().map(|member| member.0).collect(),
        branding: Branding {
            product_name: branding.product_name.as_str().to_owned(),
            account_name: branding.account_name.as_str().to_owned(),
            sender_name: branding.sender_name.as_str().to_owned(),
        },
        sms_countries: company.sms_countries().iter().map(|country| country.as_str().to_owned()).collect(),
        sends_texts: app.commands.texting() == Texting::Possible,
    }
}
