//! `/reconcile`: the Reconciliation Service API 0.2 (W3C community group report), as OpenRefine speaks it: a service description,
//! batches of queries, suggestions, previews and values of properties, all over the gazetteer of the world.
//!
//! Clients add parameters of their own to these requests, so unknown ones are let pass here.

mod describe;
mod extend;
mod jsonp;
mod page;
mod query;

use std::sync::Arc;

use axum::{
    body::Bytes,
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};

use super::{
    App,
    answer::Answer,
    extract::{Ask, Path},
    negotiate::JSON_ONLY,
    places,
    problem::Problem,
};
use crate::{
    gazetteer::{Spot, Wish},
    model::Level,
    query::{LONGEST_NAME, place_limit},
};

/// Queries in a batch, and ids of an extension, at the most.
const MOST_IN_BATCH: usize = 100;
/// Suggestions that may be skipped; nobody leafs further.
const MOST_SKIPPED: usize = 1_000;

/// The description of the service, or the answer to queries in the address.
pub(super) async fn service(State(app): State<Arc<App>>, ask: Ask) -> Result<Response, Problem> {
    let found = match (ask.params.get("queries"), ask.params.get("extend")) {
        (Some(queries), _) => query::batch(&app, queries)?,
        (None, Some(extension)) => extend::values(&app, extension)?,
        (None, None) => return answer(&app, &ask, || describe::manifest(&app, &ask)),
    };
    Ok(match jsonp::callback(&ask.params)? {
        Some(callback) => jsonp::send(callback, &found),
        None => send(&found),
    })
}

/// Queries, or a request for values, in a form.
pub(super) async fn post(State(app): State<Arc<App>>, body: Bytes) -> Result<Response, Problem> {
    let mut parts = form_urlencoded::parse(&body);
    let part = parts.find(|(name, _)| matches!(name.as_ref(), "queries" | "extend"));
    match part {
        Some((name, value)) if name == "queries" => query::batch(&app, &value).map(|answer| send(&answer)),
        Some((_, value)) => extend::values(&app, &value).map(|answer| send(&answer)),
        None => Err(bad("the body is a form (application/x-www-form-urlencoded) with `queries` or `extend`, each as JSON")),
    }
}

/// Suggestions of entities, types or properties.
pub(super) async fn suggest(State(app): State<Arc<App>>, Path(what): Path<String>, ask: Ask) -> Result<Response, Problem> {
    let prefix = ask.params.get("prefix").unwrap_or_default().trim();
    if prefix.chars().count() > LONGEST_NAME {
        return Err(bad("prefix: longer than 256 characters"));
    }
    let limit = place_limit(&ask.params)? as usize;
    let skip = skipped(ask.params.get("cursor"))?;
    let begins = |(id, name): &&(&str, &str)| *id == prefix || name.to_lowercase().starts_with(&prefix.to_lowercase());
    let named = |all: &[(&str, &str)]| {
        let all = all.iter().filter(begins).skip(skip).take(limit);
        all.map(|(id, name)| json!({ "id": id, "name": name })).collect::<Vec<_>>()
    };
    let result = match what.as_str() {
        "entity" => {
            // Who gives an id means that place.
            let known = app.atlas.get(prefix);
            let hits = app.atlas.suggest(prefix, &Wish::default(), skip + limit);
            let others = hits.iter().map(|hit| hit.spot).filter(|spot| Some(*spot) != known);
            let entity =
                |spot: Spot<'_>| json!({ "id": spot.id(), "name": spot.name(), "description": line(&app, spot), "notable": [kind(spot)] });
            known.into_iter().chain(others).skip(skip).take(limit).map(entity).collect()
        }
        "type" => named(&describe::TYPES),
        "property" => named(&describe::PROPERTIES.map(|property| (property.id, property.name))),
        _ => return Err(Problem::no_such("suggestion of", &what, "entity, type and property are suggested")),
    };
    answer(&app, &ask, || json!({ "result": result }))
}

/// How many suggestions the client has already.
fn skipped(cursor: Option<&str>) -> Result<usize, Problem> {
    let Some(cursor) = cursor.filter(|text| !text.is_empty()) else { return Ok(0) };
    let skip = cursor.parse::<usize>().map_err(|_| bad(format!("cursor: {cursor:?} is not a number of suggestions to skip")))?;
    Ok(skip.min(MOST_SKIPPED))
}

/// A few lines of HTML on an entity, type or property.
pub(super) async fn flyout(State(app): State<Arc<App>>, Path(what): Path<String>, ask: Ask) -> Result<Response, Problem> {
    let id = ask.params.get("id").unwrap_or_default();
    let named = |all: &[(&str, &str)]| all.iter().find(|known| known.0 == id).map(|known| page::word(known.1));
    let html = match what.as_str() {
        "entity" => app.atlas.get(id).map(|spot| page::place(spot, &line(&app, spot))),
        "type" => named(&describe::TYPES),
        "property" => named(&describe::PROPERTIES.map(|property| (property.id, property.help))),
        _ => None,
    };
    let html = html.ok_or_else(|| Problem::no_such(&what, id, "ids come from /reconcile/suggest"))?;
    answer(&app, &ask, || json!({ "id": id, "html": html }))
}

/// A page on a place, made to be framed.
pub(super) async fn preview(State(app): State<Arc<App>>, ask: Ask) -> Result<Response, Problem> {
    let id = ask.params.get("id").unwrap_or_default();
    let spot = app.atlas.get(id).ok_or_else(|| Problem::no_such("place", id, "ids come from /reconcile"))?;
    let policy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors *";
    let headers = [(header::CONTENT_TYPE, "text/html; charset=utf-8"), (header::CONTENT_SECURITY_POLICY, policy)];
    Ok((headers, page::whole(spot, &line(&app, spot))).into_response())
}

/// The properties whose values can be fetched.
pub(super) async fn propose(State(app): State<Arc<App>>, ask: Ask) -> Result<Response, Problem> {
    let limit = place_limit(&ask.params)? as usize;
    // Of what this gazetteer says nothing, no column is offered.
    let has_classes = app.atlas.classes().next().is_some();
    let fetched = describe::PROPERTIES.iter().filter(|property| match property.id {
        "class" => has_classes,
        id => id != describe::NEAR,
    });
    let properties = fetched.take(limit).map(|property| json!({ "id": property.id, "name": property.name })).collect::<Vec<_>>();
    answer(&app, &ask, || json!({ "type": ask.params.get("type"), "limit": limit, "properties": properties }))
}

fn answer(app: &App, ask: &Ask, body: impl FnOnce() -> Value) -> Result<Response, Problem> {
    if let Some(callback) = jsonp::callback(&ask.params)? {
        return Ok(jsonp::send(callback, &body()));
    }
    let key = ask.params.iter().map(|(name, value)| format!("{name}={value}\0")).collect::<String>();
    Ok(Answer::new(app, ask, &JSON_ONLY[0], &format!("{:08x} {key}", app.atlas.sum())).send(|| body().to_string()))
}

/// An answer that nobody keeps.
fn send(answer: &Value) -> Response {
    ([(header::CONTENT_TYPE, "application/json"), (header::CACHE_CONTROL, "no-store")], answer.to_string()).into_response()
}

fn bad(rule: impl Into<String>) -> Problem {
    Problem::new(StatusCode::BAD_REQUEST, rule)
}

/// A batch that is too large to be answered at once.
fn too_many(rule: String) -> Problem {
    Problem::new(StatusCode::PAYLOAD_TOO_LARGE, rule)
}

fn kind(spot: Spot<'_>) -> Value {
    let level = spot.level().as_str();
    let name = describe::TYPES.iter().find(|known| known.0 == level).map_or(level, |known| known.1);
    json!({ "id": level, "name": name })
}

/// What tells a place from others of its name.
fn line(app: &App, spot: Spot<'_>) -> String {
    places::described(spot, app.atlas.country_name(spot.country()).as_deref())
}

/// The level of a type.
fn level(id: &str) -> Option<Level> {
    Level::parse(id)
}
