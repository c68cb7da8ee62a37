//! Who asks for a page.

use axum::{
    extract::FromRequestParts,
    http::{StatusCode, request::Parts},
};
use twostep_api::{Me, Next, ProblemType, Role, SetUpReason, SignIn};
use twostep_client::Client;
use uuid::Uuid;

use crate::{
    address, app::App, cookies, csrf::CsrfToken, failure::Failure, fields::Fields, frame::Frame,
    notice::Notice, once,
};

/// A browser, with whatever it holds.
#[derive(Clone)]
pub(crate) struct Visitor {
    pub(crate) app: App,
    /// Speaks to the API as whoever the browser's cookie says, on behalf of its address.
    pub(crate) client: Client,
    /// Whether there is such a cookie.
    pub(crate) known: bool,
    /// The address under set-up.
    pub(crate) typed_address: Option<String>,
    csrf: CsrfToken,
}

impl FromRequestParts<App> for Visitor {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Failure> {
        let csrf = parts.extensions.get::<CsrfToken>().cloned().ok_or(Failure::NoRandomness)?;
        let mut client = app.client.clone();
        if let Some(address) = address::of(parts, &app.config.trusted_proxies) {
            client = client.with_forwarded_for(address);
        }
        let token = cookies::read(&parts.headers, app.cookies.token());
        if let Some(token) = token {
            client = client.with_token(token);
        }
        let typed_address = cookies::read(&parts.headers, app.cookies.address())
            .map(|value| percent_decoded(value.as_bytes()));
        Ok(Self { app: app.clone(), client, known: token.is_some(), typed_address, csrf })
    }
}

impl Visitor {
    /// A page's frame for somebody who isn't signed in, or not known to be.
    pub(crate) fn frame(&self, title: &str, notice: Option<Notice>) -> Frame {
        Frame::new(title, self.csrf.to_string(), self.app.now(), notice)
    }

    /// The same with the menu, where somebody is signed in; with a way out, in the middle of a sign-in.
    pub(crate) async fn frame_with_menu(&self, title: &str, notice: Option<Notice>) -> Frame {
        let frame = self.frame(title, notice).with_menu_of(self.me().await.as_ref());
        Frame { leave: self.known && frame.menu.is_none(), ..frame }
    }

    /// The person, where there is a session that reaches them; a pending sign-in doesn't.
    pub(crate) async fn me(&self) -> Option<Me> {
        if self.known { self.client.me().await.ok() } else { None }
    }
}

/// A browser in a session.
pub(crate) struct SignedIn {
    pub(crate) visitor: Visitor,
    pub(crate) me: Me,
}

impl FromRequestParts<App> for SignedIn {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Failure> {
        let visitor = Visitor::from_request_parts(parts, app).await?;
        if !visitor.known {
            return Err(Failure::NobodySignedIn);
        }
        match visitor.client.me().await {
            Ok(me) => Ok(Self { visitor, me }),
            Err(error) if error.problem_type() == Some(ProblemType::NotSignedIn) => {
                // In the middle of a sign-in its next step is the way on, and not a new one.
                let pending = visitor.client.current_sign_in().await.ok();
                Err(pending.map_or(Failure::Api(error), |sign_in| Failure::Pending(next_step(&sign_in))))
            }
            Err(error) => Err(error.into()),
        }
    }
}

impl SignedIn {
    /// A page's frame with the menu.
    pub(crate) fn frame(&self, title: &str, notice: Option<Notice>) -> Frame {
        self.visitor.frame(title, notice).with_menu(&self.me)
    }

    /// The API, as this person.
    pub(crate) fn client(&self) -> &Client {
        &self.visitor.client
    }

    /// The same for a form that happens once, however often it is sent (S35).
    pub(crate) fn client_once(&self, fields: &Fields) -> Client {
        match fields.id(once::FIELD) {
            Some(key) => self.client().with_idempotency_key(key),
            None => self.client().clone(),
        }
    }

    /// The person's company.
    pub(crate) fn company(&self) -> Uuid {
        self.me.company
    }

    /// Nothing where the organisation has something to see for them: administrators and auditors.
    ///
    /// # Errors
    /// A refusal as the API's, which lists nobody but themselves to everybody else.
    pub(crate) fn sees_organisation(&self) -> Result<(), Failure> {
        let roles = [Role::MasterAdmin, Role::Admin, Role::Auditor];
        if roles.iter().any(|role| self.me.roles.contains(role)) {
            return Ok(());
        }
        Err(Failure::forbidden("The organisation is for administrators and auditors."))
    }

    /// Whether they are a Master Admin.
    pub(crate) fn is_master(&self) -> bool {
        self.me.roles.contains(&Role::MasterAdmin)
    }
}

/// Where a sign-in goes on.
pub(crate) fn next_step(sign_in: &SignIn) -> String {
    match (sign_in.next, sign_in.set_up) {
        (Next::SignedIn, _) => "/account".to_owned(),
        (Next::Verify, _) => format!("/sign-in/{}", sign_in.id),
        (Next::SetUp, Some(SetUpReason::NewPrimary)) => "/set-up?why=new-primary".to_owned(),
        (Next::SetUp, _) => "/set-up?why=first".to_owned(),
    }
}

/// The status of a page that shows `notice`.
pub(crate) fn status_of(notice: Option<&Notice>) -> StatusCode {
    notice.and_then(|notice| StatusCode::from_u16(notice.status).ok()).unwrap_or(StatusCode::OK)
}

fn percent_decoded(value: &[u8]) -> String {
    // `form_urlencoded` reads a lone name as a pair without a value.
    url::form_urlencoded::parse(value).next().map(|(text, _)| text.into_owned()).unwrap_or_default()
}
