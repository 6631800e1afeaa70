//! `/collections/{id}/queryables`: what features can be filtered by, as a JSON Schema (OGC API – Features Part 3, clause 6).

use std::sync::Arc;

use axum::{extract::State, response::Response};
use serde_json::{Map, Value, json};

use super::{
    App,
    answer::Answer,
    collections::layer,
    extract::{Ask, Path},
    links::self_and_alternates,
    negotiate::{Form, SCHEMA},
    problem::Problem,
    schema::{describe, geometry_format},
};
use crate::{
    formats::{html, segment},
    model::{Collection, Lang},
    query::filter::{self, Field, Queryable},
};

pub(super) async fn queryables(State(app): State<Arc<App>>, Path(id): Path<String>, ask: Ask) -> Result<Response, Problem> {
    let layer = layer(&app, &id)?;
    let offer = ask.form(SCHEMA, &[])?;
    let lang = ask.lang();
    let links = self_and_alternates(&ask, &offer, SCHEMA);
    let answer = Answer::new(&app, &ask, &offer, lang.tag());
    let address = ask.url(&format!("/collections/{}/queryables", segment(&id)));
    let document = document(&layer.collection, &address, lang);
    Ok(answer.send(|| match offer.form {
        Form::Html => html::schema(&ask.page(&app, links), &layer.collection, "queryables", &document),
        _ => document.to_string(),
    }))
}

fn document(collection: &Collection, address: &str, lang: Lang) -> Value {
    let properties = filter::queryables(collection).into_iter().enumerate().map(|(place, queryable)| {
        let mut schema = schema(&queryable, collection, lang);
        schema["x-ogc-propertySeq"] = json!(place + 1);
        (queryable.name.to_owned(), schema)
    });
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": address,
        "type": "object",
        "title": collection.title.get(lang),
        "description": collection.description.get(lang),
        "properties": properties.collect::<Map<_, _>>(),
        "additionalProperties": false,
    })
}

/// One queryable as a schema.
pub(super) fn schema(queryable: &Queryable<'_>, collection: &Collection, lang: Lang) -> Value {
    match (queryable.field, queryable.property) {
        (_, Some(property)) => {
            let mut schema = describe(property, lang);
            // Of times one may be the primary one, and here that is the one below.
            schema.as_object_mut().and_then(|schema| schema.remove("x-ogc-role"));
            schema
        }
        (Field::Geometry, None) => {
            json!({ "title": "geometry", "format": geometry_format(collection.geometry), "x-ogc-role": "primary-geometry" })
        }
        (Field::Time, None) => json!({
            "title": "time",
            "description": "When it was, as far as is known: an interval for the temporal functions of CQL2.",
            "type": "array",
            "format": "interval-array",
            "minItems": 2,
            "maxItems": 2,
            "items": { "type": "string" },
            "x-ogc-role": "primary-interval",
        }),
        _ => json!({ "type": "string", "title": "id", "x-ogc-role": "id" }),
    }
}
