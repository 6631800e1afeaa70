//! Pages for people: readable without JavaScript, in the languages served, every link of the API kept.
//!
//! One file for each page ([`landing()`], [`collections()`], [`collection()`], [`items()`], [`item()`], [`conformance()`], [`api()`], [`problem()`]); around them
//! `shell` (head, header, path, languages), `links` (the resource's links) and `frame` (addresses); within them `values`, `dates` and
//! `claims` (who says so). Words are in `words`, the style is `web/css/pages.css`. Templates are maud's: what comes from data is
//! escaped by construction, and nothing here writes markup from a text but `data_block`, which says how.

mod api;
mod asked;
mod chips;
mod claims;
mod collection;
mod collections;
mod conflicts;
mod conformance;
mod data_block;
mod dates;
mod documents;
mod downloads;
mod embed;
mod filter_form;
#[cfg(test)]
mod fixture;
mod frame;
mod how;
mod item;
mod items;
mod landing;
mod links;
mod place;
mod places;
mod problem;
mod shell;
mod small_map;
#[cfg(test)]
mod tests;
mod tiles;
mod usage;
mod values;
pub(super) mod words;

use crate::{
    model::{Collection, Lang},
    store::Row,
};

pub use api::api;
pub use collection::collection;
pub use collections::collections;
pub use conflicts::conflicts;
pub use conformance::conformance;
pub use documents::{functions, schema};
pub use embed::embed;
pub use filter_form::{BOX, SPAN, bound_field};
pub use frame::Frame;
pub use item::item;
pub use items::items;
pub use landing::landing;
pub use place::{AROUND_KM, Here, PlacePage, place};
pub use places::{places, places_near};
pub use problem::{Fault, problem};
pub use tiles::{tile_matrix_set, tile_matrix_sets, tile_set, tile_sets};

/// The name of a record to a reader in `lang`.
pub fn label(lang: Lang, collection: &Collection, row: &Row<'_>) -> String {
    values::label(words::Words::of(lang), collection, row).into_owned()
}
