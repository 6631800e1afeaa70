//! The services under test.

use std::sync::OnceLock;

use axum::http::{Method, StatusCode};
use serde_json::Value;

use super::awkward::COLLECTIONS;
use crate::{
    server::{self, Server},
    support::{Answer, BASE, link},
};

/// The program, serving one data set.
#[derive(Debug)]
pub(super) struct Site {
    server: &'static Server,
    /// The paths of its collections.
    pub(super) collections: Vec<String>,
    /// Whether it serves the awkward data set.
    pub(super) is_awkward: bool,
}

/// The embedded data set.
pub(super) fn embedded() -> &'static Site {
    static SITE: OnceLock<Site> = OnceLock::new();
    // The places of the world take minutes to walk: not all is asked of them.
    let ids = ["bases", "closures", "events", "claims", "sources"];
    SITE.get_or_init(|| Site::new(server::embedded(), &ids, false))
}

/// The places of the world, which the embedded data set is served with.
pub(super) fn world() -> &'static Site {
    static SITE: OnceLock<Site> = OnceLock::new();
    SITE.get_or_init(|| Site::new(server::embedded(), &["places"], false))
}

/// The awkward one.
pub(super) fn awkward() -> &'static Site {
    static SITE: OnceLock<Site> = OnceLock::new();
    SITE.get_or_init(|| Site::new(server::awkward(), &COLLECTIONS, true))
}

impl Site {
    fn new(server: &'static Server, ids: &[&str], is_awkward: bool) -> Self {
        let collections = ids.iter().map(|id| format!("/collections/{}", harmattan::formats::segment(id))).collect();
        Self { server, collections, is_awkward }
    }

    /// GET with some headers.
    pub(super) async fn ask(&self, path: &str, headers: &[(&str, &str)]) -> Answer {
        self.server.ask(&Method::GET, path, headers, &[])
    }

    /// GET by another method.
    pub(super) async fn method(&self, method: Method, path: &str) -> Answer {
        self.server.ask(&method, path, &[], &[])
    }

    /// POST of a body.
    pub(super) async fn post(&self, path: &str, media: &str, body: &str) -> Answer {
        self.server.ask(&Method::POST, path, &[("content-type", media)], body.as_bytes())
    }

    /// GET of an address as it stands in a link.
    pub(super) async fn follow(&self, href: &str) -> Answer {
        let path = href.strip_prefix(BASE).unwrap_or_else(|| panic!("{href} is absolute and of this origin"));
        self.ask(if path.is_empty() { "/" } else { path }, &[]).await
    }

    /// GET that must succeed, as JSON.
    pub(super) async fn json(&self, path: &str) -> Value {
        let answer = self.ask(path, &[]).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.text());
        answer.json()
    }

    /// GET that must be refused with 400 and name the parameter.
    pub(super) async fn refused(&self, path: &str, parameter: &str) {
        let answer = self.ask(path, &[]).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{path}: {}", answer.text());
        assert_eq!(answer.header("content-type"), "application/problem+json", "{path}");
        assert_eq!(answer.json()["parameter"], parameter, "{path}: {}", answer.text());
    }

    /// Every feature of a query, page after page.
    pub(super) async fn walk(&self, path: &str) -> Vec<Value> {
        let (mut all, mut path) = (Vec::new(), path.to_owned());
        loop {
            let page = self.json(&path).await;
            all.extend(page["features"].as_array().unwrap().iter().cloned());
            match link(&page, "next") {
                Some(next) => path = next.strip_prefix(BASE).expect("same origin").to_owned(),
                None => return all,
            }
        }
    }

    /// The path of each collection with an example of its features, where it has any.
    pub(super) async fn examples(&self) -> Vec<(String, Value)> {
        let mut examples = Vec::new();
        for path in &self.collections {
            let limit = if self.is_awkward { 28 } else { 6 };
            let page = self.json(&format!("{path}/items?limit={limit}")).await;
            examples.extend(page["features"].as_array().unwrap().iter().map(|feature| (path.clone(), feature.clone())));
        }
        examples
    }
}

/// The path of a feature.
pub(super) fn feature_path(collection: &str, feature: &Value) -> String {
    format!("{collection}/items/{}", harmattan::formats::segment(feature["id"].as_str().unwrap()))
}

/// The parameters of an operation, references resolved.
pub(super) fn parameters<'a>(api: &'a Value, path: &str) -> Vec<&'a Value> {
    let list = api["paths"][path]["get"]["parameters"].as_array().unwrap_or_else(|| panic!("{path} has parameters"));
    let resolve = |parameter: &'a Value| match parameter["$ref"].as_str() {
        Some(reference) => api.pointer(reference.strip_prefix('#').expect("a local reference")).expect("it resolves"),
        None => parameter,
    };
    list.iter().map(resolve).collect()
}

/// The links of a document with a relation.
pub(super) fn links<'a>(document: &'a Value, rel: &str) -> Vec<&'a Value> {
    document["links"].as_array().unwrap_or_else(|| panic!("links in {document}")).iter().filter(|link| link["rel"] == rel).collect()
}
