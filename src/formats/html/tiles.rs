//! What there is of vector tiles, for the people who land on it: lists of tile sets, a tile set, how the world is divided. Each is read
//! from its JSON, so that the two never differ.

use maud::{Markup, html};
use serde_json::Value;

use super::{Frame, place::text, shell, words::Words};
use crate::model::Collection;

/// The list of tile sets of a collection, or, where none is named, of all of them.
pub fn tile_sets(frame: &Frame, collection: Option<&Collection>, document: &Value) -> String {
    let words = frame.words();
    let title = title(words, collection);
    let contents = html! {
        h1 { (title) }
        p .lede { (words.t("tiles.lede")) }
        ul .cards {
            @for set in members(document, "tilesets") {
                li { article {
                    h2 { a href=(frame.of(link(set, "self"))) { (text(set, "tileMatrixSetId")) } }
                    (ways(frame, words, set))
                } }
            }
        }
    };
    shell::page(frame, &title, words.t("tiles.lede"), &trail(frame, collection), &contents)
}

/// A tile set of a collection, or, where none is named, of all of them.
pub fn tile_set(frame: &Frame, collection: Option<&Collection>, document: &Value) -> String {
    let words = frame.words();
    let set = text(document, "tileMatrixSetId");
    let title = format!("{}{} {set}", title(words, collection), words.t("colon"));
    let number = |value: &Value| value.as_f64().map_or_else(String::new, |number| words.number(number));
    let pair = |value: &Value| value.as_array().into_iter().flatten().map(number).collect::<Vec<_>>().join(" / ");
    let (bounds, centre) = (&document["boundingBox"], &document["centerPoint"]);
    let contents = html! {
        h1 { (title) }
        p .lede { (words.t("tiles.lede")) }
        (ways(frame, words, document))
        dl .facts {
            @if bounds.is_object() {
                div { dt { (words.t("tiles.corners")) } dd { (pair(&bounds["lowerLeft"])) ", " (pair(&bounds["upperRight"])) } }
            }
            @if centre.is_object() {
                div { dt { (words.t("tiles.centre")) } dd { (pair(&centre["coordinates"])) ", zoom " (text(centre, "tileMatrix")) } }
            }
            @if let Some(attribution) = document["attribution"].as_str() { div { dt { (words.t("tiles.attribution")) } dd { (attribution) } } }
        }
        @for layer in members(document, "layers") {
            section {
                h2 { (text(layer, "title")) " " code { (text(layer, "id")) } }
                div .scroll tabindex="0" role="region" aria-label=(text(layer, "title")) {
                    table .stack {
                        thead { tr {
                            th scope="col" { (words.t("collection.property")) }
                            th scope="col" { (words.t("collection.type")) }
                            th scope="col" { (words.t("collection.meaning")) }
                        } }
                        tbody {
                            @for (name, property) in layer["propertiesSchema"]["properties"].as_object().into_iter().flatten() {
                                tr {
                                    th scope="row" { code { (name) } }
                                    td .kind data-label=(words.t("collection.type")) { code { (text(property, "type")) } }
                                    td { (text(property, "title")) }
                                }
                            }
                        }
                    }
                }
            }
        }
    };
    let mut trail = trail(frame, collection);
    trail.push((
        self::title(words, collection),
        frame.own().split('?').next().unwrap_or_default().trim_end_matches(set).trim_end_matches('/').to_owned(),
    ));
    shell::page(frame, &title, words.t("tiles.lede"), &trail, &contents)
}

/// The ways in which the world is divided into tiles.
pub fn tile_matrix_sets(frame: &Frame, document: &Value) -> String {
    let words = frame.words();
    let title = words.t("tiles.schemes");
    let contents = html! {
        h1 { (title) }
        p .lede { (words.t("tiles.schemes_lede")) }
        ul .cards {
            @for set in members(document, "tileMatrixSets") {
                li { article {
                    h2 { a href=(frame.of(link(set, "self"))) { (text(set, "id")) } }
                    p { (text(set, "title")) }
                    p .quiet { code { (text(set, "crs")) } }
                } }
            }
        }
    };
    shell::page(frame, title, words.t("tiles.schemes_lede"), &shell::above_collections(frame), &contents)
}

/// One way in which it is divided.
pub fn tile_matrix_set(frame: &Frame, document: &Value) -> String {
    let words = frame.words();
    let title = text(document, "id");
    let number = |value: &Value| value.as_f64().map_or_else(String::new, |number| words.number(number));
    let contents = html! {
        h1 { (title) }
        p .lede { (text(document, "title")) }
        p .quiet { code { (text(document, "crs")) } }
        div .scroll tabindex="0" role="region" aria-label=(title) {
            table .stack {
                thead { tr {
                    th scope="col" { "Zoom" }
                    th scope="col" { (words.t("tiles.scale")) }
                    th scope="col" { (words.t("tiles.pixel")) }
                    th scope="col" { (words.t("tiles.across")) }
                } }
                tbody {
                    @for matrix in members(document, "tileMatrices") {
                        tr {
                            th scope="row" { (text(matrix, "id")) }
                            td data-label=(words.t("tiles.scale")) { "1 : " (matrix["scaleDenominator"].as_f64().map_or_else(String::new, |scale| words.integer(scale.round() as i128))) }
                            td data-label=(words.t("tiles.pixel")) { (number(&matrix["cellSize"])) }
                            td data-label=(words.t("tiles.across")) { (number(&matrix["matrixWidth"])) }
                        }
                    }
                }
            }
        }
    };
    let mut trail = shell::above_collections(frame);
    trail.push((words.t("tiles.schemes").to_owned(), frame.local(&["tileMatrixSets"], &[])));
    shell::page(frame, title, text(document, "title"), &trail, &contents)
}

fn title(words: Words, collection: Option<&Collection>) -> String {
    match collection {
        Some(collection) => words.fill("tiles.of", &[("collection", collection.title.get(words.lang))]),
        None => words.t("tiles.of_all").to_owned(),
    }
}

fn trail(frame: &Frame, collection: Option<&Collection>) -> Vec<(String, String)> {
    let words = frame.words();
    let mut trail = shell::above_collections(frame);
    if let Some(collection) = collection {
        trail.push((words.t("collections.title").to_owned(), frame.local(&["collections"], &[])));
        trail.push((collection.title.get(words.lang).to_owned(), frame.local(&["collections", &collection.id], &[])));
    }
    trail
}

/// The address of the tiles, to copy, and where else the set leads.
fn ways(frame: &Frame, words: Words, set: &Value) -> Markup {
    let own = frame.of(link(set, "self"));
    let json = |form: &str| format!("{own}{}f={form}", if own.contains('?') { '&' } else { '?' });
    html! {
        p { (words.t("tiles.address")) br; code { (link(set, "item")) } }
        p .ways {
            a href=(json("tilejson")) { "TileJSON" }
            a href=(json("json")) { "JSON" }
            a href=(frame.of(link(set, "http://www.opengis.net/def/rel/ogc/1.0/tiling-scheme"))) { (words.t("tiles.scheme")) }
        }
    }
}

fn members<'a>(document: &'a Value, name: &str) -> impl Iterator<Item = &'a Value> {
    document[name].as_array().into_iter().flatten()
}

/// The address of a relation.
fn link<'a>(document: &'a Value, rel: &str) -> &'a str {
    members(document, "links").find(|link| link["rel"] == rel).map_or("", |link| text(link, "href"))
}
