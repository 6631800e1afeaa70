//! The page's files: embedded, typed by their ending, revalidated by their hash.

use std::sync::Arc;

use axum::{extract::State, http::header, response::Response};

use super::{
    App,
    answer::Answer,
    extract::{Ask, Path},
    negotiate::{Form, Offer},
    problem::Problem,
};

/// (path below `web/`, bytes), made by `build.rs`.
static ASSETS: &[(&str, &[u8])] = include!(concat!(env!("OUT_DIR"), "/assets.rs"));

/// A file of `web/`.
pub(super) fn find(path: &str) -> Option<&'static [u8]> {
    ASSETS.iter().find(|(name, _)| *name == path).map(|(_, bytes)| *bytes)
}

pub(super) async fn asset(State(app): State<Arc<App>>, Path(path): Path<String>, ask: Ask) -> Result<Response, Problem> {
    let bytes = find(&path).ok_or_else(|| Problem::no_such("file", &path, "the page / names the files that it uses"))?;
    let offer = Offer { form: Form::Json, name: "file", media: media(&path), also: &[], title: "file" };
    // A query is ignored here: links that are shared pick parameters up, and a file is the same whatever they say.
    let mut response = Answer::new(&app, &ask, &offer, "").send(|| bytes);
    response.headers_mut().insert(header::VARY, header::HeaderValue::from_static("Accept-Encoding"));
    Ok(response)
}

/// The media type of a file by its ending.
fn media(path: &str) -> &'static str {
    match path.rsplit('.').next() {
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("json") => "application/json",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("html") => "text/html; charset=utf-8",
        _ => "text/plain; charset=utf-8",
    }
}
