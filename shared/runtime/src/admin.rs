//! The admin port: is the process alive, is it ready, what do its counters say.

use std::fmt::Display;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use futures::future::{BoxFuture, join_all};
use serde::{Deserialize, Serialize};

/// How long one readiness check may take; after that it counts as failed.
const PATIENCE: Duration = Duration::from_secs(2);

type Check = Arc<dyn Fn() -> BoxFuture<'static, Result<(), String>> + Send + Sync>;
type Metrics = Arc<dyn Fn() -> String + Send + Sync>;

/// The routes of the admin port, to be filled: named readiness checks, and the text of the metrics.
///
/// `GET /livez` answers 200 while the process answers at all. `GET /readyz` answers 200 when every check passes, else
/// 503, with a [`Readiness`] either way. `GET /metrics` answers what the closure renders, in the OpenMetrics format.
#[derive(Clone, Default)]
pub struct Admin {
    checks: Vec<(&'static str, Check)>,
    metrics: Option<Metrics>,
}

/// The answer of `GET /readyz`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Readiness {
    /// Whether every check passes.
    pub ready: bool,
    /// Each check, in the order they were added.
    pub checks: Vec<CheckResult>,
}

/// One line of [`Readiness`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckResult {
    /// The check's name.
    pub name: String,
    /// Why it fails; none: it passes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

impl Admin {
    /// An admin port without checks: ready as soon as it answers.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a condition of readiness; its error says why it isn't met, without secrets.
    #[must_use]
    pub fn check<F, Answer, E>(mut self, name: &'static str, check: F) -> Self
    where
        F: Fn() -> Answer + Send + Sync + 'static,
        Answer: Future<Output = Result<(), E>> + Send + 'static,
        E: Display,
    {
        let check: Check = Arc::new(move || {
            let answer = check();
            Box::pin(async move { answer.await.map_err(|reason| reason.to_string()) })
        });
        self.checks.push((name, check));
        self
    }

    /// Sets what renders the metrics.
    #[must_use]
    pub fn metrics(mut self, render: impl Fn() -> String + Send + Sync + 'static) -> Self {
        self.metrics = Some(Arc::new(render));
        self
    }

    /// The routes.
    pub fn router(self) -> Router {
        Router::new()
            .route("/livez", get(async || "ok\n"))
            .route("/readyz", get(ready))
            .route("/metrics", get(metrics))
            .with_state(self)
    }
}

async fn ready(State(admin): State<Admin>) -> Response {
    let checks = join_all(admin.checks.iter().map(|(name, check)| run(name, check, PATIENCE))).await;
    let ready = checks.iter().all(|check| check.reason.is_none());
    let status = if ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, Json(Readiness { ready, checks })).into_response()
}

async fn run(name: &str, check: &Check, patience: Duration) -> CheckResult {
    let reason = match tokio::time::timeout(patience, check()).await {
        Ok(result) => result.err(),
        Err(_elapsed) => Some(format!("no answer within {patience:?}")),
    };
    CheckResult { name: name.to_owned(), reason }
}

async fn metrics(State(admin): State<Admin>) -> Response {
    let text = admin.metrics.map_or_else(|| "# EOF\n".to_owned(), |render| render());
    ([(header::CONTENT_TYPE, "application/openmetrics-text; version=1.0.0; charset=utf-8")], text)
        .into_response()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Stop, listen};

    async fn serving(admin: Admin) -> (Stop, String) {
        crate::tls::install();
        let listener = listen::bind("admin.listen", "127.0.0.1:0".parse().unwrap()).await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let stop = Stop::new();
        let served = listen::serve(listener, admin.router(), stop.clone());
        stop.spawn("admin", served);
        (stop, base)
    }

    #[tokio::test]
    async fn it_is_alive_and_renders_its_metrics() {
        let (stop, base) = serving(Admin::new().metrics(|| "up 1\n# EOF\n".to_owned())).await;
        let alive = reqwest::get(format!("{base}/livez")).await.unwrap();
        assert_eq!(alive.status(), StatusCode::OK);
        let metrics = reqwest::get(format!("{base}/metrics")).await.unwrap();
        assert_eq!(metrics.text().await.unwrap(), "up 1\n# EOF\n");
        stop.finish().await.unwrap();
    }

    #[tokio::test]
    async fn it_is_ready_only_when_every_check_passes_and_says_which_does_not() {
        let admin = Admin::new()
            .check("log", async || Ok::<(), String>(()))
            .check("projections", async || Err("7 events behind"));
        let (stop, base) = serving(admin).await;
        let answer = reqwest::get(format!("{base}/readyz")).await.unwrap();
        assert_eq!(answer.status(), StatusCode::SERVICE_UNAVAILABLE);
        let expected = Readiness {
            ready: false,
            checks: vec![
                CheckResult { name: "log".to_owned(), reason: None },
                CheckResult { name: "projections".to_owned(), reason: Some("7 events behind".to_owned()) },
            ],
        };
        assert_eq!(answer.json::<Readiness>().await.unwrap(), expected);
        stop.finish().await.unwrap();
    }

    #[tokio::test]
    async fn a_check_that_hangs_counts_as_failed() {
        let check: Check = Arc::new(|| Box::pin(std::future::pending()));
        let result = run("queue", &check, Duration::from_millis(1)).await;
        assert_eq!(result.reason.as_deref(), Some("no answer within 1ms"));
    }
}
