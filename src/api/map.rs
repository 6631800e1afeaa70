//! `/map.json`: how the page shows the data. It belongs to the page, not to the standard.

use std::sync::Arc;

use axum::{extract::State, response::Response};
use serde_json::{Map, Value, json};

use super::{App, answer::Answer, extract::Ask, negotiate::JSON_ONLY, problem::Problem};
use crate::model::Kind;

pub(super) async fn config(State(app): State<Arc<App>>, ask: Ask) -> Result<Response, Problem> {
    let offer = ask.form(JSON_ONLY, &[])?;
    Ok(Answer::new(&app, &ask, &offer, "").send(|| {
        let mut config = app.map.to_json();
        describe(&mut config, &app);
        config["basemap"] = basemap(&app);
        config["version"] = json!(app.store.version().0);
        config["public_url"] = json!(ask.base);
        config["embed"] = json!(!app.settings.frame_ancestors.is_empty());
        config.to_string()
    }))
}

/// How many features each layer has, which decides whether the page reads it whole or view by view, and which of its filters have values
/// that are no texts.
fn describe(config: &mut Value, app: &App) {
    for entry in config["layers"].as_array_mut().into_iter().flatten() {
        let layer = entry["collection"].as_str().and_then(|id| app.store.layer(id));
        entry["count"] = json!(layer.map_or(0, |layer| layer.len()));
        let Some(schema) = layer.map(|layer| &layer.collection.schema) else { continue };
        let kind = |name: &str| match schema.properties[schema.position(name)?].kind {
            Kind::Boolean => Some("boolean"),
            Kind::Integer | Kind::Number => Some("number"),
            Kind::Date => Some("date"),
            Kind::List | Kind::Json => Some("list"),
            Kind::Text | Kind::Timestamp | Kind::Edtf | Kind::Uri => None,
        };
        let filters = entry["filters"].as_array().into_iter().flatten().filter_map(Value::as_str);
        let kinds = filters.filter_map(|name| Some((name.to_owned(), json!(kind(name)?)))).collect::<Map<_, _>>();
        if !kinds.is_empty() {
            entry["kinds"] = kinds.into();
        }
    }
}

/// Raster tiles where the publisher configured them, else the base map that is part of the program.
fn basemap(app: &App) -> Value {
    match &app.settings.tiles {
        Some((url, attribution)) => json!({ "kind": "raster", "url": url, "attribution": attribution, "max_zoom": 19 }),
        None => json!({ "kind": "vector", "url": "assets/basemap/" }),
    }
}
