//! The verification dialog of sign-ins and step-ups.

use std::{pin::pin, time::Duration};

use askama::Template;
use chrono::{DateTime, Utc};
use futures::StreamExt;
use twostep_api::{
    CodeSent, Next, OfferedMethod, ProblemType, ProofKind, RequestCode, SetUpReason, SignIn, Verify,
};
use uuid::Uuid;

use crate::{
    delivery::Delivery,
    fields::Fields,
    frame::Frame,
    notice::{CLOCK, Notice, Tone},
    render::{Answer, page_with, redirect, with_cookie},
    visitor::{Visitor, status_of},
    words,
};

/// What whoever locked the second step reads on the page where they begin anew.
pub(crate) fn locked() -> Notice {
    Notice {
        tone: Tone::Bad,
        ..Notice::plain(
            "The second step is locked",
            "Too many wrong codes were typed. Begin again and use a printed code, or ask an administrator of your \
             group to unlock you first. A Master Account Holder asks another Master Admin.",
        )
    }
}

/// What whoever signs in while it is locked reads at once: no code of another kind is worth a try.
fn still_locked(sign_in: &SignIn) -> Notice {
    let printed = sign_in.methods.iter().any(|offered| offered.kind == ProofKind::Printed);
    let printed = if printed { "Use a printed code, or ask" } else { "Ask" };
    let whom = whom_to_ask(&sign_in.administrators);
    let text = format!("Too many wrong codes were typed. {printed} {whom} to unlock you.");
    Notice { tone: Tone::Bad, ..Notice::plain("The second step is locked", &text) }
}

/// What whoever typed a printed code that opens nothing reads: that it was this code, what to do, and whom to ask.
fn wrong_printed(sign_in: &SignIn) -> Notice {
    let whom = whom_to_ask(&sign_in.administrators);
    let text = format!(
        "The second step is locked, and only a printed code opens it. Type one that you haven't used yet, or ask \
         {whom} to unlock you."
    );
    Notice::bad("This printed code is wrong or was used before", &text)
}

/// The administrators by name, where they are known.
fn whom_to_ask(administrators: &[String]) -> String {
    match administrators {
        [] => "an administrator of your company".to_owned(),
        [one] => format!("your administrator {one}"),
        [most @ .., last] => format!("one of your administrators: {} or {last}", most.join(", ")),
    }
}

/// How long a page waits for the delivery's state, which is only an extra.
const DELIVERY_WAIT: Duration = Duration::from_millis(600);

/// Which dialog.
pub(crate) struct Place {
    base: String,
    id: Uuid,
    /// Where a right code leads.
    back: String,
    step_up: bool,
}

impl Place {
    /// Of a sign-in.
    pub(crate) fn sign_in(id: Uuid) -> Self {
        Self { base: format!("/sign-in/{id}"), id, back: "/account".to_owned(), step_up: false }
    }

    /// Of a step-up; a right code leads to `back`.
    pub(crate) fn step_up(id: Uuid, back: String) -> Self {
        Self { base: format!("/step-up/{id}"), id, back, step_up: true }
    }
}

#[derive(Template)]
#[template(path = "dialog.html")]
struct DialogPage {
    frame: Frame,
    base: String,
    back: String,
    step_up: bool,
    kind: ProofKind,
    key: &'static str,
    destination: String,
    others: Vec<Other>,
    sent: Option<Sent>,
    delivery: Option<Delivery>,
    next_try_at: Option<DateTime<Utc>>,
    whom_to_ask: String,
    reload: String,
}

/// Another method to use.
struct Other {
    key: &'static str,
    name: &'static str,
    destination: String,
}

/// What the last *Send* answered.
struct Sent {
    same: bool,
    next: Option<DateTime<Utc>>,
    until: Option<DateTime<Utc>>,
}

/// The dialog as it stands; `said` holds the query or the form.
pub(crate) async fn show(visitor: &Visitor, place: &Place, said: &Fields, notice: Option<Notice>) -> Answer {
    let sign_in = match visitor.client.sign_in(place.id).await {
        Ok(sign_in) => sign_in,
        // Back in the browser's history after the sign-in went through: the account knows.
        Err(error) if error.problem_type() == Some(ProblemType::NotSignedIn) => {
            return Ok(redirect("/account"));
        }
        Err(error) => return Err(error.into()),
    };
    if sign_in.next != Next::Verify {
        return Ok(redirect(&leads_to(place, &sign_in)));
    }
    let mut sign_in = sign_in;
    // Codes of another kind are answered alike, right or wrong: none is worth a try.
    if sign_in.locked {
        sign_in.methods.retain(|offered| offered.kind == ProofKind::Printed);
    }
    let wanted = words::proof_of(said.text("method"));
    let notice = notice.or_else(|| sign_in.locked.then(|| still_locked(&sign_in)));
    let chosen =
        sign_in.methods.iter().find(|offered| Some(offered.kind) == wanted).or(sign_in.methods.first());
    let Some(chosen) = chosen.cloned() else {
        let title = "None of your methods can be used here";
        let whom = whom_to_ask(&sign_in.administrators);
        let text =
            format!("Sign in again. If that doesn't help, ask {whom} to reset your two-step verification.");
        let notice = notice.unwrap_or_else(|| Notice::bad(title, &text));
        let page = Stuck { frame: visitor.frame("Verify", Some(notice)) };
        return page_with(axum::http::StatusCode::CONFLICT, &page);
    };
    let sent = sent_by(said);
    let delivery = match &sent {
        Some(_) => delivery(visitor, place.id, chosen.kind).await,
        None => None,
    };
    draw(visitor, place, &sign_in, &chosen, sent, delivery, notice)
}

#[derive(Template)]
#[template(path = "stuck.html")]
struct Stuck {
    frame: Frame,
}

fn draw(
    visitor: &Visitor,
    place: &Place,
    sign_in: &SignIn,
    chosen: &OfferedMethod,
    sent: Option<Sent>,
    delivery: Option<Delivery>,
    notice: Option<Notice>,
) -> Answer {
    let others = sign_in.methods.iter().filter(|offered| offered.kind != chosen.kind);
    let others = others.map(|offered| Other {
        key: words::proof_key(offered.kind),
        name: words::proof(offered.kind),
        destination: offered.destination.clone().unwrap_or_default(),
    });
    let key = words::proof_key(chosen.kind);
    let page = DialogPage {
        base: place.base.clone(),
        back: place.back.clone(),
        step_up: place.step_up,
        kind: chosen.kind,
        key,
        destination: chosen.destination.clone().unwrap_or_default(),
        others: others.collect(),
        reload: query(place, key, sent.as_ref()),
        sent,
        delivery,
        whom_to_ask: whom_to_ask(&sign_in.administrators),
        next_try_at: sign_in.next_try_at.filter(|at| *at > visitor.app.now()),
        frame: visitor
            .frame(if place.step_up { "Prove your second step" } else { "Two-step verification" }, notice)
            .in_zone(sign_in.time_zone.as_deref().unwrap_or_default()),
    };
    page_with(status_of(page.frame.notice.as_ref()), &page)
}

/// *Send* or *Resend*; the page that follows can be loaded again without sending.
pub(crate) async fn request_code(visitor: &Visitor, place: &Place, fields: &Fields) -> Answer {
    let method = words::proof_of(fields.text("method")).and_then(words::method_of);
    let Some(method) = method else { return show(visitor, place, fields, None).await };
    match visitor.client.request_code(place.id, &RequestCode { method }).await {
        Ok(sent) => Ok(redirect(&query(place, fields.text("method"), Some(&sent.into())))),
        Err(error) => show(visitor, place, fields, Some(Notice::refused(error)?)).await,
    }
}

/// *Verify*.
pub(crate) async fn verify(visitor: &Visitor, place: &Place, fields: &Fields) -> Answer {
    let Some(method) = words::proof_of(fields.text("method")) else {
        return show(visitor, place, fields, None).await;
    };
    let verify = Verify { method, code: fields.text("code").to_owned() };
    match visitor.client.verify(place.id, &verify).await {
        Ok(sign_in) => {
            let cookies = visitor.app.cookies;
            let token = sign_in.token.as_ref().and_then(|token| cookies.set(cookies.token(), token));
            Ok(with_cookie(redirect(&leads_to(place, &sign_in)), token))
        }
        Err(error) if error.problem_type() == Some(ProblemType::Locked) => {
            match visitor.client.sign_in(place.id).await {
                Ok(sign_in) if method == ProofKind::Printed => {
                    show(visitor, place, fields, Some(wrong_printed(&sign_in))).await
                }
                Ok(_) => show(visitor, place, fields, None).await,
                // The code that locks ends the dialog that it was typed into, and with it the session of a step-up.
                Err(_) => Ok(redirect("/sign-in?why=locked")),
            }
        }
        Err(error) => {
            let wrong = error.problem_type() == Some(ProblemType::CodeRejected);
            let mut notice = Notice::refused(error)?;
            if method == ProofKind::App && wrong {
                notice.text.push_str(CLOCK);
            }
            show(visitor, place, fields, Some(notice)).await
        }
    }
}

fn leads_to(place: &Place, sign_in: &SignIn) -> String {
    match (sign_in.next, sign_in.set_up) {
        // Who had to fall back on a spare code may have lost something (S9).
        (Next::SignedIn, _) if sign_in.edit_suggested => "/set-up?why=printed-code".to_owned(),
        (Next::SignedIn, _) => place.back.clone(),
        (Next::Verify, _) => place.base.clone(),
        (Next::SetUp, Some(SetUpReason::NewPrimary)) => "/set-up?why=new-primary".to_owned(),
        (Next::SetUp, _) => "/set-up?why=first".to_owned(),
    }
}

/// The dialog's address, which says what was sent so that loading it again sends nothing.
fn query(place: &Place, method: &str, sent: Option<&Sent>) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.append_pair("method", method);
    if place.step_up {
        query.append_pair("back", &place.back);
    }
    if let Some(sent) = sent {
        query.append_pair("sent", if sent.same { "same" } else { "new" });
        for (key, at) in [("next", sent.next), ("until", sent.until)] {
            if let Some(at) = at {
                query.append_pair(key, &at.timestamp().to_string());
            }
        }
    }
    format!("{}?{}", place.base, query.finish())
}

fn sent_by(said: &Fields) -> Option<Sent> {
    let at = |key| said.said(key)?.parse().ok().and_then(|seconds| DateTime::from_timestamp(seconds, 0));
    let same = match said.text("sent") {
        "new" => false,
        "same" => true,
        _ => return None,
    };
    Some(Sent { same, next: at("next"), until: at("until") })
}

impl From<CodeSent> for Sent {
    fn from(sent: CodeSent) -> Self {
        Self { same: sent.same_code, next: Some(sent.next_send_at), until: Some(sent.expires_at) }
    }
}

/// The state of the latest message, where the API says it soon enough.
async fn delivery(visitor: &Visitor, id: Uuid, kind: ProofKind) -> Option<Delivery> {
    let state = tokio::time::timeout(DELIVERY_WAIT, async {
        let stream = visitor.client.sign_in_deliveries(id).await.ok()?;
        pin!(stream).next().await?.ok()
    });
    let state = state.await.ok()??;
    (words::proof_by(state.method) == kind).then(|| Delivery::of(&state, "use another method"))
}
