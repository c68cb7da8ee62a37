//! Requests, counted and timed by the template of their route.

use std::time::Instant;

use axum::extract::{MatchedPath, Request, State};
use axum::http::{Method, StatusCode};
use axum::middleware::Next;
use axum::response::Response;

use super::label;
use crate::app::App;

/// Counts and times what passes.
pub(crate) async fn measure(State(app): State<App>, request: Request, next: Next) -> Response {
    let method = name(request.method());
    let route = request.extensions().get::<MatchedPath>().map_or("none", MatchedPath::as_str).to_owned();
    let began = Instant::now();
    let response = next.run(request).await;
    let took = began.elapsed().as_secs_f64();
    let status = class(response.status());
    let metrics = &app.metrics;
    metrics.requests.get_or_create(&label::Request { method, route: route.clone(), status }).inc();
    metrics.request_seconds.get_or_create(&label::Route { method, route }).observe(took);
    response
}

/// The method, if it is one of ours: anybody can send invented ones.
fn name(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::DELETE => "DELETE",
        _ => "other",
    }
}

fn class(status: StatusCode) -> &'static str {
    match status.as_u16() / 100 {
        2 => "2xx",
        3 => "3xx",
        4 => "4xx",
        5 => "5xx",
        _ => "other",
    }
}
