//! Clusters of a table in a database: counted there, cell by cell, so that what comes back is as much as is drawn.

use std::sync::Arc;

use super::{
    error::PostgisError,
    rows::Reader,
    source::{Fetched, Source},
    sql::{Bound, Sql},
};
use crate::{
    model::{Position, Rect},
    query::{ClustersQuery, Filter},
    store::{Cluster, Clusters, Layer, Table, memory::CellGrid},
};

/// Clusters with what they are made of.
#[derive(Debug)]
pub enum Counted {
    /// Counted by the database.
    Cells(Cells),
    /// The features themselves, as some of the question is no SQL.
    Layer(Box<Layer>),
}

/// Cells that hold features.
#[derive(Debug)]
pub struct Cells {
    table: Arc<Table>,
    matched: u64,
    level: u32,
    cells: Vec<Cell>,
}

#[derive(Debug)]
struct Cell {
    count: u64,
    position: Position,
    rect: Rect,
    /// Position of the feature in the table, where it is the only one.
    only: Option<u32>,
}

impl Counted {
    /// The clusters that were asked for.
    pub fn clusters(&self, query: &ClustersQuery) -> Clusters<'_> {
        match self {
            Self::Cells(cells) => cells.clusters(),
            Self::Layer(layer) => layer.clusters(query),
        }
    }
}

impl Cells {
    /// The table in which those features are that are alone in their cells.
    pub fn table(&self) -> &Table {
        &self.table
    }

    /// The clusters.
    pub fn clusters(&self) -> Clusters<'_> {
        let cells = self.cells.iter().map(|cell| Cluster {
            count: cell.count,
            position: cell.position,
            cell: cell.rect,
            only: cell.only.map(|position| self.table.row(position)),
        });
        Clusters { matched: self.matched, level: self.level, cells: cells.collect() }
    }
}

impl Source {
    /// The features that a query asks for, counted by the cells of a grid.
    ///
    /// # Errors
    /// What the database says; [`PostgisError::Many`] where some of the question is no SQL, and the rest of it leaves too many.
    pub async fn clusters(&self, query: &ClustersQuery) -> Result<Fetched<Counted>, PostgisError> {
        let filter = &query.items.filter;
        if query.items.text.is_some() || !self.is_exact(filter) {
            let Fetched { answer, sum } = self.gather(filter, false, Self::MOST_HELD).await?;
            return Ok(Fetched { answer: Counted::Layer(Box::new(answer)), sum });
        }
        let Fetched { answer, sum } = self.cells(filter, query.zoom, query.items.limit).await?;
        Ok(Fetched { answer: Counted::Cells(answer), sum })
    }

    /// What a filter, all of which is SQL, leaves, by the cells of a grid fit for a map at `zoom`, `most` of them.
    ///
    /// # Errors
    /// What the database says.
    pub async fn cells(&self, filter: &Filter, zoom: u32, most: u32) -> Result<Fetched<Cells>, PostgisError> {
        let grid = CellGrid::new(filter.bbox.as_ref(), zoom, most);
        let mut sql = Sql::default();
        self.count_cells(&mut sql, filter, &grid);
        let rows = self.ask(&sql, "clusters").await?;
        let failed = |error: tokio_postgres::Error| PostgisError::of(&error, "clusters");
        let mut sum = blake3::Hasher::new();
        let (mut matched, mut counted, mut alone) = (0, Vec::with_capacity(rows.len()), Vec::new());
        for row in &rows {
            let (x, y) = (row.try_get::<_, Option<i64>>(0).map_err(failed)?, row.try_get::<_, Option<i64>>(1).map_err(failed)?);
            let count = u64::try_from(row.try_get::<_, i64>(2).map_err(failed)?).unwrap_or(0);
            matched += count;
            sum.update(&[x.unwrap_or(-1).to_le_bytes(), y.unwrap_or(-1).to_le_bytes(), count.to_le_bytes()].concat());
            let (Some(x), Some(y)) = (x, y) else { continue };
            let at = row.try_get::<_, Option<Vec<f64>>>(3).map_err(failed)?.unwrap_or_default();
            let [lon, lat] = at[..] else { continue };
            let id = if count == 1 { row.try_get::<_, Option<String>>(4).map_err(failed)? } else { None };
            alone.extend(id.clone());
            let cell = (u32::try_from(x).unwrap_or(0), u32::try_from(y).unwrap_or(0));
            counted.push((count, Position { lon, lat }, grid.rect(cell), id));
        }
        let features = if alone.is_empty() { Vec::new() } else { self.by_ids(alone, &mut sum).await? };
        let (table, _) = self.tabled(features).await;
        let cells = counted.into_iter().map(|(count, position, rect, id)| Cell {
            count,
            position,
            rect,
            only: id.and_then(|id: String| table.find(&id)),
        });
        let cells = Cells { matched, level: grid.level(), cells: cells.collect(), table };
        Ok(Fetched { answer: cells, sum: sum.finalize().to_hex()[..24].to_owned() })
    }

    /// Counts by cell: the centre of a feature's box, moved into the rectangle asked for, says in which it is, and those without a
    /// geometry are in none.
    fn count_cells(&self, sql: &mut Sql, filter: &Filter, grid: &CellGrid) {
        let part = |sql: &mut Sql, axis: &'static str, add: f64, all: f64| {
            sql.push("(floor(least(greatest((").push(axis).push(" + ");
            sql.bind(Bound::Number(add)).push(") / ").bind(Bound::Number(all));
            sql.push(", 0), 1) * 4294967295)::int8 >> ").bind(Bound::Integer(i64::from(32 - grid.level()))).push("::int4)");
        };
        sql.push("SELECT CASE WHEN px IS NOT NULL THEN ");
        part(sql, "px", 180.0, 360.0);
        sql.push(" END AS x, CASE WHEN px IS NOT NULL THEN ");
        part(sql, "py", 90.0, 180.0);
        sql.push(" END AS y, count(*), min(ARRAY[px, py]), min(id) FROM (SELECT id");
        for (axis, name) in [(0, " END AS px"), (1, " END AS py")] {
            sql.push(", CASE WHEN cx IS NOT NULL THEN ");
            moved(sql, grid.rects(), axis);
            sql.push(name);
        }
        sql.push(" FROM (SELECT id, (w + e) / 2 AS cx, (s + n) / 2 AS cy, w, s, e, n FROM (SELECT (");
        self.table.relation.key.raw(sql);
        sql.push(")::text AS id");
        match &self.table.relation.shape {
            Some(shape) => {
                for (edge, name) in [(", ST_XMin(", ") AS w"), (", ST_YMin(", ") AS s"), (", ST_XMax(", ") AS e"), (", ST_YMax(", ") AS n")]
                {
                    sql.push(edge);
                    shape.plane(sql);
                    sql.push(name);
                }
            }
            None => drop(sql.push(", NULL::float8 AS w, NULL::float8 AS s, NULL::float8 AS e, NULL::float8 AS n")),
        }
        self.table.relation.from(sql);
        self.table.narrow(sql, filter);
        sql.push(") AS boxes) AS centres) AS places GROUP BY 1, 2 ORDER BY 1, 2");
    }

    /// The features with these ids.
    async fn by_ids(&self, ids: Vec<String>, sum: &mut blake3::Hasher) -> Result<Vec<crate::model::Feature>, PostgisError> {
        let mut sql = Sql::default();
        sql.push("SELECT ");
        Reader::list(&self.table.relation, &mut sql);
        self.table.relation.from(&mut sql);
        sql.push(" WHERE ");
        self.table.relation.is_one_of(&mut sql, ids);
        let rows = self.ask(&sql, "the features of clusters").await?;
        let mut reader = Reader::new(&self.table.relation, &self.table.outside);
        let features = rows.iter().filter_map(|row| reader.feature(row, 0).transpose()).collect::<Result<Vec<_>, _>>()?;
        sum.update(reader.sum(features.len() as u64).as_bytes());
        Ok(features)
    }
}

/// A coordinate of a centre, the first or the second, moved into the rectangle asked for: of two the one that it lies in by its longitude, else
/// the one that the box meets.
fn moved(sql: &mut Sql, rects: &[Rect], axis: usize) {
    let coordinate = if axis == 0 { "cx" } else { "cy" };
    let into = |sql: &mut Sql, rect: &Rect| {
        let (low, high) = if axis == 0 { (rect.min_x, rect.max_x) } else { (rect.min_y, rect.max_y) };
        sql.push("least(greatest(").push(coordinate).push(", ").bind(Bound::Number(low)).push("), ").bind(Bound::Number(high)).push(")");
    };
    let Some((last, others)) = rects.split_last() else {
        sql.push(coordinate);
        return;
    };
    if others.is_empty() {
        return into(sql, last);
    }
    sql.push("CASE");
    for rect in rects {
        sql.push(" WHEN cx BETWEEN ").bind(Bound::Number(rect.min_x)).push(" AND ").bind(Bound::Number(rect.max_x)).push(" THEN ");
        into(sql, rect);
    }
    for rect in others {
        sql.push(" WHEN w <= ").bind(Bound::Number(rect.max_x)).push(" AND e >= ").bind(Bound::Number(rect.min_x)).push(" THEN ");
        into(sql, rect);
    }
    sql.push(" ELSE ");
    into(sql, last);
    sql.push(" END");
}
