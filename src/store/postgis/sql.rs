//! Statements: text that is part of the program, names that are quoted, and values that are bound. Nothing else can get into one.

use bytes::BytesMut;
use tokio_postgres::types::{IsNull, ToSql, Type, to_sql_checked};

/// A statement that is being written.
#[derive(Debug, Clone, Default)]
pub(super) struct Sql {
    text: String,
    values: Vec<Bound>,
}

/// A value that is bound.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Bound {
    Text(String),
    Integer(i64),
    Number(f64),
    Boolean(bool),
    /// Days since 1970-01-01.
    Day(i32),
    /// Microseconds since 1970-01-01T00:00:00Z.
    Moment(i64),
    /// A geometry as WKB.
    Bytes(Vec<u8>),
    Texts(Vec<String>),
}

/// Days and microseconds from 1970-01-01, from which we count, to 2000-01-01, from which PostgreSQL does.
pub(super) const DAYS_BETWEEN: i32 = 10_957;
pub(super) const MICROS_BETWEEN: i64 = DAYS_BETWEEN as i64 * 86_400_000_000;

impl Sql {
    /// Adds a part of the program's own: no text that comes from anywhere else lives as long.
    pub(super) fn push(&mut self, text: &'static str) -> &mut Self {
        self.text.push_str(text);
        self
    }

    /// Adds a name, quoted: whatever stands in it, it stays one name.
    pub(super) fn name(&mut self, name: &str) -> &mut Self {
        self.text.push('"');
        // A NUL cannot be part of a name, and would end the statement.
        for letter in name.chars().filter(|letter| *letter != '\0') {
            if letter == '"' {
                self.text.push('"');
            }
            self.text.push(letter);
        }
        self.text.push('"');
        self
    }

    /// Adds the place of a value.
    pub(super) fn bind(&mut self, value: Bound) -> &mut Self {
        let place = match self.values.iter().position(|known| *known == value) {
            Some(place) => place,
            None => {
                self.values.push(value);
                self.values.len() - 1
            }
        };
        self.text.push('$');
        self.text.push_str(itoa::Buffer::new().format(place + 1));
        self.text.push_str(match self.values[place] {
            Bound::Text(_) => "::text",
            Bound::Integer(_) => "::int8",
            Bound::Number(_) => "::float8",
            Bound::Boolean(_) => "::bool",
            Bound::Day(_) => "::date",
            Bound::Moment(_) => "::timestamptz",
            Bound::Bytes(_) => "::bytea",
            Bound::Texts(_) => "::text[]",
        });
        self
    }

    /// Adds parts with a word between each two.
    pub(super) fn join<T>(&mut self, between: &'static str, parts: impl IntoIterator<Item = T>, mut write: impl FnMut(&mut Self, T)) {
        for (index, part) in parts.into_iter().enumerate() {
            if index > 0 {
                self.push(between);
            }
            write(self, part);
        }
    }

    /// Writes what can be written whole; else nothing of it stays.
    pub(super) fn attempt(&mut self, write: impl FnOnce(&mut Self) -> Option<()>) -> bool {
        let (text, values) = (self.text.len(), self.values.len());
        let is_whole = write(self).is_some();
        if !is_whole {
            self.text.truncate(text);
            self.values.truncate(values);
        }
        is_whole
    }

    /// The same with something before and after it.
    pub(super) fn around(mut self, before: &'static str, after: &'static str) -> Self {
        self.text.insert_str(0, before);
        self.text.push_str(after);
        self
    }

    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// The values with their types, in order.
    pub(super) fn values(&self) -> Vec<(&(dyn ToSql + Sync), Type)> {
        self.values.iter().map(|value| (value as &(dyn ToSql + Sync), value.of())).collect()
    }
}

impl Bound {
    fn of(&self) -> Type {
        match self {
            Self::Text(_) => Type::TEXT,
            Self::Integer(_) => Type::INT8,
            Self::Number(_) => Type::FLOAT8,
            Self::Boolean(_) => Type::BOOL,
            Self::Day(_) => Type::DATE,
            Self::Moment(_) => Type::TIMESTAMPTZ,
            Self::Bytes(_) => Type::BYTEA,
            Self::Texts(_) => Type::TEXT_ARRAY,
        }
    }
}

impl ToSql for Bound {
    fn to_sql(&self, of: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn std::error::Error + Sync + Send>> {
        match self {
            Self::Text(text) => text.to_sql(of, out),
            Self::Integer(value) => value.to_sql(of, out),
            Self::Number(value) => value.to_sql(of, out),
            Self::Boolean(value) => value.to_sql(of, out),
            // Both travel as whole numbers (PostgreSQL's date_send and timestamptz_send).
            Self::Day(day) => day.saturating_sub(DAYS_BETWEEN).to_sql(&Type::INT4, out),
            Self::Moment(micros) => micros.saturating_sub(MICROS_BETWEEN).to_sql(&Type::INT8, out),
            Self::Bytes(bytes) => bytes.to_sql(of, out),
            Self::Texts(texts) => texts.to_sql(of, out),
        }
    }

    fn accepts(_: &Type) -> bool {
        // Each is bound as the type that it says itself.
        true
    }

    to_sql_checked!();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_stands_in_a_name_it_stays_one() {
        let mut sql = Sql::default();
        sql.push("SELECT ").name("plain").push(", ").name("a\"b; DROP TABLE x --\0").push(" FROM ").name("É\n");
        assert_eq!(sql.text(), "SELECT \"plain\", \"a\"\"b; DROP TABLE x --\" FROM \"É\n\"");
    }

    #[test]
    fn values_are_bound_once_each_with_their_types() {
        let mut sql = Sql::default();
        sql.bind(Bound::Text("'; --".into())).push(" ").bind(Bound::Integer(1)).push(" ").bind(Bound::Text("'; --".into()));
        assert_eq!(sql.text(), "$1::text $2::int8 $1::text");
        assert_eq!(sql.values().iter().map(|(_, of)| of.clone()).collect::<Vec<_>>(), [Type::TEXT, Type::INT8]);
    }
}
