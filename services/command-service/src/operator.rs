//! The routes behind the operator's socket: whoever reaches them owns the data directory.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use twostep_api::{CreateCompany, CreatedCompany, Problem, ProblemType, RebuiltModel, RebuiltModels};
use twostep_commands::CreateCompany as Create;
use twostep_domain::company::Branding;
use twostep_domain::{Country, Email, LoginName, Slug};
use twostep_event_store::Actor;
use twostep_projections::RebuildError;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;
use crate::backup;
use crate::break_glass;
use crate::refusal::Refused;
use crate::request::{Ask, Body};
use crate::routes::name;

/// The operator's routes.
pub(crate) fn routes() -> OpenApiRouter<App> {
    let v1 = OpenApiRouter::new()
        .routes(routes!(create_company))
        .routes(routes!(backup::back_up))
        .routes(routes!(break_glass::challenge))
        .routes(routes!(break_glass::break_glass))
        .routes(routes!(rebuild_read_models));
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
    let created = app.commands.create_company(new, &ask.by(Actor::Operator)).await?;
    Ok((
        StatusCode::CREATED,
        Json(CreatedCompany {
            id: created.id.0,
            account_holder: created.account_holder.0,
            invitation_url: Some(created.invitation_url),
        }),
    ))
}

/// Builds every read model anew beside the live one, compares the two and lets the new one answer.
#[utoipa::path(post, path = "/read-models/rebuilds", tag = "operator",
    responses((status = 200, body = RebuiltModels), (status = 503, body = Problem)))]
async fn rebuild_read_models(State(app): State<App>) -> Result<Json<RebuiltModels>, Refused> {
    let refused = |error: RebuildError| {
        let detail = format!("the read models were not rebuilt, and go on as they were: {error}");
        Refused::new(ProblemType::Unavailable, detail)
    };
    let rebuilt = [
        app.commands.directory().rebuild().await.map_err(refused)?,
        app.deliveries.rebuild().await.map_err(refused)?,
        app.audit.rebuild().await.map_err(refused)?,
    ];
    let models = rebuilt.map(|model| RebuiltModel { model: model.model.to_owned(), same: model.same });
    Ok(Json(RebuiltModels { models: models.into() }))
}

fn parsed(asked: &CreateCompany) -> Result<Create, Refused> {
    let holder_email =
        Email::parse(&asked.holder_email).map_err(|error| Refused::field("holder_email", error))?;
    let login = asked.holder_login.as_deref().unwrap_or(holder_email.as_str());
    let holder_login = LoginName::parse(login).map_err(|error| Refused::field("holder_login", error))?;
    let product = asked.product_name.as_deref().unwrap_or("Twostep");
    let account = asked.account_name.as_deref().unwrap_or(product);
    Ok(Create {
        slug: Slug::parse(&asked.slug).map_err(|error| Refused::field("slug", error))?,
        name: name("name", &asked.name)?,
        country: Country::parse(&asked.country).map_err(|error| Refused::field("country", error))?,
        locale: asked.locale.parse().map_err(|error| Refused::field("locale", error))?,
        time_zone: crate::shape::time_zone_in(&asked.time_zone)?,
        branding: Branding {
            product_name: name("product_name", product)?,
            account_name: name("account_name", account)?,
            sender_name: name("product_name", product)?,
        },
        holder_name: name("holder_name", &asked.holder_name)?,
        holder_email,
        holder_login,
    })
}
