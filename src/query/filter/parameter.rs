//! Queryables as parameters of their own: `name=value` (OGC API – Features Part 3, clause 7).

use super::{
    expr::{Array, Comparison, Expr, Term, Time},
    num::Num,
    queryable::{Field, Queryable},
};
use crate::{
    model::{Kind, when::rfc3339::parse_instant},
    query::QueryError,
};

/// The condition that a queryable has a value; that a list has every one of several, separated by commas.
///
/// # Errors
/// When the value is none of the queryable's type.
pub(in crate::query) fn equal(queryable: &Queryable<'_>, value: &str) -> Result<Expr, QueryError> {
    let wrong = |expected: &'static str| QueryError::Property { parameter: queryable.name.to_owned(), value: value.to_owned(), expected };
    let field = Term::Field(queryable.field, queryable.name.to_owned());
    let value = match queryable.field {
        Field::Id | Field::Geometry | Field::Time => Term::Text(value.to_owned()),
        Field::Property(_, kind) => match kind {
            Kind::Text | Kind::Uri | Kind::Edtf | Kind::Json => Term::Text(value.to_owned()),
            Kind::Integer | Kind::Number => Term::Number(number(value).ok_or_else(|| wrong("a number"))?),
            Kind::Boolean => match value {
                "true" => Term::Boolean(true),
                "false" => Term::Boolean(false),
                _ => return Err(wrong("true or false")),
            },
            Kind::Date | Kind::Timestamp => {
                let (first, last) = parse_instant(value).map_err(|_| wrong("a date or a timestamp (RFC 3339)"))?;
                Term::Time(match first.day() {
                    Some(day) if first != last => Time::Day(day),
                    _ => Time::Moment(first),
                })
            }
            Kind::List => {
                let members = value.split(',').map(|member| Term::Text(member.trim().to_owned()));
                return Ok(Expr::Array(Array::Contains, field, Term::Array(members.collect())));
            }
        },
    };
    Ok(Expr::Compare(Comparison::Equal, field, value))
}

/// A number as JSON writes it; Rust alone would also take `inf` and `nan`.
fn number(text: &str) -> Option<Num> {
    let plain = text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'+' | b'-' | b'.' | b'e' | b'E'));
    let whole = text.parse().ok().map(Num::Int);
    whole.or_else(|| text.parse().ok().filter(|_| plain).and_then(Num::from_f64))
}
