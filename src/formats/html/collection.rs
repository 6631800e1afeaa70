//! `/collections/{id}`: what a collection is, what its records say, and how to take it along.

use maud::{Markup, html};

use super::{Frame, dates, downloads, shell, usage, values, words::Words};
use crate::{
    model::{Collection, Kind, Property, Role},
    store::Layer,
};

/// One collection.
pub fn collection(frame: &Frame, layer: &Layer) -> String {
    let words = frame.words();
    let collection = &layer.collection;
    let (title, description) = (collection.title.get(words.lang), collection.description.get(words.lang));
    let items = |query: &[(&str, &str)]| frame.local(&["collections", &collection.id, "items"], query);
    let contents = html! {
        h1 { (title) }
        p .lede { (description) }
        p .ways {
            a .main href=(items(&[])) { (words.count("collection.list", layer.len().into())) }
            @if frame.links.iter().any(|link| link.href.ends_with("/conflicts")) {
                a href=(frame.local(&["collections", &collection.id, "conflicts"], &[])) { (words.t("conflicts.link")) }
            }
        }
        (facts(words, layer))
        (downloads::section(frame, collection))
        (views(frame, layer))
        (properties(words, collection))
        (usage::section(frame, layer))
    };
    let mut trail = shell::above_collections(frame);
    trail.push((words.t("collections.title").to_owned(), frame.local(&["collections"], &[])));
    shell::page(frame, title, description, &trail, &contents)
}

/// Between which edges and days the features of a table lie, in words; what is not known is left out.
pub(super) fn when_and_where(words: Words, layer: &Layer) -> Vec<String> {
    let space = layer.extent().map(|rect| values::extent(words, &rect));
    let time = layer.span().and_then(|span| dates::span(words, span));
    time.into_iter().chain(space).collect()
}

/// Extent, licence, whom to credit, keywords.
fn facts(words: Words, layer: &Layer) -> Markup {
    let collection = &layer.collection;
    html! {
        dl .facts {
            @if let Some(time) = layer.span().and_then(|span| dates::span(words, span)) { div { dt { (words.t("collection.time")) } dd { (time) } } }
            @if let Some(rect) = layer.extent() { div { dt { (words.t("collection.space")) } dd { (values::extent(words, &rect)) } } }
            @if let Some(licence) = &collection.licence {
                div { dt { (words.t("rel.license")) } dd { a href=(licence.address) rel="license external noopener noreferrer" { (licence.name) } } }
            }
            @if let Some(source) = &collection.source {
                div { dt { (words.t("collection.source")) } dd {
                    @match &source.address {
                        Some(address) => a href=(address) rel="external noopener noreferrer" { (source.name) },
                        None => (source.name),
                    }
                } }
            }
            @if let Some(credit) = &collection.attribution { div { dt { (words.t("collection.attribution")) } dd { (credit) } } }
            @if !collection.keywords.is_empty() { div { dt { (words.t("collection.keywords")) } dd { (collection.keywords.join(", ")) } } }
        }
    }
}

/// The views of a collection that has several, each with its number of records.
fn views(frame: &Frame, layer: &Layer) -> Markup {
    let words = frame.words();
    let collection = &layer.collection;
    let Some(views) = &collection.views else { return html! {} };
    html! {
        section {
            h2 { (words.t("collection.views")) }
            p { (words.fill("collection.views_lede", &[("parameter", &views.parameter)])) }
            ul .plain {
                @for (name, table) in views.names.iter().zip(layer.tables.iter()) {
                    li {
                        a href=(frame.local(&["collections", &collection.id, "items"], &[(views.parameter.as_str(), name)])) {
                            (words.code_of("view", name).unwrap_or(name))
                        }
                        " " code { (views.parameter) "=" (name) } " · " (words.count("records", table.len().into()))
                    }
                }
            }
        }
    }
}

/// What each property is.
fn properties(words: Words, collection: &Collection) -> Markup {
    html! {
        section {
            h2 { (words.t("collection.properties")) }
            div .scroll tabindex="0" role="region" aria-labelledby="properties" {
                table .stack {
                    caption #properties { (words.t("collection.properties_lede")) }
                    thead {
                        tr {
                            th scope="col" { (words.t("collection.property")) }
                            th scope="col" { (words.t("collection.type")) }
                            th scope="col" { (words.t("collection.meaning")) }
                        }
                    }
                    tbody { @for property in &collection.schema.properties { (row(words, property)) } }
                }
            }
        }
    }
}

fn row(words: Words, property: &Property) -> Markup {
    let described = property.description.as_ref().map(|text| text.get(words.lang));
    html! {
        tr {
            th scope="row" { code { (property.name) } }
            td .kind data-label=(words.t("collection.type")) {
                (words.t(kind(property.kind)))
                @if let Some(unit) = property.unit.as_deref().filter(|unit| *unit != "1") { ", " (words.code_of("unit", unit).unwrap_or(unit)) }
            }
            td {
                strong { (property.title.get(words.lang)) }
                @if let Some(text) = described { (words.t("colon")) " " (text) }
                @if !property.codes.is_empty() {
                    ul .codes {
                        @for code in &property.codes { li { code { (code) } @if let Some(word) = words.code(property, code) { " " (word) } } }
                    }
                }
                @if let Some(role) = property.role { p .quiet { (words.t(role_key(role))) } }
            }
        }
    }
}

/// The key of a type's name.
fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Text => "datatype.text",
        Kind::Integer => "datatype.integer",
        Kind::Number => "datatype.number",
        Kind::Boolean => "datatype.boolean",
        Kind::Date => "datatype.date",
        Kind::Timestamp => "datatype.timestamp",
        Kind::Edtf => "datatype.edtf",
        Kind::Uri => "datatype.uri",
        Kind::List => "datatype.list",
        Kind::Json => "datatype.json",
    }
}

/// The key of what a role in time means.
fn role_key(role: Role) -> &'static str {
    match role {
        Role::PrimaryInstant => "role.instant",
        Role::PrimaryIntervalStart => "role.start",
        Role::PrimaryIntervalEnd => "role.end",
    }
}
