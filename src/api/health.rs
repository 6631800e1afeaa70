//! `/healthz`: the process is alive. `/readyz`: it has data to serve.

use axum::{
    extract::State,
    http::header,
    response::{IntoResponse, Response},
};
use serde_json::json;

use super::Live;

pub(super) async fn alive() -> Response {
    plain(&json!({ "status": "alive" }))
}

pub(super) async fn ready(State(live): State<Live>) -> Response {
    let app = live.current();
    let features: u64 = app.store.layers().iter().map(|layer| u64::from(layer.len())).sum();
    let mut body = json!({
        "status": "ready",
        "version": app.store.version().0,
        "collections": app.store.layers().len(),
        "features": features,
    });
    if let Some(trouble) = live.trouble() {
        body["reload_failed"] = json!(trouble);
    }
    plain(&body)
}

fn plain(body: &serde_json::Value) -> Response {
    ([(header::CONTENT_TYPE, "application/json"), (header::CACHE_CONTROL, "no-store")], format!("{body}\n")).into_response()
}
