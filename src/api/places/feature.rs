//! A place as a GeoJSON feature.
//!
//! Suggestions are asked for with every letter that is typed, so features are written as they are, with no tree of values between.

use std::borrow::Cow;

use serde::Serialize;
use serde_json::{Value, json};

use crate::{
    api::{App, extract::Ask},
    formats::{Link, segment},
    gazetteer::{Hit, Spot, pack::AreaText},
    model::{Level, NameKind, Position},
    store::Layer,
};

/// A place as a feature; `more` is what the question adds to its properties.
#[derive(Debug, Serialize)]
pub(super) struct Feature<'a, M> {
    #[serde(rename = "type")]
    kind: &'static str,
    id: Cow<'a, str>,
    geometry: Point,
    properties: Properties<'a, M>,
    links: Vec<Link>,
}

#[derive(Debug, Serialize)]
struct Point {
    #[serde(rename = "type")]
    kind: &'static str,
    coordinates: [f64; 2],
}

#[derive(Debug, Serialize)]
struct Properties<'a, M> {
    name: String,
    country: &'a str,
    admin1: Option<&'a str>,
    region: Option<&'a str>,
    level: &'static str,
    class: Option<&'a str>,
    population: Option<u32>,
    #[serde(flatten)]
    more: M,
}

/// How a place was found by a name.
#[derive(Debug, Serialize)]
pub(super) struct Match<'a> {
    matched_name: &'a str,
    language: Option<&'a str>,
    #[serde(rename = "match")]
    method: &'static str,
    score: f64,
    reason: &'a str,
}

/// How far a place is from the point given.
#[derive(Debug, Serialize)]
pub(super) struct Away {
    distance_m: f64,
}

/// What links to places begin with.
#[derive(Debug)]
pub(super) struct Addresses<'a> {
    place: String,
    /// Where the same places are features of the collection `places`.
    item: Option<(String, &'a Layer)>,
    /// Whether that has all of them.
    has_all: bool,
}

impl<'a> Addresses<'a> {
    pub(super) fn new(app: &'a App, ask: &Ask) -> Self {
        let layer = app.store.layer("places");
        let item = layer.map(|layer| (ask.url("/collections/places/items/"), layer));
        Self { place: ask.url("/places/"), item, has_all: layer.is_some_and(|layer| layer.is_of(&app.atlas)) }
    }

    fn links(&self, id: &str) -> Vec<Link> {
        let end = segment(id);
        let link = |rel, start: &str| Link::new(rel, [start, &end].concat()).media("application/geo+json");
        let item = self.item.as_ref().filter(|(_, layer)| self.has_all || layer.holds(id));
        std::iter::once(link("self", &self.place)).chain(item.map(|(start, _)| link("item", start))).collect()
    }

    /// A place and how it was found.
    pub(super) fn of_hit<'h>(&self, hit: &'h Hit<'h>) -> Feature<'h, Match<'h>> {
        let found = Match {
            matched_name: &hit.matched_name,
            language: hit.language,
            method: hit.method.as_str(),
            score: (hit.score * 1e4).round() / 1e4,
            reason: &hit.reason,
        };
        self.feature(hit.spot, found)
    }

    /// A place and how far it is.
    pub(super) fn of_near<'s>(&self, spot: Spot<'s>, metres: f64) -> Feature<'s, Away> {
        self.feature(spot, Away { distance_m: metres.round() })
    }

    fn feature<'s, M>(&self, spot: Spot<'s>, more: M) -> Feature<'s, M> {
        let (Position { lon, lat }, admin1, class, id) = (spot.position(), spot.admin1(), spot.class(), spot.id());
        Feature {
            kind: "Feature",
            geometry: Point { kind: "Point", coordinates: [lon, lat] },
            properties: Properties {
                name: spot.name(),
                country: spot.country(),
                admin1: Some(admin1).filter(|code| !code.is_empty()),
                region: spot.region(),
                level: spot.level().as_str(),
                class: Some(class).filter(|class| !class.is_empty()),
                population: Some(spot.population()).filter(|people| *people > 0),
                more,
            },
            links: self.links(&id),
            id,
        }
    }
}

/// A place with all its names.
pub(in crate::api) fn of_spot(app: &App, ask: &Ask, spot: Spot<'_>) -> Value {
    let mut feature = json!(Addresses::new(app, ask).feature(spot, ()));
    let other = spot.names().skip(1).filter(|name| name.kind != NameKind::Transliteration);
    let other = other.map(|name| {
        let mut one = json!({ "name": name.text, "language": name.language, "kind": kind(name.kind) });
        if let Some(usage) = name.usage.as_str() {
            one["use"] = json!(usage);
        }
        if let Some(years) = name.years {
            one["years"] = ends(years);
        }
        one
    });
    feature["properties"]["other_names"] = other.collect();
    let within = spot.ancestors().map(|spot| json!({ "id": spot.id(), "name": spot.name(), "level": spot.level().as_str() }));
    feature["properties"]["within"] = within.collect();
    feature["properties"]["source"] = json!(spot.source());
    // Known of those that the data set's own table has too.
    let known = app.gazetteer.get(&spot.id()).filter(|place| place.name == spot.name());
    if let Some(metres) = known.and_then(|place| place.accuracy_m) {
        feature["properties"]["accuracy_m"] = json!(metres);
    }
    if let Some(years) = spot.years() {
        feature["properties"]["years"] = ends(years);
    }
    feature
}

/// First and last year; null where an end is not known.
fn ends((first, last): (i16, i16)) -> Value {
    json!([Some(first).filter(|year| *year != i16::MIN), Some(last).filter(|year| *year != i16::MAX)])
}

/// A region whose outline holds a point.
pub(super) fn region(area: AreaText<'_>) -> Value {
    let level = Level::ALL.get(usize::from(area.level)).copied().unwrap_or(Level::Region);
    json!({ "id": area.id, "name": area.name, "level": level.as_str(), "country": Some(area.country).filter(|code| !code.is_empty()) })
}

pub(super) fn kind(kind: NameKind) -> &'static str {
    match kind {
        NameKind::Preferred => "preferred",
        NameKind::Alternate => "alternate",
        NameKind::Transliteration => "transliteration",
        NameKind::Code => "code",
    }
}

/// A place in a line, for people who have to tell it from others: level, region, country, people.
pub(in crate::api) fn described(spot: Spot<'_>, country: Option<&str>) -> String {
    let people = Some(spot.population()).filter(|people| *people > 0).map(|people| format!("{people} people"));
    let own_country = spot.level() == Level::Country;
    let country = country.filter(|_| !own_country).map(str::to_owned);
    let parts = [Some(spot.level().as_str().to_owned()), spot.region().map(str::to_owned), country, people];
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}
