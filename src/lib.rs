//! harmattan turns records about places and dates, each with its source, into an interactive map and a standard map-data API.
//!
//! # The two paths
//!
//! ```text
//! request   layers → resource handler → query (already valid) → store → index → feature bytes → response
//! data      seeds/ + data/, or the user's files → dataset: load → place names → check → conclude → store
//! ```
//!
//! Modules in reading order; each may use those above it, never those below (a test reads the `use` lines):
//!
//! - [`model`]: the nouns, with no I/O: position, box, geometry, uncertain time, place, source, claim, feature, collection.
//! - [`beside`]: a file that has its name once it is whole.
//! - `rows`: the rows of a table in text, with their lines.
//! - [`query`]: what a request may ask, parsed into types that are valid by existing.
//! - [`gazetteer`]: names to places.
//! - [`dataset`]: the data path: reads source records, places them, checks every invariant, computes values from claims by a written rule.
//! - [`store`]: features in one fixed order, with finished text, columns and an index; answers runs of positions. Or they lie in PostGIS.
//! - [`formats`]: pages of features as GeoJSON, CSV and HTML.
//! - [`config`]: every setting once.
//! - [`api`]: the web service; the only module that knows axum, addresses and status codes.

pub mod api;
pub mod beside;
pub mod config;
pub mod dataset;
pub mod formats;
pub mod gazetteer;
pub mod model;
pub mod query;
mod rows;
pub mod store;
