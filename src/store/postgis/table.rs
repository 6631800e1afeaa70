//! A table of a database as a collection, and the conditions of a question about it.

use super::{
    catalog::Relation,
    column::{Column, Of, micros},
    expression::condition,
    sql::{Bound, Sql},
};
use crate::{
    dataset::files::{Dating, Made, Outside},
    model::when::Instant,
    query::{Certainty, Filter, TimeFilter, filter::Expr},
};

/// A table and the collection that it is.
#[derive(Debug)]
pub(super) struct Table {
    pub(super) relation: Relation,
    pub(super) outside: Outside,
}

impl Table {
    /// The column of a property; `None` where the property is made of the time.
    pub(super) fn column(&self, property: usize) -> Option<&Column> {
        self.relation.columns.get(property).map(|(column, _)| column)
    }

    /// The columns in which a row's time begins and ends, where they hold days or moments; uncertain dates are texts to a database.
    pub(super) fn dated(&self) -> Option<(&Column, &Column)> {
        let (start, end) = match self.outside.dating()? {
            Dating::Instant(at) => (at, at),
            Dating::Interval(start, end) => (start, end),
        };
        let (start, end) = (self.column(start)?, self.column(end)?);
        (start.is_dated() && end.is_dated()).then_some((start, end))
    }

    /// A property that is a day made of the time; `None` where it is no day.
    pub(super) fn day(&self, sql: &mut Sql, property: usize) -> Option<()> {
        let made = self.outside.made().nth(property.checked_sub(self.relation.columns.len())?)?;
        let day = |sql: &mut Sql, column: &Column| {
            sql.push("(");
            column.known(sql);
            sql.push(if column.of == Of::Date { ")" } else { " AT TIME ZONE 'UTC')::date" });
        };
        let (start, end) = self.dated()?;
        match (made, self.outside.dating()?) {
            (Made::First | Made::Last, Dating::Instant(_)) => day(sql, start),
            (Made::First | Made::Last, Dating::Interval(..)) => {
                sql.push("(CASE WHEN NOT coalesce(");
                self.is_backwards(sql, start, end)?;
                sql.push(", false) THEN ");
                day(sql, if made == Made::First { start } else { end });
                sql.push(" END)");
            }
            (Made::Span, _) => return None,
        }
        Some(())
    }

    /// Whether an interval ends before it starts, and so is none.
    pub(super) fn is_backwards(&self, sql: &mut Sql, start: &Column, end: &Column) -> Option<()> {
        let is_same = matches!((start.of, end.of), (Of::Date, Of::Date) | (Of::Timestamp { .. }, Of::Timestamp { .. }));
        is_same.then_some(())?;
        sql.push("(");
        end.ordered(sql);
        sql.push(" < ");
        start.ordered(sql);
        sql.push(")");
        Some(())
    }

    /// Writes the conditions that a filter comes to in SQL, with WHERE before them. Whether they are all of it: else what they leave is to
    /// be looked at row by row.
    pub(super) fn narrow(&self, sql: &mut Sql, filter: &Filter) -> bool {
        let mut is_all = true;
        let part = |sql: &mut Sql, write: &mut dyn FnMut(&mut Sql) -> Option<()>| {
            sql.attempt(|sql| {
                sql.push(" AND ");
                write(sql)
            })
        };
        // Whatever comes after it, and that may be nothing, begins with AND.
        sql.push(" WHERE true");
        if let (Some(bbox), Some(shape)) = (&filter.bbox, &self.relation.shape) {
            part(sql, &mut |sql| {
                shape.meets_or_is_none(sql, bbox);
                Some(())
            });
        }
        if let (Some(time), Some(dating)) = (&filter.time, self.outside.dating()) {
            is_all &= part(sql, &mut |sql| self.overlaps(sql, time, dating));
        } else if filter.time.is_some_and(|time| time.certainty == Certainty::Certain) {
            // Nothing has a time.
            part(sql, &mut |sql| {
                sql.bind(Bound::Boolean(false));
                Some(())
            });
        }
        let parts = match &filter.expr {
            None => &[],
            Some(Expr::And(parts)) => &parts[..],
            Some(one) => std::slice::from_ref(one),
        };
        for expr in parts {
            is_all &= part(sql, &mut |sql| condition(sql, self, expr, true));
        }
        is_all
    }

    /// The condition of `datetime`.
    fn overlaps(&self, sql: &mut Sql, time: &TimeFilter, dating: Dating) -> Option<()> {
        let is_possible = time.certainty == Certainty::Possible;
        let (start, end) = self.dated()?;
        match dating {
            Dating::Instant(_) => {
                let column = start;
                sql.push("(");
                if is_possible {
                    is_unreadable(sql, column);
                    sql.push(" OR (");
                } else {
                    column.is_readable(sql);
                    sql.push(" AND (");
                }
                since(sql, column, time.from)?;
                sql.push(" AND ");
                until(sql, column, time.to)?;
                sql.push("))");
            }
            Dating::Interval(..) if is_possible => {
                sql.push("((");
                is_unreadable(sql, start);
                sql.push(" OR ");
                until(sql, start, time.to)?;
                sql.push(") AND (");
                is_unreadable(sql, end);
                sql.push(" OR ");
                since(sql, end, time.from)?;
                sql.push(") OR coalesce(");
                self.is_backwards(sql, start, end)?;
                sql.push(", false))");
            }
            Dating::Interval(..) => return None,
        }
        Some(())
    }
}

/// The first or the last millisecond of a day or of a moment, since 1970; unknown where the value is.
pub(super) fn moment_millis(sql: &mut Sql, column: &Column, is_end: bool) {
    sql.push("(floor(extract(epoch FROM ");
    column.known(sql);
    sql.push(match column.of {
        Of::Date if is_end => ") * 1000)::int8 + 86399999)",
        _ => ") * 1000)::int8)",
    });
}

/// Whether the value is unknown, or none that we can read.
fn is_unreadable(sql: &mut Sql, column: &Column) {
    sql.push("(");
    column.raw(sql);
    sql.push(" IS NULL OR ");
    column.raw(sql);
    sql.push(" = '-infinity' OR ");
    column.raw(sql);
    sql.push(" >= '10000-01-01')");
}

/// Whether the day or the moment ends at an instant or later.
fn since(sql: &mut Sql, column: &Column, from: Instant) -> Option<()> {
    if from == Instant::PAST {
        sql.bind(Bound::Boolean(true));
        return Some(());
    }
    column.raw(sql);
    sql.push(" >= ");
    match column.of {
        Of::Date => drop(sql.bind(Bound::Day(from.civil_day()?))),
        Of::Timestamp { .. } => column.bind_moment(sql, micros(from)?),
        _ => return None,
    }
    Some(())
}

/// Whether it begins at an instant or sooner.
fn until(sql: &mut Sql, column: &Column, to: Instant) -> Option<()> {
    if to == Instant::FUTURE {
        sql.bind(Bound::Boolean(true));
        return Some(());
    }
    column.raw(sql);
    match column.of {
        Of::Date => drop(sql.push(" <= ").bind(Bound::Day(to.civil_day()?))),
        Of::Timestamp { .. } => {
            sql.push(" < ");
            column.bind_moment(sql, micros(to)?.checked_add(1000)?);
        }
        _ => return None,
    }
    Some(())
}
