//! `/map.json`: how the page shows the data. It belongs to the page, not to the standard.

use std::sync::Arc;

use axum::{extract::State, response::Response};
use serde_json::{Value, json};

use super::{App, answer::Answer, extract::Ask, negotiate::JSON_ONLY, problem::Problem};

pub(super) async fn config(State(app): State<Arc<App>>, ask: Ask) -> Result<Response, Problem> {
    let offer = ask.form(JSON_ONLY, &[])?;
    Ok(Answer::new(&app, &ask, &offer, "").send(|| {
        let mut config = app.map.to_json();
        config["basemap"] = basemap(&app);
        config["version"] = json!(app.store.version().0);
        config["public_url"] = json!(ask.base);
        config["embed"] = json!(!app.settings.frame_ancestors.is_empty());
        config.to_string()
    }))
}

/// Raster tiles where the publisher configured them, else the base map that is part of the program.
fn basemap(app: &App) -> Value {
    match &app.settings.tiles {
        Some((url, attribution)) => json!({ "kind": "raster", "url": url, "attribution": attribution, "max_zoom": 19 }),
        None => json!({ "kind": "vector", "url": "assets/basemap/" }),
    }
}
