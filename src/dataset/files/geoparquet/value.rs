//! The value of a column → a value of a property.

use std::borrow::Cow;

use jiff::{SignedDuration, Timestamp, civil};
use parquet::{
    data_type::Decimal,
    record::{Field, Row},
};
use serde_json::{Map, Value};

use super::super::record::Raw;
use crate::model::hex;

/// What the value of a field stands for, where the library does not say it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// As it is.
    Plain,
    /// A text that is JSON.
    Json,
    /// 16 bytes that are an identifier (RFC 9562).
    Uuid,
    /// Nanoseconds since 1970.
    TimestampNanos,
    /// Nanoseconds since midnight.
    TimeNanos,
}

/// Reads a value; what has no meaning for a property is none.
pub(super) fn raw(field: Field, form: Form) -> Raw<'static> {
    let text = |text: Option<String>| text.map_or(Raw::Null, |text| Raw::Text(text.into()));
    match (field, form) {
        (Field::Str(json), Form::Json) => match serde_json::from_str::<Value>(&json) {
            Ok(value) => structure(value),
            Err(_) => Raw::Text(json.into()),
        },
        (Field::Bytes(bytes), Form::Uuid) => text(uuid(bytes.data())),
        (Field::Long(nanos), Form::TimestampNanos) => text(timestamp(Timestamp::from_nanosecond(nanos.into()).ok())),
        (Field::Long(nanos), Form::TimeNanos) => text(time(nanos)),
        (Field::Str(text), _) => Raw::Text(Cow::Owned(text)),
        (Field::Bool(is), _) => Raw::Boolean(is),
        (Field::Byte(number), _) => Raw::Integer(number.into()),
        (Field::Short(number), _) => Raw::Integer(number.into()),
        (Field::Int(number), _) => Raw::Integer(number.into()),
        (Field::Long(number), _) => Raw::Integer(number),
        (Field::UByte(number), _) => Raw::Integer(number.into()),
        (Field::UShort(number), _) => Raw::Integer(number.into()),
        (Field::UInt(number), _) => Raw::Integer(number.into()),
        // Beyond 64 bits with a sign, only the digits are exact.
        (Field::ULong(number), _) => i64::try_from(number).map_or_else(|_| Raw::Text(number.to_string().into()), Raw::Integer),
        (Field::Float16(number), _) => self::number(number.into()),
        // A number of 32 bits in its shortest digits: 0.1 is not 0.10000000149011612.
        (Field::Float(number), _) => self::number(number.to_string().parse().unwrap_or_else(|_| number.into())),
        (Field::Double(number), _) => self::number(number),
        (Field::Decimal(decimal), _) => text(digits(&decimal)).into_number(),
        (field @ (Field::Group(_) | Field::ListInternal(_) | Field::MapInternal(_)), _) => structure(json(&field)),
        (field @ (Field::Date(_) | Field::TimeMillis(_) | Field::TimeMicros(_)), _) => text(moment(&field)),
        (field @ (Field::TimestampMillis(_) | Field::TimestampMicros(_)), _) => text(moment(&field)),
        (Field::Null | Field::Bytes(_), _) => Raw::Null,
    }
}

/// A number that is a longitude or a latitude.
pub(super) fn coordinate(field: &Field) -> Option<f64> {
    match *field {
        Field::Int(number) => Some(number.into()),
        Field::Long(number) => Some(number as f64),
        Field::Float(number) => number.to_string().parse().ok(),
        Field::Double(number) => Some(number),
        // As DuckDB has numbers that are written with a point.
        Field::Decimal(ref decimal) => digits(decimal)?.parse().ok(),
        _ => None,
    }
    .filter(|number| !number.is_nan())
}

impl Raw<'_> {
    /// A text of digits as a number, where the number gives them back.
    fn into_number(self) -> Self {
        let Self::Text(text) = &self else { return self };
        if let Ok(number) = text.parse() {
            return Self::Integer(number);
        }
        match text.parse::<f64>() {
            Ok(number) if text.trim_end_matches('0').trim_end_matches('.') == number.to_string() => Self::Number(number),
            _ => self,
        }
    }
}

/// What is no number, or not finite, is nothing.
fn number(number: f64) -> Raw<'static> {
    if number.is_finite() { Raw::Number(number) } else { Raw::Null }
}

fn structure(value: Value) -> Raw<'static> {
    match value {
        Value::Null => Raw::Null,
        Value::Array(list) if list.iter().all(Value::is_string) => Raw::List(Value::Array(list).to_string()),
        other => Raw::Json(other.to_string()),
    }
}

/// A field within a list, a structure or a map, as JSON.
fn json(field: &Field) -> Value {
    match field {
        Field::Group(row) => object(row),
        Field::ListInternal(list) => list.elements().iter().map(json).collect(),
        Field::MapInternal(map) => {
            let named = map.entries().iter().map(|(key, value)| {
                let key = match json(key) {
                    Value::String(key) => key,
                    other => other.to_string(),
                };
                (key, json(value))
            });
            Value::Object(named.collect())
        }
        other => match raw(other.clone(), Form::Plain) {
            Raw::Null => Value::Null,
            Raw::Cell(text) | Raw::Decimal(text) | Raw::Text(text) => Value::String(text.into_owned()),
            Raw::Integer(number) => number.into(),
            Raw::Number(number) => number.into(),
            Raw::Boolean(is) => is.into(),
            Raw::List(json) | Raw::Json(json) => serde_json::from_str(&json).unwrap_or(Value::Null),
        },
    }
}

fn object(row: &Row) -> Value {
    row.get_column_iter().map(|(name, field)| (name.clone(), json(field))).collect::<Map<_, _>>().into()
}

/// A day, a time of day or an instant as text; `None` where it is beyond the years −9999 to 9999.
fn moment(field: &Field) -> Option<String> {
    match *field {
        Field::Date(days) => {
            let day = civil::date(1970, 1, 1).checked_add(SignedDuration::from_hours(i64::from(days) * 24)).ok()?;
            Some(day.to_string())
        }
        Field::TimeMillis(millis) => time(i64::from(millis) * 1_000_000),
        Field::TimeMicros(micros) => time(micros.checked_mul(1_000)?),
        Field::TimestampMillis(millis) => timestamp(Timestamp::from_millisecond(millis).ok()),
        Field::TimestampMicros(micros) => timestamp(Timestamp::from_microsecond(micros).ok()),
        _ => None,
    }
}

fn timestamp(instant: Option<Timestamp>) -> Option<String> {
    instant.map(|instant| instant.to_string())
}

/// Nanoseconds since midnight as a time of day.
fn time(nanos: i64) -> Option<String> {
    let is_within = (0..86_400_000_000_000).contains(&nanos);
    is_within.then(|| civil::Time::midnight().wrapping_add(SignedDuration::from_nanos(nanos)).to_string())
}

fn uuid(bytes: &[u8]) -> Option<String> {
    let hex = hex(bytes);
    (bytes.len() == 16).then(|| [&hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]].join("-"))
}

/// The digits of a decimal: a whole number of up to 128 bits, big-endian, and where its point is.
fn digits(decimal: &Decimal) -> Option<String> {
    let bytes = decimal.data();
    let fill = if bytes.first().is_some_and(|byte| byte & 0x80 != 0) { 0xff } else { 0 };
    let mut wide = [fill; 16];
    wide.get_mut(16_usize.checked_sub(bytes.len())?..)?.copy_from_slice(bytes);
    let whole = i128::from_be_bytes(wide);
    let scale = usize::try_from(decimal.scale()).ok().filter(|scale| *scale <= 38)?;
    let plain = format!("{:0width$}", whole.unsigned_abs(), width = scale + 1);
    let (before, after) = plain.split_at(plain.len() - scale);
    let sign = if whole < 0 { "-" } else { "" };
    Some(if scale == 0 { format!("{sign}{before}") } else { format!("{sign}{before}.{after}") })
}
