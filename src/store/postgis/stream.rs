//! A whole table, part by part, in constant memory: a connection of its own sees it as it was at one moment, however long it takes.

use std::sync::Arc;

use tokio_postgres::{Client, Row};

use super::{
    error::PostgisError,
    order::Order,
    pool::{away, connect},
    rows::Reader,
    source::Source,
    sql::Sql,
};
use crate::{
    query::ItemsQuery,
    store::{Page, Table},
};

/// Parts of more and more rows: as many are fetched at once as take little memory.
const FETCH: [&str; 4] = ["FETCH 1 FROM features", "FETCH 16 FROM features", "FETCH 128 FROM features", "FETCH 1024 FROM features"];
/// Bytes of a part from which on the next one has fewer rows, and up to which it may have more.
const LARGE: usize = 8 << 20;
const SMALL: usize = 1 << 20;

/// What a download's own session is told: one moment for all of it, and time for each part.
const BEGIN: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL statement_timeout = '120s'";

/// The features that a query finds, part by part.
#[derive(Debug)]
pub struct Parts {
    client: Client,
    source: Arc<Source>,
    matched: u64,
    /// Which of [`FETCH`] is next.
    step: usize,
}

impl Source {
    /// The features that a query finds, all of them; its whole filter must be SQL ([`Source::is_exact`]), and it may ask for no words and no
    /// box of another system.
    ///
    /// # Errors
    /// What the database says.
    pub async fn parts(self: &Arc<Self>, query: &ItemsQuery) -> Result<Parts, PostgisError> {
        let order = Order::new(&self.table, query.sort.as_ref())?;
        let failed = |error: tokio_postgres::Error| PostgisError::of(&error, "a download");
        let client = connect(self.pool.target()).await.map_err(|error| away(&error, self.pool.target()))?;
        client.batch_execute(BEGIN).await.map_err(failed)?;
        let mut sql = Sql::default();
        sql.push("SELECT count(*)");
        self.table.relation.from(&mut sql);
        self.table.narrow(&mut sql, &query.filter);
        let matched = client.query_typed_one(sql.text(), &sql.values()).await.map_err(failed)?.try_get::<_, i64>(0).map_err(failed)?;
        let mut sql = Sql::default();
        sql.push("DECLARE features NO SCROLL CURSOR FOR SELECT ");
        Reader::list(&self.table.relation, &mut sql);
        self.table.relation.from(&mut sql);
        self.table.narrow(&mut sql, &query.filter);
        order.by(&mut sql);
        client.query_typed(sql.text(), &sql.values()).await.map_err(failed)?;
        Ok(Parts { client, source: Arc::clone(self), matched: u64::try_from(matched).unwrap_or(0), step: 1 })
    }
}

impl Parts {
    /// How many features there are in all.
    pub fn matched(&self) -> u64 {
        self.matched
    }

    /// A page of no feature, whose counts are those of all parts together.
    pub fn blank(&self) -> Page {
        self.page(Arc::clone(&self.source.blank[0]), Vec::new())
    }

    /// The next part, whose counts are those of all parts together; nothing after the last one.
    ///
    /// # Errors
    /// What the database says.
    pub async fn next(&mut self) -> Result<Option<Page>, PostgisError> {
        let failed = |error: tokio_postgres::Error| PostgisError::of(&error, "a download");
        let rows = self.client.query_typed(FETCH[self.step], &[]).await.map_err(failed)?;
        if rows.is_empty() {
            return Ok(None);
        }
        match rows.iter().map(Row::raw_size_bytes).sum::<usize>() {
            bytes if bytes > LARGE => self.step = self.step.saturating_sub(1),
            bytes if bytes < SMALL => self.step = (self.step + 1).min(FETCH.len() - 1),
            _ => {}
        }
        let mut reader = Reader::new(&self.source.table.relation, &self.source.table.outside);
        let features = rows.iter().filter_map(|row| reader.feature(row, 0).transpose()).collect::<Result<Vec<_>, _>>()?;
        let (table, positions) = self.source.tabled(features).await;
        Ok(Some(self.page(table, positions)))
    }

    fn page(&self, table: Arc<Table>, positions: Vec<u32>) -> Page {
        let runs = positions.into_iter().map(|position| position..position + 1).collect();
        Page { table, runs, matched: self.matched, returned: self.matched, next: None }
    }
}
