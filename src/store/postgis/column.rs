//! Columns: which type of ours each of PostgreSQL's is, how its values are read, and how a condition names them.

use super::sql::{Bound, Sql};
use crate::model::{Kind, when::Instant};

/// A column that is a property, or the id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Column {
    /// Its name in the table.
    pub(super) name: String,
    pub(super) of: Of,
    /// Which end of a range it is.
    pub(super) end: Option<End>,
}

/// An end of a range, which is a property of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    Lower,
    Upper,
}

/// What its values are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Of {
    /// Texts of which two are the same where their bytes are, so that `=` needs no collation of ours and an index serves it.
    Text,
    /// What else is read as a text.
    AsText,
    Integer,
    Number,
    Boolean,
    Date,
    Timestamp {
        /// Whether it is a moment by itself; else it is one of UTC.
        has_zone: bool,
    },
    List,
    /// `json` and `jsonb`.
    Json,
    /// Lists of something else than texts.
    Array,
}

/// The types as the catalogue names them; `None` for those that no property can hold.
pub(super) fn of(base: &str, is_array: bool, is_plain: bool) -> Option<Of> {
    let is_text = matches!(base, "text" | "varchar");
    if is_array {
        return Some(if is_text || matches!(base, "bpchar" | "name" | "citext" | "uuid") { Of::List } else { Of::Array });
    }
    Some(match base {
        "text" | "varchar" if is_plain => Of::Text,
        "int2" | "int4" | "int8" => Of::Integer,
        "float4" | "float8" | "numeric" => Of::Number,
        "bool" => Of::Boolean,
        "date" => Of::Date,
        "timestamptz" => Of::Timestamp { has_zone: true },
        "timestamp" => Of::Timestamp { has_zone: false },
        "json" | "jsonb" => Of::Json,
        "bytea" | "geometry" | "geography" | "raster" => return None,
        _ => Of::AsText,
    })
}

/// Days and moments that can be read: from the first that PostgreSQL has to the last of the year 9999, infinity aside.
const FIRST: &str = " > '-infinity' AND ";
const LAST: &str = " < '10000-01-01'";
/// Finite numbers; what is not a number is greater than all others.
const LEAST: &str = " > '-Infinity' AND ";
const MOST: &str = " < 'Infinity'";

impl Column {
    pub(super) fn kind(&self) -> Kind {
        match self.of {
            Of::Text | Of::AsText => Kind::Text,
            Of::Integer => Kind::Integer,
            Of::Number => Kind::Number,
            Of::Boolean => Kind::Boolean,
            Of::Date => Kind::Date,
            Of::Timestamp { .. } => Kind::Timestamp,
            Of::List => Kind::List,
            Of::Json | Of::Array => Kind::Json,
        }
    }

    /// What it is called as a property: each end of a range is one.
    pub(super) fn property(&self) -> String {
        match self.end {
            None => self.name.clone(),
            Some(End::Lower) => format!("{}_start", self.name),
            Some(End::Upper) => format!("{}_end", self.name),
        }
    }

    /// Whether its values are days or moments.
    pub(super) fn is_dated(&self) -> bool {
        matches!(self.of, Of::Date | Of::Timestamp { .. })
    }

    /// The column as the table has it, which an index can serve.
    pub(super) fn raw(&self, sql: &mut Sql) {
        match (self.end, self.of) {
            (None, _) => {
                sql.push("t.").name(&self.name);
            }
            (Some(End::Lower), _) => {
                sql.push("lower(t.").name(&self.name).push(")");
            }
            // Ranges of days end before the day that they name.
            (Some(End::Upper), Of::Date) => {
                sql.push("(upper(t.").name(&self.name).push(") - 1)");
            }
            (Some(End::Upper), _) => {
                sql.push("(CASE WHEN upper_inc(t.").name(&self.name).push(") THEN upper(t.").name(&self.name);
                sql.push(") ELSE upper(t.").name(&self.name).push(") - interval '1 millisecond' END)");
            }
        }
    }

    /// Its value as it is sent.
    pub(super) fn sent(&self, sql: &mut Sql) {
        match self.of {
            Of::Text | Of::Boolean | Of::Date | Of::Timestamp { has_zone: true } => self.raw(sql),
            Of::Timestamp { has_zone: false } => self.moment(sql),
            Of::Integer => self.cast(sql, "::int8"),
            Of::Number => self.cast(sql, "::float8"),
            Of::AsText | Of::Json => self.cast(sql, "::text"),
            Of::List | Of::Array => {
                sql.push("array_to_json(");
                self.raw(sql);
                sql.push(")::text");
            }
        }
    }

    /// Its value as conditions compare it: unknown where it is none that we can read.
    pub(super) fn known(&self, sql: &mut Sql) {
        match self.of {
            Of::Text | Of::Boolean | Of::Integer => self.raw(sql),
            Of::AsText => self.cast(sql, "::text"),
            Of::Number | Of::Date | Of::Timestamp { .. } => {
                sql.push("(CASE WHEN ");
                self.is_readable(sql);
                sql.push(" THEN ");
                match self.of {
                    Of::Number => self.cast(sql, "::float8"),
                    Of::Timestamp { .. } => self.moment(sql),
                    _ => self.raw(sql),
                }
                sql.push(" END)");
            }
            Of::List | Of::Json | Of::Array => self.sent(sql),
        }
    }

    /// Whether its value is known and one that we can read.
    pub(super) fn is_readable(&self, sql: &mut Sql) {
        let (low, high) = match self.of {
            Of::Number => (LEAST, MOST),
            Of::Date | Of::Timestamp { .. } => (FIRST, LAST),
            _ => {
                self.raw(sql);
                sql.push(" IS NOT NULL");
                return;
            }
        };
        sql.push("(");
        self.raw(sql);
        sql.push(low);
        self.raw(sql);
        sql.push(high).push(")");
    }

    /// Its value as answers are put in order by it: texts by code point, moments to the millisecond.
    pub(super) fn ordered(&self, sql: &mut Sql) {
        match self.of {
            Of::Text | Of::AsText => {
                self.known(sql);
                sql.push(" COLLATE \"C\"");
            }
            Of::Timestamp { .. } => {
                sql.push("date_trunc('milliseconds', ");
                self.known(sql);
                sql.push(")");
            }
            _ => self.known(sql),
        }
    }

    /// A moment, in microseconds since 1970, as it is compared with the raw column.
    pub(super) fn bind_moment(&self, sql: &mut Sql, micros: i64) {
        match self.of {
            Of::Timestamp { has_zone: false } => {
                sql.push("(").bind(Bound::Moment(micros)).push(" AT TIME ZONE 'UTC')");
            }
            _ => {
                sql.bind(Bound::Moment(micros));
            }
        }
    }

    fn moment(&self, sql: &mut Sql) {
        match self.of {
            Of::Timestamp { has_zone: false } => {
                sql.push("(");
                self.raw(sql);
                sql.push(" AT TIME ZONE 'UTC')");
            }
            _ => self.raw(sql),
        }
    }

    fn cast(&self, sql: &mut Sql, to: &'static str) {
        sql.push("(");
        self.raw(sql);
        sql.push(")").push(to);
    }
}

/// Microseconds since 1970 of a moment; `None` beyond what PostgreSQL holds, which is beyond what a column of ours does.
pub(super) fn micros(moment: Instant) -> Option<i64> {
    // From the year 4713 BC to 294276.
    const RANGE: std::ops::Range<i64> = -210_866_803_200_000..9_223_371_331_200_000;
    Some(moment.as_millis()).filter(|millis| RANGE.contains(millis)).map(|millis| millis * 1000)
}
