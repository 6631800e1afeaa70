//! `/collections/{id}/conflicts`: where the claims on a collection's records disagree. A page for people; programs find the same in the
//! properties `agreement` and `alternatives`, and in the collection of the claims.

use std::sync::Arc;

use axum::{
    extract::{Path, State},
    response::Response,
};

use super::{App, answer::Answer, collections::layer, extract::Ask, links::self_and_alternates, negotiate::PAGE, problem::Problem};
use crate::{
    formats::{Link, html, segment},
    store::Layer,
};

pub(super) async fn conflicts(State(app): State<Arc<App>>, Path(id): Path<String>, ask: Ask) -> Result<Response, Problem> {
    let layer = layer(&app, &id)?;
    let offer = ask.form(PAGE, &[])?;
    let claims = claims(&app, layer).ok_or_else(|| Problem::no_such("list of conflicts of", &id, "its records rest on no claims"))?;
    let mut links = self_and_alternates(&ask, &offer, PAGE);
    let collection = ask.url(&format!("/collections/{}", segment(&id)));
    links.push(Link::new("collection", collection).media("application/json").title("The collection"));
    // The view that is asked for is part of the question.
    let view = layer.collection.views.as_ref().and_then(|views| ask.params.get(&views.parameter)).unwrap_or_default();
    let answer = Answer::new(&app, &ask, &offer, view).links(&links);
    Ok(answer.send(|| html::conflicts(&ask.page(&app, links), app.store.layers(), layer, claims)))
}

/// The collection of the claims that the records of a collection rest on.
pub(super) fn claims<'a>(app: &'a App, layer: &Layer) -> Option<&'a Layer> {
    app.store.layer("claims").filter(|_| layer.collection.schema.position("agreement").is_some())
}
