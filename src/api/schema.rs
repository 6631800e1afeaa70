//! `/collections/{id}/schema`: what the properties are, as a flat JSON Schema (OGC API – Common Part 3, clause 7).

use std::sync::Arc;

use axum::{
    extract::{Path, State},
    response::Response,
};
use serde_json::{Map, Value, json};

use super::{App, answer::Answer, collections::layer, extract::Ask, negotiate::SCHEMA, problem::Problem};
use crate::{
    formats::segment,
    model::{Collection, GeometryKind, Kind, Lang, Property},
};

pub(super) async fn schema(State(app): State<Arc<App>>, Path(id): Path<String>, ask: Ask) -> Result<Response, Problem> {
    let layer = layer(&app, &id)?;
    let offer = ask.form(SCHEMA, &[])?;
    let lang = ask.lang();
    let answer = Answer::new(&app, &ask, &offer, lang.tag());
    let address = ask.url(&format!("/collections/{}/schema", segment(&id)));
    Ok(answer.send(|| flat(&layer.collection, &address, lang).to_string()))
}

/// `/collections/{id}/schema/feature`: a schema of the GeoJSON features themselves, as GDAL reads the types of properties from
/// behind `describedby`.
pub(super) async fn feature(State(app): State<Arc<App>>, Path(id): Path<String>, ask: Ask) -> Result<Response, Problem> {
    let layer = layer(&app, &id)?;
    let offer = ask.form(SCHEMA, &[])?;
    let lang = ask.lang();
    let answer = Answer::new(&app, &ask, &offer, lang.tag());
    let address = ask.url(&format!("/collections/{}/schema/feature", segment(&id)));
    Ok(answer.send(|| nested(&layer.collection, &address, lang).to_string()))
}

/// The schema of a feature: the members of RFC 7946, and under `properties` what the flat schema has.
fn nested(collection: &Collection, address: &str, lang: Lang) -> Value {
    let properties = collection.schema.properties.iter().map(|property| (property.name.clone(), describe(property, lang)));
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": address,
        "title": collection.title.get(lang),
        "type": "object",
        "required": ["type", "geometry", "properties"],
        "properties": {
            "type": { "type": "string", "enum": ["Feature"] },
            "id": { "type": "string" },
            "geometry": geometry(collection.geometry),
            "properties": { "type": "object", "properties": properties.collect::<Map<_, _>>() },
        },
    })
}

/// The geometry of a feature, by the published schemas of RFC 7946.
fn geometry(kind: GeometryKind) -> Value {
    let of = |name: &str| json!({ "$ref": format!("https://geojson.org/schema/{name}.json") });
    match kind {
        GeometryKind::Point => json!({ "oneOf": [{ "type": "null" }, of("Point")] }),
        GeometryKind::Any => json!({ "oneOf": [{ "type": "null" }, of("Geometry")] }),
        GeometryKind::None => json!({ "type": "null" }),
    }
}

/// The flat schema: one member for each property, the geometry and the id among them.
fn flat(collection: &Collection, address: &str, lang: Lang) -> Value {
    let mut properties = Map::new();
    properties.insert("id".into(), json!({ "type": "string", "title": "id", "x-ogc-role": "id", "x-ogc-propertySeq": 1 }));
    if let Some(format) = geometry_format(collection.geometry) {
        properties.insert("geometry".into(), json!({ "format": format, "x-ogc-role": "primary-geometry", "x-ogc-propertySeq": 2 }));
    }
    for (property, place) in collection.schema.properties.iter().zip(3..) {
        let mut object = describe(property, lang);
        object["x-ogc-propertySeq"] = json!(place);
        properties.insert(property.name.clone(), object);
    }
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": address,
        "type": "object",
        "title": collection.title.get(lang),
        "description": collection.description.get(lang),
        "properties": properties,
    })
}

pub(super) fn geometry_format(kind: GeometryKind) -> Option<&'static str> {
    match kind {
        GeometryKind::Point => Some("geometry-point"),
        GeometryKind::Any => Some("geometry-any"),
        GeometryKind::None => None,
    }
}

/// One property as a schema.
pub(super) fn describe(property: &Property, lang: Lang) -> Value {
    let mut object = match property.kind {
        Kind::Text => json!({ "type": "string" }),
        Kind::Integer => json!({ "type": "integer" }),
        Kind::Number => json!({ "type": "number" }),
        Kind::Boolean => json!({ "type": "boolean" }),
        Kind::Date => json!({ "type": "string", "format": "date" }),
        Kind::Timestamp => json!({ "type": "string", "format": "date-time" }),
        Kind::Edtf => json!({ "type": "string", "x-harmattan-format": "edtf" }),
        Kind::Uri => json!({ "type": "string", "format": "uri" }),
        Kind::List => json!({ "type": "array", "items": { "type": "string" } }),
        Kind::Json => json!({ "type": "array", "items": { "type": "object" } }),
    };
    object["title"] = json!(property.title.get(lang));
    if let Some(description) = &property.description {
        object["description"] = json!(description.get(lang));
    }
    if let Some(unit) = &property.unit {
        object["x-ogc-unit"] = json!(unit);
    }
    if let Some(role) = property.role {
        object["x-ogc-role"] = json!(role.as_str());
    }
    if !property.codes.is_empty() {
        object["enum"] = json!(property.codes);
    }
    object
}
