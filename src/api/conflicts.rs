//! `/collections/{id}/conflicts`: where the claims on a collection's records disagree, and what becomes of each claim. No standard has it.

use std::sync::Arc;

use axum::{extract::State, response::Response};

use super::{
    App,
    answer::Answer,
    collections::layer,
    extract::{Ask, Path},
    links::{collection, self_and_alternates},
    negotiate::{DOCUMENT, Form},
    problem::Problem,
};
use crate::{
    formats::{conflicts as list, html, segment},
    query::QueryError,
    store::{Layer, Table},
};

pub(super) async fn conflicts(State(app): State<Arc<App>>, Path(id): Path<String>, ask: Ask) -> Result<Response, Problem> {
    let layer = layer(&app, &id)?;
    let parameter = layer.collection.views.as_ref().map(|views| views.parameter.as_str());
    let offer = ask.form(DOCUMENT, parameter.as_slice())?;
    let claims = claims(&app, layer).ok_or_else(|| Problem::no_such("list of conflicts of", &id, "its records rest on no claims"))?;
    let view = view(layer, &ask).or_else(|error| if offer.form == Form::Html { Ok(None) } else { Err(error) })?;
    let mut links = self_and_alternates(&ask, &offer, DOCUMENT);
    let collection = collection(&ask, &id);
    let records = |record: &str| match (parameter, view) {
        (Some(parameter), Some(view)) => format!("{}/items/{}?{parameter}={}", collection.href, segment(record), segment(view)),
        _ => format!("{}/items/{}", collection.href, segment(record)),
    };
    links.push(collection.clone());
    // The view that is asked for is part of the question.
    let answer = Answer::new(&app, &ask, &offer, view.unwrap_or_default()).links(&links);
    let (table, claims) = (of_view(layer, view), of_view(claims, view));
    Ok(match offer.form {
        Form::Html => answer.send(|| html::conflicts(&ask.page(&app, links), app.store.layers(), layer, table, claims)),
        _ => answer.send(|| list::list(app.store.layers(), table, claims, &records, &links)),
    })
}

/// The view that is asked for.
///
/// # Errors
/// When the collection has none of this name.
fn view<'a>(layer: &Layer, ask: &'a Ask) -> Result<Option<&'a str>, QueryError> {
    let Some(views) = &layer.collection.views else { return Ok(None) };
    match ask.params.get(&views.parameter) {
        Some(value) if !views.names.iter().any(|name| name == value) => {
            Err(QueryError::Choice { parameter: views.parameter.clone(), value: value.to_owned(), allowed: views.names.join(", ") })
        }
        asked => Ok(asked),
    }
}

/// The records of a view; those of the first where the collection has none of this name.
fn of_view<'a>(layer: &'a Layer, view: Option<&str>) -> &'a Table {
    let views = layer.collection.views.as_ref().map(|views| views.names.as_slice()).unwrap_or_default();
    views.iter().position(|name| Some(name.as_str()) == view).and_then(|index| layer.tables.get(index)).map_or(layer.table(), |table| table)
}

/// The collection of the claims that the records of a collection rest on.
pub(super) fn claims<'a>(app: &'a App, layer: &Layer) -> Option<&'a Layer> {
    app.store.layer("claims").filter(|_| layer.collection.schema.position("agreement").is_some())
}
