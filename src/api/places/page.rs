//! The gazetteer for people: a place with all that is known of it and around it, and a form that finds places.

use axum::response::Response;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};

use super::{
    feature::{self, Addresses},
    linked,
};
use crate::{
    api::{App, answer::Answer, extract::Ask, negotiate::Offer},
    formats::{
        Link,
        html::{self, AROUND_KM, Here, PlacePage},
    },
    gazetteer::Spot,
    model::GeometryKind,
    query::{ItemsQuery, Params},
    store::{Layer, Page},
};

/// Places listed as nearby.
const NEAR: usize = 15;
/// Records listed by name, for each collection.
const MOST_PLACED: usize = 20;
/// Kilometres in a degree of latitude, to the kilometre (mean radius of WGS 84: 111.195).
const KM_IN_DEGREE: f64 = 111.195;

/// What a collection that lies in a database has at a place; nothing of it where the database does not answer, as the place is
/// known without it.
#[derive(Debug, Default)]
pub(super) struct Seen {
    placed: Option<Page>,
    around: Option<u64>,
}

/// What the databases have at a place, one for each collection.
pub(super) async fn seen(app: &App, spot: Spot<'_>) -> Vec<Seen> {
    let mut all = Vec::with_capacity(app.store.layers().len());
    for layer in app.store.layers() {
        let mut seen = Seen::default();
        if let Some(source) = layer.source() {
            let (placed, around) = questions(app, layer, spot);
            if let Some(query) = placed {
                seen.placed = Box::pin(source.page(&query)).await.ok().map(|found| found.answer);
            }
            if let Some(query) = around {
                seen.around = Box::pin(source.located(&query.filter)).await.ok();
            }
        }
        all.push(seen);
    }
    all
}

/// A place; `seen` is what databases have there.
pub(super) fn place(app: &App, ask: &Ask, offer: &Offer, spot: Spot<'_>, links: Vec<Link>, seen: &[Seen]) -> Response {
    let sum = |seen: &Seen| seen.placed.as_ref().map(|page| page.rows().map(|row| row.id().to_owned()).collect::<Vec<_>>());
    let sums = seen.iter().map(|seen| (sum(seen), seen.around)).filter(|seen| *seen != (None, None)).collect::<Vec<_>>();
    let answer = Answer::new(app, ask, offer, &format!("{:08x}{sums:?}", app.atlas.sum())).links(&links);
    answer.send(|| {
        let feature = feature::of_spot(app, ask, spot);
        let near = app.atlas.reverse(spot.position(), NEAR + 1).into_iter().filter(|(other, _)| *other != spot).take(NEAR);
        let addresses = Addresses::new(app, ask);
        let near = near.map(|(other, metres)| json!(addresses.of_near(other, metres))).collect::<Vec<_>>();
        let linked = linked::json_ld(ask, spot);
        let frame = ask.page(app, links);
        let here = app.store.layers().iter().zip(seen).filter_map(|(layer, seen)| here(app, layer, spot, frame.lang, seen)).collect();
        let country = app.atlas.country_name(spot.country());
        html::place(&frame, &PlacePage { feature: &feature, near: &near, linked: &linked, country, here })
    })
}

/// What a collection has at a place: the records whose `place` it is, and how many stand around it.
fn here<'a>(app: &App, layer: &'a Layer, spot: Spot<'_>, lang: crate::model::Lang, seen: &Seen) -> Option<Here<'a>> {
    let collection = &layer.collection;
    let edges = around(spot);
    let label = |page: &Page| page.rows().map(|row| (row.id().to_owned(), html::label(lang, collection, &row))).collect::<Vec<_>>();
    let (placed, count) = if layer.source().is_some() {
        (seen.placed.as_ref().map(label), seen.around)
    } else {
        let (placed, around) = questions(app, layer, spot);
        let select = |query: ItemsQuery| layer.items(&query, app.store.version());
        // A box matches what has no position as well: that is not here.
        let count = |page: Page| page.matched.saturating_sub(u64::from(layer.table().unlocated()));
        (placed.map(select).as_ref().map(label), around.map(select).map(count))
    };
    let count = count.filter(|count| *count > 0);
    let placed = placed.unwrap_or_default();
    let is_empty = placed.is_empty() && count.is_none();
    (!is_empty).then(|| Here {
        collection: &collection.id,
        title: collection.title.get(lang),
        placed,
        around: count.map(|count| (count, edges)),
    })
}

/// What a collection is asked of a place: for the records whose `place` it is, and for those around it; neither where it cannot be asked so.
fn questions(app: &App, layer: &Layer, spot: Spot<'_>) -> (Option<ItemsQuery>, Option<ItemsQuery>) {
    let collection = &layer.collection;
    if collection.id == "places" {
        return (None, None);
    }
    let query = |text: String| ItemsQuery::parse(&Params::parse(&text).ok()?, collection, app.settings.limits).ok();
    let asked = utf8_percent_encode(&spot.id(), NON_ALPHANUMERIC).to_string();
    let placed = collection.schema.position("place").and_then(|_| query(format!("place={asked}&limit={MOST_PLACED}")));
    let [west, south, east, north] = around(spot);
    let is_located = collection.geometry != GeometryKind::None;
    let around = is_located.then(|| query(format!("bbox={west},{south},{east},{north}&limit={MOST_PLACED}"))).flatten();
    (placed, around)
}

/// A box about a place: west, south, east, north in degrees. At the poles it goes all the way round.
fn around(spot: Spot<'_>) -> [f64; 4] {
    let at = spot.position();
    let high = AROUND_KM / KM_IN_DEGREE;
    let wide = (high / at.lat.to_radians().cos().max(1e-6)).min(180.0);
    let turn = |degrees: f64| {
        if degrees > 180.0 {
            degrees - 360.0
        } else if degrees < -180.0 {
            degrees + 360.0
        } else {
            degrees
        }
    };
    let (west, east) = if wide >= 180.0 { (-180.0, 180.0) } else { (turn(at.lon - wide), turn(at.lon + wide)) };
    [west, (at.lat - high).max(-90.0), east, (at.lat + high).min(90.0)]
}

/// Places by name, or the form that asks for one; `found` is the answer as GeoJSON.
pub(super) fn search(app: &App, ask: &Ask, links: Vec<Link>, found: Option<&Value>) -> String {
    html::places(&ask.page(app, links), found, &|code| app.atlas.country_name(code))
}

/// Places near a point.
pub(super) fn near(app: &App, ask: &Ask, links: Vec<Link>, found: &Value) -> String {
    html::places_near(&ask.page(app, links), found, &|code| app.atlas.country_name(code))
}
