//! The order of answers, and where in it a page starts: after the last feature of the page before, whatever was added or taken away since.

use super::{
    column::Of,
    sql::{Bound, Sql},
    table::Table,
};
use crate::{
    model::{Kind, when::Instant},
    query::{Cursor, QueryError, Sort, SortBy, SortKey, SortValue},
};

/// An order of the rows of a table.
pub(super) struct Order<'a> {
    table: &'a Table,
    keys: &'a [SortKey],
}

impl<'a> Order<'a> {
    /// # Errors
    /// When it is asked for by a property that only a data set in memory is sorted by.
    pub(super) fn new(table: &'a Table, sort: Option<&'a Sort>) -> Result<Self, QueryError> {
        let order = Self { table, keys: sort.map_or(&[], |sort| &sort.0) };
        let mut scratch = Sql::default();
        match order.keys.iter().all(|key| order.value(&mut scratch, key.by).is_some()) {
            true => Ok(order),
            false => Err(QueryError::Conflict { parameter: "sortby", other: "a day that is made of an uncertain date, in a database" }),
        }
    }

    /// ORDER BY: unknown values last whichever way a key runs, and the key of the table at last.
    pub(super) fn by(&self, sql: &mut Sql) {
        sql.push(" ORDER BY ");
        for key in self.keys {
            self.value(sql, key.by);
            sql.push(if key.descending { " DESC NULLS LAST, " } else { " ASC NULLS LAST, " });
        }
        self.key(sql);
    }

    /// The condition that a row comes after the one at which a cursor stands.
    ///
    /// # Errors
    /// When the cursor cannot be one of this order.
    pub(super) fn after(&self, sql: &mut Sql, cursor: &Cursor) -> Result<(), QueryError> {
        let wrong = || QueryError::Cursor { value: cursor.to_token() };
        if cursor.sort.len() != self.keys.len() {
            return Err(wrong());
        }
        self.rest(sql, self.keys.iter().zip(&cursor.sort).collect::<Vec<_>>().as_slice(), cursor).ok_or_else(wrong)
    }

    fn rest(&self, sql: &mut Sql, keys: &[(&SortKey, &SortValue)], cursor: &Cursor) -> Option<()> {
        let Some(((key, value), rest)) = keys.split_first() else {
            sql.push("(");
            self.key(sql);
            sql.push(" > ").bind(self.table.relation.id(&cursor.key.id)?).push(")");
            return Some(());
        };
        sql.push("(");
        if !matches!(value, SortValue::Unknown) {
            self.value(sql, key.by)?;
            sql.push(if key.descending { " < " } else { " > " });
            self.kept(sql, key, value, cursor)?;
            sql.push(" OR ");
            self.value(sql, key.by)?;
            sql.push(" IS NULL OR ");
        }
        sql.push("(");
        self.value(sql, key.by)?;
        match value {
            SortValue::Unknown => drop(sql.push(" IS NULL")),
            _ => {
                sql.push(" = ");
                self.kept(sql, key, value, cursor)?;
            }
        }
        sql.push(" AND ");
        self.rest(sql, rest, cursor)?;
        sql.push("))");
        Some(())
    }

    /// What the cursor kept of a value.
    fn kept(&self, sql: &mut Sql, key: &SortKey, value: &SortValue, cursor: &Cursor) -> Option<()> {
        let kind = match key.by {
            SortBy::Id => Kind::Text,
            SortBy::Property(index) => self.table.outside.collection.schema.properties.get(index)?.kind,
        };
        let bound = match (value, kind) {
            (SortValue::Text { text, .. }, Kind::Text) if !text.contains('\0') => Bound::Text(text.clone()),
            (SortValue::Rank(rank), Kind::Integer) => Bound::Integer(*rank),
            // The bits of negative doubles are turned to order as whole numbers.
            (SortValue::Rank(rank), Kind::Number) => Bound::Number(f64::from_bits((rank ^ ((rank >> 63) as u64 >> 1) as i64) as u64)),
            (SortValue::Rank(rank), Kind::Boolean) => Bound::Boolean(*rank != 0),
            (SortValue::Rank(rank), Kind::Date) => {
                let part = |number: i64| i8::try_from(number).ok();
                let (year, month, day) = (rank.div_euclid(512), rank.rem_euclid(512) / 32, rank.rem_euclid(32));
                let date = jiff::civil::Date::new(i16::try_from(year).ok()?, part(month)?, part(day)?).ok()?;
                Bound::Day(Instant::start_of(date).civil_day()?)
            }
            (SortValue::Rank(rank), Kind::Timestamp) => Bound::Moment(rank.checked_mul(1000)?),
            _ => return None,
        };
        match value {
            // Of a long text only the beginning was kept: the row itself has the rest, unless it is gone.
            SortValue::Text { whole: false, .. } => {
                sql.push("coalesce((SELECT ");
                self.value(sql, key.by)?;
                self.table.relation.from(sql);
                sql.push(" WHERE ");
                self.table.relation.has_id(sql, &cursor.key.id)?;
                sql.push("), ").bind(bound).push(")");
            }
            _ => drop(sql.bind(bound)),
        }
        Some(())
    }

    fn value(&self, sql: &mut Sql, by: SortBy) -> Option<()> {
        match by {
            SortBy::Id => {
                sql.push("(");
                self.table.relation.key.raw(sql);
                sql.push(")::text COLLATE \"C\"");
            }
            SortBy::Property(index) => match self.table.column(index) {
                Some(column) => column.ordered(sql),
                None => self.table.day(sql, index)?,
            },
        }
        Some(())
    }

    /// The key of the table.
    fn key(&self, sql: &mut Sql) {
        let key = &self.table.relation.key;
        match key.of {
            Of::AsText => key.ordered(sql),
            _ => key.raw(sql),
        }
    }
}
