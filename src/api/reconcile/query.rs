//! Batches of queries.

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{MOST_IN_BATCH, bad, kind, level, line};
use crate::{
    api::{App, problem::Problem},
    gazetteer::{Hit, Method, Verdict, Wish, verdict},
    model::Position,
    query::{name, position},
};

/// Candidates where no limit is given, and at the most.
const LIMITS: (usize, usize) = (10, 100);

#[derive(Debug, Deserialize)]
struct Query {
    query: String,
    #[serde(rename = "type")]
    kind: Option<Value>,
    type_strict: Option<String>,
    limit: Option<u64>,
    #[serde(default)]
    properties: Vec<Given>,
}

/// A value that the place should have.
#[derive(Debug, Deserialize)]
struct Given {
    pid: String,
    v: Value,
}

/// Context, as a query's properties give it.
#[derive(Debug, Default)]
struct Context {
    country: Option<String>,
    region: Option<String>,
    class: Option<String>,
    near: Option<Position>,
}

/// The answer to a batch: a member for each of its members.
pub(super) fn batch(app: &App, text: &str) -> Result<Value, Problem> {
    let queries = serde_json::from_str::<Map<String, Value>>(text);
    let queries = queries.map_err(|error| bad(format!("queries: no JSON object of queries by key: {error}")))?;
    if queries.len() > MOST_IN_BATCH {
        return Err(bad(format!("queries: {} in a batch; at most {MOST_IN_BATCH} are taken", queries.len())));
    }
    let answers = queries.into_iter().map(|(key, query)| {
        let query = Query::deserialize(query).map_err(|error| bad(format!("queries: {key:?}: {error}")))?;
        let result = one(app, &query).map_err(|problem| problem.hint(format!("in the query {key:?}")))?;
        Ok((key, json!({ "result": result })))
    });
    answers.collect::<Result<Map<_, _>, Problem>>().map(Value::Object)
}

fn one(app: &App, query: &Query) -> Result<Vec<Value>, Problem> {
    // An empty cell is no error: nothing is called so.
    if query.query.trim().is_empty() {
        return Ok(Vec::new());
    }
    let text = name(Some(&query.query), "query")?;
    let context = context(app, &query.properties)?;
    let types = types(query.kind.as_ref());
    let levels = types.iter().filter_map(|id| level(id)).collect::<Vec<_>>();
    let wish = Wish {
        country: context.country.as_deref(),
        near: context.near,
        class: context.class.as_deref(),
        level: levels.first().copied().filter(|_| levels.len() == 1),
        ..Wish::default()
    };
    let limit = query.limit.map_or(LIMITS.0, |limit| usize::try_from(limit).unwrap_or(LIMITS.1).clamp(1, LIMITS.1));
    let mut hits = app.atlas.search(text, &wish, LIMITS.1);
    if matches!(query.type_strict.as_deref(), Some("any" | "all")) && !types.is_empty() {
        hits.retain(|hit| levels.contains(&hit.spot.level()));
    }
    if let Some(region) = &context.region {
        let lies = |hit: &Hit<'_>| hit.spot.region().is_some_and(|name| crate::gazetteer::fold(name) == crate::gazetteer::fold(region));
        hits.iter_mut().filter(|hit| !lies(hit)).for_each(|hit| hit.score *= 0.75);
        hits.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.spot.rank().cmp(&b.spot.rank())));
    }
    let one = verdict(&hits) == Verdict::One;
    hits.truncate(limit);
    Ok(hits.iter().enumerate().map(|(index, hit)| candidate(app, hit, one && index == 0)).collect())
}

/// A candidate; its score is out of 100, as clients expect.
fn candidate(app: &App, hit: &Hit<'_>, is_match: bool) -> Value {
    let exact = matches!(hit.method, Method::Name | Method::Folded | Method::Alias);
    json!({
        "id": hit.spot.id(),
        "name": hit.spot.name(),
        "description": format!("{}; {}", line(app, hit.spot), hit.reason),
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
            "country" => context.country = app.atlas.country_code(&text).map(str::to_owned),
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
