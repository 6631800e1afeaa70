//! `/collections/{id}/counts`: how many features have which value, and how many there were when, for filters with counts and for pictures
//! of time. No standard has it.

use std::sync::Arc;

use axum::{extract::State, response::Response};

use super::{
    App,
    answer::Answer,
    collections::layer,
    extract::{Ask, Path},
    items::teach,
    links::{collection, self_and_alternates},
    negotiate::JSON_ONLY,
    problem::Problem,
};
use crate::{
    formats::counts as text,
    query::CountsQuery,
    store::{Fetched, Tallied},
};

pub(super) async fn counts(State(app): State<Arc<App>>, Path(id): Path<String>, ask: Ask) -> Result<Response, Problem> {
    let layer = layer(&app, &id)?;
    let offer = ask.form(JSON_ONLY, &CountsQuery::parameters(&layer.collection))?;
    let query = CountsQuery::parse(&ask.params, &layer.collection).map_err(|error| teach(layer, error))?;
    let mut links = self_and_alternates(&ask, &offer, JSON_ONLY);
    if let Some(source) = layer.source() {
        let Fetched { answer: tallied, sum } = Box::pin(source.counts(&query)).await?;
        let answer = Answer::new(&app, &ask, &offer, &(query.canonical() + &sum)).links(&links);
        links.push(collection(&ask, &id));
        return Ok(answer.send(|| match &tallied {
            Tallied::Counts(counts) => text::page_of(&layer.collection, counts, &query, &links),
            Tallied::Layer(layer) => text::page(layer, &query, &links),
        }));
    }
    let answer = Answer::new(&app, &ask, &offer, &query.canonical()).links(&links);
    links.push(collection(&ask, &id));
    Ok(answer.send(|| text::page(layer, &query, &links)))
}
