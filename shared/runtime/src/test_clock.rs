//! The clock of a process: the machine's, or one that tests move through the admin port.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::put;
use axum::{Json, Router};
use chrono::Duration;
use serde::{Deserialize, Serialize};
use twostep_clock::{Clock, MovedClock, SharedClock, SteadyClock, Time};

use crate::Profile;

/// The furthest that one request moves the clock: ten years, in seconds.
const FURTHEST: i64 = 10 * 366 * 24 * 60 * 60;

/// The clock that a process runs on.
#[derive(Clone, Debug)]
pub enum ProcessClock {
    /// The machine's, which never goes back.
    System(Arc<SteadyClock>),
    /// One that tests move.
    Test(Arc<MovedClock>),
}

/// `--test-clock` was asked of a production process.
#[derive(Debug, thiserror::Error)]
#[error("--test-clock is refused by the production profile: whoever moves the clock moves every expiry")]
pub struct TestClockRefused;

/// The body of `PUT /test-clock`.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Advance {
    /// By how many seconds the clock on the wall moves, forwards or (negative) backwards.
    pub advance_seconds: i64,
}

/// The answer of `PUT /test-clock`.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct Moved {
    /// What time it is now; the same as before where the clock was moved back.
    pub now: Time,
}

impl ProcessClock {
    /// The clock for this profile, movable where `--test-clock` was given.
    ///
    /// # Errors
    /// The production profile refuses the flag.
    pub fn choose(profile: Profile, test_clock: bool) -> Result<Self, TestClockRefused> {
        match (profile, test_clock) {
            (_, false) => Ok(Self::System(Arc::new(SteadyClock::start()))),
            (Profile::Demo, true) => Ok(Self::Test(Arc::new(MovedClock::running()))),
            (Profile::Production, true) => Err(TestClockRefused),
        }
    }

    /// The clock as services hold it.
    #[must_use]
    pub fn shared(&self) -> SharedClock {
        match self {
            Self::System(clock) => clock.clone(),
            Self::Test(clock) => clock.clone(),
        }
    }

    /// Adds `PUT /test-clock` to the admin port's routes, where the clock can be moved.
    pub fn add_route(&self, routes: Router) -> Router {
        match self {
            Self::System(_) => routes,
            Self::Test(clock) => routes.merge(router(clock.clone())),
        }
    }
}

fn router(clock: Arc<MovedClock>) -> Router {
    Router::new().route("/test-clock", put(advance)).with_state(clock)
}

async fn advance(State(clock): State<Arc<MovedClock>>, Json(request): Json<Advance>) -> Response {
    if !(-FURTHEST..=FURTHEST).contains(&request.advance_seconds) {
        return (StatusCode::BAD_REQUEST, "the clock moves by ten years at most\n").into_response();
    }
    clock.advance(Duration::seconds(request.advance_seconds));
    tracing::warn!(seconds = request.advance_seconds, "the test clock was moved");
    Json(Moved { now: clock.now() }).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::admin::Admin;
    use crate::{Stop, listen};

    #[test]
    fn production_refuses_the_test_clock() {
        assert!(ProcessClock::choose(Profile::Production, true).is_err());
        assert!(matches!(ProcessClock::choose(Profile::Production, false), Ok(ProcessClock::System(_))));
    }

    async fn put_over_http(clock: &ProcessClock, seconds: i64) -> reqwest::Response {
        crate::tls::install();
        let listener = listen::bind("admin.listen", "127.0.0.1:0".parse().unwrap()).await.unwrap();
        let url = format!("http://{}/test-clock", listener.local_addr().unwrap());
        let stop = Stop::new();
        let served = listen::serve(listener, clock.add_route(Admin::new().router()), stop.clone());
        stop.spawn("admin", served);
        let body = Advance { advance_seconds: seconds };
        let answer = reqwest::Client::new().put(url).json(&body).send().await.unwrap();
        stop.request();
        answer
    }

    #[tokio::test]
    async fn the_demos_clock_moves_through_the_admin_port() {
        let clock = ProcessClock::choose(Profile::Demo, true).unwrap();
        let before = clock.shared().now();
        let answer = put_over_http(&clock, 3600).await;
        assert_eq!(answer.status(), StatusCode::OK);
        assert!(answer.json::<Moved>().await.unwrap().now >= before + Duration::hours(1));
        assert!(clock.shared().now() >= before + Duration::hours(1));
        assert_eq!(put_over_http(&clock, i64::MAX).await.status(), StatusCode::BAD_REQUEST);
    }

    #[tokio::test]
    async fn without_the_flag_there_is_no_such_route() {
        let clock = ProcessClock::choose(Profile::Demo, false).unwrap();
        assert_eq!(put_over_http(&clock, 1).await.status(), StatusCode::NOT_FOUND);
    }
}
