//! Rows of answers → features.

use tokio_postgres::{
    Row,
    types::{FromSql, Type},
};

use super::{
    catalog::Relation,
    column::{Column, Of},
    error::PostgisError,
    sql::{DAYS_BETWEEN, MICROS_BETWEEN, Sql},
};
use crate::{
    dataset::files::Outside,
    model::{
        Feature, Value,
        when::{Instant, date_of},
        wkb,
    },
};

/// A value as it is sent.
struct Raw<'a>(&'a [u8]);

impl<'a> FromSql<'a> for Raw<'a> {
    fn from_sql(_: &Type, bytes: &'a [u8]) -> Result<Self, Box<dyn std::error::Error + Sync + Send>> {
        Ok(Self(bytes))
    }

    fn accepts(_: &Type) -> bool {
        true
    }
}

/// Takes features out of rows, and the sum of what they were made of: two answers with the same one are the same.
pub(super) struct Reader<'a> {
    relation: &'a Relation,
    outside: &'a Outside,
    sum: blake3::Hasher,
}

impl<'a> Reader<'a> {
    pub(super) fn new(relation: &'a Relation, outside: &'a Outside) -> Self {
        Self { relation, outside, sum: blake3::Hasher::new() }
    }

    /// What is read of each row, in the order of [`Self::feature`].
    pub(super) fn list(relation: &Relation, sql: &mut Sql) {
        sql.push("(");
        relation.key.raw(sql);
        sql.push(")::text, ");
        match &relation.shape {
            Some(shape) => shape.sent(sql),
            None => {
                sql.push("NULL::bytea");
            }
        }
        for (column, _) in &relation.columns {
            sql.push(", ");
            column.sent(sql);
        }
    }

    /// The feature of a row whose values begin at `first`; `None` where the row stands for no feature.
    pub(super) fn feature(&mut self, row: &Row, first: usize) -> Result<Option<Feature>, PostgisError> {
        let mut get = |index: usize| -> Result<Option<&[u8]>, PostgisError> {
            let raw = row.try_get::<_, Option<Raw<'_>>>(first + index).map_err(|error| PostgisError::of(&error, "reading a row"))?;
            let bytes = raw.map(|raw| raw.0);
            self.sum.update(&bytes.map_or(u64::MAX, |bytes| bytes.len() as u64).to_le_bytes());
            self.sum.update(bytes.unwrap_or_default());
            Ok(bytes)
        };
        let Some(id) = get(0)? else { return Ok(None) };
        let id = String::from_utf8_lossy(id).into_owned();
        let shape = get(1)?;
        let geometry = shape.and_then(wkb::read);
        if geometry.is_none() && shape.is_some_and(|bytes| wkb::kind(bytes).is_none_or(|kind| !(1..=7).contains(&kind))) {
            tracing::debug!(table = %self.relation.name, id, "a geometry is of a type that no format has: it is served without one");
        }
        let mut values = Vec::with_capacity(self.outside.collection.schema.properties.len());
        for (index, (column, _)) in self.relation.columns.iter().enumerate() {
            values.push(get(2 + index)?.map_or(Value::Null, |bytes| value(column, bytes)));
        }
        let mut feature = Feature { id, geometry: geometry.filter(|geometry| !geometry.is_empty()), time: None, values };
        self.outside.complete(&mut feature);
        Ok(Some(feature))
    }

    /// The sum of all that was read, and of a number more.
    pub(super) fn sum(mut self, more: u64) -> String {
        self.sum.update(&more.to_le_bytes());
        self.sum.finalize().to_hex()[..24].to_owned()
    }
}

/// The value of a column at a place of a row.
pub(super) fn value_at(column: &Column, row: &Row, index: usize) -> Result<Value, PostgisError> {
    let raw = row.try_get::<_, Option<Raw<'_>>>(index).map_err(|error| PostgisError::of(&error, "reading a value"))?;
    Ok(raw.map_or(Value::Null, |raw| value(column, raw.0)))
}

/// A value as it is sent in binary form (PostgreSQL's `*_send` functions).
fn value(column: &Column, bytes: &[u8]) -> Value {
    let text = || String::from_utf8_lossy(bytes).into_owned();
    let whole = || bytes.try_into().ok().map(i64::from_be_bytes);
    match column.of {
        Of::Text | Of::AsText => Value::Text(text()),
        Of::Integer => whole().map_or(Value::Null, Value::Integer),
        Of::Number => {
            let number = bytes.try_into().ok().map(f64::from_be_bytes);
            number.filter(|number| number.is_finite()).map_or(Value::Null, Value::Number)
        }
        Of::Boolean => Value::Boolean(bytes == [1]),
        Of::Date => {
            let day = bytes.try_into().ok().map(i32::from_be_bytes).and_then(|day| day.checked_add(DAYS_BETWEEN));
            day.and_then(date_of).map_or(Value::Null, Value::Date)
        }
        Of::Timestamp { .. } => {
            let micros =
                whole().filter(|micros| !matches!(*micros, i64::MIN | i64::MAX)).and_then(|micros| micros.checked_add(MICROS_BETWEEN));
            let moment = micros.map(|micros| Instant::from_millis(micros.div_euclid(1000)));
            moment.filter(|moment| moment.day().is_some()).map_or(Value::Null, Value::Timestamp)
        }
        Of::List => serde_json::from_slice::<Vec<Option<String>>>(bytes)
            .map_or(Value::Null, |members| Value::List(members.into_iter().flatten().collect())),
        Of::Json | Of::Array => match serde_json::from_slice::<serde_json::Value>(bytes) {
            Ok(serde_json::Value::Null) | Err(_) => Value::Null,
            Ok(value) => Value::from(value),
        },
    }
}
