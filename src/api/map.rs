//! `/map.json`: how the page shows the data. It belongs to the page, not to the standard.

use std::sync::Arc;

use axum::{extract::State, response::Response};
use serde_json::{Value, json};

use super::{App, answer::Answer, extract::Ask, negotiate::JSON_ONLY, problem::Problem};

pub(super) async fn config(State(app): State<Arc<App>>, ask: Ask) -> Result<Response, Problem> {
    let offer = ask.form(JSON_ONLY, &[])?;
    Ok(Answer::new(&app, &ask, &offer, "").send(|| {
        let mut config = app.map.to_json();
        count(&mut config, &app);
        config["basemap"] = basemap(&app);
        config["version"] = json!(app.store.version().0);
        config["public_url"] = json!(ask.base);
        config["embed"] = json!(!app.settings.frame_ancestors.is_empty());
        config.to_string()
    }))
}

/// How many features each layer has, which decides whether the page reads it whole or view by view.
fn count(config: &mut Value, app: &App) {
    for layer in config["layers"].as_array_mut().into_iter().flatten() {
        let table = layer["collection"].as_str().and_then(|id| app.store.layer(id)).map(|layer| layer.table());
        layer["count"] = json!(table.map_or(0, |table| table.len()));
    }
}

/// Raster tiles where the publisher configured them, else the base map that is part of the program.
fn basemap(app: &App) -> Value {
    match &app.settings.tiles {
        Some((url, attribution)) => json!({ "kind": "raster", "url": url, "attribution": attribution, "max_zoom": 19 }),
        None => json!({ "kind": "vector", "url": "assets/basemap/" }),
    }
}
