//! What a page of records was asked for, each part with a way out of it.

use maud::{Markup, html};

use super::{Frame, asked::Asked, dates, words::Words};
use crate::{
    model::{Collection, Kind, Property},
    query::{
        filter::{Bound, Simple},
        parameter_queryables,
    },
};

/// Parameters beside a queryable's that choose records or order them, in the order in which a reader would name them.
const ASKED: [&str; 8] = ["q", "bbox", "bbox-crs", "datetime", "certainty", "filter", "filter-crs", "sortby"];

/// The parameters of the address that choose or order records, with their values.
pub(super) fn asked(frame: &Frame, collection: &Collection) -> Vec<(String, String)> {
    let view = collection.views.as_ref().map(|views| views.parameter.as_str());
    let queryables = parameter_queryables(collection);
    let chooses = |name: &str| ASKED.contains(&name) || Some(name) == view || queryables.iter().any(|queryable| queryable.name == name);
    frame.parameters().into_iter().filter(|(name, value)| chooses(name) && !value.is_empty()).collect()
}

/// The same as a list of what can be removed.
pub(super) fn chips(frame: &Frame, collection: &Collection) -> Markup {
    let words = frame.words();
    let asked = asked(frame, collection);
    html! {
        @if !asked.is_empty() {
            section .filters aria-label=(words.t("items.filters")) {
                ul .chips {
                    @let chips = all_chips(frame, collection, &asked);
                    @for (said, without) in &chips {
                        li {
                            span { (said) }
                            a href=(without) aria-label=(words.fill("items.without", &[("name", said)])) { "×" }
                        }
                    }
                    @if chips.len() > 1 {
                        li .all { a href=(frame.without(&all(&asked))) { (words.t("form.clear")) } }
                    }
                }
            }
        }
    }
}

/// Each with the address that is left without it: one for each parameter, and for each condition of the filter that a form can show.
fn all_chips(frame: &Frame, collection: &Collection, asked: &[(String, String)]) -> Vec<(String, String)> {
    let words = frame.words();
    let mut chips = Vec::new();
    for (name, value) in asked {
        if name != "filter" {
            chips.push((said(words, collection, name, value), frame.without(&with_it(name))));
            continue;
        }
        let filter = Asked::of(frame, collection);
        let left = |left: String| match left.as_str() {
            "" => frame.without(&with_it("filter")),
            left => frame.changed(&["offset", "cursor"], &[("filter", left)]),
        };
        chips.extend(filter.shown().map(|(simple, without)| (bounded(words, collection, simple), left(without))));
        let rest = filter.rest();
        if !rest.is_empty() {
            chips.push((words.fill("chip.filter", &[("value", &rest)]), left(filter.without_rest())));
        }
    }
    chips
}

/// A condition of a form in words.
fn bounded(words: Words, collection: &Collection, simple: &Simple) -> String {
    let property = collection.schema.properties.iter().find(|property| property.name == simple.property);
    let title = property.map_or(simple.property.as_str(), |property| property.title.get(words.lang));
    let key = match simple.bound {
        Bound::From => "chip.from",
        Bound::To => "chip.to",
        Bound::Within => "chip.within",
    };
    let value = match property.map(|property| property.kind) {
        Some(Kind::Date) => dates::plain(words, &simple.value),
        _ => simple.value.clone(),
    };
    words.fill(key, &[("title", title), ("value", &value)])
}

/// What goes with a parameter: where the page starts, and what only says how it is written.
fn with_it(name: &str) -> Vec<&str> {
    let also: &[&str] = match name {
        "bbox" => &["bbox-crs"],
        "filter" => &["filter-lang", "filter-crs"],
        _ => &[],
    };
    [name, "offset", "cursor"].into_iter().chain(also.iter().copied()).collect()
}

fn all(asked: &[(String, String)]) -> Vec<&str> {
    asked.iter().flat_map(|(name, _)| with_it(name)).collect()
}

/// A parameter and its value in words.
fn said(words: Words, collection: &Collection, name: &str, value: &str) -> String {
    let is_view = collection.views.as_ref().is_some_and(|views| views.parameter == name);
    let property = collection.schema.properties.iter().find(|property| property.name == name);
    match name {
        _ if is_view => words.code_of("view", value).unwrap_or(value).to_owned(),
        "q" => words.fill("chip.q", &[("value", value)]),
        "bbox" => words.fill("chip.bbox", &[("value", &value.replace(',', ", "))]),
        "datetime" => words.fill("chip.datetime", &[("value", &dates::plain(words, value))]),
        "certainty" if value == "certain" => words.t("chip.certain").to_owned(),
        "sortby" => value.split(',').map(|key| order(words, collection, key)).collect::<Vec<_>>().join(", "),
        _ => {
            let title = property.map_or(name, |property| property.title.get(words.lang));
            words.fill("chip.property", &[("title", title), ("value", spoken(words, property, value))])
        }
    }
}

/// A property's value as a reader knows it.
fn spoken<'a>(words: Words, property: Option<&Property>, value: &'a str) -> &'a str {
    match value {
        "true" => words.t("values.yes"),
        "false" => words.t("values.no"),
        _ => property.and_then(|property| words.code(property, value)).unwrap_or(value),
    }
}

/// One key of an order in words.
fn order(words: Words, collection: &Collection, key: &str) -> String {
    let name = key.trim_start_matches(['+', ' ', '-']);
    let property = collection.schema.properties.iter().find(|property| property.name == name);
    let title = property.map_or(name, |property| property.title.get(words.lang));
    words.fill(if key.starts_with('-') { "chip.down" } else { "chip.up" }, &[("title", title)])
}
