//! Who says so: the claims behind a record, the acts they tell of, and where they differ.

use maud::{Markup, html};

use super::{Frame, dates, how, item::named, values, words::Words};
pub(super) use crate::formats::said::SOURCES;
use crate::{
    formats::segment,
    store::{Cell, Layer, Row},
};

/// The collection whose records are claims about other records.
pub(super) const CLAIMS: &str = "claims";
/// Its property that holds the id of the record a claim is about.
pub(super) const SUBJECT: &str = "subject";
/// Properties of a claim that a base's or an event's own date rests on.
const DECIDING: [&str; 2] = ["closed", "when"];

/// What claims say about a record, or, for a source, what it says itself. Nothing where the data set has no claims.
pub(super) fn section(frame: &Frame, layers: &[Layer], layer: &Layer, row: &Row<'_>) -> Markup {
    let words = frame.words();
    let Some(store) = layers.iter().find(|layer| layer.collection.id == CLAIMS) else { return html! {} };
    if layer.collection.id == CLAIMS {
        return html! { section .evidence { h2 { (words.t("claims.one")) } (list(frame, layers, &[*row], Said::Nothing)) } };
    }
    if layer.collection.id == SOURCES.0 {
        let said = about(frame, store, SOURCES.1, row.id());
        return section_of(words, "claims.of_source", said.len(), &list(frame, layers, &said, Said::Source));
    }
    let said = about(frame, store, SUBJECT, row.id());
    section_of(
        words,
        "claims.about",
        said.len(),
        &html! { (dispute(words, row, &said)) (acts(frame, row)) (parted(frame, layers, &said)) (how::section(frame, layers, row, &said)) },
    )
}

fn section_of(words: Words, key: &str, count: usize, contents: &Markup) -> Markup {
    html! {
        @if count > 0 { section .evidence { h2 { (words.count(key, count as u64)) } (contents) } }
    }
}

/// The claims whose `property` is `id`, in the view of the page, in the order of a reader's questions: what decides the date, then
/// plans, then the rest; set aside last.
///
/// Cost: one pass over all claims.
fn about<'a>(frame: &Frame, store: &'a Layer, property: &str, id: &str) -> Vec<Row<'a>> {
    let mut rows = of_view(frame, store).filter(|row| row.text(property) == Some(id)).collect::<Vec<_>>();
    rows.sort_by_key(|row| {
        let modality = ["reported", "not_yet", "planned"].iter().position(|name| row.text("modality") == Some(name));
        let earliest = match row.cell("value_earliest") {
            Cell::Date(date) => Some(date),
            _ => None,
        };
        (!decides(row), row.cell("counts") == Cell::Boolean(false), modality, earliest.is_none(), earliest, row.id())
    });
    rows
}

/// Every claim, in the view of the page.
pub(super) fn of_view<'a>(frame: &Frame, store: &'a Layer) -> impl Iterator<Item = Row<'a>> {
    let view = frame.view(&store.collection).map(|(_, name)| name);
    let views = store.collection.views.as_ref().map(|views| views.names.as_slice()).unwrap_or_default();
    let table = &store.tables[views.iter().position(|name| Some(name) == view.as_ref()).unwrap_or(0)];
    (0..table.len()).map(|position| table.row(position))
}

/// Whether a claim is about the date itself.
fn decides(row: &Row<'_>) -> bool {
    row.text("property").is_some_and(|property| DECIDING.contains(&property))
}

/// The claims about a record: those on its date first, then, under a heading of their own, those on anything else.
fn parted(frame: &Frame, layers: &[Layer], rows: &[Row<'_>]) -> Markup {
    let words = frame.words();
    let (date, rest) = rows.split_at(rows.partition_point(decides));
    html! {
        (list(frame, layers, date, Said::Subject))
        @if !rest.is_empty() {
            @if !date.is_empty() { h3 { (words.t("claims.rest")) } }
            (list(frame, layers, rest, Said::Subject))
        }
    }
}

/// What a page says already of all its claims, so that none repeats it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Said {
    Nothing,
    Subject,
    Source,
}

/// Claims one under another.
fn list(frame: &Frame, layers: &[Layer], rows: &[Row<'_>], already: Said) -> Markup {
    html! { @if !rows.is_empty() { ul .claims { @for row in rows { (claim(frame, layers, row, already)) } } } }
}

/// One claim: what is said, by whom, in which words, and how far to trust it.
fn claim(frame: &Frame, layers: &[Layer], row: &Row<'_>, already: Said) -> Markup {
    let words = frame.words();
    let flag = row.text("act") == Some("flag_lowered");
    let aside = row.cell("counts") == Cell::Boolean(false) && !flag;
    let source = row.text(SOURCES.1).and_then(|id| Some((id, source(layers, id)?)));
    let language = source.and_then(|(_, source)| source.text("language"));
    let tags = ["modality", "reading", "confidence"].into_iter().filter_map(|name| words.code_of(name, row.text(name)?));
    html! {
        li .claim .aside[aside] id={ "claim-" (row.id()) } {
            p .said {
                @if let Some(name) = row.text("subject_name").filter(|_| already != Said::Subject) {
                    (subject(frame, layers, row, name)) (words.t("colon")) " "
                }
                b { (said(words, row)) } " " (value(words, row))
            }
            @if let Some(counted) = values::local(words, row, "counted") {
                p .quiet { (counted) @if let Some(day) = row.text("as_of") { " (" (words.t("claims.as_of")) " " (dates::plain(words, day)) ")" } }
            }
            @if already != Said::Source { p .from { (from(frame, row, source)) (locator(words, row)) } }
            @if already == Said::Source { p .from { (locator(words, row)) } }
            @if let Some(anchor) = row.text("anchor") { blockquote lang=[language] { (quotation(words, anchor)) } }
            @if let Some(note) = values::local(words, row, "note") { p .note { (note) } }
            ul .tags aria-label=(words.t("claims.kind")) {
                @if aside { li .warn { (words.t("claims.aside")) } }
                @if flag { li .warn { (words.t("claims.flag")) } }
                @for tag in tags { li { (tag) } }
                li {
                    a href=(frame.local(&["collections", CLAIMS, "items", row.id()], &[])) aria-label=(words.fill("claims.link", &[("id", row.id())])) { (words.t("claims.claim")) }
                }
            }
        }
    }
}

/// Where in the source's text it is said.
fn locator(words: Words, row: &Row<'_>) -> Markup {
    let (Cell::Integer(start), Cell::Integer(end)) = (row.cell("start"), row.cell("end")) else { return html! {} };
    let (start, end) = (words.integer(start.into()), words.integer(end.into()));
    html! { " " span .at title=(words.t("claims.at_title")) { (words.fill("claims.at", &[("start", &start), ("end", &end)])) } }
}

/// Who says it and when: the source's title or id, its publisher, its date.
fn from(frame: &Frame, row: &Row<'_>, source: Option<(&str, Row<'_>)>) -> Markup {
    let words = frame.words();
    let Some((id, source)) = source else { return html! { (row.text("publisher").unwrap_or_default()) } };
    let title = source.text("title");
    let published = source.text("published").map(|day| dates::plain(words, day));
    html! {
        a href={ (frame.local(&["collections", SOURCES.0, "items", id], &[])) "#claim-" (segment(row.id())) } lang=[title.and(source.text("language"))] { (title.unwrap_or(id)) }
        @for part in [source.text("publisher").map(str::to_owned), published].into_iter().flatten() { " · " (part) }
    }
}

/// The name of what a claim is about, linked to its record where a collection holds it.
fn subject(frame: &Frame, layers: &[Layer], row: &Row<'_>, name: &str) -> Markup {
    let id = row.text(SUBJECT).unwrap_or_default();
    html! {
        @if let Some(layer) = named(layers, SUBJECT, id) { a href={ (frame.local(&["collections", &layer.collection.id, "items", id], &[])) "#claim-" (segment(row.id())) } { (name) } } @else { (name) }
    }
}

/// What is said to have happened, to be planned or not to have happened yet; or what is told.
fn said<'a>(words: Words, row: &Row<'a>) -> &'a str {
    match (row.text("property"), row.text("modality")) {
        (Some("closed"), Some("planned")) => return words.t("claims.closing_planned"),
        (Some("closed"), Some("not_yet")) => return words.t("claims.still_open"),
        _ => {}
    }
    let act = row.text("act").map(|act| words.code_of("act", act).unwrap_or(act));
    act.unwrap_or_else(|| row.text("property").map_or("", |name| words.code_of("property", name).unwrap_or(name)))
}

/// What a claim says the value is: a date in words, a number with its bound and unit, or a text.
fn value(words: Words, row: &Row<'_>) -> Markup {
    let text = row.text("value").unwrap_or_default();
    let is_date = row.cell("value_earliest") != Cell::Null || row.cell("value_latest") != Cell::Null;
    if is_date {
        return dates::when(words, text);
    }
    if row.cell("value_low") != Cell::Null || row.cell("value_high") != Cell::Null {
        let bound = row.text("bound").filter(|bound| *bound != "exactly").and_then(|bound| words.code_of("bound", bound));
        let number = text.parse::<f64>().map_or_else(|_| text.to_owned(), |number| words.number(number));
        let unit = row.text("unit").map(|unit| words.code_of("unit", unit).unwrap_or(unit));
        return html! { @if let Some(bound) = bound { (bound) " " } (number) @if let Some(unit) = unit { "\u{a0}" (unit) } };
    }
    let property = row.text("property").unwrap_or_default();
    html! { (words.code_of(property, text).unwrap_or(text)) }
}

fn source<'a>(layers: &'a [Layer], id: &str) -> Option<Row<'a>> {
    let table = layers.iter().find(|layer| layer.collection.id == SOURCES.0)?.table();
    table.find(id).map(|position| table.row(position))
}

/// The words of a source in the page's quotation marks.
fn quotation(words: Words, text: &str) -> String {
    words.fill("claims.quote", &[("text", text)])
}

/// The dates of a dispute side by side, each with those who give it, and the rule by which one is shown first.
fn dispute(words: Words, row: &Row<'_>, claims: &[Row<'_>]) -> Markup {
    let sides = values::alternatives(row);
    if sides.len() < 2 {
        return html! {};
    }
    let counted = |row: &&Row<'_>| row.text("modality") == Some("reported") && row.cell("counts") != Cell::Boolean(false);
    let voices = |date: &str| {
        let claims = claims.iter().filter(counted).filter(|row| row.text("value") == Some(date));
        let names = claims.filter_map(|row| row.text("publisher").or(row.text("source_title")).or(row.text(SOURCES.1)));
        names.fold(Vec::new(), |mut names, name| {
            if !names.contains(&name) {
                names.push(name);
            }
            names
        })
    };
    html! {
        div .dispute {
            h3 { (words.t("claims.dispute")) }
            ul .sides {
                @for date in &sides {
                    li { p .when { (dates::when(words, date)) } p .quiet { (voices(date).join(", ")) } }
                }
            }
            p .quiet { (words.t("claims.rule")) }
        }
    }
}

/// The acts of an ending, each with its own date.
fn acts(frame: &Frame, row: &Row<'_>) -> Markup {
    let words = frame.words();
    let Cell::Json(text) = row.cell("acts") else { return html! {} };
    let acts = serde_json::from_str::<Vec<serde_json::Value>>(text).unwrap_or_default();
    html! {
        @if acts.len() > 1 {
            table .acts {
                caption { (words.t("claims.acts")) }
                thead {
                    tr {
                        th scope="col" { (words.t("claims.act")) }
                        th scope="col" { (words.t("claims.date")) }
                        th scope="col" { (words.t("claims.agreement")) }
                    }
                }
                tbody {
                    @for act in &acts {
                        @let text = |name: &str| act[name].as_str().unwrap_or_default();
                        tr {
                            th scope="row" { (words.code_of("act", text("act")).unwrap_or(text("act"))) }
                            td { (dates::when(words, text("when"))) }
                            td { (words.code_of("agreement", text("agreement")).unwrap_or(text("agreement"))) }
                        }
                    }
                }
            }
        }
    }
}
