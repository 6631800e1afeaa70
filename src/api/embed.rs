//! `/embed`: the map for a frame in another page, where the publisher allows that page one.

use std::sync::Arc;

use axum::{
    extract::State,
    http::{HeaderValue, header},
    response::Response,
};

use super::{App, answer::Answer, edge::content_policy, extract::Ask, negotiate::PAGE, problem::Problem};
use crate::{config::Settings, formats::html};

pub(super) async fn embed(State(app): State<Arc<App>>, ask: Ask) -> Result<Response, Problem> {
    let offer = ask.form(PAGE, &[])?;
    let mut response = Answer::new(&app, &ask, &offer, "").send(|| html::embed(&ask.page(&app, Vec::new()), &app.map));
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy(&app.settings));
    Ok(response)
}

/// The policy of the one page that others may frame: those whom the settings name.
fn policy(settings: &Settings) -> HeaderValue {
    match settings.frame_ancestors.as_slice() {
        [] => content_policy(settings, "'none'"),
        origins => content_policy(settings, &origins.join(" ")),
    }
}
