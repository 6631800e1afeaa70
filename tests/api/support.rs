//! Asking and reading.

use std::sync::{Arc, OnceLock};

use axum::{
    body::Body,
    http::{HeaderMap, Method, Request, StatusCode},
};
use harmattan::{
    api::{self, App},
    config::Settings,
    dataset::Dataset,
};
use http_body_util::BodyExt;
use serde_json::Value;
use tower::ServiceExt;

use crate::server;

/// Host that every request names.
pub(crate) const BASE: &str = "http://maps.example";

/// An answer, read whole.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {:?}", self.text()))
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).unwrap_or_else(|| panic!("no {name} in {:?}", self.headers)).to_str().unwrap()
    }
}

/// A service on the embedded data set with settings of its own.
pub(crate) fn app(settings: Settings) -> Arc<App> {
    Arc::new(App::new(Dataset::embedded().expect("the embedded data set breaks no rule"), settings))
}

/// The service that most tests ask: the embedded data set with default settings.
pub(crate) fn shared() -> &'static Arc<App> {
    static APP: OnceLock<Arc<App>> = OnceLock::new();
    APP.get_or_init(|| app(Settings::default()))
}

/// Asks a service.
pub(crate) async fn ask_of(app: &Arc<App>, method: Method, path: &str, headers: &[(&str, &str)]) -> Answer {
    let mut request = Request::builder().method(method).uri(path);
    if headers.iter().all(|(name, _)| *name != "host") {
        request = request.header("host", "maps.example");
    }
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let response = api::service(Arc::clone(app)).oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
    let (parts, body) = response.into_parts();
    Answer { status: parts.status, headers: parts.headers, body: body.collect().await.unwrap().to_bytes().to_vec() }
}

/// Asks the program on its embedded data.
pub(crate) async fn ask(method: Method, path: &str, headers: &[(&str, &str)]) -> Answer {
    server::embedded().ask(&method, path, headers, &[])
}

/// POST of a form to the program on its embedded data.
pub(crate) async fn post(path: &str, form: &[(&str, &str)]) -> Answer {
    let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
    server::embedded().ask(&Method::POST, path, &[("content-type", "application/x-www-form-urlencoded")], body.as_bytes())
}

/// GET without further headers.
pub(crate) async fn get(path: &str) -> Answer {
    ask(Method::GET, path, &[]).await
}

/// GET that must succeed, as JSON.
pub(crate) async fn json(path: &str) -> Value {
    let answer = get(path).await;
    assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.text());
    answer.json()
}

/// The href of the first link with a relation.
pub(crate) fn link<'a>(document: &'a Value, rel: &str) -> Option<&'a str> {
    document["links"].as_array()?.iter().find(|link| link["rel"] == rel)?["href"].as_str()
}

/// The ids of a page's features.
pub(crate) fn ids(page: &Value) -> Vec<&str> {
    page["features"].as_array().unwrap().iter().map(|feature| feature["id"].as_str().unwrap()).collect()
}
