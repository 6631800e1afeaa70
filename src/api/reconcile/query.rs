//! Batches of queries.

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{MOST_IN_BATCH, bad, kind, level, line, too_many};
use crate::{
    api::{App, problem::Problem},
    gazetteer::{Hit, Method, Spot, UnknownCountry, Verdict, Wish, verdict},
    model::Position,
    query::{name, position},
};

/// Candidates where no limit is given, and at the most.
const LIMITS: (usize, usize) = (10, 100);

#[derive(Debug, Deserialize)]
#[serde(expecting = "an object with `query` or `properties`")]
struct Query {
    query: Option<String>,
    #[serde(rename = "type")]
    kind: Option<Value>,
    type_strict: Option<String>,
    limit: Option<f64>,
    properties: Option<Vec<Given>>,
}

/// A value that the place should have.
#[derive(Debug, Deserialize)]
#[serde(expecting = "an object with `pid` and `v`")]
struct Given {
    pid: String,
    v: Value,
}

/// Context, as a query's properties give it.
#[derive(Debug, Default)]
struct Context {
    name: Option<String>,
    country: Option<String>,
    /// The country that was given, where it is none.
    unknown: Option<UnknownCountry>,
    region: Option<String>,
    class: Option<String>,
    near: Option<Position>,
}

/// The answer to a batch: a member for each of its members.
pub(super) fn batch(app: &App, text: &str) -> Result<Value, Problem> {
    let queries = serde_json::from_str::<Map<String, Value>>(text);
    let queries = queries.map_err(|error| bad(format!("queries: no JSON object of queries by key: {error}")))?;
    if queries.len() > MOST_IN_BATCH {
        return Err(too_many(format!("queries: {} in a batch; at most {MOST_IN_BATCH} are taken", queries.len())));
    }
    let answers = queries.into_iter().map(|(key, query)| {
        let query = Query::deserialize(query).map_err(|error| bad(format!("queries: {key:?}: {error}")))?;
        let result = one(app, &query).map_err(|problem| problem.hint(format!("in the query {key:?}")))?;
        Ok((key, json!({ "result": result })))
    });
    answers.collect::<Result<Map<_, _>, Problem>>().map(Value::Object)
}

fn one(app: &App, query: &Query) -> Result<Vec<Value>, Problem> {
    let given = query.properties.as_deref().unwrap_or_default();
    if query.query.is_none() && given.is_empty() {
        return Err(bad("neither `query` nor `properties` is given"));
    }
    if let Some(strict) = query.type_strict.as_deref().filter(|strict| !matches!(*strict, "any" | "all" | "should")) {
        return Err(bad(format!("type_strict: {strict:?} is not one of any, all, should")));
    }
    let limit = match query.limit {
        None => LIMITS.0,
        // A limit beyond all candidates becomes the greatest one.
        Some(limit) if limit >= 1.0 => (limit as usize).min(LIMITS.1),
        Some(limit) => return Err(bad(format!("limit: {limit} is not a number of at least 1"))),
    };
    let context = context(app, given)?;
    // An empty cell is no error: nothing is called so. Without `query`, the property `name` is what is looked for.
    let text = query.query.as_deref().or(context.name.as_deref()).map(str::trim).filter(|text| !text.is_empty());
    let Some(text) = text else { return Ok(Vec::new()) };
    let text = name(Some(text), "query")?;
    let types = types(query.kind.as_ref());
    let levels = types.iter().filter_map(|id| level(id)).collect::<Vec<_>>();
    let wish = Wish {
        country: context.country.as_deref(),
        near: context.near,
        class: context.class.as_deref(),
        level: levels.first().copied().filter(|_| levels.len() == 1),
        ..Wish::default()
    };
    let mut hits = app.atlas.search(text, &wish, LIMITS.1);
    if matches!(query.type_strict.as_deref(), Some("any" | "all")) && !types.is_empty() {
        hits.retain(|hit| levels.contains(&hit.spot.level()));
    }
    if let Some(region) = &context.region {
        let lies = |hit: &Hit<'_>| hit.spot.region().is_some_and(|name| crate::gazetteer::fold(name) == crate::gazetteer::fold(region));
        hits.iter_mut().filter(|hit| !lies(hit)).for_each(|hit| hit.score *= 0.75);
        hits.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.spot.rank().cmp(&b.spot.rank())));
    }
    // The specification has no error of one query, and a column of countries has blanks of all kinds ("n/a"): so the candidates come as
    // they are anywhere, none is taken for a match, and each says why.
    let one = verdict(&hits, &wish) == Verdict::One && context.unknown.is_none();
    let unknown = context.unknown.map(|error| format!("; country: {error}")).unwrap_or_default();
    // Who gives an id means that place.
    let known = app.atlas.get(text).map(|spot| by_id(app, spot));
    hits.retain(|hit| hit.spot.id() != text);
    let others = hits.iter().enumerate().map(|(index, hit)| candidate(app, hit, one && index == 0 && known.is_none(), &unknown));
    Ok(known.clone().into_iter().chain(others).take(limit).collect())
}

/// The place whose id was asked for.
fn by_id(app: &App, spot: Spot<'_>) -> Value {
    json!({
        "id": spot.id(),
        "name": spot.name(),
        "description": format!("{}; the id", line(app, spot)),
        "score": 100.0,
        "match": true,
        "type": [kind(spot)],
        "features": [
            { "id": "whole_name", "value": true },
            { "id": "name_score", "value": 1.0 },
            { "id": "population", "value": spot.population() },
        ],
    })
}

/// A candidate; its score is out of 100, as clients expect. `unknown` is what else is to be said of it.
fn candidate(app: &App, hit: &Hit<'_>, is_match: bool, unknown: &str) -> Value {
    let exact = matches!(hit.method, Method::Name | Method::Folded | Method::Alias);
    json!({
        "id": hit.spot.id(),
        "name": hit.spot.name(),
        "description": format!("{}; {}{unknown}", line(app, hit.spot), hit.reason),
        "score": (hit.score * 1e4).round() / 100.0,
        "match": is_match,
        "type": [kind(hit.spot)],
        "features": [
            { "id": "whole_name", "value": exact },
            { "id": "name_score", "value": (hit.score * 1e4).round() / 1e4 },
            { "id": "population", "value": hit.spot.population() },
        ],
    })
}

/// A type is an id, an object with one, or a list of either.
fn types(value: Option<&Value>) -> Vec<&str> {
    match value {
        Some(Value::String(id)) => vec![id],
        Some(Value::Array(all)) => all.iter().flat_map(|one| types(Some(one))).collect(),
        Some(Value::Object(members)) => types(members.get("id")),
        _ => Vec::new(),
    }
}

fn context(app: &App, given: &[Given]) -> Result<Context, Problem> {
    let mut context = Context::default();
    for Given { pid, v } in given {
        let Some(text) = value(v) else { continue };
        match pid.as_str() {
            "name" | "other_names" => context.name = Some(text),
            "country" => match app.atlas.country_meant(&text) {
                Ok(code) => context.country = Some(code.to_owned()),
                Err(error) => context.unknown = Some(error),
            },
            "region" => context.region = Some(text),
            "class" => context.class = Some(text),
            "near" => context.near = Some(position(&text, "near")?),
            // Other columns that a client sends along say nothing of the place.
            _ => {}
        }
    }
    Ok(context)
}

/// A value is a text, a number, an object with an id or a name, or a list of which the first counts.
fn value(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.trim().to_owned()).filter(|text| !text.is_empty()),
        Value::Number(number) => Some(number.to_string()),
        Value::Array(all) => all.iter().find_map(self::value),
        Value::Object(members) => members.get("id").or_else(|| members.get("name")).and_then(self::value),
        _ => None,
    }
}
