//! The routes behind the operator's socket: whoever reaches them owns the data directory.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use twostep_api::{
    CreateCompany, CreatedCompany, FieldError, Problem, ProblemType, RebuiltModel, RebuiltModels,
};
use twostep_commands::{CreateCompany as Create, ManageError};
use twostep_domain::company::{Branding, CompanyError};
use twostep_domain::{Country, Email, LoginName, Slug};
use twostep_event_store::Actor;
use twostep_projections::RebuildError;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;
use crate::backup;
use crate::break_glass;
use crate::channel_key;
use crate::dead_letters;
use crate::master_key;
use crate::refusal::Refused;
use crate::request::{Ask, Body};
use crate::routes::name;
use crate::unmasking;

/// The operator's routes.
pub(crate) fn routes() -> OpenApiRouter<App> {
    let v1 = OpenApiRouter::new()
        .routes(routes!(create_company))
        .routes(routes!(backup::back_up))
        .routes(routes!(master_key::challenge))
        .routes(routes!(master_key::rotate))
        .routes(routes!(break_glass::break_glass))
        .routes(routes!(channel_key::hand_over))
        .routes(routes!(unmasking::record))
        .routes(routes!(rebuild_read_models))
        .routes(routes!(dead_letters::list))
        .routes(routes!(dead_letters::show))
        .routes(routes!(dead_letters::redrive));
    OpenApiRouter::new().nest("/api/v1", v1)
}

/// Creates a company and gives out the link that sets its Master Account Holder's first password.
#[utoipa::path(post, path = "/companies", tag = "operator", request_body = CreateCompany,
    responses((status = 201, body = CreatedCompany), (status = 400, body = Problem), (status = 409, body = Problem)))]
async fn create_company(
    State(app): State<App>,
    ask: Ask,
    body: Body<CreateCompany>,
) -> Result<(StatusCode, Json<CreatedCompany>), Refused> {
    let new = parsed(&body.value)?;
    let slug = new.slug.clone();
    let created = app.commands.create_company(new, &ask.by(Actor::Operator)).await;
    let created = created.map_err(|error| match error {
        ManageError::Refused(CompanyError::AlreadyRegistered) => exists(&slug),
        other => other.into(),
    })?;
    Ok((
        StatusCode::CREATED,
        Json(CreatedCompany {
            id: created.id.0,
            account_holder: created.account_holder.0,
            invitation_url: Some(created.invitation_url),
            invitation_expires_at: created.invitation_expires_at,
        }),
    ))
}

/// Whoever asks twice has mostly lost the link. Who holds the account needn't be who was to hold it just now.
fn exists(slug: &Slug) -> Refused {
    let slug = slug.as_str();
    let detail = format!(
        "a company with the short name {slug} exists; if the link for its Master Account Holder was lost, \
         `twostep --data DIRECTORY break-glass --company {slug} --member LOGIN --reason TEXT --master-key-path FILE` \
         gives out another one for whoever has LOGIN there; it also resets their second step, and all Master Admins \
         are told"
    );
    Refused::new(ProblemType::Conflict, detail)
}

/// Builds every read model anew beside the live one, compares the two and lets the new one answer.
#[utoipa::path(post, path = "/read-models/rebuilds", tag = "operator",
    responses((status = 200, body = RebuiltModels), (status = 409, body = Problem), (status = 503, body = Problem)))]
async fn rebuild_read_models(State(app): State<App>) -> Result<Json<RebuiltModels>, Refused> {
    let refused = |error: RebuildError| {
        let kind = match error {
            RebuildError::Underway { .. } => ProblemType::Conflict,
            _ => ProblemType::Unavailable,
        };
        Refused::new(kind, format!("the read models were not rebuilt, and go on as they were: {error}"))
    };
    let rebuilt = [
        app.commands.directory().rebuild().await.map_err(refused)?,
        app.deliveries.rebuild().await.map_err(refused)?,
        app.audit.rebuild().await.map_err(refused)?,
    ];
    let models = rebuilt.map(|model| RebuiltModel { model: model.model.to_owned(), same: model.same });
    Ok(Json(RebuiltModels { models: models.into() }))
}

/// All that is wrong is told at once.
fn parsed(asked: &CreateCompany) -> Result<Create, Refused> {
    let mut wrong = Vec::new();
    let product = asked.product_name.as_deref().unwrap_or("Twostep");
    let account = asked.account_name.as_deref().unwrap_or(product);
    let slug = noted(&mut wrong, Slug::parse(&asked.slug).map_err(|error| Refused::field("slug", error)));
    let own_name = noted(&mut wrong, name("name", &asked.name));
    let country = Country::parse(&asked.country).map_err(|error| Refused::field("country", error));
    let country = noted(&mut wrong, country);
    let locale = asked.locale.parse().map_err(|error| Refused::field("locale", error));
    let locale = noted(&mut wrong, locale);
    let time_zone = noted(&mut wrong, crate::shape::time_zone_in(&asked.time_zone));
    let product_name = noted(&mut wrong, name("product_name", product));
    let account_name = asked.account_name.as_ref().map(|_| noted(&mut wrong, name("account_name", account)));
    let account_name = account_name.unwrap_or_else(|| product_name.clone());
    let holder_name = noted(&mut wrong, name("holder_name", &asked.holder_name));
    let holder_email =
        Email::parse(&asked.holder_email).map_err(|error| Refused::field("holder_email", error));
    let holder_email = noted(&mut wrong, holder_email);
    let login = asked.holder_login.as_deref().or(holder_email.as_ref().map(Email::as_str));
    let login =
        login.map(|login| LoginName::parse_new(login).map_err(|error| Refused::field("holder_login", error)));
    let holder_login = login.and_then(|login| noted(&mut wrong, login));
    let create = || {
        let product_name = product_name?;
        Some(Create {
            slug: slug?,
            name: own_name?,
            country: country?,
            locale: locale?,
            time_zone: time_zone?,
            branding: Branding {
                sender_name: product_name.clone(),
                product_name,
                account_name: account_name?,
            },
            holder_name: holder_name?,
            holder_email: holder_email?,
            holder_login: holder_login?,
        })
    };
    create().ok_or_else(|| Refused::fields(wrong))
}

/// What was read; what was wrong with it is noted.
fn noted<T>(wrong: &mut Vec<FieldError>, read: Result<T, Refused>) -> Option<T> {
    read.map_err(|Refused(problem)| wrong.extend(problem.fields)).ok()
}
