//! What is no SQL: the rows that the rest of a question leaves pass by in order, and are asked one by one, as they are in memory.

use std::pin::pin;

use futures_util::StreamExt;
use tokio_postgres::Row;

use super::{
    error::PostgisError,
    order::Order,
    rows::Reader,
    source::{Found, MOST_OF_PAGE, Source},
    sql::Sql,
};
use crate::{
    model::{Batch, Feature},
    query::{ItemsQuery, Start},
    store::Table,
};

/// Rows that are looked at together, and their bytes.
const TOGETHER: usize = 1024;
const BYTES: usize = 16 << 20;

/// Features on the way to a page.
struct Scan<'a> {
    source: &'a Source,
    query: &'a ItemsQuery,
    /// Reads what is on the page once more, for the sum of it: what was looked at and left out is no part of the answer.
    kept: Reader<'a>,
    features: Vec<Feature>,
    matched: u64,
    /// Matches to be passed over.
    skip: u64,
    /// Features that are taken, at the most.
    most: usize,
    bytes: usize,
    is_cut: bool,
}

impl Source {
    /// A page and the count of all, where some of the question is no SQL.
    pub(super) async fn looked_at(&self, query: &ItemsQuery, order: &Order<'_>) -> Result<Found, PostgisError> {
        let mut sql = Sql::default();
        sql.push("SELECT ");
        match &query.start {
            Start::After(cursor) => order.after(&mut sql, cursor)?,
            _ => drop(sql.push("true")),
        }
        sql.push(", ");
        Reader::list(&self.table.relation, &mut sql);
        self.table.relation.from(&mut sql);
        self.table.narrow(&mut sql, &query.filter);
        order.by(&mut sql);
        let mut scan = Scan {
            source: self,
            query,
            kept: Reader::new(&self.table.relation, &self.table.outside),
            features: Vec::new(),
            matched: 0,
            skip: if let Start::Offset(offset) = query.start { offset } else { 0 },
            most: if query.hits { 0 } else { query.limit as usize + 1 },
            bytes: 0,
            is_cut: false,
        };
        let mut lease = self.pool.lease().await?;
        lease.begin();
        {
            let failed = |error: tokio_postgres::Error| PostgisError::of(&error, "looking at features");
            let mut rows = pin!(lease.query_typed_raw(sql.text(), sql.values()).await.map_err(failed)?);
            let (mut chunk, mut bytes) = (Vec::with_capacity(TOGETHER), 0);
            while let Some(row) = rows.next().await {
                let row = row.map_err(failed)?;
                bytes += row.raw_size_bytes();
                chunk.push(row);
                if chunk.len() == TOGETHER || bytes > BYTES {
                    scan.take(&chunk)?;
                    chunk.clear();
                    bytes = 0;
                    // Others are served in between.
                    tokio::task::yield_now().await;
                }
            }
            scan.take(&chunk)?;
        }
        lease.end();
        if query.filter.budget.is_spent() {
            return Err(PostgisError::Slow);
        }
        let Scan { kept, features, matched, is_cut, .. } = scan;
        Ok(Found { matched, features, is_cut, sum: kept.sum(matched) })
    }
}

impl Scan<'_> {
    /// Looks at some rows.
    fn take(&mut self, rows: &[Row]) -> Result<(), PostgisError> {
        let mut reader = Reader::new(&self.source.table.relation, &self.source.table.outside);
        let mut seen = Vec::with_capacity(rows.len());
        for row in rows {
            seen.extend(reader.feature(row, 1)?.map(|feature| (row, feature)));
        }
        if !self.query.filter.budget.allows(seen.len() as u64) {
            return Err(PostgisError::Slow);
        }
        let is_match = self.matching(seen.iter().map(|(_, feature)| feature));
        for ((row, feature), _) in seen.into_iter().zip(is_match).filter(|(_, is_match)| *is_match) {
            self.matched += 1;
            let is_after = row.try_get::<_, Option<bool>>(0).map_err(|error| PostgisError::of(&error, "looking at features"))?;
            if !is_after.unwrap_or(false) || self.is_cut || self.features.len() == self.most {
                continue;
            }
            if self.skip > 0 {
                self.skip -= 1;
                continue;
            }
            self.bytes += row.raw_size_bytes();
            if self.bytes > MOST_OF_PAGE && !self.features.is_empty() {
                self.is_cut = true;
                continue;
            }
            self.kept.feature(row, 1)?;
            self.features.push(feature);
        }
        Ok(())
    }

    /// Of each of some features, whether it matches the question.
    fn matching<'f>(&self, seen: impl Iterator<Item = &'f Feature> + Clone) -> Vec<bool> {
        let Self { source, query, .. } = self;
        let schema = &source.table.outside.collection.schema;
        let table = Table::build(schema.clone(), Batch::from_features(schema, seen.clone()), false);
        let budget = &query.filter.budget;
        let mut selection = table.select(&query.filter);
        if let Some(window) = &query.window {
            selection = table.within(&selection, window, budget);
        }
        if let Some(text) = &query.text {
            selection = table.saying(&selection, text, budget);
        }
        seen.map(|feature| table.find(&feature.id).is_some_and(|position| selection.contains(position))).collect()
    }
}
