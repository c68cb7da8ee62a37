//! `sign-ins`: the password, and where a sign-in stands.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use secrecy::SecretString;
use twostep_api::{Next, Problem, SetUpReason, SignIn, StartSignIn};
use twostep_commands::{Commands, SignInError, Started};
use twostep_domain::second_step::{Purpose, Requirement, SecondStepState, Stage};
use twostep_domain::{CompanyId, LoginName, MemberId, SignInId, Slug};
use uuid::Uuid;

use crate::app::App;
use crate::metrics::SignInOutcome;
use crate::refusal::Refused;
use crate::request::{Ask, Body, Path, SignIn as Caller};
use crate::shape;

/// Compares the password and says what comes next.
///
/// Unknown login, wrong password, disabled and locked account: the same answer.
#[utoipa::path(post, path = "/sign-ins", tag = "sign-in", request_body = StartSignIn,
    responses((status = 201, body = SignIn), (status = 401, body = Problem), (status = 422, body = Problem), (status = 429, body = Problem)))]
pub(crate) async fn start(
    State(app): State<App>,
    ask: Ask,
    body: Body<StartSignIn>,
) -> Result<(StatusCode, Json<SignIn>), Refused> {
    let StartSignIn { company, login, password, client } = body.value;
    let company = company
        .map(|slug| Slug::parse(&slug))
        .transpose()
        .map_err(|error| Refused::field("company", error))?;
    let login = LoginName::parse(&login).map_err(|error| Refused::field("login", error))?;
    let request = twostep_commands::StartSignIn {
        company,
        login,
        password: SecretString::from(password),
        client: shape::client_in(client),
        address: ask.address,
    };
    let started = app.commands.start_sign_in(request, ask.visitor()).await;
    let started = started.inspect_err(|error| app.metrics.signed_in(refused_as(error)))?;
    let begun = begun(&app.commands, started);
    app.metrics.signed_in(outcome(begun.next));
    Ok((StatusCode::CREATED, Json(begun)))
}

/// How the metrics count what comes next.
pub(crate) fn outcome(next: Next) -> SignInOutcome {
    match next {
        Next::SignedIn => SignInOutcome::SignedIn,
        Next::Verify => SignInOutcome::SecondStepAsked,
        Next::SetUp => SignInOutcome::SetUpAsked,
    }
}

/// How the metrics count a refusal.
pub(crate) fn refused_as(error: &SignInError) -> SignInOutcome {
    match error {
        SignInError::WrongCredentials => SignInOutcome::WrongCredentials,
        SignInError::Delayed { .. } => SignInOutcome::Delayed,
        SignInError::CompanyNeeded | SignInError::Country | SignInError::Refused(_) => SignInOutcome::Refused,
        SignInError::Fault(_) => SignInOutcome::Failed,
    }
}

/// Where a sign-in or step-up stands.
#[utoipa::path(get, path = "/sign-ins/{id}", tag = "sign-in", params(("id" = Uuid, Path)),
    responses((status = 200, body = SignIn), (status = 401, body = Problem), (status = 404, body = Problem)))]
pub(crate) async fn show(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<Uuid>,
) -> Result<Json<SignIn>, Refused> {
    let Asking { company, member, requirement, sign_in, fold } = asking(&app.commands, caller, id)?;
    let administrators = app.commands.administrators_of(company, member).await?;
    let standing = standing(&app.commands, company, member, &requirement, fold.state(), sign_in);
    let person = app.commands.member(company, member).await?;
    let time_zone = person.state().person().map(|person| person.time_zone().0.clone());
    Ok(Json(SignIn { administrators, time_zone, ..standing }))
}

/// Where the pending sign-in stands whose token this is: a front end that lost its way is led back to it.
#[utoipa::path(get, path = "/sign-ins/current", tag = "sign-in",
    responses((status = 200, body = SignIn), (status = 401, body = Problem), (status = 404, body = Problem)))]
pub(crate) async fn current(State(app): State<App>, caller: Caller) -> Result<Json<SignIn>, Refused> {
    let Caller::Pending(caller) = caller else { return Err(Refused::not_found()) };
    let (company, member, state) = (caller.company, caller.member, caller.fold.state());
    Ok(Json(standing(&app.commands, company, member, &caller.requirement, state, caller.sign_in.id)))
}

/// Whoever asks about the sign-in of the path: it is theirs.
pub(crate) struct Asking {
    pub(crate) company: CompanyId,
    pub(crate) member: MemberId,
    pub(crate) requirement: Requirement,
    pub(crate) sign_in: SignInId,
    pub(crate) fold: std::sync::Arc<twostep_commands::Fold<twostep_domain::second_step::SecondStep>>,
}

/// The caller's own pending sign-in, or a step-up of the caller's session; anything else isn't there.
pub(crate) fn asking(commands: &Commands, caller: Caller, id: Uuid) -> Result<Asking, Refused> {
    let sign_in = SignInId(id);
    match caller {
        Caller::Pending(caller) if caller.sign_in.id == sign_in => Ok(Asking {
            company: caller.company,
            member: caller.member,
            requirement: caller.requirement,
            sign_in,
            fold: caller.fold,
        }),
        Caller::Session(caller) => {
            let pending = caller.fold.state().pending(sign_in, commands.now());
            pending
                .filter(|pending| pending.purpose == Purpose::StepUp(caller.session.id))
                .ok_or_else(Refused::not_found)?;
            Ok(Asking {
                company: caller.principal.company,
                member: caller.principal.member,
                requirement: caller.requirement,
                sign_in,
                fold: caller.fold,
            })
        }
        Caller::Pending(_) => Err(Refused::not_found()),
    }
}

/// A sign-in or step-up that has just begun.
pub(crate) fn begun(commands: &Commands, started: Started) -> SignIn {
    let Started { company, member, sign_in, token, session, requirement, fold } = started;
    let token = token.map(|token| token.expose().to_owned());
    match session.and_then(|session| fold.state().session(session, commands.now())) {
        Some(session) => signed_in(sign_in.0, token, session.expires_at),
        None => SignIn { token, ..standing(commands, company, member, &requirement, fold.state(), sign_in) },
    }
}

/// A sign-in that is complete.
pub(crate) fn signed_in(id: Uuid, token: Option<String>, expires_at: twostep_domain::Time) -> SignIn {
    SignIn {
        id,
        next: Next::SignedIn,
        token,
        expires_at,
        methods: Vec::new(),
        set_up: None,
        next_try_at: None,
        locked: false,
        administrators: Vec::new(),
        time_zone: None,
        edit_suggested: false,
    }
}

/// A sign-in that is pending, as its person sees it.
pub(crate) fn standing(
    commands: &Commands,
    company: CompanyId,
    member: MemberId,
    requirement: &Requirement,
    state: &SecondStepState,
    sign_in: SignInId,
) -> SignIn {
    let now = commands.now();
    let pending = state.pending(sign_in, now);
    let expires_at = pending.map_or(now, |pending| pending.expires_at);
    let set_up = pending.and_then(|pending| match pending.stage {
        Stage::SetUp { .. } if state.counting(requirement).is_some() => Some(SetUpReason::NewPrimary),
        Stage::SetUp { .. } => Some(SetUpReason::First),
        Stage::Judging | Stage::Verify { .. } | Stage::Proven(_) => None,
    });
    let kinds = state.offered(sign_in, requirement, now);
    SignIn {
        id: sign_in.0,
        next: if set_up.is_some() { Next::SetUp } else { Next::Verify },
        token: None,
        expires_at,
        methods: shape::offered(commands, company, member, state, kinds),
        set_up,
        next_try_at: state.retry_at(now),
        locked: state.is_locked(),
        administrators: Vec::new(),
        time_zone: None,
        edit_suggested: false,
    }
}
