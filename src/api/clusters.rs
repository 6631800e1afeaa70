//! `/collections/{id}/clusters`: how many features are where, for maps of more features than can be drawn. No standard has it.

use std::sync::Arc;

use axum::{extract::State, response::Response};

use super::{
    App,
    answer::Answer,
    collections::layer,
    extract::{Ask, Path},
    items::teach,
    links::{collection, self_and_alternates},
    negotiate::FEATURES_ONLY,
    problem::Problem,
};
use crate::{formats::clusters as text, query::ClustersQuery, store::Fetched};

pub(super) async fn clusters(State(app): State<Arc<App>>, Path(id): Path<String>, ask: Ask) -> Result<Response, Problem> {
    let layer = layer(&app, &id)?;
    let offer = ask.form(FEATURES_ONLY, &ClustersQuery::parameters(&layer.collection))?;
    let query = ClustersQuery::parse(&ask.params, &layer.collection, app.settings.limits).map_err(|error| teach(layer, error))?;
    let mut links = self_and_alternates(&ask, &offer, FEATURES_ONLY);
    if let Some(source) = layer.source() {
        let Fetched { answer: counted, sum } = Box::pin(source.clusters(&query)).await?;
        let answer = Answer::new(&app, &ask, &offer, &(query.canonical() + &sum)).links(&links).crs84();
        links.push(collection(&ask, &id));
        return Ok(answer.send(|| text::page(&counted.clusters(&query), &layer.collection, &links)));
    }
    let answer = Answer::new(&app, &ask, &offer, &query.canonical()).links(&links).crs84();
    links.push(collection(&ask, &id));
    Ok(answer.send(|| text::page(&layer.clusters(&query), &layer.collection, &links)))
}
