//! Pending sign-ins and sessions: what they reach, and what ends them.

use std::collections::BTreeSet;

use reqwest::Method as Verb;
use reqwest::header::CONTENT_TYPE;
use twostep_api::{
    ChangePassword, ChangeStanding, ClientKind, Method, Next, ProblemType, ProofKind, RequestPasswordReset,
    ResetMembers, ResetPassword, StartSetUp,
};
use twostep_client::Client;
use twostep_tests::harness::{Plain, Product as _, answer, code_at};
use twostep_tests::story::{Latest, Stage, front, password, refused, require_everybody};

/// Every method and path of the API's document, with this company and these people in the places of ids.
async fn routes(plain: &Plain, stage: &Stage) -> Vec<(Verb, String)> {
    let document = plain.send(Verb::GET, "/api/v1/openapi.json", None).await.unwrap();
    let document: serde_json::Value = serde_json::from_str(&document.body).unwrap();
    let mut routes = Vec::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for method in methods.as_object().unwrap().keys().filter(|key| *key != "parameters") {
            let path = path.replace("{member}", &stage.holder_id.to_string());
            let id = if path.contains("/companies/") { stage.company } else { uuid::Uuid::nil() };
            let path = path.replace("{id}", &id.to_string());
            // Whatever other places there are: an id that nobody has.
            let parts = path.split('/').map(|part| {
                if part.starts_with('{') { "00000000-0000-0000-0000-000000000000" } else { part }
            });
            let path = parts.collect::<Vec<_>>().join("/");
            routes.push((method.to_uppercase().parse().unwrap(), path));
        }
    }
    assert!(routes.len() > 40, "the document names {} routes", routes.len());
    routes
}

async fn ask(plain: &Plain, (verb, path): &(Verb, String), token: Option<&str>) -> u16 {
    let request = plain.request(verb.clone(), path, token).header(CONTENT_TYPE, "application/json");
    answer(request.body("{}")).await.unwrap().status
}

/// The routes that somebody without a token may ask, by their own secrets.
fn is_open(path: &str) -> bool {
    let rest = path.strip_prefix("/api/v1/").unwrap();
    rest == "sign-ins"
        || ["verification-links/", "invitations/", "password-resets", "webhooks/"]
            .iter()
            .any(|it| rest.starts_with(it))
}

#[tokio::test]
async fn s16_a_pending_sign_in_reaches_the_second_step_and_nothing_else() {
    let stage = Stage::enforcing("reach").await.unwrap();
    let ann = stage.technician("ann").await.unwrap();
    let (bob, _) = stage.hire("bob").await.unwrap();
    let plain = Plain::new(&stage.product.url()).unwrap();
    let must_verify = stage.sign_in(ann.login()).await.unwrap();
    let must_set_up = stage.sign_in(&bob).await.unwrap();
    assert_eq!((must_verify.next, must_set_up.next), (Next::Verify, Next::SetUp));
    let mut refused_routes = BTreeSet::new();
    for route in routes(&plain, &stage).await {
        let (verb, path) = &route;
        if is_open(path) {
            continue;
        }
        let own = path.starts_with("/api/v1/sign-ins/") || path.starts_with("/api/v1/set-up");
        assert_eq!(ask(&plain, &route, None).await, 401, "{verb} {path} without a token");
        assert_eq!(ask(&plain, &route, Some("nonsense")).await, 401, "{verb} {path} with nonsense");
        for pending in [&must_verify, &must_set_up] {
            let status = ask(&plain, &route, Some(&pending.token)).await;
            if own {
                // Their own is; another's sign-in isn't there, and a set-up isn't due for whoever must verify.
                let due = pending.next == Next::SetUp && path.starts_with("/api/v1/set-up");
                let fine = status >= 400 || due || path == "/api/v1/sign-ins/current";
                assert!(fine && status < 500, "{verb} {path}: {status}");
            } else {
                assert_eq!(status, 401, "{verb} {path} with a pending sign-in's token");
                refused_routes.insert(path.clone());
            }
        }
    }
    assert!(refused_routes.len() > 20, "{refused_routes:?}");
}

#[tokio::test]
async fn s16_ids_and_tokens_change_at_every_step() {
    let stage = Stage::enforcing("change").await.unwrap();
    let mut ann = stage.technician("ann").await.unwrap();
    let pending = stage.sign_in(ann.login()).await.unwrap();
    let code = ann.next_code(&stage).await.unwrap();
    let done = pending.verify(ProofKind::App, &code).await.unwrap();
    let token = done.token.unwrap();
    assert_ne!(token, pending.token);
    refused(pending.api.sign_in(pending.id).await, ProblemType::NotSignedIn).unwrap();
    refused(pending.verify(ProofKind::App, &code).await, ProblemType::NotSignedIn).unwrap();
    let session = stage.product.api().unwrap().with_token(&token);
    let me = session.me().await.unwrap();
    assert_ne!(me.session.id, pending.id);
    // One digit of the token away is nobody.
    let mut forged = token.into_bytes();
    let at = forged.len() - 2;
    forged[at] = if forged[at] == b'A' { b'B' } else { b'A' };
    let forged = session.with_token(&String::from_utf8(forged).unwrap());
    refused(forged.me().await, ProblemType::NotSignedIn).unwrap();
    // A pending sign-in that nobody finishes is over after 15 minutes.
    let late = stage.sign_in(ann.login()).await.unwrap();
    stage.product.advance(901).await.unwrap();
    let code = ann.next_code(&stage).await.unwrap();
    refused(late.verify(ProofKind::App, &code).await, ProblemType::NotSignedIn).unwrap();
}

#[tokio::test]
async fn s16_a_changed_password_ends_every_other_session_and_sign_in() {
    let stage = Stage::enforcing("pass").await.unwrap();
    let mut ann = stage.technician("ann").await.unwrap();
    let other = ann.sign_in(&stage).await.unwrap();
    let pending = stage.sign_in(ann.login()).await.unwrap();
    let change = ChangePassword { old: password(ann.login()), new: "an entirely new phrase".to_owned() };
    let wrong = ChangePassword { old: "not the old one at all".to_owned(), ..change.clone() };
    assert!(other.change_password(&wrong).await.is_err());
    ann.session.me().await.unwrap();
    other.change_password(&change).await.unwrap();
    other.me().await.unwrap();
    refused(ann.session.me().await, ProblemType::NotSignedIn).unwrap();
    refused(pending.api.sign_in(pending.id).await, ProblemType::NotSignedIn).unwrap();
    // Through a link it ends them all.
    let before = stage.last(ann.login()).await.unwrap();
    let api = stage.product.api().unwrap();
    api.request_password_reset(&RequestPasswordReset { company: None, login: ann.login().to_owned() })
        .await
        .unwrap();
    let mail = stage.told(ann.login(), before, "Choose a new password").await.unwrap();
    let token = mail.link_token().unwrap();
    api.reset_password(&token, &ResetPassword { password: password(ann.login()) }).await.unwrap();
    refused(other.me().await, ProblemType::NotSignedIn).unwrap();
    stage.told(ann.login(), mail.id, "Your password").await.unwrap();
}

#[tokio::test]
async fn s16_disabling_and_resetting_somebody_ends_what_they_had_open_for_good() {
    let stage = Stage::enforcing("kill").await.unwrap();
    let mut ann = stage.technician("ann").await.unwrap();
    let pending = stage.sign_in(ann.login()).await.unwrap();
    let standing = async |enabled: bool| {
        let change = ChangeStanding { enabled, reason: "a test".to_owned() };
        stage.holder.save_standing(stage.company, ann.id, &change).await.unwrap();
    };
    standing(false).await;
    refused(ann.session.me().await, ProblemType::NotSignedIn).unwrap();
    refused(pending.api.sign_in(pending.id).await, ProblemType::NotSignedIn).unwrap();
    assert!(stage.sign_in(ann.login()).await.is_err());
    standing(true).await;
    // Enabled again is a new beginning: the stolen session that was the reason stays over.
    refused(ann.session.me().await, ProblemType::NotSignedIn).unwrap();
    refused(pending.api.sign_in(pending.id).await, ProblemType::NotSignedIn).unwrap();
    let session = ann.sign_in(&stage).await.unwrap();
    session.me().await.unwrap();

    let pending = stage.sign_in(ann.login()).await.unwrap();
    let reset = ResetMembers { members: vec![ann.id], reason: "a test".to_owned() };
    stage.holder.reset_members(stage.company, &reset).await.unwrap();
    refused(session.me().await, ProblemType::NotSignedIn).unwrap();
    refused(pending.api.sign_in(pending.id).await, ProblemType::NotSignedIn).unwrap();
    assert_eq!(stage.sign_in(ann.login()).await.unwrap().next, Next::SetUp);
}

#[tokio::test]
async fn s16_somebody_ends_another_session_of_their_own_and_nobody_else_s() {
    let stage = Stage::open("ends").await.unwrap();
    let ((ann, _), (bob, _)) = (stage.hire("ann").await.unwrap(), stage.hire("bob").await.unwrap());
    let (own, other) = (stage.sign_in(&ann).await.unwrap().api, stage.sign_in(&ann).await.unwrap().api);
    let bobs = stage.sign_in(&bob).await.unwrap().api;
    let id = async |session: &Client| session.me().await.unwrap().session.id;
    // Not even an administrator's is there for others.
    for stranger in [&bobs, &stage.holder] {
        refused(stranger.end_session(id(&other).await).await, ProblemType::NotFound).unwrap();
        refused(own.end_session(id(stranger).await).await, ProblemType::NotFound).unwrap();
        stranger.me().await.unwrap();
    }
    let ended = id(&other).await;
    own.end_session(ended).await.unwrap();
    refused(other.me().await, ProblemType::NotSignedIn).unwrap();
    refused(own.end_session(ended).await, ProblemType::NotFound).unwrap();
    let left: Vec<_> = own.sessions().await.unwrap().sessions.iter().map(|session| session.id).collect();
    assert_eq!(left, [id(&own).await]);
    bobs.me().await.unwrap();
}

#[tokio::test]
async fn s16_a_tightened_policy_stops_open_sessions_until_they_are_completed_in_place() {
    let stage = Stage::open("tighten").await.unwrap();
    let (login, _) = stage.hire("ann").await.unwrap();
    let console = front(ClientKind::Console, &[Method::App]);
    let password_only = stage.sign_in(&login).await.unwrap();
    let other = stage.sign_in_with(&login, console).await.unwrap();
    assert_eq!(password_only.next, Next::SignedIn);
    password_only.api.sessions().await.unwrap();
    require_everybody(&stage.holder, stage.company).await.unwrap();

    let plain = Plain::new(&stage.product.url()).unwrap();
    for route in routes(&plain, &stage).await {
        let (verb, path) = &route;
        let rest = path.strip_prefix("/api/v1/").unwrap();
        // To see it, end it or complete it.
        let free = rest.starts_with("set-up") || rest.starts_with("sign-ins/") || rest.ends_with("/step-ups");
        let free =
            free || *verb == Verb::DELETE && rest.starts_with("sessions/") || rest == "me" || is_open(path);
        if !free {
            let status = ask(&plain, &route, Some(&password_only.token)).await;
            assert_eq!(status, 403, "{verb} {path}");
        }
    }
    refused(password_only.api.sessions().await, ProblemType::SecondStepRequired).unwrap();
    let change = ChangePassword { old: password(&login), new: "an entirely new phrase".to_owned() };
    refused(password_only.api.change_password(&change).await, ProblemType::SecondStepRequired).unwrap();

    let api = &password_only.api;
    assert!(api.me().await.unwrap().covered);
    api.start_set_up(&StartSetUp::default()).await.unwrap();
    let secret = api.start_pairing().await.unwrap().secret;
    let now = stage.product.now().await.unwrap();
    let code = code_at(&secret, now.timestamp()).unwrap();
    api.confirm_pairing(&twostep_api::ConfirmCode { code }).await.unwrap();
    refused(api.sessions().await, ProblemType::SecondStepRequired).unwrap();
    api.make_recovery_codes().await.unwrap();
    let activated = api.activate().await.unwrap();
    assert!(activated.token.is_none(), "the session's own token stays");
    api.sessions().await.unwrap();
    // The other one, which nobody proved anything in, is over.
    refused(other.api.me().await, ProblemType::NotSignedIn).unwrap();
}

#[tokio::test]
async fn s17_a_session_is_over_after_an_idle_hour_and_after_a_day() {
    let stage = Stage::open("idle").await.unwrap();
    let (login, _) = stage.hire("ann").await.unwrap();
    let (idle, busy) = (stage.sign_in(&login).await.unwrap(), stage.sign_in(&login).await.unwrap());
    for _ in 0..2 {
        stage.product.advance(31 * 60).await.unwrap();
        busy.api.me().await.unwrap();
    }
    refused(idle.api.me().await, ProblemType::NotSignedIn).unwrap();
    for _ in 0..46 {
        stage.product.advance(29 * 60).await.unwrap();
        busy.api.me().await.unwrap();
    }
    stage.product.advance(44 * 60).await.unwrap();
    refused(busy.api.me().await, ProblemType::NotSignedIn).unwrap();
}
