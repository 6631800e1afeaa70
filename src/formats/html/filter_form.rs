//! The form that filters and sorts a page of records: a plain GET, whose fields are the parameters of the same address.
//!
//! A field left empty says nothing; a box, an interval of time, and a property that has an order have a field for each end ([`BOX`],
//! [`SPAN`], [`bound_field`]). The address that the reader arrives at has none of them (`api::tidy`): what is asked of properties stands
//! in its `filter`, out of which the fields are filled again.

use std::collections::BTreeSet;

use maud::{Markup, html};

use super::{Frame, asked::Asked, chips, words::Words};
use crate::{
    model::{Collection, GeometryKind, Kind, Property, Role},
    query::{
        filter::{Bound, Queryable, Simple, is_day},
        parameter_queryables,
    },
    store::Row,
};

/// The fields of a box: west, south, east, north.
pub const BOX: [&str; 4] = ["form.west", "form.south", "form.east", "form.north"];
/// The fields of an interval of time: its first and its last day.
pub const SPAN: [&str; 2] = ["form.from", "form.to"];
/// Sizes of a page on offer.
const LIMITS: [&str; 5] = ["20", "50", "100", "500", "1000"];
/// Values offered as one types, at the most.
const MOST_OFFERED: usize = 50;

/// The form for the records of a collection; `front` are the properties that stand before all others, `rows` those of this page.
pub(super) fn form(frame: &Frame, collection: &Collection, front: &[&str], rows: &[Row<'_>]) -> Markup {
    let words = frame.words();
    let asked = Asked::of(frame, collection);
    let is_asked = |name: &str| frame.asked(name).is_some_and(|value| !value.is_empty()) || asked.is_of(name);
    let queryables = parameter_queryables(collection);
    let (front, rest): (Vec<_>, Vec<_>) =
        queryables.iter().partition(|queryable| front.contains(&queryable.name) || is_asked(queryable.name));
    html! {
        details .filter open[!chips::asked(frame, collection).is_empty()] {
            summary { (words.t("form.title")) }
            form action=(frame.path()) method="get" {
                (kept(frame))
                div .fields {
                    label { span { (words.t("form.q")) } input type="search" name="q" value=[frame.asked("q")] title=(words.t("form.q_hint")); }
                    (view(frame, collection))
                    (order(frame, collection))
                    label { span { (words.t("form.limit")) } (limit(frame)) }
                }
                div .fields { (time(frame, collection)) (area(frame, collection)) }
                fieldset { legend { (words.t("form.properties")) }
                    div .fields { @for queryable in &front { (field(frame, queryable, &asked, rows)) } }
                    @if !rest.is_empty() {
                        details { summary { (words.t("form.more")) } div .fields { @for queryable in &rest { (field(frame, queryable, &asked, rows)) } } }
                    }
                }
                (condition(frame, collection, &asked.rest()))
                p .ways {
                    button .main type="submit" { (words.t("form.apply")) }
                    a href=(frame.path()) { (words.t("form.clear")) }
                }
            }
        }
    }
}

/// What stays as it is.
fn kept(frame: &Frame) -> Markup {
    html! {
        @for name in ["f", "lang", "filter-lang", "filter-crs", "bbox-crs"] {
            @if let Some(value) = frame.asked(name) { input type="hidden" name=(name) value=(value); }
        }
    }
}

fn view(frame: &Frame, collection: &Collection) -> Markup {
    let words = frame.words();
    let Some(views) = &collection.views else { return html! {} };
    let asked = frame.asked(&views.parameter);
    html! {
        label { span { (words.t("collection.views")) }
            select name=(views.parameter) {
                @for (index, name) in views.names.iter().enumerate() {
                    // The first is what an address without the parameter means.
                    option value=(if index == 0 { "" } else { name }) selected[asked.as_ref() == Some(name)] { (words.code_of("view", name).unwrap_or(name)) }
                }
            }
        }
    }
}

/// Every order by one property; another one that the address asks for as it is.
fn order(frame: &Frame, collection: &Collection) -> Markup {
    let words = frame.words();
    let asked = frame.asked("sortby").unwrap_or_default();
    let sortable = collection.schema.properties.iter().filter(|property| property.kind.is_sortable());
    let mut orders = Vec::new();
    for property in sortable {
        let title = property.title.get(words.lang);
        orders.push((property.name.clone(), words.fill("form.ascending", &[("title", title)])));
        orders.push((format!("-{}", property.name), words.fill("form.descending", &[("title", title)])));
    }
    let known = asked.is_empty() || orders.iter().any(|(value, _)| *value == asked);
    html! {
        label { span { (words.t("form.sort")) }
            select name="sortby" {
                option value="" { (words.t("form.default")) }
                @if !known { option value=(asked) selected { (asked) } }
                @for (value, text) in &orders { option value=(value) selected[*value == asked] { (text) } }
            }
        }
    }
}

fn limit(frame: &Frame) -> Markup {
    let asked = frame.asked("limit").unwrap_or_default();
    html! {
        select name="limit" {
            option value="" { (frame.words().t("form.default")) }
            @if !asked.is_empty() && !LIMITS.contains(&asked.as_str()) { option value=(asked) selected { (asked) } }
            @for size in LIMITS { option value=(size) selected[size == asked] { (size) } }
        }
    }
}

/// An interval of days; what is no such thing stays a text.
fn time(frame: &Frame, collection: &Collection) -> Markup {
    let words = frame.words();
    let timed = collection
        .schema
        .properties
        .iter()
        .any(|property| matches!(property.role, Some(Role::PrimaryInstant | Role::PrimaryIntervalStart | Role::PrimaryIntervalEnd)));
    if !timed {
        return html! {};
    }
    let asked = frame.asked("datetime").unwrap_or_default();
    let days = days(&asked);
    html! {
        fieldset { legend { (words.t("form.time")) }
            @match days {
                Some(days) => {
                    @for ((name, key), day) in SPAN.into_iter().zip(["form.from", "form.to"]).zip(days) {
                        label { span { (words.t(key)) } input type="date" name=(name) value=[Some(day).filter(|day| !day.is_empty())]; }
                    }
                }
                None => { label { span { (words.t("form.datetime")) } input type="text" name="datetime" value=(asked); } }
            }
            label { span { (words.t("form.certainty")) }
                select name="certainty" {
                    option value="" { (words.t("form.possible")) }
                    option value="certain" selected[frame.asked("certainty").as_deref() == Some("certain")] { (words.t("form.certain")) }
                }
            }
        }
    }
}

/// The two days of an interval, an open end empty; `None` where it is no interval of days.
fn days(text: &str) -> Option<[&str; 2]> {
    let end = |text| match text {
        "" | ".." => Some(""),
        day if is_day(day) => Some(day),
        _ => None,
    };
    match text.split_once('/') {
        Some((from, to)) => Some([end(from)?, end(to)?]),
        None => end(text).map(|day| [day, day]),
    }
}

/// The four edges of a box; a box of another kind stays a text.
fn area(frame: &Frame, collection: &Collection) -> Markup {
    let words = frame.words();
    if collection.geometry == GeometryKind::None {
        return html! {};
    }
    let asked = frame.asked("bbox").unwrap_or_default();
    let edges = asked.split(',').collect::<Vec<_>>();
    let plain = asked.is_empty() || edges.len() == 4 && frame.asked("bbox-crs").is_none();
    html! {
        @if plain {
            fieldset .box { legend { (words.t("form.area")) }
                @for (index, (name, key)) in BOX.into_iter().zip(["form.west", "form.south", "form.east", "form.north"]).enumerate() {
                    @let most = if index % 2 == 0 { "180" } else { "90" };
                    label { span { (words.t(key)) }
                        input type="number" name=(name) step="any" min={ "-" (most) } max=(most) value=[edges.get(index).filter(|edge| !edge.is_empty())];
                    }
                }
            }
        } @else {
            label { span { (words.t("form.bbox")) } input type="text" name="bbox" value=(asked); }
        }
    }
}

/// The name of the field for a bound of a property.
pub fn bound_field(bound: Bound, property: &str) -> String {
    let end = match bound {
        Bound::From => "from",
        Bound::To => "to",
        Bound::Within => "within",
    };
    format!("form.{end}.{property}")
}

/// The field or the fields that fit a property.
fn field(frame: &Frame, queryable: &Queryable<'_>, from: &Asked, rows: &[Row<'_>]) -> Markup {
    let words = frame.words();
    let (name, asked) = (queryable.name, frame.asked(queryable.name).filter(|value| !value.is_empty()));
    let Some(property) = queryable.property else {
        return html! { label { span { (name) } input type="text" name=(name) value=[asked]; } };
    };
    let unit = property.unit.as_deref().filter(|unit| *unit != "1");
    let unit = unit.map(|unit| format!(" ({})", words.code_of("unit", unit).unwrap_or(unit)));
    let title = format!("{}{}", property.title.get(words.lang), unit.unwrap_or_default());
    let description = property.description.as_ref().map(|text| text.get(words.lang));
    if from.offers(property) {
        // Numbers and days are equal to what is both ends; of a text, an instant, an uncertain date more than days can be asked.
        let has_equal = matches!(property.kind, Kind::Text | Kind::Timestamp | Kind::Edtf);
        let both = asked.as_deref().filter(|_| !has_equal);
        return html! {
            fieldset .bounds title=[description] { legend { (title) }
                @if has_equal {
                    label { span { (words.t("form.equal")) } (typed(property, asked.as_deref(), rows, Some(&named(words, property, "form.equal")))) }
                }
                @for bound in Simple::bounds(property.kind) { (bounded(words, property, *bound, from.value(name, *bound).or(both))) }
            }
        };
    }
    html! {
        label title=[description] {
            span { (title) }
            @match property.kind {
                Kind::Boolean => { (choice(words, name, asked.as_deref(), &[("true", words.t("values.yes")), ("false", words.t("values.no"))])) }
                _ if !property.codes.is_empty() => { (choice(words, name, asked.as_deref(), &codes(words, property))) }
                Kind::Text => { (typed(property, asked.as_deref(), rows, None)) }
                kind => { input type=(input(kind)) step=[step(kind)] name=(name) value=[asked]; }
            }
        }
    }
}

/// The field for one bound.
fn bounded(words: Words, property: &Property, bound: Bound, value: Option<&str>) -> Markup {
    let key = match bound {
        Bound::From => "form.from",
        Bound::To => "form.to",
        Bound::Within => "form.within",
    };
    html! {
        label { span { (words.t(key)) }
            input type=(input(property.kind)) step=[step(property.kind)] name=(bound_field(bound, &property.name)) value=[value] aria-label=(named(words, property, key));
        }
    }
}

/// The name of one of the fields of a property to who does not see what stands around it.
fn named(words: Words, property: &Property, key: &str) -> String {
    format!("{}{} {}", property.title.get(words.lang), words.t("colon"), words.t(key))
}

/// What a browser lets its reader type for a value.
fn input(kind: Kind) -> &'static str {
    match kind {
        Kind::Integer | Kind::Number => "number",
        Kind::Date | Kind::Timestamp | Kind::Edtf => "date",
        _ => "text",
    }
}

fn step(kind: Kind) -> Option<&'static str> {
    match kind {
        Kind::Integer => Some("1"),
        Kind::Number => Some("any"),
        _ => None,
    }
}

fn codes(words: Words, property: &Property) -> Vec<(&str, &str)> {
    property.codes.iter().map(|code| (code.as_str(), words.code(property, code).unwrap_or(code))).collect()
}

fn choice(words: Words, name: &str, asked: Option<&str>, values: &[(&str, &str)]) -> Markup {
    let known = asked.is_none_or(|asked| values.iter().any(|(value, _)| *value == asked));
    html! {
        select name=(name) {
            option value="" { (words.t("form.any")) }
            @if !known { option value=[asked] selected { (asked.unwrap_or_default()) } }
            @for (value, text) in values { option value=(value) selected[asked == Some(*value)] { (text) } }
        }
    }
}

/// A text, with the values that this page has of it.
fn typed(property: &Property, asked: Option<&str>, rows: &[Row<'_>], name: Option<&str>) -> Markup {
    let values = rows.iter().filter_map(|row| row.text(&property.name)).filter(|text| text.len() <= 60).collect::<BTreeSet<_>>();
    let list = format!("values-{}", property.name.replace(char::is_whitespace, "_"));
    let offered = !values.is_empty() && values.len() <= MOST_OFFERED;
    html! {
        input type="text" name=(property.name) value=[asked] list=[offered.then_some(&list)] aria-label=[name];
        @if offered { datalist id=(list) { @for value in &values { option value=(value) {} } } }
    }
}

/// A condition in CQL2, with an example that asks of a property of this collection.
fn condition(frame: &Frame, collection: &Collection, asked: &str) -> Markup {
    let words = frame.words();
    let id = collection.id.as_str();
    let example = collection.schema.properties.iter().find_map(|property| match property.kind {
        Kind::Integer | Kind::Number => Some(format!("{} > 10", property.name)),
        Kind::Date => Some(format!("{} >= DATE('2023-10-01')", property.name)),
        _ => None,
    });
    let example =
        example.unwrap_or_else(|| format!("{} LIKE '%a%'", collection.schema.properties.first().map_or("id", |property| &property.name)));
    html! {
        label .condition { span { (words.t("form.filter")) }
            textarea name="filter" rows="2" spellcheck="false" { (asked) }
        }
        p .quiet {
            (words.fill("form.filter_hint", &[("example", &example)])) " "
            a href=(frame.local(&["collections", id, "queryables"], &[])) { (words.t("form.queryables")) } ", "
            a href=(frame.local(&["functions"], &[])) { (words.t("form.functions")) }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_interval_of_days_has_two_ends() {
        assert_eq!(days(""), Some(["", ""]));
        assert_eq!(days("2023-08-01"), Some(["2023-08-01", "2023-08-01"]));
        assert_eq!(days("2023-08-01/.."), Some(["2023-08-01", ""]));
        assert_eq!(days("/2023-08-01"), Some(["", "2023-08-01"]));
        for other in ["2023-08-01T00:00:00Z", "2023-08", "x/2023-08-01", "2023-08-0é"] {
            assert_eq!(days(other), None, "{other}");
        }
    }
}
