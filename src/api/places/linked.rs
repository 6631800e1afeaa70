//! A place as linked data: schema.org JSON-LD, and Linked Places Format 1.2.

use serde_json::{Value, json};

use super::feature::kind;
use crate::{api::extract::Ask, formats::segment, gazetteer::Spot, model::Level};

fn address(ask: &Ask, spot: Spot<'_>) -> String {
    ask.url(&format!("/places/{}", segment(&spot.id())))
}

/// The page of GeoNames on a place whose id is one of theirs.
fn same_as(spot: Spot<'_>) -> Option<String> {
    let own = spot.source() == "GeoNames" && spot.id().parse::<u32>().is_ok();
    own.then(|| format!("https://sws.geonames.org/{}/", spot.id()))
}

/// A schema.org place.
pub(super) fn json_ld(ask: &Ask, spot: Spot<'_>) -> Value {
    let at = spot.position();
    let kind = match spot.level() {
        Level::Country => "Country",
        Level::Region => "AdministrativeArea",
        _ => "Place",
    };
    let other = spot.names().skip(1).filter(|name| name.kind.is_real());
    let mut place = json!({
        "@context": "https://schema.org/",
        "@id": address(ask, spot),
        "@type": kind,
        "name": spot.name(),
        "alternateName": other.map(|name| match name.language {
            Some(language) => json!({ "@value": name.text, "@language": language }),
            None => json!(name.text),
        }).collect::<Vec<_>>(),
        "geo": { "@type": "GeoCoordinates", "longitude": at.lon, "latitude": at.lat },
        "address": { "@type": "PostalAddress", "addressCountry": spot.country(), "addressRegion": spot.region() },
    });
    if let Some(same) = same_as(spot) {
        place["sameAs"] = json!(same);
    }
    place
}

/// GeoNames feature classes as Linked Places uses them, and the Getty vocabulary's term for each.
fn class(spot: Spot<'_>) -> (&'static str, &'static str, &'static str) {
    match spot.level() {
        Level::Settlement => ("P", "aat:300008347", "inhabited places"),
        Level::Camp => ("S", "aat:300000480", "camps (temporary settlements)"),
        Level::Region => ("A", "aat:300000774", "provinces"),
        Level::Country => ("A", "aat:300128207", "nations"),
        Level::Other => ("S", "aat:300386698", "locations (places)"),
    }
}

/// A Linked Places feature collection of one place (<https://github.com/LinkedPasts/linked-places-format>).
pub(super) fn linked_places(ask: &Ask, spot: Spot<'_>, about: &str) -> Value {
    let at = spot.position();
    let (letter, term, label) = class(spot);
    // A code is no toponym.
    let names = spot.names().filter(|name| name.kind.is_real());
    let citation = json!([{ "label": about }]);
    let names = names.map(|name| {
        let status = name.usage.as_str().unwrap_or(kind(name.kind));
        let mut one = json!({ "toponym": name.text, "status": status, "citations": citation });
        if let Some(language) = name.language {
            one["lang"] = json!(language);
        }
        if let Some(years) = name.years {
            one["when"] = when(years);
        }
        one
    });
    let period = spot.years().map(when);
    let source = Some(spot.class()).filter(|class| !class.is_empty()).unwrap_or(spot.level().as_str());
    let relation = |parent: Spot<'_>| {
        let mut one = json!({ "relationType": "gvp:broaderPartitive", "relationTo": address(ask, parent), "label": parent.name() });
        if let Some(period) = &period {
            one["when"] = period.clone();
        }
        one
    };
    let mut feature = json!({
        "@id": address(ask, spot),
        "type": "Feature",
        "properties": { "title": spot.name(), "ccodes": Some(spot.country()).filter(|code| !code.is_empty()).into_iter().collect::<Vec<_>>(), "fclasses": [letter] },
        "names": names.collect::<Vec<_>>(),
        "types": [{ "identifier": term, "label": label, "sourceLabels": [{ "label": source }] }],
        // A collection even of one, which the format asks for.
        "geometry": {
            "type": "GeometryCollection",
            "geometries": [{ "type": "Point", "coordinates": [at.lon, at.lat], "certainty": "certain" }],
        },
        "relations": spot.parent().map(relation).into_iter().collect::<Vec<_>>(),
        "links": same_as(spot).map(|same| json!({ "type": "exactMatch", "identifier": same })).into_iter().collect::<Vec<_>>(),
    });
    if let Some(period) = period {
        feature["when"] = period;
    }
    json!({
        "type": "FeatureCollection",
        "@context": "https://raw.githubusercontent.com/LinkedPasts/linked-places/master/linkedplaces-context-v1.1.jsonld",
        "features": [feature],
    })
}

/// A span of years. It must have a start; where only the end is known, the start was then at the latest.
fn when((first, last): (i16, i16)) -> Value {
    let start = if first == i16::MIN { json!({ "latest": year(last) }) } else { json!({ "in": year(first) }) };
    let mut span = json!({ "start": start });
    if last != i16::MAX {
        span["end"] = json!({ "in": year(last) });
    }
    json!({ "timespans": [span] })
}

/// A year as ISO 8601 writes it.
fn year(year: i16) -> String {
    if year < 0 { format!("-{:04}", year.unsigned_abs()) } else { format!("{year:04}") }
}
