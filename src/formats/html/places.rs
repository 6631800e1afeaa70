//! `/places/search` and `/places/reverse`: places by name or by position, read from their GeoJSON.

use maud::{Markup, html};
use serde_json::Value;

use super::{
    Frame,
    place::{distance, level, text, whereabouts},
    shell,
    small_map::SmallMap,
    values::lat_lon,
};

/// Levels on offer.
const LEVELS: [&str; 5] = ["settlement", "region", "country", "camp", "other"];

/// Places by name; `found` is the answer as GeoJSON, none before anything was asked for. `country` names a country by its code.
pub fn places(frame: &Frame, found: Option<&Value>, country: &dyn Fn(&str) -> Option<String>) -> String {
    let words = frame.words();
    let (title, lede) = (words.t("places.title"), words.t("places.lede"));
    let contents = html! {
        h1 { (title) }
        p .lede { (lede) }
        (form(frame))
        @if let Some(found) = found { p role="status" { (verdict(frame, found)) } (table(frame, found, country)) }
    };
    shell::page(frame, title, lede, &shell::above_collections(frame), &contents)
}

/// Places near a point.
pub fn places_near(frame: &Frame, found: &Value, country: &dyn Fn(&str) -> Option<String>) -> String {
    let words = frame.words();
    let title = words.t("places.near_title");
    let [lat, lon] = ["lat", "lon"].map(|name| frame.asked(name).and_then(|degrees| degrees.trim().parse().ok()).unwrap_or_default());
    let at = lat_lon(words, lat, lon);
    let contents = html! {
        h1 { (title) }
        p .lede { (words.fill("places.near_lede", &[("at", &at)])) }
        (table(frame, found, country))
    };
    let mut trail = shell::above_collections(frame);
    trail.push((words.t("places.title").to_owned(), frame.local(&["places", "search"], &[])));
    shell::page(frame, title, title, &trail, &contents)
}

fn form(frame: &Frame) -> Markup {
    let words = frame.words();
    let asked = |name: &str| frame.asked(name).filter(|value| !value.is_empty());
    let class = asked("class");
    html! {
        form .filter .search-form action=(frame.path()) method="get" role="search" {
            @for name in ["f", "lang", "limit", "near", "bbox"] { @if let Some(value) = asked(name) { input type="hidden" name=(name) value=(value); } }
            div .fields {
                label { span { (words.t("places.name")) } input type="search" name="q" required maxlength="256" value=[asked("q")]; }
                label { span { (words.t("places.country")) } input type="text" name="country" maxlength="2" size="4" pattern="[A-Za-z]{2}" value=[asked("country")]; }
                label { span { (words.t("places.level")) }
                    select name="class" {
                        option value="" { (words.t("form.any")) }
                        @for code in LEVELS { option value=(code) selected[class.as_deref() == Some(code)] { (words.code_of("level", code).unwrap_or(code)) } }
                    }
                }
                label { span { (words.t("places.year")) } input type="number" name="year" min="-9999" max="9999" value=[asked("year")]; }
                button .main type="submit" { (words.t("places.search")) }
            }
        }
    }
}

/// Whether the name says which place is meant.
fn verdict(frame: &Frame, found: &Value) -> String {
    let words = frame.words();
    let count = found["homonyms"].as_u64().unwrap_or_default();
    match text(found, "verdict") {
        "one" => words.t("places.one").to_owned(),
        "ambiguous" => words.fill("places.ambiguous", &[("n", &words.integer(count.into()))]),
        "uncertain" => words.t("places.uncertain").to_owned(),
        _ => words.t("places.none").to_owned(),
    }
}

fn table(frame: &Frame, found: &Value, country: &dyn Fn(&str) -> Option<String>) -> Markup {
    let words = frame.words();
    let features = found["features"].as_array().map(Vec::as_slice).unwrap_or_default();
    if features.is_empty() {
        return html! {};
    }
    let by_distance = features.iter().all(|feature| !feature["properties"]["distance_m"].is_null());
    let map = SmallMap {
        label: words.t("places.map"),
        features: json(frame),
        pages: Some((
            format!("{}/places/", frame.root()),
            frame.asked("lang").map_or_else(String::new, |_| format!("?lang={}", words.lang.tag())),
        )),
        ..SmallMap::default()
    };
    html! {
        (map.markup(frame))
        div .scroll tabindex="0" role="region" aria-label=(words.t("places.title")) {
            table .items .stack {
                thead {
                    tr {
                        th scope="col" { (words.t("places.name")) }
                        th scope="col" { (words.t("places.level")) }
                        th scope="col" { (words.t("places.where")) }
                        th scope="col" { (words.t("places.people")) }
                        th scope="col" { (words.t(if by_distance { "places.distance" } else { "places.found" })) }
                    }
                }
                tbody {
                    @for feature in features {
                        @let properties = &feature["properties"];
                        tr {
                            th scope="row" { a href=(frame.local(&["places", text(feature, "id")], &[])) { (text(properties, "name")) } }
                            td data-label=(words.t("places.level")) { (level(words, properties)) }
                            td data-label=(words.t("places.where")) { (whereabouts(properties, country(text(properties, "country")).as_deref())) }
                            @let people = properties["population"].as_u64();
                            td .none[people.is_none()] data-label=(words.t("places.people")) { @if let Some(people) = people { (words.integer(people.into())) } }
                            td data-label=(words.t(if by_distance { "places.distance" } else { "places.found" })) {
                                @if by_distance { (distance(words, properties)) } @else { (how(frame, properties)) }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// By which name it was found, and how well that fits.
fn how(frame: &Frame, properties: &Value) -> Markup {
    let words = frame.words();
    let method = text(properties, "match");
    html! {
        bdi { (text(properties, "matched_name")) }
        " " span .quiet { (words.code_of("match", method).unwrap_or(method)) ", " (words.number(properties["score"].as_f64().unwrap_or_default())) }
    }
}

/// The address of the same as GeoJSON.
fn json(frame: &Frame) -> String {
    let address = frame.links.iter().find(|link| link.media == Some(crate::formats::geojson::MEDIA)).map_or("", |link| &link.href);
    address.strip_prefix(&frame.base).map_or_else(|| address.to_owned(), |path| format!("{}{path}", frame.root()))
}
