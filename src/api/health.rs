//! `/healthz`: the process is alive. `/readyz`: it has data to serve.

use std::time::Duration;

use axum::{
    extract::State,
    http::header,
    response::{IntoResponse, Response},
};
use serde_json::json;

use tokio::time::timeout;

use super::{Live, problem::Problem};
use crate::store::PostgisError;

/// How long a database may take to say that it is there.
const PATIENCE: Duration = Duration::from_secs(3);

pub(super) async fn alive() -> Response {
    plain(&json!({ "status": "alive" }))
}

pub(super) async fn ready(State(live): State<Live>) -> Response {
    let app = live.current();
    // One answers for all: they lie in one database.
    if let Some(source) = app.store.layers().iter().find_map(|layer| layer.source()) {
        match timeout(PATIENCE, Box::pin(source.ping())).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => return Problem::from(error).into_response(),
            Err(_) => return Problem::from(PostgisError::Away).into_response(),
        }
    }
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
