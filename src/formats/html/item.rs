//! `/collections/{id}/items/{id}`: one record: what it says in short, who says so, where it is, every property.

use maud::{Markup, html};

use super::{
    Frame, claims, dates, downloads, shell,
    small_map::{self, SmallMap},
    values,
    words::Words,
};
use crate::{
    model::{Collection, GeometryKind, Kind, Property},
    store::{Cell, Layer, Row},
};

/// Other records drawn on the small map, at the most.
const BESIDE: &str = "300";

/// One feature; `layers` are all there are, so that a value's claims and their sources can be shown beside it.
pub fn item(frame: &Frame, layers: &[Layer], layer: &Layer, row: &Row<'_>) -> String {
    let words = frame.words();
    let collection = &layer.collection;
    let title = values::label(words, collection, row);
    let described = values::local(words, row, "description");
    let view = frame.view(collection);
    let contents = html! {
        h1 { (title) }
        p .kicker { (collection.title.get(words.lang)) " · " code { (row.id()) } }
        @if let Some((name, value)) = &view {
            p .notice {
                (words.fill("item.view", &[("view", words.code_of("view", value).unwrap_or(value))])) " " a href=(frame.without(&[name])) { (words.t("item.all")) }
            }
        }
        @if let Some(text) = described { p .lede { (text) } }
        (in_short(words, row))
        (claims::section(frame, layers, layer, row))
        (placed(frame, collection, row))
        (properties(frame, layers, row))
        (downloads::terms(words, collection))
    };
    let mut trail = shell::above_collections(frame);
    let query = view.as_ref().map(|(name, value)| (name.as_str(), value.as_str())).into_iter().collect::<Vec<_>>();
    trail.push((words.t("collections.title").to_owned(), frame.local(&["collections"], &[])));
    trail.push((collection.title.get(words.lang).to_owned(), frame.local(&["collections", &collection.id], &[])));
    trail.push((words.t("item.records").to_owned(), frame.local(&["collections", &collection.id, "items"], &query)));
    let summary = described.map_or_else(|| in_one_line(words, collection, row), str::to_owned);
    shell::page(frame, &title, &summary, &trail, &contents)
}

/// The date and how sure it is, large; then what was planned.
fn in_short(words: Words, row: &Row<'_>) -> Markup {
    let is_claim = row.schema().position("modality").is_some();
    let agreement = row.text("agreement").and_then(|code| words.code_of("sure", code));
    let planned = row.text("planned");
    html! {
        @if let Some((property, text)) = values::own_time(row).filter(|_| !is_claim) {
            div .short {
                p .when { span .what { (property.title.get(words.lang)) (words.t("colon")) } " " (values::own_date(words, row, text)) }
                @if let Some(agreement) = agreement { p { (agreement) } }
            }
        } @else if let Some(agreement) = agreement {
            div .short { p .when { (agreement) } }
        }
        @if let Some(planned) = planned { p .planned { (words.t("item.planned")) " " (dates::when(words, planned)) } }
    }
}

/// The same for search engines and previews.
fn in_one_line(words: Words, collection: &Collection, row: &Row<'_>) -> String {
    match values::own_time(row) {
        Some((property, text)) => {
            format!("{}{} {}", property.title.get(words.lang), words.t("colon"), values::own_date_plain(words, row, text))
        }
        None => collection.description.get(words.lang).to_owned(),
    }
}

/// Where it is and how exactly; or that it is nowhere.
fn placed(frame: &Frame, collection: &Collection, row: &Row<'_>) -> Markup {
    let words = frame.words();
    if collection.geometry == GeometryKind::None {
        return html! {};
    }
    let matched = row.text("match").and_then(|code| words.code_of("match", code));
    html! {
        section {
            h2 { (words.t("item.place")) }
            @match row.geometry() {
                None => p { (words.t("item.unplaced")) },
                Some(geometry) => {
                    p {
                        (values::position(words, &geometry))
                        @if let Cell::Integer(radius) = row.cell("accuracy_m") {
                            ". " (words.fill("item.radius", &[("km", &words.number(radius as f64 / 1000.0))]))
                        }
                    }
                    (map(frame, collection, row))
                    @if let Some(how) = matched {
                        p .quiet { (words.fill("item.matched", &[("place", row.text("place_name").unwrap_or(row.id())), ("how", how)])) }
                    }
                    p {
                        a href={
                            (frame.local(&[], &[])) "#on=" (fragment(&collection.id)) "/" (fragment(row.id()))
                            @if let Some((_, view)) = frame.view(collection) { "&view=" (fragment(&view)) }
                        } { (words.t("item.map")) }
                    }
                }
            }
        }
    }
}

/// The record on a small map, among the others of its collection.
fn map(frame: &Frame, collection: &Collection, row: &Row<'_>) -> Markup {
    let view = frame.view(collection);
    let view = view.as_ref().map(|(name, value)| (name.as_str(), value.as_str()));
    let names = small_map::naming(collection, frame.words().lang);
    let wanted = small_map::wanted(&collection.schema, names);
    let json = |path: &[&str], more: &[(&str, &str)]| {
        let query = view.into_iter().chain([("f", "json")]).chain(more.iter().copied()).collect::<Vec<_>>();
        super::frame::join_to(frame.root(), path, &query)
    };
    let map = SmallMap {
        label: frame.words().t("item.small_map"),
        features: json(&["collections", &collection.id, "items", row.id()], &[]),
        // Whole shapes of others would take longer than they help.
        beside: (collection.geometry == GeometryKind::Point)
            .then(|| json(&["collections", &collection.id, "items"], &[("properties", &wanted), ("limit", BESIDE)])),
        names,
        ..SmallMap::default()
    };
    map.markup(frame)
}

/// Part of the address of the map's view; the page reads it as a query, so that `&` and `#` must not stand bare.
fn fragment(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

/// Every property, those that are known with their values.
fn properties(frame: &Frame, layers: &[Layer], row: &Row<'_>) -> Markup {
    let words = frame.words();
    let known = row.cells().filter_map(|(property, cell)| Some((property, shown(frame, layers, property, cell)?))).collect::<Vec<_>>();
    let unknown =
        row.cells().filter(|(property, _)| known.iter().all(|(shown, _)| shown.name != property.name)).map(|(property, _)| property);
    let unknown = unknown.map(|property| property.title.get(words.lang)).collect::<Vec<_>>();
    html! {
        section {
            h2 { (words.t("item.properties")) }
            dl .properties {
                div { dt { "id" } dd { code { (row.id()) } } }
                @for (property, value) in &known {
                    div { dt title=(property.name) { (property.title.get(words.lang)) } dd { (value) } }
                }
            }
            @if !unknown.is_empty() { p .quiet { (words.t("item.unknown")) " " (unknown.join(" · ")) } }
        }
    }
}

/// A value, linked to the record that it names where it names one.
fn shown(frame: &Frame, layers: &[Layer], property: &Property, cell: Cell<'_>) -> Option<Markup> {
    let words = frame.words();
    if let (Kind::Text, Cell::Text(id)) = (property.kind, cell)
        && let Some(target) = named(layers, &property.name, id)
    {
        return Some(html! { a href=(frame.local(&["collections", &target.collection.id, "items", id], &[])) { (id) } });
    }
    values::value(words, property, cell)
}

/// The collection that holds the record which a property names: `place` names one of `places`, a claim's subject one of any.
pub(super) fn named<'a>(layers: &'a [Layer], property: &str, id: &str) -> Option<&'a Layer> {
    let plural = format!("{property}s");
    let holds = |layer: &&Layer| layer.holds(id);
    let is_named = |layer: &&Layer| layer.collection.id == plural || (property == claims::SUBJECT && layer.collection.id != claims::CLAIMS);
    layers.iter().filter(is_named).find(holds)
}
