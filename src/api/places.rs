//! `/places/suggest`: places by name, as they are typed.

use std::sync::Arc;

use axum::{extract::State, response::Response};
use serde_json::json;

use super::{App, answer::Answer, extract::Ask, links::self_and_alternates, negotiate::FEATURES_ONLY, problem::Problem};
use crate::query::{QueryError, limit};

/// Longest name looked up, in bytes; the longest place name in use has 85 letters.
const LONGEST: usize = 200;

pub(super) async fn suggest(State(app): State<Arc<App>>, ask: Ask) -> Result<Response, Problem> {
    let offer = ask.form(FEATURES_ONLY, &["q", "limit"])?;
    let limit = limit(ask.params.get("limit"), 10, 100)?;
    let query = ask.params.get("q").filter(|q| !q.trim().is_empty());
    let query = query.ok_or(QueryError::Missing { parameter: "q", rule: "the name, or its first letters" })?;
    if query.len() > LONGEST {
        return Err(QueryError::TooLong { parameter: "q".into(), length: query.len(), most: LONGEST }.into());
    }
    let links = self_and_alternates(&ask, &offer, FEATURES_ONLY);
    let answer = Answer::new(&app, &ask, &offer, &format!("{query}\0{limit}"));
    Ok(answer.send(|| {
        let hits = app.gazetteer.suggest(query, limit as usize);
        let features = hits.iter().map(|hit| {
            let place = hit.place;
            json!({
                "type": "Feature",
                "id": place.id,
                "geometry": { "type": "Point", "coordinates": [place.position.lon, place.position.lat] },
                "properties": {
                    "name": place.name,
                    "country": place.country,
                    "admin1": place.admin1,
                    "region": app.gazetteer.region(place).filter(|region| region.id != place.id).map(|region| &region.name),
                    "level": place.level.as_str(),
                    "population": place.population,
                    "matched_name": hit.matched_name,
                    "match": hit.method.as_str(),
                    "score": hit.score,
                },
            })
        });
        let features = features.collect::<Vec<_>>();
        json!({ "type": "FeatureCollection", "numberReturned": features.len(), "links": links, "features": features }).to_string()
    }))
}
