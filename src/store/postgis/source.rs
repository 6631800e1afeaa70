//! A collection that lies in a database: what it is asked, and the answers.

use std::{pin::pin, sync::Arc};

use futures_util::StreamExt;
use tokio_postgres::Row;

use super::{
    error::PostgisError,
    order::Order,
    pool::{Lease, Pool},
    rows::Reader,
    sql::{Bound, Sql},
    table::Table as Relation,
};
use crate::{
    dataset::files::Outside,
    model::{Batch, Feature, when::Instant},
    query::{Filter, ItemsQuery, Start},
    store::{About, Layer, Next, Page, Table, Tables, Types},
};

/// Bytes of the rows of one answer at the most, and of those of a page, which ends early where they would be more.
const MOST_BYTES: usize = 256 << 20;
pub(super) const MOST_OF_PAGE: usize = 64 << 20;
/// Features that are made into a table by a thread beside those that serve.
const MANY: usize = 512;

/// A table of a database as a collection.
#[derive(Debug)]
pub struct Source {
    pub(super) pool: Arc<Pool>,
    pub(super) table: Relation,
    /// What was known of it when it was looked at last.
    pub(super) about: About,
    /// From the first to the last known moment in it.
    known: Option<(Instant, Instant)>,
    /// Of its schema, with no feature: what stands where a table in memory is needed and none was asked for.
    pub(super) blank: [Arc<Table>; 1],
}

/// An answer, and the sum of all that it was made of: two answers to one question with the same sum are the same.
#[derive(Debug)]
pub struct Fetched<T> {
    /// The answer.
    pub answer: T,
    /// The sum, in hexadecimal.
    pub sum: String,
}

impl Source {
    /// Features of a database that are held at once, at the most, where a form of answer needs all of them.
    pub const MOST_HELD: u64 = 100_000;

    pub(super) fn new(pool: Arc<Pool>, table: Relation, about: About, known: Option<(Instant, Instant)>) -> Self {
        let schema = table.outside.collection.schema.clone();
        let blank = [Arc::new(Table::build(schema.clone(), Batch::new(&schema), false))];
        Self { pool, table, about, known, blank }
    }

    /// What was known of it when it was looked at last.
    pub(in crate::store) fn about(&self) -> &About {
        &self.about
    }

    pub(in crate::store) fn blank(&self) -> &[Arc<Table>] {
        &self.blank
    }

    /// From the first to the last moment that is known of its features, open ends aside.
    pub fn known_span(&self) -> Option<(Instant, Instant)> {
        self.known
    }

    /// Which types of geometry there can be; none where there can be any.
    pub fn types(&self) -> Types {
        self.table.relation.shape.as_ref().map(|shape| shape.types()).unwrap_or_default()
    }

    /// The collection that it is.
    pub fn outside(&self) -> &Outside {
        &self.table.outside
    }

    /// The features that a query asks for: one page and the count of all.
    ///
    /// # Errors
    /// What the database says, and [`PostgisError::Slow`] where the budget of the query is spent.
    pub async fn page(&self, query: &ItemsQuery) -> Result<Fetched<Page>, PostgisError> {
        let order = Order::new(&self.table, query.sort.as_ref())?;
        let is_exact = self.is_exact(&query.filter) && query.window.is_none() && query.text.is_none();
        let mut found = match (is_exact, query.hits) {
            (true, true) => self.counted(&query.filter).await?,
            (true, false) => self.paged(query, &order).await?,
            (false, _) => self.looked_at(query, &order).await?,
        };
        let has_more = found.is_cut || found.features.len() > query.limit as usize;
        found.features.truncate(query.limit as usize);
        let (matched, sum) = (found.matched, found.sum);
        if query.hits {
            return Ok(Fetched { answer: Page::counted(Arc::clone(&self.blank[0]), matched), sum });
        }
        let (table, positions) = self.tabled(found.features).await;
        let last = positions.last().copied();
        let mut page = Page { runs: Vec::new(), matched, returned: positions.len() as u64, next: None, table };
        for position in positions {
            match page.runs.last_mut() {
                Some(run) if run.end == position => run.end += 1,
                _ => page.runs.push(position..position + 1),
            }
        }
        page.next = last.filter(|_| has_more).map(|last| Next { position: last, last });
        Ok(Fetched { answer: page, sum })
    }

    /// One feature.
    ///
    /// # Errors
    /// What the database says.
    pub async fn item(&self, id: &str) -> Result<Option<Fetched<Arc<Table>>>, PostgisError> {
        let mut sql = Sql::default();
        sql.push("SELECT ");
        Reader::list(&self.table.relation, &mut sql);
        self.table.relation.from(&mut sql);
        sql.push(" WHERE ");
        if self.table.relation.has_id(&mut sql, id).is_none() {
            return Ok(None);
        }
        sql.push(" LIMIT 1");
        let rows = self.ask(&sql, "one feature").await?;
        let mut reader = Reader::new(&self.table.relation, &self.table.outside);
        let Some(row) = rows.first() else { return Ok(None) };
        let Some(feature) = reader.feature(row, 0)? else { return Ok(None) };
        let (table, _) = self.tabled(vec![feature]).await;
        Ok(Some(Fetched { answer: table, sum: reader.sum(1) }))
    }

    /// Whether all of a filter is SQL.
    pub fn is_exact(&self, filter: &Filter) -> bool {
        self.table.narrow(&mut Sql::default(), filter)
    }

    /// Whether a filter leaves more than so many rows that have a geometry.
    ///
    /// # Errors
    /// What the database says.
    pub async fn has_more(&self, filter: &Filter, most: u64) -> Result<bool, PostgisError> {
        let mut sql = Sql::default();
        sql.push("SELECT count(*) FROM (SELECT 1");
        self.table.relation.from(&mut sql);
        self.table.narrow(&mut sql, filter);
        self.is_located(&mut sql);
        sql.push(" LIMIT ").bind(Bound::Integer(i64::try_from(most).unwrap_or(i64::MAX - 1) + 1)).push(") AS found");
        let rows = self.ask(&sql, "a count").await?;
        Ok(rows.first().map_or(0, count) > most)
    }

    /// How many rows with a geometry a filter leaves, all of which is SQL.
    ///
    /// # Errors
    /// What the database says.
    pub async fn located(&self, filter: &Filter) -> Result<u64, PostgisError> {
        let mut sql = Sql::default();
        sql.push("SELECT count(*)");
        self.table.relation.from(&mut sql);
        self.table.narrow(&mut sql, filter);
        self.is_located(&mut sql);
        Ok(self.ask(&sql, "a count").await?.first().map_or(0, count))
    }

    fn is_located(&self, sql: &mut Sql) {
        if let Some(shape) = &self.table.relation.shape {
            sql.push(" AND ");
            shape.raw(sql);
            sql.push(" IS NOT NULL");
        }
    }

    /// Whether the database answers.
    ///
    /// # Errors
    /// What it says.
    pub async fn ping(&self) -> Result<(), PostgisError> {
        let mut sql = Sql::default();
        sql.push("SELECT 1 WHERE true");
        self.ask(&sql, "a ping").await.map(|_| ())
    }

    /// Every feature that a filter may leave, in a table of its own that is asked as any other; at most so many.
    ///
    /// # Errors
    /// [`PostgisError::Many`] where there are more.
    pub async fn gather(&self, filter: &Filter, is_located: bool, most: u64) -> Result<Fetched<Layer>, PostgisError> {
        let mut sql = Sql::default();
        sql.push("SELECT ");
        Reader::list(&self.table.relation, &mut sql);
        self.table.relation.from(&mut sql);
        self.table.narrow(&mut sql, filter);
        if is_located {
            self.is_located(&mut sql);
        }
        Order::new(&self.table, None)?.by(&mut sql);
        sql.push(" LIMIT ").bind(Bound::Integer(i64::try_from(most).unwrap_or(i64::MAX - 1) + 1));
        let rows = self.ask(&sql, "features").await?;
        if rows.len() as u64 > most {
            let matched = self.counted(filter).await?.matched;
            return Err(PostgisError::Many { matched: matched.max(most + 1), most });
        }
        let mut reader = Reader::new(&self.table.relation, &self.table.outside);
        let features = rows.iter().filter_map(|row| reader.feature(row, 0).transpose()).collect::<Result<Vec<_>, _>>()?;
        drop(rows);
        let sum = reader.sum(features.len() as u64);
        let (table, _) = self.tabled(features).await;
        let layer = Layer { collection: self.table.outside.collection.clone(), tables: Tables::Made(vec![table]) };
        Ok(Fetched { answer: layer, sum })
    }

    /// How many rows a filter leaves, where all of it is SQL.
    pub(super) async fn counted(&self, filter: &Filter) -> Result<Found, PostgisError> {
        let mut sql = Sql::default();
        sql.push("SELECT count(*)");
        self.table.relation.from(&mut sql);
        self.table.narrow(&mut sql, filter);
        let rows = self.ask(&sql, "a count").await?;
        let matched = rows.first().map_or(0, count);
        Ok(Found { matched, features: Vec::new(), is_cut: false, sum: matched.to_string() })
    }

    /// A page and the count of all, where all of the filter is SQL: in one statement, so that both are of one moment.
    async fn paged(&self, query: &ItemsQuery, order: &Order<'_>) -> Result<Found, PostgisError> {
        let mut sql = Sql::default();
        sql.push("SELECT c.matched, p.* FROM (SELECT count(*) AS matched");
        self.table.relation.from(&mut sql);
        self.table.narrow(&mut sql, &query.filter);
        sql.push(") AS c LEFT JOIN LATERAL (SELECT ");
        Reader::list(&self.table.relation, &mut sql);
        self.table.relation.from(&mut sql);
        self.table.narrow(&mut sql, &query.filter);
        if let Start::After(cursor) = &query.start {
            sql.push(" AND ");
            order.after(&mut sql, cursor)?;
        }
        order.by(&mut sql);
        sql.push(" LIMIT ").bind(Bound::Integer(i64::from(query.limit) + 1));
        if let Start::Offset(offset) = query.start {
            sql.push(" OFFSET ").bind(Bound::Integer(i64::try_from(offset).unwrap_or(i64::MAX)));
        }
        sql.push(") AS p ON true");
        let Rows { rows, is_cut } = self.ask_within(&sql, MOST_OF_PAGE, "a page").await?;
        let matched = rows.first().map_or(0, count);
        let mut reader = Reader::new(&self.table.relation, &self.table.outside);
        let features = rows.iter().filter_map(|row| reader.feature(row, 1).transpose()).collect::<Result<Vec<_>, _>>()?;
        Ok(Found { matched, features, is_cut, sum: reader.sum(matched) })
    }

    /// Features as a table, and where each stands in it.
    pub(super) async fn tabled(&self, features: Vec<Feature>) -> (Arc<Table>, Vec<u32>) {
        let schema = self.table.outside.collection.schema.clone();
        let is_small = features.len() < MANY;
        let make = move || {
            let table = Table::of_features(schema, &features, false);
            let positions = features.iter().filter_map(|feature| table.find(&feature.id)).collect();
            (Arc::new(table), positions)
        };
        if is_small {
            return make();
        }
        tokio::task::spawn_blocking(make).await.expect("to make a table of checked features does not fail")
    }

    /// The rows that a statement finds.
    ///
    /// # Errors
    /// What the database says; [`PostgisError::Large`] where they take more memory than one answer may.
    pub(super) async fn ask(&self, sql: &Sql, doing: &'static str) -> Result<Vec<Row>, PostgisError> {
        match self.ask_within(sql, MOST_BYTES, doing).await? {
            Rows { is_cut: true, .. } => Err(PostgisError::Large),
            Rows { rows, .. } => Ok(rows),
        }
    }

    /// The first rows that a statement finds, until they take more than so many bytes.
    async fn ask_within(&self, sql: &Sql, most: usize, doing: &'static str) -> Result<Rows, PostgisError> {
        let mut lease = self.pool.lease().await?;
        let rows = within(&mut lease, sql, most, doing).await;
        if !matches!(rows, Err(PostgisError::Away)) {
            return rows;
        }
        // A connection that lay idle may have been lost meanwhile, as when the database was started anew: a new one tells.
        drop(lease);
        let mut lease = self.pool.lease().await?;
        within(&mut lease, sql, most, doing).await
    }
}

/// Rows, and whether there are more of them than were taken.
struct Rows {
    rows: Vec<Row>,
    is_cut: bool,
}

/// The first rows that a statement finds, until they take more than so many bytes: the statement is then told to end.
async fn within(lease: &mut Lease, sql: &Sql, most: usize, doing: &'static str) -> Result<Rows, PostgisError> {
    let failed = |error: tokio_postgres::Error| {
        tracing::debug!(sql = sql.text(), "the statement that failed");
        PostgisError::of(&error, doing)
    };
    lease.begin();
    let (mut rows, mut bytes) = (Vec::new(), 0);
    {
        let mut found = pin!(lease.query_typed_raw(sql.text(), sql.values()).await.map_err(failed)?);
        while let Some(row) = found.next().await {
            let row = row.map_err(failed)?;
            bytes += row.raw_size_bytes();
            if bytes > most && !rows.is_empty() {
                return Ok(Rows { rows, is_cut: true });
            }
            rows.push(row);
        }
    }
    lease.end();
    Ok(Rows { rows, is_cut: false })
}

/// What was found.
pub(super) struct Found {
    pub(super) matched: u64,
    /// Those of the page, and one more where there is a next page.
    pub(super) features: Vec<Feature>,
    /// Whether there are more than were taken.
    pub(super) is_cut: bool,
    pub(super) sum: String,
}

/// The count at the start of a row.
fn count(row: &Row) -> u64 {
    u64::try_from(row.try_get::<_, i64>(0).unwrap_or(0)).unwrap_or(0)
}
