//! Whether a condition is true of a feature, false, or unknown, row by row: the meaning of a filter, and the oracle of every faster way.
//!
//! Three values as SQL has them: `None` is unknown. AND is false where any part is, OR true where any part is; else one unknown part
//! makes the whole unknown.

mod matrix;
mod relate;
mod value;

pub(super) use relate::relates;
use value::{Value, compare_times, number, span, value};

use crate::{
    model::{
        Cell, Geometry,
        when::{Bounds, Relation},
    },
    query::filter::{Array, Comparison, Expr, Function, Num, Spatial, Term},
    store::Row,
};

/// What conditions ask of a feature.
pub trait Facts<'a> {
    /// Its id.
    fn id(&self) -> &'a str;
    /// Its geometry.
    fn geometry(&self) -> Option<Geometry>;
    /// Its time.
    fn time(&self) -> Option<Bounds>;
    /// The value of the property at this position of the schema.
    fn cell(&self, property: usize) -> Cell<'a>;
}

impl<'a> Facts<'a> for Row<'a> {
    fn id(&self) -> &'a str {
        Row::id(self)
    }

    fn geometry(&self) -> Option<Geometry> {
        Row::geometry(self)
    }

    fn time(&self) -> Option<Bounds> {
        Row::time(self)
    }

    fn cell(&self, property: usize) -> Cell<'a> {
        self.cell_at(property)
    }
}

/// A feature of which one property is known, whichever is asked for.
pub(super) struct One<'a>(pub(super) Cell<'a>);

impl<'a> Facts<'a> for One<'a> {
    fn id(&self) -> &'a str {
        ""
    }

    fn geometry(&self) -> Option<Geometry> {
        None
    }

    fn time(&self) -> Option<Bounds> {
        None
    }

    fn cell(&self, _property: usize) -> Cell<'a> {
        self.0
    }
}

/// Whether the condition is true (`Some(true)`), false, or unknown (`None`) of a feature.
pub fn truth<'a>(condition: &'a Expr, row: &impl Facts<'a>) -> Option<bool> {
    match condition {
        Expr::Constant(value) => Some(*value),
        Expr::Truth(term) => boolean(term, row),
        Expr::And(parts) => all(parts.iter().map(|part| truth(part, row))),
        Expr::Or(parts) => any(parts.iter().map(|part| truth(part, row))),
        Expr::Not(part) => truth(part, row).map(|value| !value),
        Expr::Compare(comparison, left, right) => compare(*comparison, &value(left, row)?, &value(right, row)?),
        Expr::Like(text, pattern) => match value(text, row)? {
            Value::Text(text) => Some(pattern.matches(&text)),
            _ => None,
        },
        Expr::Between(terms) => {
            let [tested, low, high] = [&terms[0], &terms[1], &terms[2]].map(|term| value(term, row));
            let side = |comparison, bound: Option<Value<'_>>| compare(comparison, tested.as_ref()?, &bound?);
            all([side(Comparison::GreaterOrEqual, low), side(Comparison::LessOrEqual, high)])
        }
        Expr::In(tested, list) => {
            let tested = value(tested, row)?;
            any(list.iter().map(|item| compare(Comparison::Equal, &tested, &value(item, row)?)))
        }
        Expr::IsNull(term) => Some(value(term, row).is_none()),
        Expr::Spatial(relation, left, right) => spatial(*relation, left, right, row),
        Expr::Temporal(relation, left, right) => Some(relation.is_possible(&span(left, row)?, &span(right, row)?)),
        Expr::Array(relation, left, right) => match (value(left, row)?, value(right, row)?) {
            (Value::Array(left), Value::Array(right)) => Some(sets(*relation, &left, &right)),
            _ => None,
        },
    }
}

/// AND.
fn all(parts: impl IntoIterator<Item = Option<bool>>) -> Option<bool> {
    let mut known = true;
    for part in parts {
        match part {
            Some(false) => return Some(false),
            Some(true) => {}
            None => known = false,
        }
    }
    known.then_some(true)
}

/// OR.
fn any(parts: impl IntoIterator<Item = Option<bool>>) -> Option<bool> {
    all(parts.into_iter().map(|part| part.map(|value| !value))).map(|value| !value)
}

fn boolean<'a>(term: &'a Term, row: &impl Facts<'a>) -> Option<bool> {
    match value(term, row)? {
        Value::Boolean(value) => Some(value),
        _ => None,
    }
}

/// Two known values compared; unknown where times are too uncertain to tell.
fn compare(comparison: Comparison, left: &Value<'_>, right: &Value<'_>) -> Option<bool> {
    match (left, right) {
        (Value::Text(a), Value::Text(b)) => Some(comparison.holds(a.as_ref().cmp(b.as_ref()))),
        (Value::Number(a), Value::Number(b)) => Some(comparison.holds(a.compare(*b))),
        (Value::Boolean(a), Value::Boolean(b)) => Some(comparison.holds(a.cmp(b))),
        (Value::Array(a), Value::Array(b)) => Some(comparison.holds(sets(Array::Equals, a, b).cmp(&true))),
        _ => compare_times(comparison, &left.span()?, &right.span()?),
    }
}

fn spatial<'a>(relation: Spatial, left: &'a Term, right: &'a Term, row: &impl Facts<'a>) -> Option<bool> {
    let (a, b) = (value(left, row)?, value(right, row)?);
    match (&a, &b) {
        (Value::Geometry(shape), Value::Literal(literal)) => relates(relation, shape, literal),
        (Value::Literal(literal), Value::Geometry(shape)) => relates(relation.reversed(), shape, literal),
        _ => relate::holds(relation, a.flat()?, b.flat()?),
    }
}

fn sets(relation: Array, left: &[Value<'_>], right: &[Value<'_>]) -> bool {
    let equal = |a: &Value<'_>, b: &Value<'_>| compare(Comparison::Equal, a, b) == Some(true);
    let within = |inner: &[Value<'_>], outer: &[Value<'_>]| inner.iter().all(|a| outer.iter().any(|b| equal(a, b)));
    match relation {
        Array::Equals => within(left, right) && within(right, left),
        Array::Contains => within(right, left),
        Array::ContainedBy => within(left, right),
        Array::Overlaps => left.iter().any(|a| right.iter().any(|b| equal(a, b))),
    }
}

/// A function's result.
fn call<'a>(function: Function, arguments: &'a [Term], row: &impl Facts<'a>) -> Option<Value<'a>> {
    let text = || match value(&arguments[0], row)? {
        Value::Text(text) => Some(text),
        _ => None,
    };
    let times = || Some((span(&arguments[0], row)?, span(&arguments[1], row)?));
    let numbers = || Some((number(&arguments[0], row)?, number(&arguments[1], row)?));
    Some(match function {
        Function::CertainlyIntersects => times().map(|(a, b)| Value::Boolean(Relation::certainly_intersect(&a, &b)))?,
        Function::CertainlyBefore => times().map(|(a, b)| Value::Boolean(Relation::certainly_before(&a, &b)))?,
        Function::CertainlyAfter => times().map(|(a, b)| Value::Boolean(Relation::certainly_before(&b, &a)))?,
        Function::Lower => Value::Text(text()?.to_lowercase().into()),
        Function::Upper => Value::Text(text()?.to_uppercase().into()),
        Function::Length => Value::Number(Num::Int(text()?.chars().count() as i64)),
        Function::Abs => Value::Number(number(&arguments[0], row)?.map(f64::abs)),
        Function::Floor => Value::Number(number(&arguments[0], row)?.map(f64::floor)),
        Function::Ceil => Value::Number(number(&arguments[0], row)?.map(f64::ceil)),
        Function::Round => Value::Number(number(&arguments[0], row)?.map(f64::round)),
        Function::Min => numbers().map(|(a, b)| Value::Number(if b.compare(a).is_lt() { b } else { a }))?,
        Function::Max => numbers().map(|(a, b)| Value::Number(if b.compare(a).is_gt() { b } else { a }))?,
    })
}
