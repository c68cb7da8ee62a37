//! The stylesheet and the icon, inside the program, under paths that name their content.

use axum::{
    Router,
    http::header::{CACHE_CONTROL, CONTENT_TYPE},
    routing::get,
};

use crate::app::App;

const STYLE: &str = include_str!("../assets/style.css");
const ICON: &str = include_str!("../assets/icon.svg");

/// Kept for a year: another content has another path.
const FOR_EVER: &str = "public, max-age=31536000, immutable";

/// Where the stylesheet is.
pub(crate) fn style_path() -> String {
    format!("/assets/style-{:016x}.css", fingerprint(STYLE))
}

/// Where the icon is.
pub(crate) fn icon_path() -> String {
    format!("/assets/icon-{:016x}.svg", fingerprint(ICON))
}

pub(crate) fn routes() -> Router<App> {
    let style = [(CONTENT_TYPE, "text/css; charset=utf-8"), (CACHE_CONTROL, FOR_EVER)];
    let icon = [(CONTENT_TYPE, "image/svg+xml"), (CACHE_CONTROL, FOR_EVER)];
    Router::new()
        .route(&style_path(), get(move || async move { (style, STYLE) }))
        .route(&icon_path(), get(move || async move { (icon, ICON) }))
}

/// FNV-1a, 64 bits: tells one version from another, and nothing more is asked of it.
const fn fingerprint(text: &str) -> u64 {
    let (bytes, mut hash, mut at) = (text.as_bytes(), 0xcbf2_9ce4_8422_2325_u64, 0);
    while at < bytes.len() {
        hash = (hash ^ bytes[at] as u64).wrapping_mul(0x0000_0100_0000_01b3);
        at += 1;
    }
    hash
}
