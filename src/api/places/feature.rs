//! A place as a GeoJSON feature.

use serde_json::{Value, json};

use crate::{
    api::{App, extract::Ask},
    formats::{Link, segment},
    gazetteer::{Hit, Spot, pack::AreaText},
    model::{Level, NameKind},
};

/// A place and how it was found.
pub(super) fn of_hit(app: &App, ask: &Ask, hit: &Hit<'_>) -> Value {
    let mut feature = short(app, ask, hit.spot);
    let properties = &mut feature["properties"];
    properties["matched_name"] = json!(hit.matched_name);
    properties["language"] = json!(hit.language);
    properties["match"] = json!(hit.method.as_str());
    properties["score"] = json!((hit.score * 1e4).round() / 1e4);
    properties["reason"] = json!(hit.reason);
    feature
}

/// A place and how far it is.
pub(super) fn of_near(app: &App, ask: &Ask, spot: Spot<'_>, metres: f64) -> Value {
    let mut feature = short(app, ask, spot);
    feature["properties"]["distance_m"] = json!(metres.round());
    feature
}

/// A place with all its names.
pub(in crate::api) fn of_spot(app: &App, ask: &Ask, spot: Spot<'_>) -> Value {
    let mut feature = short(app, ask, spot);
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

fn short(app: &App, ask: &Ask, spot: Spot<'_>) -> Value {
    let (position, admin1, class) = (spot.position(), spot.admin1(), spot.class());
    let own = Link::new("self", ask.url(&format!("/places/{}", segment(&spot.id())))).media("application/geo+json");
    json!({
        "type": "Feature",
        "id": spot.id(),
        "geometry": { "type": "Point", "coordinates": [position.lon, position.lat] },
        "properties": {
            "name": spot.name(),
            "country": spot.country(),
            "admin1": Some(admin1).filter(|code| !code.is_empty()),
            "region": spot.region(),
            "level": spot.level().as_str(),
            "class": Some(class).filter(|class| !class.is_empty()),
            "population": Some(spot.population()).filter(|people| *people > 0),
        },
        "links": std::iter::once(json!(own)).chain(item_link(app, ask, spot)).collect::<Vec<_>>(),
    })
}

/// The link to the same place as a feature of the collection `places`, where it is one.
pub(super) fn item_link(app: &App, ask: &Ask, spot: Spot<'_>) -> Option<Value> {
    let id = spot.id();
    app.store.layer("places").filter(|layer| layer.holds(&id))?;
    let href = ask.url(&format!("/collections/places/items/{}", segment(&id)));
    Some(json!(Link::new("item", href).media("application/geo+json")))
}

/// A place in a line, for people who have to tell it from others: level, region, country, people.
pub(in crate::api) fn described(spot: Spot<'_>, country: Option<&str>) -> String {
    let people = Some(spot.population()).filter(|people| *people > 0).map(|people| format!("{people} people"));
    let own_country = spot.level() == Level::Country;
    let country = country.filter(|_| !own_country).map(str::to_owned);
    let parts = [Some(spot.level().as_str().to_owned()), spot.region().map(str::to_owned), country, people];
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}
