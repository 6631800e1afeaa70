//! The values of terms.

use std::borrow::Cow;

use super::{Facts, call, truth};
use crate::{
    model::{
        Cell, Geometry,
        when::{Span, When},
    },
    query::filter::{Comparison, Field, Num, Shape, Term, Time},
};

/// A value that is known.
#[derive(Debug, Clone)]
pub(super) enum Value<'a> {
    Text(Cow<'a, str>),
    Number(Num),
    Boolean(bool),
    Time(Span),
    /// A feature's geometry.
    Geometry(Box<Geometry>),
    /// A geometry of the filter.
    Literal(&'a Shape),
    /// A set; every member is known.
    Array(Vec<Value<'a>>),
}

impl Value<'_> {
    /// It as a time; a text is read as an uncertain one.
    pub(super) fn span(&self) -> Option<Span> {
        match self {
            Self::Time(span) => Some(*span),
            Self::Text(text) => uncertain(text),
            _ => None,
        }
    }

    /// It as a plane geometry.
    pub(super) fn flat(&self) -> Option<&geo::Geometry> {
        match self {
            Self::Geometry(geometry) => Some(geometry.flat()),
            Self::Literal(shape) => Some(shape.flat()),
            _ => None,
        }
    }
}

/// The time that a text says; `None` where it is no EDTF.
fn uncertain(text: &str) -> Option<Span> {
    text.parse::<When>().ok().map(|when| Span::uncertain(when.bounds()))
}

/// A term's value; `None` where it is not known.
pub(super) fn value<'a>(term: &'a Term, row: &impl Facts<'a>) -> Option<Value<'a>> {
    Some(match term {
        Term::Field(field, _) => return of_field(*field, row),
        Term::Text(text) => Value::Text(text.as_str().into()),
        Term::Number(number) => Value::Number(*number),
        Term::Boolean(value) => Value::Boolean(*value),
        Term::Time(time) => Value::Time(of_time(*time)),
        Term::Interval(_) => Value::Time(span(term, row)?),
        Term::Shape(shape) => Value::Literal(shape),
        Term::Fold(fold, folded) => match value(folded, row)? {
            Value::Text(text) => Value::Text(fold.of(&text).into()),
            _ => return None,
        },
        Term::Arithmetic(operation, terms) => Value::Number(operation.of(number(&terms[0], row)?, number(&terms[1], row)?)?),
        Term::Call(function, arguments) => return call(*function, arguments, row),
        Term::Array(items) => Value::Array(items.iter().map(|item| value(item, row)).collect::<Option<_>>()?),
        Term::Condition(condition) => Value::Boolean(truth(condition, row)?),
    })
}

/// A number's value.
pub(super) fn number<'a>(term: &'a Term, row: &impl Facts<'a>) -> Option<Num> {
    match value(term, row)? {
        Value::Number(number) => Some(number),
        _ => None,
    }
}

/// A time's value.
pub(super) fn span<'a>(term: &'a Term, row: &impl Facts<'a>) -> Option<Span> {
    match term {
        Term::Interval(ends) => {
            // An end that is a property without value is not known, which is not the same as open.
            let end = |end: &'a Option<Term>| match end {
                None => Some(None),
                Some(term) => span(term, row).map(Some),
            };
            Span::between(end(&ends[0])?, end(&ends[1])?)
        }
        _ => value(term, row)?.span(),
    }
}

fn of_time(time: Time) -> Span {
    match time {
        Time::Day(day) => Span::day(day),
        Time::Moment(moment) => Span::moment(moment),
    }
}

fn of_field<'a>(field: Field, row: &impl Facts<'a>) -> Option<Value<'a>> {
    Some(match field {
        Field::Id => Value::Text(row.id().into()),
        Field::Geometry => Value::Geometry(Box::new(row.geometry()?)),
        Field::Time => Value::Time(Span::uncertain(row.time()?)),
        Field::Property(position, _) => match row.cell(position) {
            Cell::Null => return None,
            Cell::Text(text) => Value::Text(text.into()),
            Cell::Integer(number) => Value::Number(Num::Int(number)),
            Cell::Number(number) => Value::Number(Num::from_f64(number)?),
            Cell::Boolean(value) => Value::Boolean(value),
            Cell::Date(day) => Value::Time(Span::day(day)),
            Cell::Timestamp(moment) => Value::Time(Span::moment(moment)),
            Cell::Json(text) => {
                let members = serde_json::from_str::<Vec<String>>(text).ok()?;
                Value::Array(members.into_iter().map(|member| Value::Text(member.into())).collect())
            }
        },
    })
}

/// Two times compared as values: the one is less where all of it is before all of the other, and they are equal where neither is.
/// Unknown where that depends on which of their possible values are the true ones.
pub(super) fn compare_times(comparison: Comparison, left: &Span, right: &Span) -> Option<bool> {
    let (less, greater) = (left.is_before(right), right.is_before(left));
    let not = |value: Option<bool>| value.map(|value| !value);
    let equal = match (less, greater) {
        (Some(true), _) | (_, Some(true)) => Some(false),
        (Some(false), Some(false)) => Some(true),
        _ => None,
    };
    match comparison {
        Comparison::Equal => equal,
        Comparison::NotEqual => not(equal),
        Comparison::Less => less,
        Comparison::GreaterOrEqual => not(less),
        Comparison::Greater => greater,
        Comparison::LessOrEqual => not(greater),
    }
}
