//! How many rows of a table have which value, and how many there were when: counted by the database.

use super::{
    column::Column,
    error::PostgisError,
    rows::value_at,
    source::{Fetched, Source},
    sql::{Bound, Sql},
    table::moment_millis,
};
use crate::{
    model::{Kind, Value, when::Instant},
    query::{CountsQuery, Filter},
    store::Layer,
};

/// Different values that are told apart; a property of more is none to choose from.
const MOST: usize = 500;

/// What was counted.
#[derive(Debug)]
pub enum Tallied {
    /// By the database.
    Counts(Counts),
    /// The features themselves, as some of the question is no SQL.
    Layer(Box<Layer>),
}

/// How many features have each value of a property.
#[derive(Debug)]
pub struct ValueCounts {
    /// Each value with its count.
    pub counts: Vec<(Value, u64)>,
    /// How many have none that is known.
    pub unknown: u64,
}

/// Counts.
#[derive(Debug)]
pub struct Counts {
    /// How many features match.
    pub matched: u64,
    /// Of each property asked for, each value with its count, and how many have none; `None` where it has too many values.
    pub values: Vec<Option<ValueCounts>>,
    /// The stretch of time that was divided, and how many there were in each part.
    pub time: Option<(Instant, Instant, Vec<u64>)>,
}

impl Source {
    /// The counts that a query asks for.
    ///
    /// # Errors
    /// What the database says; [`PostgisError::Many`] where some of the question is no SQL, and the rest of it leaves too many.
    pub async fn counts(&self, query: &CountsQuery) -> Result<Fetched<Tallied>, PostgisError> {
        let filter = &query.items.filter;
        let made = query.by.iter().any(|index| self.table.column(*index).is_none());
        let Some(steps) = self.steps().filter(|_| self.is_exact(filter) && !made) else {
            let Fetched { answer, sum } = self.gather(filter, false, Self::MOST_HELD).await?;
            return Ok(Fetched { answer: Tallied::Layer(Box::new(answer)), sum });
        };
        let mut sum = blake3::Hasher::new();
        let matched = self.counted(filter).await?.matched;
        let mut values = Vec::new();
        for index in &query.by {
            let column = self.table.column(*index).expect("looked at above");
            values.push(self.tally(filter, column, matched).await?);
        }
        let asked = filter.time.map(|time| (time.from, time.to)).filter(|(from, to)| from.is_bounded() && to.is_bounded());
        let span = asked.or_else(|| self.about.span()).filter(|(from, to)| from.is_bounded() && to.is_bounded());
        let time = match span.filter(|_| query.bins > 0) {
            Some((from, to)) => Some((from, to, self.in_time(filter, &steps, (from, to), query.bins).await?)),
            None => None,
        };
        let counts = Counts { matched, values, time };
        sum.update(format!("{counts:?}").as_bytes());
        Ok(Fetched { answer: Tallied::Counts(counts), sum: sum.finalize().to_hex()[..24].to_owned() })
    }

    async fn tally(&self, filter: &Filter, column: &Column, matched: u64) -> Result<Option<ValueCounts>, PostgisError> {
        let mut sql = Sql::default();
        sql.push("SELECT ");
        column.known(&mut sql);
        sql.push(if column.kind() == Kind::Integer { "::int8" } else { "" });
        sql.push(", count(*)");
        self.table.relation.from(&mut sql);
        self.table.narrow(&mut sql, filter);
        sql.push(" AND ");
        column.known(&mut sql);
        sql.push(" IS NOT NULL GROUP BY 1 ORDER BY 2 DESC LIMIT ").bind(Bound::Integer(MOST as i64 + 1));
        let rows = self.ask(&sql, "counts of values").await?;
        if rows.len() > MOST {
            return Ok(None);
        }
        let mut counts = Vec::with_capacity(rows.len());
        for row in &rows {
            let count = row.try_get::<_, i64>(1).map_err(|error| PostgisError::of(&error, "counts of values"))?;
            counts.push((value_at(column, row, 0)?, u64::try_from(count).unwrap_or(0)));
        }
        let known = counts.iter().map(|(_, count)| count).sum::<u64>();
        Ok(Some(ValueCounts { counts, unknown: matched.saturating_sub(known) }))
    }

    /// The first and the last moment of a row, where both are SQL.
    fn steps(&self) -> Option<Steps<'_>> {
        Some(match (self.table.outside.dating(), self.table.dated()) {
            (None, _) => Steps::None,
            (Some(_), dated) => dated.map(|(start, end)| Steps::Of(start, end))?,
        })
    }

    /// How many rows may have been in each of `bins` stretches of the same length, from one moment to another.
    async fn in_time(
        &self,
        filter: &Filter,
        steps: &Steps<'_>,
        (from, to): (Instant, Instant),
        bins: u32,
    ) -> Result<Vec<u64>, PostgisError> {
        let mut steps_of = vec![0_i64; bins as usize + 1];
        if let Steps::Of(start, end) = steps {
            let length = to.as_millis().saturating_sub(from.as_millis()).saturating_add(1).max(1);
            let mut sql = Sql::default();
            let bin = |sql: &mut Sql, column: &Column, is_end: bool| {
                sql.push("floor((");
                moment_millis(sql, column, is_end);
                sql.push(" - ").bind(Bound::Integer(from.as_millis())).push(")::numeric * ").bind(Bound::Integer(bins.into()));
                sql.push(" / ").bind(Bound::Integer(length)).push(")");
            };
            sql.push("SELECT first, last, count(*) FROM (SELECT coalesce(greatest(");
            bin(&mut sql, start, false);
            sql.push(", 0), 0) AS first, coalesce(least(");
            bin(&mut sql, end, true);
            sql.push(", ")
                .bind(Bound::Integer(i64::from(bins) - 1))
                .push("), ")
                .bind(Bound::Integer(i64::from(bins) - 1))
                .push(") AS last");
            self.table.relation.from(&mut sql);
            self.table.narrow(&mut sql, filter);
            sql.push(" AND (");
            start.is_readable(&mut sql);
            sql.push(" OR ");
            end.is_readable(&mut sql);
            sql.push(") AND NOT coalesce(");
            if self.table.is_backwards(&mut sql, start, end).is_none() {
                sql.push("false");
            }
            sql.push(", false)) AS stretches WHERE first <= last GROUP BY 1, 2");
            let sql = wrapped(sql);
            for row in self.ask(&sql, "counts by time").await? {
                let get = |index| row.try_get::<_, i64>(index).map_err(|error| PostgisError::of(&error, "counts by time"));
                let (first, last, count) = (get(0)?, get(1)?, get(2)?);
                let at = |step: i64| usize::try_from(step).unwrap_or(0).min(bins as usize);
                steps_of[at(first)] += count;
                steps_of[at(last + 1)] -= count;
            }
        }
        steps_of.pop();
        let running = steps_of.into_iter().scan(0, |sum, step| {
            *sum += step;
            Some(u64::try_from(*sum).unwrap_or(0))
        });
        Ok(running.collect())
    }
}

/// Where a row's time begins and ends.
enum Steps<'a> {
    None,
    Of(&'a Column, &'a Column),
}

/// The same with whole numbers as such.
fn wrapped(sql: Sql) -> Sql {
    sql.around("SELECT first::int8, last::int8, count FROM (", ") AS counted")
}
