//! `/places/{id}`: a place of the gazetteer, read from its GeoJSON, so that the two never differ.

use maud::{Markup, html};
use serde_json::Value;

use super::{Frame, data_block, shell, small_map::SmallMap, values, words::Words};
use crate::model::{Geometry, Position};

/// A place and what is around it.
#[derive(Debug)]
pub struct PlacePage<'a> {
    /// The place as a GeoJSON feature.
    pub feature: &'a Value,
    /// Those nearby, likewise, with `distance_m`.
    pub near: &'a [Value],
    /// The place as schema.org has it.
    pub linked: &'a Value,
    /// The name of its country.
    pub country: Option<String>,
    /// Records of the service's collections that are here.
    pub here: Vec<Here<'a>>,
}

/// The records of one collection at a place.
#[derive(Debug)]
pub struct Here<'a> {
    /// Id of the collection.
    pub collection: &'a str,
    /// Its title.
    pub title: &'a str,
    /// Id and name of those that were placed there by its name.
    pub placed: Vec<(String, String)>,
    /// How many lie within the box: west, south, east, north in degrees.
    pub around: Option<(u64, [f64; 4])>,
}

/// Kilometres from the middle to the edges of the box about a place; the words of the page say so too.
pub const AROUND_KM: f64 = 10.0;

/// A place.
pub fn place(frame: &Frame, page: &PlacePage<'_>) -> String {
    let words = frame.words();
    let properties = &page.feature["properties"];
    let (id, name) = (text(page.feature, "id"), text(properties, "name"));
    let whereabouts = whereabouts(properties, page.country.as_deref());
    let level = level(words, properties);
    let summary = words.fill("place.summary", &[("name", name), ("kind", level), ("where", &whereabouts)]);
    let contents = html! {
        h1 { (name) }
        p .kicker { (level) @if !whereabouts.is_empty() { " · " (whereabouts) } " · " code { (id) } }
        (map(frame, page, id))
        (facts(frame, page))
        (names(words, properties))
        (here(frame, page))
        (nearby(frame, page.near))
        (data_block::json_ld(page.linked))
    };
    let mut trail = shell::above_collections(frame);
    trail.push((words.t("places.title").to_owned(), frame.local(&["places", "search"], &[])));
    shell::page(frame, name, &summary, &trail, &contents)
}

/// The text of a member; empty where it is none.
pub(super) fn text<'a>(value: &'a Value, member: &str) -> &'a str {
    value[member].as_str().unwrap_or_default()
}

/// Region and country of a place, as far as they are known.
pub(super) fn whereabouts(properties: &Value, country: Option<&str>) -> String {
    let country = country.or(properties["country"].as_str()).filter(|country| *country != text(properties, "name"));
    [properties["region"].as_str(), country].into_iter().flatten().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")
}

/// What sort of place it is.
pub(super) fn level(words: Words, properties: &Value) -> &str {
    let code = text(properties, "level");
    words.code_of("level", code).unwrap_or(code)
}

fn map(frame: &Frame, page: &PlacePage<'_>, id: &str) -> Markup {
    let [lon, lat] = lon_lat(page.feature).unwrap_or_default().map(|degrees| degrees.to_string());
    let map = SmallMap {
        label: frame.words().t("place.map"),
        features: super::frame::join_to(frame.root(), &["places", id], &[("f", "json")]),
        beside: Some(super::frame::join_to(
            frame.root(),
            &["places", "reverse"],
            &[("lon", &lon), ("lat", &lat), ("limit", "15"), ("f", "json")],
        )),
        fits_both: true,
        ..SmallMap::default()
    };
    map.markup(frame)
}

fn lon_lat(feature: &Value) -> Option<[f64; 2]> {
    let coordinates = &feature["geometry"]["coordinates"];
    Some([coordinates[0].as_f64()?, coordinates[1].as_f64()?])
}

fn facts(frame: &Frame, page: &PlacePage<'_>) -> Markup {
    let words = frame.words();
    let properties = &page.feature["properties"];
    let code = text(properties, "country");
    let people = properties["population"].as_u64();
    let within = properties["within"].as_array().map(Vec::as_slice).unwrap_or_default();
    let position = lon_lat(page.feature).and_then(|[lon, lat]| Position::new(lon, lat).ok());
    let item = page.feature["links"].as_array().into_iter().flatten().find(|link| link["rel"] == "item");
    html! {
        section {
            h2 { (words.t("place.where")) }
            dl .facts {
                @if let Some(position) = position { div { dt { (words.t("place.position")) } dd { (values::position(words, &Geometry::point(position))) } } }
                @if !code.is_empty() {
                    div { dt { (words.t("place.country")) } dd { (page.country.as_deref().unwrap_or(code)) " " code { (code) } } }
                }
                @if let Some(region) = properties["region"].as_str() {
                    div { dt { (words.t("place.region")) } dd { (region) @if let Some(code) = properties["admin1"].as_str() { " " code { (code) } } } }
                }
                @if !within.is_empty() {
                    div { dt { (words.t("place.within")) } dd {
                        @for (index, one) in within.iter().enumerate() {
                            @if index > 0 { " › " }
                            a href=(frame.local(&["places", text(one, "id")], &[])) { (text(one, "name")) }
                        }
                    } }
                }
                div { dt { (words.t("place.level")) } dd { (level(words, properties)) @if let Some(class) = properties["class"].as_str() { " " code { (class) } } } }
                @if let Some(people) = people { div { dt { (words.t("place.population")) } dd { (words.integer(people.into())) } } }
                @if let Some(years) = years(&properties["years"]) { div { dt { (words.t("place.years")) } dd { (years) } } }
                @if let Some(source) = properties["source"].as_str() { div { dt { (words.t("place.source")) } dd { (source) } } }
                @if let Some(item) = item { div { dt { (words.t("place.item")) } dd { a href=(text(item, "href")) { (text(page.feature, "id")) } } } }
            }
        }
    }
}

/// First and last year.
fn years(years: &Value) -> Option<String> {
    let end = |at: usize| years[at].as_i64().map(|year| year.to_string());
    match (end(0), end(1)) {
        (None, None) => None,
        (first, last) => Some(format!("{}–{}", first.unwrap_or_default(), last.unwrap_or_default())),
    }
}

/// The names by how they came to be some: those in use, others, codes; each with its language.
fn names(words: Words, properties: &Value) -> Markup {
    let all = properties["other_names"].as_array().map(Vec::as_slice).unwrap_or_default();
    let of = |kind: &'static str| all.iter().filter(move |name| name["kind"] == kind).collect::<Vec<_>>();
    html! {
        @if !all.is_empty() {
            section {
                h2 { (words.t("place.names")) }
                @for kind in ["preferred", "alternate", "code"] {
                    @let names = of(kind);
                    @if !names.is_empty() {
                        h3 { (words.find(&format!("place.kind.{kind}")).unwrap_or(kind)) }
                        ul .names dir="auto" {
                            @for name in names {
                                @let language = name["language"].as_str();
                                li {
                                    bdi lang=[language] { (text(name, "name")) }
                                    @if let Some(language) = language { " " code title=(words.t("place.language")) { (language) } }
                                    @if let Some(years) = years(&name["years"]) { " " span .quiet { (years) } }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// What this service's collections have here.
fn here(frame: &Frame, page: &PlacePage<'_>) -> Markup {
    let words = frame.words();
    html! {
        @if !page.here.is_empty() {
            section {
                h2 { (words.t("place.records")) }
                dl .facts {
                    @for here in &page.here {
                        div {
                            dt { a href=(frame.local(&["collections", here.collection], &[])) { (here.title) } }
                            dd {
                                ul .plain {
                                    @for (id, name) in &here.placed {
                                        li { a href=(frame.local(&["collections", here.collection, "items", id], &[])) { (name) } " " span .quiet { (words.t("place.placed")) } }
                                    }
                                    @if let Some((count, edges)) = &here.around {
                                        @let bbox = edges.map(|edge| format!("{edge:.4}")).join(",");
                                        @let said = words.count("place.within_km", *count);
                                        li { a href=(frame.local(&["collections", here.collection, "items"], &[("bbox", &bbox)])) { (said) } }
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// Those around it, the nearest first.
fn nearby(frame: &Frame, near: &[Value]) -> Markup {
    let words = frame.words();
    html! {
        @if !near.is_empty() {
            section {
                h2 { (words.t("place.near")) }
                ul .names {
                    @for feature in near {
                        @let properties = &feature["properties"];
                        li {
                            a href=(frame.local(&["places", text(feature, "id")], &[])) { (text(properties, "name")) }
                            " " span .quiet { (distance(words, properties)) }
                        }
                    }
                }
            }
        }
    }
}

/// How far it is, in kilometres.
pub(super) fn distance(words: Words, properties: &Value) -> String {
    let metres = properties["distance_m"].as_f64().unwrap_or_default();
    let km = if metres < 10_000.0 { (metres / 100.0).round() / 10.0 } else { (metres / 1000.0).round() };
    format!("{}\u{a0}km", words.number(km))
}
