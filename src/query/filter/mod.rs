//! `filter`: conditions in CQL2 (OGC 21-065r2), checked against what the features of a collection can be asked.
//!
//! ```text
//! text → lexer → text ─┐
//!                      ├→ node (as written) → check, typed → expr (valid by existing) → print (one fixed spelling)
//! JSON → json ─────────┘
//! ```
//!
//! No crate is used for it, since the two that read CQL2 fall short: `ogc-cql2` 0.7 needs PROJ and GEOS, two libraries of C++; `cql2` 0.6
//! brings 186 packages (SQL and JSON Schema among them), gives a tree without types or places, and its grammar knows neither
//! names that start with `_` or `:` nor `\'` nor empty arrays, and nests without bound.
//!
//! What the standard leaves open is decided so:
//! - `=` and its like between times: a date is a whole day, a timestamp a moment; `<` and `>` hold where all of one is before all of
//!   the other, `=` where neither does. Of an uncertain time they hold where they do for all of its values, and are unknown
//!   where it depends. The temporal functions ask whether a relation is *possible*, the functions `certainly_…` whether it is certain.
//! - Moments stand for intervals of no length, dates for those of a day, in every temporal function.
//! - `BETWEEN` takes texts and times as well as numbers; texts are ordered by code point.
//! - A division by zero, and a result too large for a double, are unknown.
//! - Sets have no order and no member twice.
//! - How a collection of geometries lies to another geometry is unknown, but for whether they share a point.
//! - Predicates of geometries ask of the plane of longitude and latitude; only `S_INTERSECTS` and `S_DISJOINT` with a box of six
//!   numbers look at heights.

mod check;
mod error;
mod expr;
mod function;
mod json;
mod lexer;
mod node;
mod num;
mod parameter;
mod pattern;
mod print;
mod queryable;
mod shape;
mod simple;
#[cfg(test)]
mod tests;
mod text;
mod typed;
mod wkt;

pub use error::{At, FilterError};
pub use expr::{Array, Comparison, Expr, Fold, Spatial, Term, Time};
pub use function::{Domain, FUNCTIONS, Function, Signature};
pub use num::{Arithmetic, Num};
pub use pattern::Pattern;
pub use queryable::{Field, Queryable, queryables};
pub use shape::Shape;
pub use simple::{Bound, Simple, all_of, conjuncts, is_day};

pub(super) use parameter::equal;

use crate::model::{Collection, Crs};

/// How a filter is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Language {
    /// CQL2 text.
    #[default]
    Text,
    /// CQL2 JSON.
    Json,
}

/// Reads a filter of a collection's features; its coordinates are of `crs`, in the order that its authority has.
///
/// # Errors
/// The first rule that it breaks, with the place: a character counted from 0, or a member of the JSON.
///
/// # Cost
/// O(length); at most 2,000 parts, nested 40 levels deep.
pub fn parse(text: &str, language: Language, crs: &Crs, collection: &Collection) -> Result<Expr, FilterError> {
    let node = match language {
        Language::Text => text::parse(text)?,
        Language::Json => json::parse(text)?,
    };
    check::Checker { queryables: queryables(collection), crs }.condition(node)
}
