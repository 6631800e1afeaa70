//! `/places`: the gazetteer of the world by name (`search`, `suggest`), by position (`reverse`), and a place by its id.

mod collection;
mod feature;
mod linked;
mod page;

use std::sync::Arc;

use axum::{extract::State, response::Response};
use serde::Serialize;
use serde_json::{Value, json};

pub(super) use collection::{layer, store_with, version};
use feature::{Addresses, Feature};
pub(super) use feature::{described, of_spot};

use super::{
    App,
    answer::Answer,
    extract::{Ask, Path},
    links::self_and_alternates,
    negotiate::{FEATURES_ONLY, Form, Offer, PAGE},
    problem::Problem,
    tidy,
};
use crate::{
    formats::Link,
    gazetteer::{Hit, UnknownCountry, Verdict, Wish, verdict},
    model::Level,
    query::{PlaceQuery, QueryError, lon_lat, place_limit},
};

/// Hits among which namesakes are counted.
const MOST_COMPARED: usize = 100;

/// Places that were found, for programs and for people.
const FOUND: &[Offer] = &[FEATURES_ONLY[0], PAGE[0]];

/// What places are searched by; here `lang` is the language of a name, any that there is.
const BY_NAME: [&str; 8] = {
    let [q, country, bbox, near, class, year, limit] = PlaceQuery::PARAMETERS;
    [q, country, bbox, near, class, year, limit, "lang"]
};

/// Links to the place as other forms have it.
const PLACE: &[Offer] = &[
    FEATURES_ONLY[0],
    Offer { form: Form::Json, name: "jsonld", media: "application/ld+json", also: &[], title: "JSON-LD (schema.org)" },
    Offer { form: Form::Json, name: "lpf", media: "application/vnd.linked-places+json", also: &[], title: "Linked Places" },
    PAGE[0],
];

/// `/places/search`: every way a name may be meant, in one ranking.
pub(super) async fn search(State(app): State<Arc<App>>, ask: Ask) -> Result<Response, Problem> {
    let offer = ask.form(FOUND, &BY_NAME)?;
    if offer.form == Form::Html {
        if let Some(tidied) = tidy::tidied(&ask, None) {
            return Ok(tidied);
        }
        if ask.params.get("q").is_none() {
            let links = self_and_alternates(&ask, &offer, PAGE);
            return Ok(Answer::new(&app, &ask, &offer, "").send(|| page::search(&app, &ask, links, None)));
        }
    }
    by_name(&app, &ask, FOUND, |query, wish| {
        // Whether a name is ambiguous does not depend on how many places are asked for.
        let mut hits = app.atlas.search(&query.q, wish, MOST_COMPARED.max(query.limit as usize));
        let (word, count) = match verdict(&hits, wish) {
            Verdict::One => ("one", 1),
            Verdict::Homonyms(count) => ("ambiguous", count),
            Verdict::Weak => ("uncertain", 0),
            Verdict::None => ("none", 0),
        };
        hits.truncate(query.limit as usize);
        (hits, json!({ "verdict": word, "homonyms": count }))
    })
}

/// `/places/suggest`: what could be meant by what has been typed so far.
pub(super) async fn suggest(State(app): State<Arc<App>>, ask: Ask) -> Result<Response, Problem> {
    by_name(&app, &ask, FEATURES_ONLY, |query, wish| (app.atlas.suggest(&query.q, wish, query.limit as usize), json!({})))
}

fn by_name<'a>(
    app: &'a App,
    ask: &Ask,
    offers: &'static [Offer],
    find: impl Fn(&PlaceQuery, &Wish<'_>) -> (Vec<Hit<'a>>, Value),
) -> Result<Response, Problem> {
    let offer = ask.form(offers, &BY_NAME)?;
    let mut query = PlaceQuery::parse(&ask.params)?;
    if let Some(said) = &query.country {
        let unknown = |error: UnknownCountry| QueryError::Malformed { parameter: "country", value: error.said, rule: UnknownCountry::RULE };
        query.country = Some(app.atlas.country_meant(said).map_err(unknown)?.to_owned());
    }
    let links = self_and_alternates(ask, &offer, offers);
    let answer = Answer::new(app, ask, &offer, &format!("{:08x} {query:?}", app.atlas.sum())).links(&links).crs84();
    Ok(answer.send(|| {
        let (hits, more) = find(&query, &wish(&query));
        let addresses = Addresses::new(app, ask);
        let found = Found::new(hits.iter().map(|hit| addresses.of_hit(hit)), &links, more);
        if offer.form == Form::Html { page::search(app, ask, links.clone(), Some(&json!(found))) } else { text(&found) }
    }))
}

/// `class` is a level of ours, or else the source's own word.
fn wish(query: &PlaceQuery) -> Wish<'_> {
    let level = query.class.as_deref().and_then(Level::parse);
    Wish {
        country: query.country.as_deref(),
        bbox: query.bbox,
        near: query.near,
        level,
        class: query.class.as_deref().filter(|_| level.is_none()),
        lang: query.lang.as_deref(),
        year: query.year,
    }
}

/// `/places/reverse`: what is near a point.
pub(super) async fn reverse(State(app): State<Arc<App>>, ask: Ask) -> Result<Response, Problem> {
    let offer = ask.form(FOUND, &["lon", "lat", "limit"])?;
    let (position, limit) = (lon_lat(&ask.params)?, place_limit(&ask.params)?);
    let links = self_and_alternates(&ask, &offer, FOUND);
    let answer = Answer::new(&app, &ask, &offer, &format!("{:08x} {position:?} {limit}", app.atlas.sum())).links(&links).crs84();
    Ok(answer.send(|| {
        let near = app.atlas.reverse(position, limit as usize);
        let regions = app.atlas.regions_at(position).into_iter().map(feature::region).collect::<Vec<_>>();
        let addresses = Addresses::new(&app, &ask);
        let near = near.into_iter().map(|(spot, metres)| addresses.of_near(spot, metres));
        let found = Found::new(near, &links, json!({ "regions": regions }));
        if offer.form == Form::Html { page::near(&app, &ask, links.clone(), &json!(found)) } else { text(&found) }
    }))
}

/// `/places/{id}`: one place with all its names, as GeoJSON, JSON-LD or Linked Places.
pub(super) async fn place(State(app): State<Arc<App>>, Path(id): Path<String>, ask: Ask) -> Result<Response, Problem> {
    let offer = ask.form(PLACE, &[])?;
    let spot = app.atlas.get(&id);
    let spot = spot.ok_or_else(|| Problem::no_such("place", &id, "/places/search?q= finds places by name"))?;
    let links = self_and_alternates(&ask, &offer, PLACE);
    if offer.form == Form::Html {
        let seen = page::seen(&app, spot).await;
        return Ok(page::place(&app, &ask, &offer, spot, links, &seen));
    }
    let answer = Answer::new(&app, &ask, &offer, &format!("{:08x}", app.atlas.sum())).links(&links);
    Ok(answer.send(|| match offer.name {
        "jsonld" => linked::json_ld(&ask, spot).to_string(),
        "lpf" => linked::linked_places(&ask, spot, app.atlas.about()).to_string(),
        _ => {
            let mut feature = of_spot(&app, &ask, spot);
            if let Some(own) = feature["links"].as_array_mut() {
                // Here `self` is this answer, and the others follow.
                own.splice(..own.len().min(1), links.iter().map(|link| json!(link)));
            }
            feature.to_string()
        }
    }))
}

/// Features that were found; `more` is what the question adds to the collection.
#[derive(Serialize)]
struct Found<'a, M, P> {
    #[serde(rename = "type")]
    kind: &'static str,
    #[serde(rename = "numberReturned")]
    count: usize,
    #[serde(flatten)]
    more: M,
    links: &'a [Link],
    features: Vec<Feature<'a, P>>,
}

impl<'a, M, P> Found<'a, M, P> {
    fn new(features: impl Iterator<Item = Feature<'a, P>>, links: &'a [Link], more: M) -> Self {
        let features = features.collect::<Vec<_>>();
        Self { kind: "FeatureCollection", count: features.len(), more, links, features }
    }
}

/// What was found as text.
fn text(found: &impl Serialize) -> String {
    // Room for ten places, so that the text is seldom moved.
    let mut text = Vec::with_capacity(8_192);
    serde_json::to_writer(&mut text, found).expect("no key is other than text, and memory takes every byte");
    String::from_utf8(text).expect("JSON is UTF-8")
}
