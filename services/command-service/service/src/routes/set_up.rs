//! `set-up`: starting, where it stands, *Activate*.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use twostep_api::{
    Activated, Next, Problem, ProblemType, ProofKind, RecoveryCodes, SetUp, StartSetUp, Step, StepRole,
    StepState,
};
use twostep_commands::{Commands, SetUpCaller};
use twostep_domain::second_step::{AppStep, ContactStep, During, SecondStepState, SetUp as DomainSetUp};
use twostep_domain::{BackupKind, Method};

use super::message_state;
use crate::app::App;
use crate::metrics::SignInOutcome;
use crate::refusal::Refused;
use crate::request::{Ask, Body, SetUp as Caller};
use crate::shape;

/// Where the caller's set-up stands.
#[utoipa::path(get, path = "/set-up", tag = "set-up",
    responses((status = 200, body = SetUp), (status = 404, body = Problem)))]
pub(crate) async fn show(State(app): State<App>, caller: Caller) -> Result<Json<SetUp>, Refused> {
    let fold = app.commands.second_step(caller.caller.company, caller.caller.member).await?;
    shown(&app, &caller.caller, fold.state()).await.map(Json)
}

/// Starts a set-up, or an edit; an earlier one of the same sign-in or session is dead then.
#[utoipa::path(post, path = "/set-up", tag = "set-up", request_body = StartSetUp,
    responses((status = 201, body = SetUp), (status = 403, body = Problem), (status = 409, body = Problem)))]
pub(crate) async fn start(
    State(app): State<App>,
    caller: Caller,
    ask: Ask,
    body: Body<StartSetUp>,
) -> Result<(StatusCode, Json<SetUp>), Refused> {
    let keep = body.value.keep.map(|kinds| kinds.into_iter().map(shape::proof_in).collect());
    let metadata = ask.caller();
    let fold = app.commands.start_set_up(&caller.caller, keep, &metadata).await?;
    Ok((StatusCode::CREATED, Json(shown(&app, &caller.caller, fold.state()).await?)))
}

/// Printed codes: the backup of the set-up under way, else new ones in place of those in force. Shown this once.
#[utoipa::path(post, path = "/set-up/recovery-codes", tag = "set-up",
    responses((status = 201, body = RecoveryCodes), (status = 403, body = Problem), (status = 409, body = Problem)))]
pub(crate) async fn recovery_codes(
    State(app): State<App>,
    caller: Caller,
    ask: Ask,
) -> Result<(StatusCode, Json<RecoveryCodes>), Refused> {
    let metadata = ask.caller();
    let codes = app.commands.issue_recovery_codes(&caller.caller, &metadata).await?;
    Ok((StatusCode::CREATED, Json(RecoveryCodes { codes: printed(&codes) })))
}

/// *Activate*: two-step verification is on. The session's token and the recovery codes are given this once.
#[utoipa::path(post, path = "/set-up/activation", tag = "set-up",
    responses((status = 200, body = Activated), (status = 403, body = Problem), (status = 409, body = Problem)))]
pub(crate) async fn activate(
    State(app): State<App>,
    caller: Caller,
    ask: Ask,
) -> Result<Json<Activated>, Refused> {
    let activated = app.commands.activate(&caller.caller, &ask.caller()).await?;
    app.metrics.signed_in(SignInOutcome::Activated);
    Ok(Json(Activated {
        next: Next::SignedIn,
        token: activated.token.map(|token| token.expose().to_owned()),
        recovery_codes: activated.recovery_codes.as_ref().map(printed).unwrap_or_default(),
    }))
}

fn printed(codes: &twostep_vault::RecoveryCodes) -> Vec<String> {
    codes.iter().map(|code| code.expose().to_string()).collect()
}

/// A set-up as its person sees it.
pub(crate) async fn shown(
    app: &App,
    caller: &SetUpCaller,
    state: &SecondStepState,
) -> Result<SetUp, Refused> {
    let commands = &*app.commands;
    let now = commands.now();
    let set_up = state.set_up(caller.owner, now).ok_or_else(|| {
        Refused::new(ProblemType::NotFound, "no set-up is under way: start one with POST /api/v1/set-up")
    })?;
    let member = commands.member(caller.company, caller.member).await?;
    let person = member.state().person().ok_or_else(Refused::not_found)?;
    let complete = set_up.complete();
    let primary = BackupKind::from(set_up.primary);
    let mut steps = steps(commands, caller, state, set_up);
    if steps.iter().any(waits_for_a_message)
        && let Some(known) = message_state::known(app, caller.company).await
    {
        for step in steps.iter_mut().filter(|step| waits_for_a_message(step)) {
            let method = if step.kind == ProofKind::Sms { Method::Sms } else { Method::Email };
            let sent = known.latest_by(caller.member, During::SetUp(set_up.id), method);
            step.delivery = sent.map(|sent| message_state::of(&known, sent));
        }
    }
    let backup = complete.iter().any(|kind| set_up.backups.contains(kind) && *kind != primary);
    Ok(SetUp {
        id: set_up.id.0,
        primary: shape::method(set_up.primary),
        backups: suggested(set_up),
        steps,
        work_address_first: set_up.due_work_address().is_some(),
        ready: complete.contains(&primary) && backup && set_up.due_work_address().is_none(),
        expires_at: set_up.expires_at,
        time_zone: person.time_zone().0.clone(),
        first_screen_code: first_screen_code(commands, caller, set_up)?,
    })
}

fn waits_for_a_message(step: &Step) -> bool {
    step.state == StepState::Waiting && matches!(step.kind, ProofKind::Sms | ProofKind::Email)
}

/// The allowed backups, the suggested one first: with the app as primary e-mail, since app and texts share one phone.
fn suggested(set_up: &DomainSetUp) -> Vec<ProofKind> {
    let primary = BackupKind::from(set_up.primary);
    let rank = |kind: &BackupKind| match kind {
        BackupKind::Email => 0,
        BackupKind::App => 1,
        BackupKind::Sms => 2,
        BackupKind::Printed => 3,
    };
    let mut kinds: Vec<BackupKind> = set_up.backups.iter().copied().filter(|kind| *kind != primary).collect();
    kinds.sort_by_key(rank);
    kinds.into_iter().map(shape::proof).collect()
}

fn steps(
    commands: &Commands,
    caller: &SetUpCaller,
    state: &SecondStepState,
    set_up: &DomainSetUp,
) -> Vec<Step> {
    let now = commands.now();
    let role =
        |kind| if kind == BackupKind::from(set_up.primary) { StepRole::Primary } else { StepRole::Backup };
    let step = |kind, state| Step {
        kind: shape::proof(kind),
        role: role(kind),
        state,
        destination: None,
        next_send_at: None,
        delivery: None,
    };
    let app = set_up.app.as_ref().map(|app| match app {
        AppStep::Shown { .. } => step(BackupKind::App, StepState::Waiting),
        AppStep::Paired(_) => step(BackupKind::App, StepState::Verified),
    });
    let contact = |method: Method| {
        let (sealed, hash, progress) = match set_up.contact(method)? {
            ContactStep::Asked { challenge, .. } => {
                (&challenge.dispatch.destination, &challenge.dispatch.destination_hash, StepState::Waiting)
            }
            ContactStep::Verified { contact, .. } => {
                (&contact.destination, &contact.hash, StepState::Verified)
            }
        };
        Some(Step {
            destination: shape::masked(commands, caller.company, caller.member, method, sealed),
            next_send_at: state.next_send_at(hash, now),
            ..step(method.into(), progress)
        })
    };
    let printed = set_up.printed.as_ref().filter(|printed| printed.as_backup);
    let printed = printed.map(|_| step(BackupKind::Printed, StepState::Verified));
    let mut steps: Vec<Step> =
        [app, contact(Method::Email), contact(Method::Sms), printed].into_iter().flatten().collect();
    let begun: Vec<ProofKind> = steps.iter().map(|step| step.kind).collect();
    let kept = set_up.keeps.iter().filter(|kind| !begun.contains(&shape::proof(**kind)));
    steps.extend(kept.map(|kind| Step {
        destination: shape::in_force(commands, caller.company, caller.member, state, *kind),
        ..step(*kind, StepState::Kept)
    }));
    steps.sort_by_key(|step| (step.role != StepRole::Primary, step.kind));
    steps
}

/// The code to type where the mailed link is opened on another device, while a link is out.
fn first_screen_code(
    commands: &Commands,
    caller: &SetUpCaller,
    set_up: &DomainSetUp,
) -> Result<Option<String>, Refused> {
    match set_up.contact(Method::Email) {
        Some(ContactStep::Asked { challenge, link: Some(link) }) if link.is_live(commands.now()) => {
            Ok(Some(commands.first_screen_code(caller, &challenge.dispatch)?.expose().to_owned()))
        }
        _ => Ok(None),
    }
}
