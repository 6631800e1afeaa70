//! Values of properties for places that are known by their ids.

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{MOST_IN_BATCH, bad, describe, too_many};
use crate::{
    api::{App, problem::Problem},
    gazetteer::Spot,
};

#[derive(Debug, Deserialize)]
#[serde(expecting = "an object with `ids` and `properties`")]
struct Extension {
    ids: Vec<String>,
    properties: Vec<Wanted>,
}

#[derive(Debug, Deserialize)]
#[serde(expecting = "an object with `id`")]
struct Wanted {
    id: String,
    #[serde(default)]
    settings: Settings,
}

/// What the client may set of a property; what it sets besides is passed over.
#[derive(Debug, Default, Deserialize)]
#[serde(expecting = "an object of settings")]
struct Settings {
    /// Values at the most; 0, a fraction below 1 or nothing for all. Clients send numbers as numbers or as text.
    limit: Option<Value>,
}

impl Settings {
    fn most(&self) -> usize {
        let limit = match &self.limit {
            Some(Value::Number(number)) => number.as_f64(),
            Some(Value::String(text)) => text.trim().parse().ok(),
            _ => None,
        };
        // A float beyond every length becomes the greatest one.
        limit.filter(|limit| *limit >= 1.0).map_or(usize::MAX, |limit| limit as usize)
    }
}

/// A row for each id; a place that is not known has no values.
pub(super) fn values(app: &App, text: &str) -> Result<Value, Problem> {
    let wanted = serde_json::from_str::<Extension>(text);
    let Extension { ids, properties } = wanted.map_err(|error| bad(format!("extend: {error}")))?;
    if ids.len() > MOST_IN_BATCH || properties.len() > MOST_IN_BATCH {
        return Err(too_many(format!(
            "extend: {} ids, {} properties; at most {MOST_IN_BATCH} of each are taken",
            ids.len(),
            properties.len()
        )));
    }
    let known = |id: &str| describe::PROPERTIES.iter().find(|property| property.id == id && id != describe::NEAR);
    let meta = properties.iter().map(|wanted| {
        let property = known(&wanted.id).ok_or_else(|| {
            let all = describe::PROPERTIES.map(|property| property.id).join(", ");
            bad(format!("extend: {:?} is not one of {all}", wanted.id))
        })?;
        Ok(json!({ "id": property.id, "name": property.name }))
    });
    let meta = meta.collect::<Result<Vec<_>, Problem>>()?;
    let rows = ids.into_iter().map(|id| {
        let spot = app.atlas.get(&id);
        let row = properties.iter().map(|wanted| (wanted.id.clone(), spot.map_or(json!([]), |spot| cells(spot, wanted))));
        let row = row.collect::<Map<_, _>>();
        (id, Value::Object(row))
    });
    Ok(json!({ "meta": meta, "rows": rows.collect::<Map<_, _>>() }))
}

/// The values of one property, in the form of their kind; none where there is none.
fn cells(spot: Spot<'_>, wanted: &Wanted) -> Value {
    let text = |text: &str| if text.is_empty() { json!([]) } else { json!([{ "str": text }]) };
    match wanted.id.as_str() {
        "country" => text(spot.country()),
        "region" => text(spot.region().unwrap_or_default()),
        "admin1" => text(spot.admin1()),
        "level" => text(spot.level().as_str()),
        "class" => text(spot.class()),
        "population" if spot.population() > 0 => json!([{ "int": spot.population() }]),
        "lon" => json!([{ "float": spot.position().lon }]),
        "lat" => json!([{ "float": spot.position().lat }]),
        "name" => text(&spot.name()),
        "other_names" => spot
            .names()
            .skip(1)
            .filter(|name| name.kind.is_real())
            .map(|name| json!({ "str": name.text }))
            .take(wanted.settings.most())
            .collect(),
        _ => json!([]),
    }
}
