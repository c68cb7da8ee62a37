//! The account's page.

use askama::Template;
use axum::extract::Path;
use twostep_api::{ProofKind, Session};
use twostep_clock::Zone;
use uuid::Uuid;

use crate::{
    fields::Asked,
    frame::Frame,
    notice::Notice,
    render::{Answer, page_with, redirect},
    visitor::{SignedIn, status_of},
    when, words,
};

#[derive(Template)]
#[template(path = "account/overview.html")]
struct AccountPage {
    frame: Frame,
    name: String,
    email: String,
    company: String,
    roles: String,
    holder: bool,
    covered: bool,
    methods: Vec<Held>,
    codes_left: u8,
    sessions: Vec<Row>,
}

/// A method in force.
struct Held {
    kind: ProofKind,
    name: &'static str,
    destination: String,
    role: &'static str,
}

/// A session.
struct Row {
    id: Uuid,
    current: bool,
    client: &'static str,
    started: String,
    seen: String,
    proof: String,
    aal: u8,
}

impl Row {
    fn of(session: &Session, zone: Zone) -> Self {
        Self {
            id: session.id,
            current: session.current,
            client: words::client(session.client),
            started: when::date(session.started_at, zone),
            seen: when::date(session.seen_at, zone),
            proof: words::amr(&session.amr),
            aal: session.aal,
        }
    }
}

/// The page.
pub(crate) async fn show(signed_in: SignedIn, Asked(asked): Asked) -> Answer {
    let notice = match asked.text("done") {
        "session-ended" => Some(Notice::good("The session is ended", "")),
        "password" => Some(Notice::good("Your password is changed", "Your other sessions are ended.")),
        "turned-off" => {
            Some(Notice::good("Two-step verification is off", "Your password alone signs you in."))
        }
        _ => None,
    };
    draw(&signed_in, notice).await
}

async fn draw(signed_in: &SignedIn, notice: Option<Notice>) -> Answer {
    let sessions = signed_in.client().sessions().await?;
    let me = &signed_in.me;
    let methods = me.methods.iter().enumerate().map(|(at, held)| Held {
        kind: held.kind,
        name: words::proof(held.kind),
        destination: held.destination.clone().unwrap_or_default(),
        role: if at == 0 { "Primary" } else { "Backup" },
    });
    let frame = signed_in.frame("My account", notice);
    let page = AccountPage {
        name: me.name.clone(),
        email: me.email.clone(),
        company: me.company_name.clone(),
        roles: words::roles(&me.roles),
        holder: me.account_holder,
        covered: me.covered,
        methods: methods.collect(),
        codes_left: me.recovery_codes_left,
        sessions: sessions.sessions.iter().map(|session| Row::of(session, frame.zone)).collect(),
        frame,
    };
    page_with(status_of(page.frame.notice.as_ref()), &page)
}

/// Ends one session; ending this one leads out.
pub(crate) async fn end_session(signed_in: SignedIn, Path(id): Path<Uuid>) -> Answer {
    match signed_in.client().end_session(id).await {
        Ok(()) if id == signed_in.me.session.id => Ok(redirect("/sign-in?why=signed-out")),
        Ok(()) => Ok(redirect("/account?done=session-ended")),
        Err(error) => draw(&signed_in, Some(Notice::refused(error)?)).await,
    }
}

/// Turns two-step verification off.
pub(crate) async fn turn_off(signed_in: SignedIn) -> Answer {
    match signed_in.client().turn_off().await {
        Ok(()) => Ok(redirect("/account?done=turned-off")),
        Err(error) => draw(&signed_in, Some(Notice::refused(error)?)).await,
    }
}
