//! `/organisation`: the tree of technician groups and the people in it.

mod charge;
mod group;
mod group_forms;
mod invite;
mod member;
mod member_forms;
mod overview;
mod reset;
mod tree;

use axum::{
    Router,
    routing::{get, post},
};

use crate::app::App;

pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/organisation", get(overview::show))
        .route("/organisation/groups", post(group_forms::create))
        .route("/organisation/invitations", post(invite::send))
        .route("/organisation/resets", post(reset::send))
        .route("/organisation/groups/{id}", get(group::show))
        .route("/organisation/groups/{id}/enforcement", post(group_forms::enforce))
        .route("/organisation/groups/{id}/lock", post(group_forms::lock))
        .route("/organisation/groups/{id}/place", post(group_forms::place))
        .route("/organisation/groups/{id}/admins", post(group_forms::admins))
        .route("/organisation/members/{id}", get(member::show))
        .route("/organisation/members/{id}/roles", post(member_forms::roles))
        .route("/organisation/members/{id}/group", post(member_forms::group))
        .route("/organisation/members/{id}/standing", post(member_forms::standing))
        .route("/organisation/members/{id}/unlock", post(member_forms::unlock))
        .route("/organisation/members/{id}/invitation", post(member_forms::renew))
        .route("/organisation/members/{id}/account", post(member_forms::hand_over))
        .route("/organisation/members/{id}/erasure", post(member_forms::erase))
}
