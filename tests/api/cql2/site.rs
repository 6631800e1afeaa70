//! The services under test, and how they are asked.

use std::{collections::BTreeSet, path::Path, sync::OnceLock};

use axum::http::{Method, StatusCode};
use harmattan::formats::segment;
use serde_json::Value;

use crate::{
    server::{self, Server},
    support::{Answer, BASE, ids, link},
};

/// The program, serving one data set.
pub(super) struct Site {
    server: &'static Server,
    /// The collections that are asked.
    pub(super) collections: &'static [&'static str],
}

/// The type of a queryable, as the standard names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Type {
    String,
    Number,
    Integer,
    Boolean,
    Date,
    Timestamp,
    Interval,
    Geometry,
    Array,
}

/// The test data of the standard.
pub(super) fn standard() -> &'static Site {
    static SERVER: OnceLock<Server> = OnceLock::new();
    static SITE: OnceLock<Site> = OnceLock::new();
    SITE.get_or_init(|| {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/api/cql2");
        let paths = ["countries.csv.gz", "cities.csv", "rivers.csv.gz"].map(|name| folder.join(name));
        let server = SERVER.get_or_init(|| Server::start(&paths));
        Site { server, collections: &["countries", "cities", "rivers"] }
    })
}

/// The embedded data.
pub(super) fn embedded() -> &'static Site {
    static SITE: OnceLock<Site> = OnceLock::new();
    SITE.get_or_init(|| Site { server: server::embedded(), collections: &["bases", "closures", "events", "sources"] })
}

/// Awkward data, more features than a page holds among them.
fn awkward() -> &'static Site {
    static SITE: OnceLock<Site> = OnceLock::new();
    SITE.get_or_init(|| Site { server: server::awkward(), collections: &["shapes", "süß & saß", "empty", "nowhere", "many"] })
}

/// All of them.
pub(super) fn sites() -> [&'static Site; 3] {
    [standard(), embedded(), awkward()]
}

impl Site {
    /// GET.
    pub(super) async fn get(&self, path: &str) -> Answer {
        self.server.ask(&Method::GET, path, &[], &[])
    }

    /// GET that must succeed, as JSON.
    pub(super) async fn json(&self, path: &str) -> Value {
        let answer = self.get(path).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.text());
        answer.json()
    }

    /// Asks with a filter in one of the languages.
    pub(super) async fn ask(&self, collection: &str, filter: &str, language: &str) -> Answer {
        let filter: String = form_urlencoded::byte_serialize(filter.as_bytes()).collect();
        self.get(&format!("{}/items?limit=10000&filter-lang={language}&filter={filter}", path(collection))).await
    }

    /// The ids that a filter leaves.
    pub(super) async fn found(&self, collection: &str, filter: &str) -> BTreeSet<String> {
        self.found_by(collection, filter, "cql2-text").await
    }

    /// The same in another language.
    pub(super) async fn found_by(&self, collection: &str, filter: &str, language: &str) -> BTreeSet<String> {
        let answer = self.ask(collection, filter, language).await;
        assert_eq!(answer.status, StatusCode::OK, "{collection}: {filter}: {}", answer.text());
        let mut page = answer.json();
        let matched = page["numberMatched"].clone();
        let mut found = BTreeSet::new();
        loop {
            found.extend(ids(&page).into_iter().map(str::to_owned));
            let Some(next) = link(&page, "next") else { break };
            page = self.json(next.strip_prefix(BASE).expect("same origin")).await;
        }
        assert_eq!(matched, found.len(), "{filter}");
        found
    }

    /// How many features a filter leaves.
    pub(super) async fn count(&self, collection: &str, filter: &str, language: &str) -> usize {
        let filter: String = form_urlencoded::byte_serialize(filter.as_bytes()).collect();
        let page = self.json(&format!("{}/items?limit=1&filter-lang={language}&filter={filter}", path(collection))).await;
        usize::try_from(page["numberMatched"].as_u64().unwrap()).unwrap()
    }

    /// Checks that a filter cannot be asked.
    pub(super) async fn refuses(&self, collection: &str, filter: &str) {
        let answer = self.ask(collection, filter, "cql2-text").await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{filter}: {}", answer.text());
        assert_eq!(answer.json()["parameter"], "filter");
    }

    /// The queryables of a collection, each with its type; names as filters write them.
    pub(super) async fn queryables(&self, collection: &str) -> Vec<(String, Type)> {
        let schema = self.json(&format!("{}/queryables", path(collection))).await;
        let properties = schema["properties"].as_object().unwrap().iter();
        properties.map(|(name, schema)| (format!("\"{}\"", name.replace('"', "\"\"")), of(name, schema))).collect()
    }
}

/// The path of a collection.
pub(super) fn path(collection: &str) -> String {
    format!("/collections/{}", segment(collection))
}

fn of(name: &str, schema: &Value) -> Type {
    let (kind, format) = (schema["type"].as_str(), schema["format"].as_str());
    match (kind, format) {
        (Some("string"), Some("date")) => Type::Date,
        (Some("string"), Some("date-time")) => Type::Timestamp,
        (Some("string"), _) => Type::String,
        (Some("number"), _) => Type::Number,
        (Some("integer"), _) => Type::Integer,
        (Some("boolean"), _) => Type::Boolean,
        (Some("array"), _) if schema["x-ogc-role"] == "primary-interval" => Type::Interval,
        (Some("array"), _) => Type::Array,
        (None, Some(format)) if format.starts_with("geometry-") => Type::Geometry,
        _ => panic!("{name} has no type: {schema}"),
    }
}

impl Type {
    /// The value that the standard compares a queryable of this type with.
    pub(super) fn value(self) -> Option<&'static str> {
        Some(match self {
            Self::String => "'foo'",
            Self::Boolean => "true",
            Self::Number => "3.14",
            Self::Integer => "1",
            Self::Timestamp => "TIMESTAMP('2022-04-14T14:48:46Z')",
            Self::Date => "DATE('2022-04-14')",
            Self::Interval | Self::Geometry | Self::Array => return None,
        })
    }
}

/// Every queryable of every collection of all data sets.
pub(super) async fn every_queryable() -> Vec<(&'static Site, &'static str, String, Type)> {
    let mut all = Vec::new();
    for site in sites() {
        for collection in site.collections {
            all.extend(site.queryables(collection).await.into_iter().map(|(name, kind)| (site, *collection, name, kind)));
        }
    }
    all
}

/// Every queryable of some types.
pub(super) async fn queryables_of(types: &[Type]) -> Vec<(&'static Site, &'static str, String, Type)> {
    let found = every_queryable().await.into_iter().filter(|(.., kind)| types.contains(kind)).collect::<Vec<_>>();
    assert!(!found.is_empty(), "there is a queryable of one of {types:?}");
    found
}
