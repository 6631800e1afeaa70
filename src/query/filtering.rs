//! `filter`, `filter-lang`, `filter-crs` (OGC API – Features Part 3, clause 8) and the queryables as parameters (clause 7).

use super::{
    Params, QueryError,
    filter::{self, Expr, Language, Queryable, queryables},
    items::{choice, own_names},
};
use crate::model::{Collection, Crs};

/// The parameters of filtering.
pub(super) const PARAMETERS: [&str; 3] = ["filter", "filter-lang", "filter-crs"];

/// The languages that `filter-lang` takes; GDAL asks for the third, an older name of the first.
pub const FILTER_LANGS: [&str; 3] = ["cql2-text", "cql2-json", "cql-text"];

/// Parameters that belong to the form of every answer.
const FORM: [&str; 4] = ["f", "lang", "profile", "csv-geometry"];

/// The queryables of a collection that are parameters of their own: those with a simple value whose name no other parameter has.
pub fn parameter_queryables(collection: &Collection) -> Vec<Queryable<'_>> {
    queryables(collection).into_iter().filter(|queryable| queryable.is_parameter() && is_free(collection, queryable.name)).collect()
}

/// The one of them that a parameter names.
pub(super) fn parameter_queryable<'a>(collection: &'a Collection, name: &str) -> Option<Queryable<'a>> {
    is_free(collection, name).then(|| parameter_queryables(collection).into_iter().find(|queryable| queryable.name == name)).flatten()
}

/// Whether no parameter of another meaning has this name.
fn is_free(collection: &Collection, name: &str) -> bool {
    !FORM.contains(&name) && own_names(collection).all(|own| own != name)
}

/// The condition that `filter` and the queryables ask for together.
///
/// # Errors
/// The first parameter that breaks its rule.
pub(super) fn condition(params: &Params, collection: &Collection) -> Result<Option<Expr>, QueryError> {
    let language = match choice(params, "filter-lang", &FILTER_LANGS)? {
        Some(1) => Language::Json,
        _ => Language::Text,
    };
    let crs = params.get("filter-crs").map_or_else(
        || Ok(Crs::crs84()),
        |value| value.parse().map_err(|error| QueryError::Crs { parameter: "filter-crs", value: value.to_owned(), error }),
    )?;
    let mut parts = Vec::new();
    if let Some(text) = params.get("filter") {
        let filter = filter::parse(text, language, &crs, collection);
        match filter.map_err(|error| QueryError::Filter { value: text.to_owned(), error })? {
            Expr::And(conditions) => parts.extend(conditions),
            condition => parts.push(condition),
        }
    }
    // Most requests have none of them, and need no list of them.
    if params.iter().any(|(name, _)| is_free(collection, name)) {
        for queryable in parameter_queryables(collection) {
            if let Some(value) = params.get(queryable.name) {
                parts.push(filter::equal(&queryable, value)?);
            }
        }
    }
    Ok(match parts.len() {
        0 | 1 => parts.pop(),
        _ => Some(Expr::And(parts)),
    })
}
