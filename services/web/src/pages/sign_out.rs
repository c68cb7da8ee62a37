//! `/sign-out`.

use twostep_api::ProblemType;

use crate::{
    render::{Answer, redirect, with_cookie},
    visitor::Visitor,
};

/// Ends the session, and forgets it also where it was over already.
pub(crate) async fn send(visitor: Visitor) -> Answer {
    if visitor.known {
        match visitor.client.sign_out().await {
            Err(error) if error.problem_type() != Some(ProblemType::NotSignedIn) => return Err(error.into()),
            _ => {}
        }
    }
    let cookies = visitor.app.cookies;
    let response = redirect("/sign-in?why=signed-out");
    let response = with_cookie(response, cookies.clear(cookies.token()));
    Ok(with_cookie(response, cookies.clear(cookies.address())))
}
