//! `/`: the shell of the map, and the same content as a table for readers without JavaScript.
//!
//! `web/index.html` is the reference of the shell: a test compares its elements with those written here. The scripts take header and
//! `#fallback` away once they have built the map; their addresses are relative to the page, as the scripts' own are.

use jiff::civil::Date;
use maud::{DOCTYPE, Markup, html};

use super::{Frame, items, links, shell, values};
use crate::{
    dataset::{Credit, MapConfig},
    model::{GeometryKind, Lang},
    store::{Cell, Layer, Row},
};

/// Rows of the table at the most; beyond it the list of the collection goes on.
const MOST: usize = 500;

/// The landing page: the shell of the map, and the same content as a table for readers without JavaScript.
pub fn landing(frame: &Frame, map: &MapConfig, layers: &[Layer]) -> String {
    let words = frame.words();
    let (title, lede) = (map.title.get(frame.lang), map.lede.get(frame.lang));
    let address = frame.absolute(&[], &[]);
    let locale = match frame.lang {
        Lang::En => "en_GB",
        Lang::Fr => "fr_FR",
    };
    html! {
        (DOCTYPE)
        html lang=(frame.lang.tag()) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover";
                title { (title) }
                meta name="description" content=(lede);
                meta name="color-scheme" content="light dark";
                meta property="og:type" content="website";
                meta property="og:title" content=(title);
                meta property="og:description" content=(lede);
                meta property="og:url" content=(address);
                meta property="og:locale" content=(locale);
                meta name="twitter:card" content="summary";
                link rel="canonical" href=(address);
                (shell::languages_for_programs(frame))
                (links::for_programs(frame))
                link rel="icon" href="assets/icon.svg" type="image/svg+xml";
                link rel="stylesheet" href="assets/vendor/leaflet-1.9.4/leaflet.css";
                link rel="stylesheet" href="assets/css/base.css";
                link rel="stylesheet" href="assets/css/page.css";
                link rel="stylesheet" href="assets/css/map.css";
                link rel="modulepreload" href="assets/vendor/leaflet-1.9.4/leaflet-src.esm.js";
                script type="module" src="assets/js/main.js" {}
                // Only readers without JavaScript see the tables for long.
                noscript { link rel="stylesheet" href="assets/css/pages.css"; }
            }
            body {
                header {
                    h1 { (title) }
                    p { (lede) }
                }
                main #fallback .pages {
                    (shell::languages(frame))
                    noscript { p { (words.t("landing.nojs")) } }
                    @if let Some(list) = List::of(frame, map, layers) { (list.tables()) }
                    (downloads(frame, layers))
                    (credits(frame, &map.attribution))
                    (links::for_people(frame))
                }
            }
        }
    }
    .into_string()
}

/// The map's first layer, as a table.
struct List<'a> {
    frame: &'a Frame,
    layer: &'a Layer,
    title: &'a str,
    /// The properties with columns of their own.
    columns: Vec<&'a str>,
    /// Located and unlocated rows, by date.
    rows: [Vec<Row<'a>>; 2],
}

impl<'a> List<'a> {
    /// From the layer that the map's configuration names first; without one, from the first collection.
    fn of(frame: &'a Frame, map: &'a MapConfig, layers: &'a [Layer]) -> Option<Self> {
        let config = map.layers.first();
        let named = config.and_then(|config| layers.iter().find(|layer| layer.collection.id == config.collection));
        let layer = named.or(layers.first())?;
        let schema = &layer.collection.schema;
        let time = config.filter(|_| named.is_some()).and_then(|config| config.time.as_ref());
        let earliest = time.map_or("", |time| &time.earliest);
        let mut rows = (0..layer.table().len()).take(MOST).map(|position| layer.table().row(position)).collect::<Vec<_>>();
        rows.sort_by_key(|row| (day(row, earliest), row.id()));
        let filters = config.into_iter().flat_map(|config| &config.filters).map(String::as_str);
        let columns = time.map(|time| time.edtf.as_str()).into_iter().chain(["agreement"]).chain(filters);
        let is_used = |name: &&str| schema.position(name).is_some() && rows.iter().any(|row| row.cell(name) != Cell::Null);
        let columns = columns.filter(is_used).collect();
        let (located, unlocated) = rows.into_iter().partition(|row| layer.collection.geometry == GeometryKind::None || row.is_located());
        let title = config.filter(|_| named.is_some()).map_or(&layer.collection.title, |config| &config.title);
        Some(Self { frame, layer, title: title.get(frame.lang), columns, rows: [located, unlocated] })
    }

    /// One table of what has a place, one of what has none.
    fn tables(&self) -> Markup {
        let words = self.frame.words();
        let [located, unlocated] = &self.rows;
        let more = (self.layer.len() as usize).saturating_sub(located.len() + unlocated.len());
        html! {
            (self.table(self.title, located))
            @if !unlocated.is_empty() { (self.table(words.t("landing.unplaced"), unlocated)) }
            @if more > 0 {
                p {
                    a href=(self.frame.local(&["collections", &self.layer.collection.id, "items"], &[])) { (words.count("landing.more", more as u64)) }
                }
            }
        }
    }

    fn table(&self, caption: &str, rows: &[Row<'_>]) -> Markup {
        let words = self.frame.words();
        let collection = &self.layer.collection;
        let properties = self.columns.iter().filter_map(|name| collection.schema.properties.get(collection.schema.position(name)?));
        let properties = properties.collect::<Vec<_>>();
        html! {
            div .scroll tabindex="0" role="region" aria-label=(caption) {
                table .items .stack {
                    caption { (caption) }
                    thead {
                        tr {
                            th scope="col" { (words.t("items.name")) }
                            @for property in &properties { th scope="col" { (property.title.get(words.lang)) } }
                            th scope="col" { (words.t("landing.record")) }
                        }
                    }
                    tbody {
                        @for row in rows {
                            @let path = ["collections", collection.id.as_str(), "items", row.id()];
                            tr {
                                th scope="row" { a href=(self.frame.local(&path, &[])) { (values::label(words, collection, row)) } }
                                @for property in &properties {
                                    td data-label=(property.title.get(words.lang)) { @if let Some(value) = items::cell(words, property, row) { (value) } }
                                }
                                td {
                                    a href=(self.frame.local(&path, &[("f", "json")])) type="application/geo+json" { "GeoJSON" span .hidden { " " (values::label(words, collection, row)) } }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// The first possible day, those without one last.
fn day(row: &Row<'_>, property: &str) -> (bool, Option<Date>) {
    match row.cell(property) {
        Cell::Date(date) => (false, Some(date)),
        _ => (true, None),
    }
}

/// Every collection with its addresses.
fn downloads(frame: &Frame, layers: &[Layer]) -> Markup {
    let words = frame.words();
    html! {
        h2 { (words.t("landing.downloads")) }
        table {
            caption .hidden { (words.t("landing.downloads")) }
            thead {
                tr {
                    th scope="col" { (words.t("landing.collection")) }
                    th scope="col" { (words.t("landing.records")) }
                    th scope="col" { (words.t("landing.forms")) }
                }
            }
            tbody {
                @for layer in layers {
                    @let (id, title) = (layer.collection.id.as_str(), layer.collection.title.get(frame.lang));
                    @let items = |form: &str| frame.local(&["collections", id, "items"], &[("f", form), ("limit", "10000")]);
                    tr {
                        th scope="row" { a href=(frame.local(&["collections", id], &[])) { (title) } }
                        td { (words.integer(layer.len().into())) }
                        td {
                            a href=(items("json")) type="application/geo+json" { "GeoJSON" span .hidden { " " (title) } } " · "
                            a href=(items("csv")) type="text/csv" { "CSV" span .hidden { " " (title) } } " · "
                            a href=(frame.local(&["collections", id, "items"], &[])) { (words.t("collections.items")) span .hidden { " " (title) } }
                        }
                    }
                }
            }
        }
        p { (words.t("landing.api")) }
    }
}

/// Whom the map credits.
fn credits(frame: &Frame, credits: &[Credit]) -> Markup {
    let words = frame.words();
    html! {
        @if !credits.is_empty() {
            p {
                (words.t("collection.attribution")) (words.t("colon"))
                @for (index, credit) in credits.iter().enumerate() {
                    @if index > 0 { (words.t("landing.and")) }
                    " "
                    @if values::is_web(&credit.url) { a href=(credit.url) rel="external noopener noreferrer" { (credit.text) } } @else { (credit.text) }
                }
            }
        }
    }
}
