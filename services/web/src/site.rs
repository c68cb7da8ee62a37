//! The site: its routes, and what lies around every one of them.

use std::sync::Arc;

use axum::{Router, middleware};
use twostep_client::Client;

use crate::{Config, app::App, assets, cookies::Names, csrf, failure::Failure, failure_page, headers, pages};

/// The whole site, speaking to the API through `client`.
///
/// Serve it with `ConnectInfo<SocketAddr>`: the API's limits per address need the browser's.
pub fn router(config: Config, client: Client) -> Router {
    let app = App { cookies: Names::new(config.is_https()), config: Arc::new(config), client };
    pages::routes()
        .merge(assets::routes())
        .fallback(async || Failure::NotHere)
        .method_not_allowed_fallback(async || Failure::NotThisWay)
        .layer(middleware::from_fn_with_state(app.clone(), csrf::guard))
        .layer(middleware::from_fn_with_state(app.clone(), failure_page::draw))
        .layer(middleware::from_fn_with_state(app.clone(), headers::set))
        .with_state(app)
}
