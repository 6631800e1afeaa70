//! `/healthz`: the process is alive. `/readyz`: it has data to serve.

use std::sync::Arc;

use axum::{
    extract::State,
    http::header,
    response::{IntoResponse, Response},
};
use serde_json::json;

use super::App;

pub(super) async fn alive() -> Response {
    plain(&json!({ "status": "alive" }))
}

pub(super) async fn ready(State(app): State<Arc<App>>) -> Response {
    let features: u64 = app.store.layers().iter().map(|layer| u64::from(layer.table().len())).sum();
    plain(&json!({ "status": "ready", "version": app.store.version().0, "collections": app.store.layers().len(), "features": features }))
}

fn plain(body: &serde_json::Value) -> Response {
    ([(header::CONTENT_TYPE, "application/json"), (header::CACHE_CONTROL, "no-store")], format!("{body}\n")).into_response()
}
