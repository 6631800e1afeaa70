//! What holds for every page.

use serde_json::json;

use super::{fixture::*, *};
use crate::{
    dataset::MapConfig,
    model::Text,
    query::{ItemsQuery, Limits, Params},
    store::{Layer, Page, Version},
};

fn page(layer: &Layer, limit: u32) -> Page {
    let query = ItemsQuery::parse(&Params::default(), &layer.collection, Limits { default: limit, most: 10, ..Limits::default() }).unwrap();
    layer.items(&query, &Version("v".into()))
}

fn openapi() -> serde_json::Value {
    let limit = json!({ "name": "limit", "in": "query", "description": HOSTILE, "schema": { "default": HOSTILE, "minimum": 1, "example": HOSTILE } });
    let operation = json!({ "operationId": HOSTILE, "summary": HOSTILE, "parameters": [{ "$ref": "#/components/parameters/limit" }], "responses": { "200": {}, "400": {} } });
    json!({ "openapi": "3.0.3", "info": { "version": HOSTILE }, "paths": { (format!("/collections/{HOSTILE}")): { "get": operation } }, "components": { "parameters": { "limit": limit } } })
}

/// Every page in a language, with its name.
fn pages(lang: &str) -> Vec<(String, String)> {
    let layers = layers();
    let query = format!("?lang={lang}");
    let at = |path: &str| frame("https://example.org/geo", path, &query);
    let map = MapConfig { title: Text::plain(HOSTILE), lede: Text::plain(HOSTILE), ..MapConfig::default() };
    let fault = Fault { status: 400, detail: HOSTILE, parameter: Some("q"), value: Some(HOSTILE), hint: Some(HOSTILE) };
    let asked =
        frame("https://example.org/geo", "/collections/bases/items", &format!("{query}&q=%22%3E%3Cscript%3E&filter=%3C/textarea%3E"));
    let mut pages = vec![
        ("landing".to_owned(), landing(&at("/"), &map, &layers)),
        (
            "conformance".to_owned(),
            conformance(&at("/conformance"), &["http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core", HOSTILE]),
        ),
        ("api".to_owned(), api(&at("/api"), &openapi())),
        ("problem".to_owned(), problem(&asked, &fault, Some(&layers[0]))),
        ("collections".to_owned(), collections(&at("/collections"), &layers)),
    ];
    for layer in &layers {
        let id = &layer.collection.id;
        pages.push((format!("collection {id}"), collection(&at(&format!("/collections/{id}")), layer)));
        pages.push((format!("items {id}"), items(&at(&format!("/collections/{id}/items")), layer, &page(layer, 1))));
        for row in page(layer, 10).rows() {
            pages.push((format!("item {} {id}", row.id()), item(&at(&format!("/collections/{id}/items/x")), &layers, layer, &row)));
        }
    }
    pages
}

#[test]
fn every_page_has_one_heading_a_language_and_a_main_part() {
    for lang in ["en", "fr"] {
        for (name, page) in pages(lang) {
            assert!(page.starts_with(&format!("<!DOCTYPE html><html lang=\"{lang}\">")), "{name}");
            assert_eq!(page.matches("<h1>").count(), 1, "{name}");
            assert_eq!(page.matches("<main").count(), 1, "{name}");
            assert_eq!(page.matches("<title>").count(), 1, "{name}");
            assert!(page.contains("rel=\"alternate\" href="), "{name}: the links of the API are kept");
            for (lang, label) in [("en", "English"), ("fr", "Français")] {
                assert!(page.contains(&format!("?lang={lang}\" lang=\"{lang}\"")) && page.contains(label), "{name}: a switch to {label}");
            }
        }
    }
}

#[test]
fn no_text_becomes_markup() {
    for (name, page) in pages("en") {
        for script in page.split("<script").skip(1) {
            let is_data = script.starts_with(" type=\"application/ld+json\">{");
            assert!(is_data || script.starts_with(" type=\"module\" src=\""), "{name}: every script is a file of ours: {script:.60}");
        }
        // The name stands in texts and in attributes, but never with a quote or a bracket of its own.
        assert!(!page.contains("\"x'"), "{name}: a quote ends an attribute");
        assert!(!page.contains("&amp; -->"), "{name}: an ampersand is not escaped");
        assert!(!page.contains("href=\"javascript:"), "{name}");
        assert!(!page.contains(" style=") && !page.contains("<style"), "{name}: the content policy refuses inline style");
        for attribute in page.split("=\"").skip(1).filter_map(|rest| rest.split('"').next()) {
            assert!(!attribute.contains('<'), "{name}: {attribute}");
        }
    }
}

#[test]
fn ids_of_elements_are_unique() {
    for (name, page) in pages("en") {
        let mut ids = page.split(" id=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect::<Vec<_>>();
        let all = ids.len();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), all, "{name}");
    }
}

#[test]
fn the_landing_page_has_the_shell_of_the_reference() {
    let (_, page) = pages("en").swap_remove(0);
    let reference = include_str!("../../../web/index.html");
    // Elements whose addresses or values the server does not fill in must stand there as they are in the reference.
    let fixed =
        reference.split('<').filter(|tag| ["link ", "script ", "meta "].iter().any(|name| tag.starts_with(name)) && !tag.contains('{'));
    let mut compared = 0;
    for tag in fixed {
        let tag = format!("<{}", tag.split('>').next().unwrap());
        assert!(page.contains(&tag), "the server's page lacks {tag}>");
        compared += 1;
    }
    assert!(compared >= 8, "the reference was read");
    // The same for a frame, from wherever it is asked for.
    let framed = embed(&frame("https://example.org/geo", "/embed", ""), &MapConfig { title: Text::plain(HOSTILE), ..MapConfig::default() });
    for tag in reference
        .split('<')
        .filter(|tag| (tag.starts_with("link ") || tag.starts_with("script ")) && tag.contains("\"assets/") && !tag.contains("pages.css"))
    {
        let tag = tag.split('>').next().unwrap().replace("\"assets/", "\"/geo/assets/");
        assert!(framed.contains(&format!("<{tag}>")), "the frame lacks {tag}");
    }
    assert!(!framed.contains("<script>alert"));
    assert!(page.contains("<body><header><h1>") && page.contains("<main class=\"pages\" id=\"fallback\">"));
}

#[test]
fn a_page_of_records_says_which_of_how_many() {
    let layers = layers();
    let shown = |query: &str| items(&frame("http://a", "/collections/bases/items", query), &layers[0], &page(&layers[0], 1));
    assert!(shown("").contains("1–1 of 2"));
    assert!(shown("?offset=1").contains("2–2 of 2"));
    assert!(shown("?cursor=abc").contains("1 of 2"), "a cursor does not say where the page starts");
    assert!(shown("?bbox=1,2,3,4&lang=fr").contains("Retirer"));
}

#[test]
fn a_record_shows_its_claims_and_both_sides_of_a_dispute() {
    let layers = layers();
    let row = page(&layers[0], 1);
    let row = row.rows().next().unwrap();
    let shown = item(&frame("http://a", "/collections/bases/items/x", ""), &layers, &layers[0], &row);
    assert_eq!(shown.matches("class=\"claim\"").count(), 2);
    assert!(shown.contains("class=\"sides\"") && shown.contains("3 or 4 August 2023"), "no date is given as certain that is not: {shown}");
    assert!(shown.contains("/collections/sources/items/%3Cs%3E"));
}
