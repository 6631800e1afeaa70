//! What the properties of a collection are, as JSON Schemas (OGC API – Common Part 3).
//!
//! `/schema` is flat: one member for each property, the id and the geometry among them. `/sortables` is that part of it by which
//! answers can be sorted. `/schema/feature` describes the GeoJSON features themselves.

use std::sync::Arc;

use axum::{extract::State, response::Response};
use serde_json::{Map, Value, json};

use super::{
    App,
    answer::Answer,
    collections::layer,
    extract::{Ask, Path},
    links::self_and_alternates,
    negotiate::{Form, Offer, SCHEMA},
    problem::Problem,
};
use crate::{
    formats::{html, segment},
    model::{GeometryKind, Kind, Lang, Property},
    store::Layer,
};

pub(super) async fn schema(State(app): State<Arc<App>>, Path(id): Path<String>, ask: Ask) -> Result<Response, Problem> {
    answer(&app, &id, &ask, "schema", flat)
}

pub(super) async fn sortables(State(app): State<Arc<App>>, Path(id): Path<String>, ask: Ask) -> Result<Response, Problem> {
    answer(&app, &id, &ask, "sortables", |layer, lang| {
        let schema = &layer.collection.schema;
        let mut properties = Map::from_iter([(schema.id_name().to_owned(), id_property())]);
        let numbered = schema.properties.iter().enumerate().filter(|(_, property)| property.kind.is_sortable());
        properties.extend(numbered.map(|(index, property)| (property.name.clone(), numbered_property(layer, index, lang))));
        properties
    })
}

/// `/collections/{id}/schema/feature`: a schema of the GeoJSON features themselves, as GDAL reads the types of properties from
/// behind `describedby`.
pub(super) async fn feature(State(app): State<Arc<App>>, Path(id): Path<String>, ask: Ask) -> Result<Response, Problem> {
    let layer = layer(&app, &id)?;
    let offer = ask.form(SCHEMA, &[])?;
    let lang = ask.lang();
    let address = ask.url(&format!("/collections/{}/schema/feature", segment(&id)));
    Ok(send(&app, &ask, &offer, layer, "feature", &nested(layer, &address, lang)))
}

/// A flat schema of some members.
fn answer(
    app: &App,
    id: &str,
    ask: &Ask,
    name: &str,
    members: impl FnOnce(&Layer, Lang) -> Map<String, Value>,
) -> Result<Response, Problem> {
    let layer = layer(app, id)?;
    let offer = ask.form(SCHEMA, &[])?;
    let lang = ask.lang();
    let collection = &layer.collection;
    let document = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": ask.url(&format!("/collections/{}/{name}", segment(id))),
        "type": "object",
        "title": collection.title.get(lang),
        "description": collection.description.get(lang),
        "properties": members(layer, lang),
        "additionalProperties": false,
    });
    Ok(send(app, ask, &offer, layer, name, &document))
}

/// A schema as it is asked for; `name` is the last part of its address.
fn send(app: &App, ask: &Ask, offer: &Offer, layer: &Layer, name: &str, document: &Value) -> Response {
    Answer::new(app, ask, offer, ask.lang().tag()).send(|| match offer.form {
        Form::Html => html::schema(&ask.page(app, self_and_alternates(ask, offer, SCHEMA)), &layer.collection, name, document),
        _ => document.to_string(),
    })
}

/// The schema of a feature: the members of RFC 7946, and under `properties` what the flat schema has.
fn nested(layer: &Layer, address: &str, lang: Lang) -> Value {
    let schema = &layer.collection.schema;
    let properties = schema.properties.iter().enumerate().map(|(index, property)| (property.name.clone(), describe_in(layer, index, lang)));
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": address,
        "title": layer.collection.title.get(lang),
        "type": "object",
        "required": ["type", "geometry", "properties"],
        "properties": {
            "type": { "type": "string", "enum": ["Feature"] },
            "id": { "type": "string" },
            "geometry": geometry(layer.collection.geometry),
            "properties": { "type": "object", "properties": properties.collect::<Map<_, _>>() },
        },
    })
}

/// The geometry of a feature, by the published schemas of RFC 7946.
fn geometry(kind: GeometryKind) -> Value {
    let of = |name: &str| json!({ "$ref": format!("https://geojson.org/schema/{name}.json") });
    match kind {
        GeometryKind::Point => json!({ "oneOf": [{ "type": "null" }, of("Point")] }),
        // The published schema of a geometry leaves collections of them out.
        GeometryKind::Any => json!({ "oneOf": [{ "type": "null" }, of("Geometry"), of("GeometryCollection")] }),
        GeometryKind::None => json!({ "type": "null" }),
    }
}

/// The members of the flat schema, in the order in which every format writes them.
fn flat(layer: &Layer, lang: Lang) -> Map<String, Value> {
    let schema = &layer.collection.schema;
    let mut properties = Map::from_iter([(schema.id_name().to_owned(), id_property())]);
    if let Some(format) = geometry_format(layer.collection.geometry) {
        let geometry = json!({ "title": "geometry", "format": format, "x-ogc-role": "primary-geometry", "x-ogc-propertySeq": 2 });
        properties.insert(schema.geometry_name().to_owned(), geometry);
    }
    let members =
        schema.properties.iter().enumerate().map(|(index, property)| (property.name.clone(), numbered_property(layer, index, lang)));
    properties.extend(members);
    properties
}

fn id_property() -> Value {
    json!({ "type": "string", "title": "id", "x-ogc-role": "id", "x-ogc-propertySeq": 1 })
}

pub(super) fn geometry_format(kind: GeometryKind) -> Option<&'static str> {
    match kind {
        GeometryKind::Point => Some("geometry-point"),
        GeometryKind::Any => Some("geometry-any"),
        GeometryKind::None => None,
    }
}

/// One property with its place among the others, after the id and the geometry.
fn numbered_property(layer: &Layer, index: usize, lang: Lang) -> Value {
    let mut object = describe_in(layer, index, lang);
    object["x-ogc-propertySeq"] = json!(index + 3);
    object
}

/// One property of a collection as a schema: what its structures are is known only from the data.
fn describe_in(layer: &Layer, index: usize, lang: Lang) -> Value {
    let property = &layer.collection.schema.properties[index];
    let mut object = describe(property, lang);
    if property.kind == Kind::Json {
        object["type"] = structure(layer, index);
    }
    object
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
        // Extended Date/Time Format (Library of Congress, 2019): no format of JSON Schema's own.
        Kind::Edtf => json!({ "type": "string", "format": "edtf" }),
        Kind::Uri => json!({ "type": "string", "format": "uri" }),
        Kind::List => json!({ "type": "array", "items": { "type": "string" } }),
        Kind::Json => json!({ "type": "object" }),
    };
    object["title"] = json!(property.title.get(lang));
    if let Some(description) = &property.description {
        object["description"] = json!(description.get(lang));
    }
    if let Some(unit) = unit(property) {
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

/// The type of structures: what the values are, one type where they are alike.
fn structure(layer: &Layer, index: usize) -> Value {
    let mut types = Vec::new();
    for kind in layer.tables.iter().flat_map(|table| table.json_types(index)) {
        if !types.contains(&kind) {
            types.push(kind);
        }
    }
    match types[..] {
        [] => json!("object"),
        [kind] => json!(kind),
        _ => json!(types),
    }
}

/// A number's unit in the case-sensitive spelling of UCUM; what is counted, which UCUM has no unit for, as its annotation.
fn unit(property: &Property) -> Option<String> {
    const UCUM: [&str; 18] = ["1", "%", "m", "mm", "cm", "km", "m2", "km2", "s", "min", "h", "d", "wk", "mo", "a", "g", "kg", "t"];
    let unit = property.unit.as_deref().filter(|_| matches!(property.kind, Kind::Integer | Kind::Number))?;
    Some(if UCUM.contains(&unit) { unit.to_owned() } else { format!("{{{}}}", unit.replace(' ', "_")) })
}
