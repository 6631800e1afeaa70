//! What a layer is, before any of its features.

use super::{Schema, Text};

/// The kinds of geometry that a collection can hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Deserialize, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum GeometryKind {
    /// Points, or none.
    Point,
    /// No feature has a geometry.
    None,
    /// Anything.
    Any,
}

/// Under which terms the data may be used.
#[derive(Debug, Clone, PartialEq, Eq, serde::Deserialize, serde::Serialize)]
#[serde(deny_unknown_fields, expecting = "{ name = …, address = … }")]
pub struct Licence {
    /// Its name, e.g. `CC BY 4.0`.
    pub name: String,
    /// Its text's address.
    pub address: String,
}

/// Where data come from.
#[derive(Debug, Clone, PartialEq, Eq, serde::Deserialize, serde::Serialize)]
#[serde(deny_unknown_fields, expecting = "{ name = …, address = … }")]
pub struct Provenance {
    /// What it is called.
    pub name: String,
    /// Where it is on the web.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
}

/// A collection's description (OGC API – Features Part 1, clause 7.13–7.14).
#[derive(Debug, Clone, PartialEq, serde::Deserialize, serde::Serialize)]
pub struct Collection {
    /// Its name in addresses; no dots, since a client is known to fail on them (qgis#51663).
    pub id: String,
    /// For people.
    pub title: Text,
    /// For people.
    pub description: Text,
    /// For search.
    pub keywords: Vec<String>,
    /// Terms of use.
    pub licence: Option<Licence>,
    /// Whom to credit.
    pub attribution: Option<String>,
    /// Where the data come from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<Provenance>,
    /// What its geometries are.
    pub geometry: GeometryKind,
    /// What its properties are.
    pub schema: Schema,
    /// The property that names a feature to a reader, per language.
    pub label: Option<Text>,
    /// The parameter that switches between views of the collection, where it has more than one.
    pub views: Option<Views>,
}

impl Collection {
    /// A collection of which no more is said: its id is its title.
    pub fn new(id: impl Into<String>, geometry: GeometryKind, schema: Schema) -> Self {
        let id = id.into();
        Self {
            title: Text::plain(id.clone()),
            id,
            description: Text::default(),
            keywords: Vec::new(),
            licence: None,
            attribution: None,
            source: None,
            geometry,
            schema,
            label: None,
            views: None,
        }
    }
}

/// A collection that can be seen in more than one way, one view at a time.
#[derive(Debug, Clone, PartialEq, Eq, serde::Deserialize, serde::Serialize)]
pub struct Views {
    /// Name of the query parameter, e.g. `basis`.
    pub parameter: String,
    /// The values it takes; the first is the default.
    pub names: Vec<String>,
}
