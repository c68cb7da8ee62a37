//! The page for people.

use std::sync::Arc;

use askama::Template;
use askama_web::WebTemplate;
use axum::extract::{Query, State};
use axum::http::header;
use axum::response::IntoResponse;
use serde::Deserialize;

use crate::inbox::Filter;
use crate::shared::Shared;
use crate::{Channel, Received};

#[derive(Template, WebTemplate)]
#[template(path = "inbox.html")]
pub(super) struct Page {
    messages: Vec<Received>,
    to: String,
}

#[derive(Deserialize)]
pub(super) struct To {
    #[serde(default)]
    to: String,
}

/// All messages, the newest first.
pub(super) async fn show(
    State(shared): State<Arc<Shared>>,
    Query(filter): Query<Filter>,
    Query(To { to }): Query<To>,
) -> Page {
    let mut messages = shared.inbox.list(&filter);
    messages.reverse();
    Page { messages, to }
}

pub(super) async fn style() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "text/css; charset=utf-8")], include_str!("../../assets/inbox.css"))
}

impl Page {
    fn came_by(message: &Received) -> &'static str {
        match message.channel {
            Channel::Email => "E-mail",
            Channel::Sms => "Text message",
        }
    }

    fn readable(code: &str) -> String {
        let (first, second) = code.split_at(code.len() / 2);
        format!("{first} {second}")
    }
}
