//! `/collections/{id}/items`: a page of records as a table.

use std::collections::HashSet;

use maud::{Markup, html};

use super::{
    Frame, chips, dates, downloads, filter_form, shell,
    small_map::{self, SmallMap},
    values,
    words::Words,
};
use crate::{
    model::{Collection, GeometryKind, Kind, Property, Role},
    store::{Cell, Layer, Page, Row},
};

/// Columns beside the name; the rest is on each record's own page.
const COLUMNS: usize = 6;

/// Longest text in a cell, in letters; the whole is on the record's own page.
const LONGEST: usize = 240;

/// A page of features.
pub fn items(frame: &Frame, layer: &Layer, page: &Page) -> String {
    let words = frame.words();
    let collection = &layer.collection;
    let title = collection.title.get(words.lang);
    let heading = words.fill("items.title", &[("collection", title)]);
    let (rows, by_date) = if frame.asked("sortby").is_some() { (page.rows().collect(), false) } else { in_reading_order(page) };
    let names = rows.iter().map(|row| values::label(words, collection, row)).collect::<Vec<_>>();
    let columns = columns(collection, &rows);
    let named =
        small_map::naming(collection, words.lang)[0].and_then(|name| collection.schema.properties.get(collection.schema.position(name)?));
    let contents = html! {
        h1 { (heading) }
        p .lede { (count(frame, page)) @if by_date { (words.t("items.by_date")) } }
        p .quiet { (collection.description.get(words.lang)) }
        (chips::chips(frame, collection))
        (filter_form::form(frame, collection, &columns.iter().map(|property| property.name.as_str()).collect::<Vec<_>>(), &rows))
        (map(frame, collection, &rows))
        @if rows.is_empty() {
            p .nothing { (words.t("items.none")) }
        } @else {
            div .scroll tabindex="0" role="region" aria-labelledby="items" {
                table .items .stack {
                    caption #items .hidden { (heading) }
                    thead {
                        tr {
                            (heading_of(frame, collection, named, words.t("items.name")))
                            @for property in &columns { (heading_of(frame, collection, Some(property), property.title.get(words.lang))) }
                        }
                    }
                    tbody {
                        @for (row, name) in rows.iter().zip(&names) {
                            (line(frame, collection, &columns, row, names.iter().filter(|other| *other == name).count() > 1))
                        }
                    }
                }
            }
        }
        (paging(frame))
        (downloads::these(frame))
        (downloads::terms(words, collection))
    };
    let mut trail = shell::above_collections(frame);
    trail.push((words.t("collections.title").to_owned(), frame.local(&["collections"], &[])));
    trail.push((title.to_owned(), frame.local(&["collections", &collection.id], &[])));
    shell::page(frame, &heading, collection.description.get(words.lang), &trail, &contents)
}

/// The rows of a page; by date where the page holds every match and they have one, since the order of the store means nothing to a
/// reader. Rows without a date come last.
fn in_reading_order(page: &Page) -> (Vec<Row<'_>>, bool) {
    let mut rows = page.rows().collect::<Vec<_>>();
    let schema = rows.first().map(Row::schema);
    let start = schema.and_then(|schema| schema.properties.iter().find(|property| property.role == Some(Role::PrimaryIntervalStart)));
    let Some(start) = start.filter(|start| page.returned == page.matched && rows.iter().any(|row| row.cell(&start.name) != Cell::Null))
    else {
        return (rows, false);
    };
    rows.sort_by_key(|row| match row.cell(&start.name) {
        Cell::Date(date) => (false, Some(date)),
        _ => (true, None),
    });
    (rows, true)
}

/// Where the records of the page are; nothing where none has a place.
fn map(frame: &Frame, collection: &Collection, rows: &[Row<'_>]) -> Markup {
    if !rows.iter().any(Row::is_located) {
        return html! {};
    }
    let map = SmallMap {
        label: frame.words().t("items.map"),
        features: small_map::of_page(frame, collection),
        names: small_map::naming(collection, frame.words().lang),
        pages: Some(small_map::pages(frame, collection)),
        ..SmallMap::default()
    };
    map.markup(frame)
}

/// The heading of a column: a link that sorts by it, the other way round where it is sorted by it already.
fn heading_of(frame: &Frame, collection: &Collection, property: Option<&Property>, title: &str) -> Markup {
    let words = frame.words();
    let Some(key) = property.and_then(|property| sort_key(collection, property)) else { return html! { th scope="col" { (title) } } };
    let asked = frame.asked("sortby").unwrap_or_default();
    let first = asked.split(',').next().unwrap_or_default();
    let (up, down) = (first.trim_start_matches(['+', ' ']) == key, first.strip_prefix('-') == Some(key));
    let (other, state) = match (up, down) {
        (true, _) => (format!("-{key}"), Some("ascending")),
        (_, true) => (key.to_owned(), Some("descending")),
        _ => (key.to_owned(), None),
    };
    html! {
        th scope="col" aria-sort=[state] {
            a href=(frame.changed(&["cursor", "offset"], &[("sortby", &other)])) title=(words.fill("items.sort", &[("title", title)])) { (title) }
        }
    }
}

/// The property by which a column is sorted: itself, or, where its text has no order, its first day.
fn sort_key<'a>(collection: &'a Collection, property: &'a Property) -> Option<&'a str> {
    if property.kind.is_sortable() {
        return Some(&property.name);
    }
    let earliest = format!("{}_earliest", property.name);
    let earliest = collection.schema.properties.iter().find(|other| other.name == earliest && other.kind.is_sortable());
    earliest.map(|other| other.name.as_str())
}

/// Which records of how many. Where a page starts is known only while the address says it: a cursor does not.
fn count(frame: &Frame, page: &Page) -> String {
    let words = frame.words();
    let number = |n: u64| words.integer(n.into());
    let skipped = match (frame.asked("cursor"), frame.asked("offset")) {
        (Some(_), _) => None,
        (None, offset) => Some(offset.and_then(|offset| offset.parse::<u64>().ok()).unwrap_or(0)),
    };
    match skipped {
        _ if page.returned == 0 => words.count("records", page.matched),
        Some(skipped) => {
            let (first, last) = (number(skipped + 1), number(skipped + page.returned));
            words.fill("items.range", &[("first", &first), ("last", &last), ("all", &number(page.matched))])
        }
        None => words.fill("items.part", &[("n", &number(page.returned)), ("all", &number(page.matched))]),
    }
}

/// The properties worth a column: the first ones that say something here, without those that repeat another (its translation, its
/// bounds), without ids of other tables' rows and without what is too long for a cell.
fn columns<'a>(collection: &'a Collection, rows: &[Row<'_>]) -> Vec<&'a Property> {
    let schema = &collection.schema;
    let names = schema.properties.iter().map(|property| property.name.as_str()).collect::<HashSet<_>>();
    let label = collection.label.as_ref();
    let is_label = |name: &str| label.map_or(name == "name", |label| name == label.en || Some(name) == label.fr.as_deref());
    let is_variant = |name: &str| name.rsplit_once('_').is_some_and(|(stem, _)| names.contains(stem));
    let is_reference = |name: &str| names.contains(format!("{name}_name").as_str()) || names.contains(format!("{name}_title").as_str());
    let useful = schema.properties.iter().filter(|property| {
        let name = property.name.as_str();
        !is_label(name)
            && !matches!(property.kind, Kind::List | Kind::Json)
            && !is_variant(name)
            && !is_reference(name)
            && rows.iter().any(|row| row.cell(name) != Cell::Null)
            && !is_refrain(name, rows)
    });
    useful.take(COLUMNS).collect()
}

/// Whether every record says the same sentence.
fn is_refrain(name: &str, rows: &[Row<'_>]) -> bool {
    let first = rows.first().and_then(|row| row.text(name)).filter(|text| text.len() > 20);
    rows.len() > 3 && first.is_some() && rows.iter().all(|row| row.text(name) == first)
}

/// One record; with its id where others have the same name.
fn line(frame: &Frame, collection: &Collection, columns: &[&Property], row: &Row<'_>, is_namesake: bool) -> Markup {
    let words = frame.words();
    let view = frame.view(collection);
    let query = view.as_ref().map(|(name, value)| (name.as_str(), value.as_str())).into_iter().collect::<Vec<_>>();
    let unlocated = collection.geometry != GeometryKind::None && !row.is_located();
    html! {
        tr {
            th scope="row" {
                a href=(frame.local(&["collections", &collection.id, "items", row.id()], &query)) { (values::label(words, collection, row)) }
                @if is_namesake { " " code { (row.id()) } }
                @if unlocated { " " span .mark-off { (words.t("items.unlocated")) } }
            }
            @for property in columns {
                @let cell = cell(words, property, row);
                td .none[cell.is_none()] data-label=(property.title.get(words.lang)) {
                    @if let Some(cell) = cell { (cell) } @else { span .hidden { (words.t("items.unknown")) } }
                }
            }
        }
    }
}

/// A value for a table: in the page's language where the data have it. `None` where it is not known.
pub(super) fn cell(words: Words, property: &Property, row: &Row<'_>) -> Option<Markup> {
    let translated = values::local(words, row, &property.name);
    let is_own_time = property.kind == Kind::Edtf && values::own_time(row).is_some_and(|(own, _)| own.name == property.name);
    // A claim's value is a text that may be a date.
    let dated = |text: &str| {
        property.kind == Kind::Text && row.schema().position(&format!("{}_earliest", property.name)).is_some() && text.contains('-')
    };
    match translated {
        Some(text) if dated(text) => Some(dates::when(words, text)),
        Some(text) if is_own_time => Some(values::own_date(words, row, text)),
        Some(text) if property.kind == Kind::Uri => Some(values::host(text)),
        Some(text) => values::value(words, property, Cell::Text(&values::short(text, LONGEST))),
        None => values::value(words, property, row.cell(&property.name)),
    }
}

/// To the first page and to the next one.
fn paging(frame: &Frame) -> Markup {
    let words = frame.words();
    let next = frame.links.iter().find(|link| link.rel == "next");
    let is_first = frame.asked("cursor").is_none() && frame.asked("offset").is_none();
    html! {
        @if next.is_some() || !is_first {
            nav .paging aria-label=(words.t("items.pages")) {
                @if !is_first { a href=(frame.without(&["cursor", "offset"])) rel="first" { (words.t("items.first")) } }
                @if let Some(next) = next { a .main href=(next.href) rel="next" { (words.t("items.next")) } }
            }
        }
    }
}
