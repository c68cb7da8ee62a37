//! A page for whatever keeps a page from being shown: what happened, and what to do next.

use std::sync::Arc;

use askama::Template;
use axum::{
    extract::{Request, State},
    http::{
        HeaderValue, Method, StatusCode,
        header::{CONTENT_TYPE, RETRY_AFTER},
    },
    middleware::Next,
    response::{IntoResponse, Response},
};
use twostep_api::ProblemType;
use twostep_client::Error;

use crate::{
    app::App,
    back,
    failure::{Failure, Forged},
    frame::Frame,
    notice::{Notice, Tone},
    render::{page_with, redirect},
};

/// Draws a page for every failure.
pub(crate) async fn draw(State(app): State<App>, request: Request, next: Next) -> Response {
    let path = request.uri().path().to_owned();
    let reads = matches!(*request.method(), Method::GET | Method::HEAD);
    let mut response = next.run(request).await;
    let failure = match response.extensions_mut().remove::<Arc<Failure>>() {
        Some(failure) => failure,
        // Refusals of the framework, as of ids that are none.
        None if response.status().is_client_error() && !is_page(&response) => Arc::new(Failure::NotHere),
        None => return response,
    };
    failure.answer(&app, &path, reads)
}

fn is_page(response: &Response) -> bool {
    response.headers().get(CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"))
}

impl Failure {
    fn answer(&self, app: &App, path: &str, reads: bool) -> Response {
        if let Some(to) = self.leads_to(path, reads) {
            return redirect(&to);
        }
        let notice = self.notice();
        let (to, label) = way_out(path, reads);
        let status = StatusCode::from_u16(notice.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let wait = notice.next_at.map(|at| (at - app.now()).num_seconds().max(1));
        let title = notice.title.clone();
        let page =
            FailurePage { frame: Frame::new(&title, String::new(), app.now(), Some(notice)), to, label };
        let mut response = page_with(status, &page).unwrap_or_else(|_| status.into_response());
        if let Some(seconds) = wait {
            response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }

    /// Where the way on is a page and not an explanation.
    fn leads_to(&self, path: &str, reads: bool) -> Option<String> {
        let kind = match self {
            Self::NobodySignedIn => return Some("/sign-in".to_owned()),
            Self::Pending(to) => return Some(to.clone()),
            Self::Api(error) => error.problem_type()?,
            _ => return None,
        };
        match kind {
            ProblemType::NotSignedIn => Some("/sign-in?why=over".to_owned()),
            ProblemType::StepUpRequired | ProblemType::SecondStepRequired => {
                let unsaved = if reads { "" } else { "&unsaved" };
                Some(format!("/step-up?back={}{unsaved}", back::page_of(path)))
            }
            _ => None,
        }
    }

    fn notice(&self) -> Notice {
        let bad = |status, title: &str, text: &str| Notice { status, ..Notice::bad(title, text) };
        match self {
            Self::Api(Error::Problem(problem)) => Notice::from((**problem).clone()),
            Self::Api(Error::Unreachable { .. }) => {
                tracing::warn!(error = self as &dyn std::error::Error, "asking the API");
                bad(
                    503,
                    "Our service doesn't answer",
                    "The part that checks sign-ins can't be reached at present. Whether your last step counted is \
                     not known: look before you repeat it. Wait a moment and try again.",
                )
            }
            Self::NotHere | Self::NobodySignedIn | Self::Pending(_) => bad(
                404,
                "There is no such page",
                "The address may be mistyped or cut off. If it came by mail, copy the whole link.",
            ),
            Self::NotThisWay => bad(405, "There is no such form", "Open the page first and use its buttons."),
            Self::Forged(forged) => {
                Notice { tone: Tone::Bad, ..bad(403, "The form wasn't taken", forged.words()) }
            }
            Self::Api(Error::Unexpected { .. } | Error::Unusable { .. })
            | Self::NoRandomness
            | Self::Template(_) => {
                tracing::error!(error = self as &dyn std::error::Error, "showing a page");
                bad(
                    500,
                    "This page can't be shown at present",
                    "The fault is ours and is written to our log. Wait a moment and try again; tell your \
                     administrator if it stays.",
                )
            }
        }
    }
}

/// Where somebody goes on from a failure; a page is not its own way out.
fn way_out(path: &str, reads: bool) -> (String, &'static str) {
    let is_open = ["/sign-in", "/invitations", "/password-resets", "/verification-links"];
    if path == "/account" || is_open.iter().any(|open| path.starts_with(open)) {
        return ("/sign-in".to_owned(), "To the sign-in page");
    }
    let page = back::page_of(path);
    if reads || page == path { ("/account".to_owned(), "To my account") } else { (page, "Back to the page") }
}

impl Forged {
    fn words(self) -> &'static str {
        match self {
            Self::OtherOrigin | Self::NoOrigin => {
                "It didn't come from one of our own pages, so nothing was changed. Open the page under its own \
                 address, in an up-to-date browser, and send it again."
            }
            Self::NoForm => {
                "It can't be read, so nothing was changed. Open the page again and send it once more."
            }
            Self::NoCookie => {
                "Your browser doesn't send our cookie, so nothing was changed. Allow cookies for this site, open the \
                 page again and send it once more."
            }
            Self::OtherToken => {
                "It belongs to an older visit, so nothing was changed. Open the page again and send it once more."
            }
        }
    }
}

#[derive(Template)]
#[template(path = "failure.html")]
struct FailurePage {
    frame: Frame,
    to: String,
    label: &'static str,
}
