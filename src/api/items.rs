//! `/collections/{id}/items`: a page of features (OGC API – Features Part 1, clause 7.15).

use std::sync::Arc;

use axum::{
    extract::{Path, State},
    response::Response,
};

use super::{
    App,
    answer::{Answer, Pieces},
    collections::layer,
    extract::Ask,
    links::self_and_alternates,
    negotiate::{FEATURES, Form, prefers_gzip},
    problem::Problem,
};
use crate::{
    formats::{Link, csv, geojson, html, segment},
    query::{Cursor, Filter, ItemsQuery, QueryError},
    store::{Layer, Page},
};

pub(super) async fn items(State(app): State<Arc<App>>, Path(id): Path<String>, ask: Ask) -> Result<Response, Problem> {
    let layer = layer(&app, &id)?;
    let offer = ask.form(FEATURES, &ItemsQuery::parameters(&layer.collection))?;
    let query = ItemsQuery::parse(&ask.params, &layer.collection, app.settings.limits).map_err(|error| teach(layer, error))?;
    let page = layer.items(&query, app.store.version());
    let mut links = self_and_alternates(&ask, &offer, FEATURES);
    links.extend(next(&ask, &app, &query, &page).map(|href| Link::new("next", href).media(offer.media).title("Next page")));
    let answer = Answer::new(&app, &ask, &offer, &query.canonical()).links(&links).crs84();
    let collection = ask.url(&format!("/collections/{}", segment(&id)));
    links.push(Link::new("collection", collection).media("application/json").title("The collection"));
    Ok(match offer.form {
        Form::Json if geojson::is_packed(&page) && prefers_gzip(ask.header("accept-encoding")) => {
            answer.coded("gzip").send(|| Pieces::from(geojson::gzip_page(&page, &links)))
        }
        Form::Json => answer.send(|| Pieces::from(geojson::page(&page, &links))),
        Form::Csv => answer.send(|| csv::page(&page, layer.collection.geometry, &layer.collection.schema)),
        Form::Html => answer.send(|| html::items(&ask.page(&app, links), layer, &page)),
    })
}

/// The address of the next page: the same query, with a cursor in place of where this page started.
fn next(ask: &Ask, app: &App, query: &ItemsQuery, page: &Page) -> Option<String> {
    let next = page.next?;
    let cursor =
        Cursor { version: app.store.version().0.clone(), query: query.hash(), position: next.position, key: page.table.key(next.last) };
    Some(ask.with(&[("offset", None), ("cursor", Some(&cursor.to_token()))]))
}

/// Where a box has its axes swapped, says how much would match if they were not.
pub(super) fn teach(layer: &Layer, error: QueryError) -> Problem {
    let swapped = match &error {
        QueryError::Bbox { swapped, .. } => *swapped,
        _ => None,
    };
    let problem = Problem::from(error);
    match swapped {
        None => problem,
        Some(bbox) => {
            let [west, south, east, north] = bbox.edges();
            let matched = layer.table().count(&Filter { bbox: Some(bbox), ..Filter::default() });
            problem.hint(format!("axes look swapped: with bbox={west},{south},{east},{north}, {matched} features would match"))
        }
    }
}
