//! The services under test, and how they are asked.

use std::{
    collections::BTreeSet,
    path::Path,
    sync::{Arc, OnceLock},
};

use axum::http::{Method, StatusCode};
use harmattan::{
    api::App,
    config::Settings,
    dataset::{
        Dataset, MapConfig,
        files::{self, Options},
    },
};
use serde_json::Value;

use crate::support::{Answer, ask_of, ids};

/// A service on one data set.
pub(super) struct Site {
    app: Arc<App>,
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
    static SITE: OnceLock<Site> = OnceLock::new();
    SITE.get_or_init(|| {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/api/cql2");
        let paths = ["countries.csv.gz", "cities.csv", "rivers.csv.gz"].map(|name| folder.join(name));
        let gazetteer = Dataset::embedded().expect("the embedded data set breaks no rule").gazetteer;
        let bare = Dataset { version: String::new(), layers: Vec::new(), map: MapConfig::default(), gazetteer };
        let (data, report) = files::load(&paths, Options { strict: true, ..Options::default() }, bare, &mut |_| {}).unwrap();
        assert_eq!(report.bad(), 0, "{report}");
        Site { app: Arc::new(App::new(data, Settings::default())), collections: &["countries", "cities", "rivers"] }
    })
}

/// The embedded data.
pub(super) fn embedded() -> &'static Site {
    static SITE: OnceLock<Site> = OnceLock::new();
    SITE.get_or_init(|| Site { app: crate::support::app(Settings::default()), collections: &["bases", "closures", "events", "sources"] })
}

/// Both.
pub(super) fn sites() -> [&'static Site; 2] {
    [standard(), embedded()]
}

impl Site {
    /// GET.
    pub(super) async fn get(&self, path: &str) -> Answer {
        ask_of(&self.app, Method::GET, path, &[]).await
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
        self.get(&format!("/collections/{collection}/items?limit=10000&filter-lang={language}&filter={filter}")).await
    }

    /// The ids that a filter leaves.
    pub(super) async fn found(&self, collection: &str, filter: &str) -> BTreeSet<String> {
        self.found_by(collection, filter, "cql2-text").await
    }

    /// The same in another language.
    pub(super) async fn found_by(&self, collection: &str, filter: &str, language: &str) -> BTreeSet<String> {
        let answer = self.ask(collection, filter, language).await;
        assert_eq!(answer.status, StatusCode::OK, "{collection}: {filter}: {}", answer.text());
        let page = answer.json();
        let found = ids(&page).into_iter().map(str::to_owned).collect::<BTreeSet<_>>();
        assert_eq!(page["numberMatched"], found.len(), "{filter}");
        found
    }

    /// How many features a filter leaves.
    pub(super) async fn count(&self, collection: &str, filter: &str, language: &str) -> usize {
        let filter: String = form_urlencoded::byte_serialize(filter.as_bytes()).collect();
        let page = self.json(&format!("/collections/{collection}/items?limit=1&filter-lang={language}&filter={filter}")).await;
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
        let schema = self.json(&format!("/collections/{collection}/queryables")).await;
        let properties = schema["properties"].as_object().unwrap().iter();
        properties.map(|(name, schema)| (format!("\"{name}\""), of(name, schema))).collect()
    }
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

/// Every queryable of every collection of both data sets.
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
