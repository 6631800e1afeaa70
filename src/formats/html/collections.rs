//! `/collections`: what there is.

use maud::{Markup, html};

use super::{Frame, collection::when_and_where, shell};
use crate::store::Layer;

/// All collections.
pub fn collections(frame: &Frame, layers: &[Layer]) -> String {
    let words = frame.words();
    let title = words.t("collections.title");
    let contents = html! {
        h1 { (title) }
        p .lede { (words.t("collections.lede")) }
        ul .cards { @for layer in layers { li { (card(frame, layer)) } } }
    };
    shell::page(frame, title, words.t("collections.lede"), &shell::above_collections(frame), &contents)
}

/// One collection in short: what it is, how much, from when and where, and the ways in.
fn card(frame: &Frame, layer: &Layer) -> Markup {
    let words = frame.words();
    let collection = &layer.collection;
    let id = collection.id.as_str();
    html! {
        article {
            h2 { a href=(frame.local(&["collections", id], &[])) { (collection.title.get(words.lang)) } " " code { (id) } }
            p { (collection.description.get(words.lang)) }
            p .quiet {
                (words.count("records", layer.len().into()))
                @for line in when_and_where(words, layer) { " · " (line) }
            }
            p .ways {
                a href=(frame.local(&["collections", id, "items"], &[])) { (words.t("collections.items")) }
                a href=(frame.local(&["collections", id, "items"], &[("f", "json")])) type="application/geo+json" { "GeoJSON" }
                a href=(frame.local(&["collections", id, "items"], &[("f", "csv")])) type="text/csv" { "CSV" }
            }
        }
    }
}
