//! A look at a database: which tables it has, and how much is in them.

use std::{sync::Arc, time::Duration};

use tokio::time::timeout;
use tokio_postgres::{Client, Row};

use super::{
    catalog::{self, Relation},
    error::{OpenError, told},
    pool::{Pool, connect},
    source::Source,
    sql::{Bound, Sql},
    table::Table,
    target::{Target, Wishes},
};
use crate::{
    dataset::files::{About as Said, Outside, OutsideColumn, OutsidePlan, OutsideWishes, PLACES, slug_of, unique},
    model::{GeometryKind, Kind, when::Instant},
    store::{About, Layer, Tables, Version},
};

/// How long a look at the whole database may take, and at one table.
const LOOK: Duration = Duration::from_secs(120);
const ONE: &str = "SET statement_timeout = '20s'";

/// A database that is served.
#[derive(Debug)]
pub struct Database {
    target: Target,
    wishes: Wishes,
    pool: Arc<Pool>,
}

/// What was seen.
#[derive(Debug)]
pub struct Look {
    /// A sum of all that was seen.
    pub version: Version,
    /// The collections.
    pub layers: Vec<Layer>,
    /// What the one who started the program should know.
    pub notes: Vec<String>,
    /// What was wished.
    pub plan: OutsidePlan,
}

impl Database {
    /// A database to be looked at; nothing is asked of it yet.
    ///
    /// # Errors
    /// When its address is none, or asks for what there is not.
    pub fn new(wishes: Wishes) -> Result<Self, OpenError> {
        let target = Target::new(&wishes)?;
        let pool = Pool::new(target.clone(), wishes.connections);
        Ok(Self { target, wishes, pool })
    }

    /// What messages call it.
    pub fn name(&self) -> &str {
        &self.target.name
    }

    /// Looks at it, by a connection of its own. Must not be called within a runtime.
    ///
    /// # Errors
    /// When it does not answer, has nothing to serve, or not what is wished.
    pub fn look(&self, plan: OutsidePlan) -> Result<Look, OpenError> {
        let failed = |why: String| OpenError::Connect { address: self.target.name.clone(), why };
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(|error| failed(error.to_string()))?;
        let looked = runtime.block_on(async { timeout(LOOK, self.look_by(plan)).await });
        looked.map_err(|_| OpenError::Late { address: self.target.name.clone(), time: LOOK })?
    }

    async fn look_by(&self, plan: OutsidePlan) -> Result<Look, OpenError> {
        let client = connect(&self.target).await.map_err(|error| self.failed(&error))?;
        client.batch_execute(ONE).await.map_err(|error| self.failed(&error))?;
        let mut notes = Vec::new();
        let relations = catalog::read(&client, &self.target, &self.wishes, &plan.tables, &mut |note| notes.push(note)).await?;
        let ids = ids(&relations);
        let all = relations.into_iter().zip(ids);
        // As it is wished, and in that order; a table may be wished twice.
        let all = match plan.tables.as_slice() {
            [] => all.map(|(relation, id)| (relation, id, None)).collect::<Vec<_>>(),
            tables => {
                let all = all.collect::<Vec<_>>();
                let found = |wish: &OutsideWishes| all.iter().position(|(relation, _)| relation.is_called(&wish.table));
                tables.iter().filter_map(|wish| found(wish).map(|at| (all[at].0.clone(), all[at].1.clone(), Some(wish)))).collect()
            }
        };
        let (mut layers, mut sum, mut wrong) = (Vec::new(), blake3::Hasher::new(), Vec::new());
        for (relation, id, wish) in all {
            match self.table(&client, relation, id, wish, &mut notes).await {
                Ok(source) => {
                    sum.update(format!("{:?} {:?} {:?}", source.table, source.about, source.known_span()).as_bytes());
                    let collection = source.table.outside.collection.clone();
                    layers.push(Layer { collection, tables: Tables::Database(Arc::new(source)) });
                }
                Err(OpenError::Wishes(lines)) => wrong.push(lines),
                Err(error) => return Err(error),
            }
        }
        if !wrong.is_empty() {
            return Err(OpenError::Wishes(wrong.join("\n")));
        }
        sum.update(plan.spelled().as_bytes());
        Ok(Look { version: Version(sum.finalize().to_hex()[..32].to_owned()), layers, notes, plan })
    }

    fn failed(&self, error: &tokio_postgres::Error) -> OpenError {
        OpenError::Connect { address: self.target.name.clone(), why: told(error) }
    }

    /// A relation as a collection, and how much is in it.
    async fn table(
        &self,
        client: &Client,
        relation: Relation,
        id: String,
        wish: Option<&OutsideWishes>,
        notes: &mut Vec<String>,
    ) -> Result<Source, OpenError> {
        let outside = |records| {
            let geometry = relation.shape.as_ref().map_or(GeometryKind::None, |shape| shape.geometry_kind());
            let columns = relation.columns.iter().map(|(column, comment)| {
                let (description, unit) = comment.as_deref().map_or((None, None), said);
                OutsideColumn { name: column.property(), kind: column.kind(), description, unit }
            });
            let about = Said { name: relation.name.clone(), id: Some(id.clone()), description: relation.comment.clone(), records };
            Outside::new(about, geometry, &columns.collect::<Vec<_>>(), wish).map_err(OpenError::Wishes)
        };
        let first = Table { outside: outside(0)?, relation: relation.clone() };
        let (about, known) = match about(client, &first).await {
            Ok(seen) => seen,
            Err(error) if client.is_closed() => return Err(self.failed(&error)),
            Err(error) => {
                let (full, why) = (format!("{}.{}", relation.schema, relation.name), told(&error));
                notes.push(format!(
                    "{full}: all of it cannot be looked at ({why}): descriptions have the estimate of the database, and no extent"
                ));
                (estimate(client, &relation).await.map_err(|error| self.failed(&error))?, None)
            }
        };
        let table = Table { outside: outside(u64::from(about.features))?, relation };
        Ok(Source::new(Arc::clone(&self.pool), table, about, known))
    }
}

/// What a column's comment says: what its values mean, and the unit at the end in square brackets.
fn said(comment: &str) -> (Option<String>, Option<String>) {
    let comment = comment.trim();
    let unit = comment.strip_suffix(']').and_then(|rest| rest.rsplit_once('[')).filter(|(_, unit)| !unit.is_empty() && unit.len() <= 16);
    let (text, unit) = unit.map_or((comment, None), |(text, unit)| (text.trim(), Some(unit.to_owned())));
    ((!text.is_empty()).then(|| text.to_owned()), unit)
}

/// An id for each relation: its name, with that of its schema where several have it, or something else is called so.
fn ids(relations: &[Relation]) -> Vec<String> {
    let mut taken = vec![PLACES.to_owned()];
    for relation in relations {
        let own = slug_of(&relation.name);
        let is_alone = relations.iter().filter(|other| slug_of(&other.name) == own).count() == 1;
        let wanted = if is_alone && own != PLACES { own } else { slug_of(&format!("{}_{}", relation.schema, relation.name)) };
        taken.push(unique(&wanted, &taken, '_'));
    }
    taken.split_off(1)
}

/// How much is in a table, and from when to when as far as both are known, by a look at all of it.
async fn about(client: &Client, table: &Table) -> Result<(About, Option<(Instant, Instant)>), tokio_postgres::Error> {
    let mut sql = Sql::default();
    sql.push("SELECT count(*)");
    match &table.relation.shape {
        Some(shape) => {
            sql.push(", count(");
            shape.raw(&mut sql);
            sql.push(")");
            for edge in [", ST_XMin(ST_Extent(", ", ST_YMin(ST_Extent(", ", ST_XMax(ST_Extent(", ", ST_YMax(ST_Extent("] {
                sql.push(edge);
                shape.plane(&mut sql);
                sql.push("))");
            }
        }
        None => drop(sql.push(", 0::int8, NULL::float8, NULL::float8, NULL::float8, NULL::float8")),
    }
    let ends = table.dated();
    match ends {
        Some((start, end)) => {
            let millis = |sql: &mut Sql, what: &'static str, column: &super::column::Column| {
                sql.push(what);
                column.known(sql);
                sql.push(if column.kind() == Kind::Date { ")::timestamp AT TIME ZONE 'UTC')" } else { "))" });
                sql.push(" * 1000)::int8");
            };
            millis(&mut sql, ", floor(extract(epoch FROM min(", start);
            millis(&mut sql, ", floor(extract(epoch FROM max(", end);
            for (known, unknown) in [(end, start), (start, end)] {
                sql.push(", coalesce(bool_or(");
                known.is_readable(&mut sql);
                sql.push(" AND NOT coalesce(");
                unknown.is_readable(&mut sql);
                sql.push(", false)), false)");
            }
        }
        None => drop(sql.push(", NULL::int8, NULL::int8, false, false")),
    }
    table.relation.from(&mut sql);
    let row = client.query_typed_one(sql.text(), &sql.values()).await?;
    let count = |row: &Row, index| u32::try_from(row.get::<_, i64>(index)).unwrap_or(u32::MAX);
    let edges = [2, 3, 4, 5].map(|index| row.get::<_, Option<f64>>(index));
    let span = row.get::<_, Option<i64>>(6).zip(row.get::<_, Option<i64>>(7));
    let last = |millis: i64| match ends {
        Some((_, end)) if end.kind() == Kind::Date => millis + 86_399_999,
        _ => millis,
    };
    let known = span.map(|(start, end)| (Instant::from_millis(start), Instant::from_millis(last(end))));
    let (is_open_before, is_open_after) = (row.get::<_, bool>(8), row.get::<_, bool>(9));
    let span = span.map(|(start, end)| {
        let start = if is_open_before { Instant::PAST.as_millis() } else { start };
        [start, if is_open_after { Instant::FUTURE.as_millis() } else { last(end) }]
    });
    let located = count(&row, 1);
    let edges = if let [Some(west), Some(south), Some(east), Some(north)] = edges { Some([west, south, east, north]) } else { None };
    Ok((About { features: count(&row, 0).max(located), located, extent: edges, span, arena: false }, known))
}

/// How much the database thinks is in a table.
async fn estimate(client: &Client, relation: &Relation) -> Result<About, tokio_postgres::Error> {
    let mut sql = Sql::default();
    sql.push("SELECT greatest(c.reltuples, 0)::int8 FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = ");
    sql.bind(Bound::Text(relation.schema.clone())).push(" AND c.relname = ").bind(Bound::Text(relation.name.clone()));
    let row = client.query_typed_opt(sql.text(), &sql.values()).await?;
    let features = row.map_or(0, |row| u32::try_from(row.get::<_, i64>(0)).unwrap_or(u32::MAX));
    Ok(About { features, located: features, extent: None, span: None, arena: false })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comment_may_end_with_a_unit() {
        for (comment, text, unit) in [
            ("Length of the bridge [m]", Some("Length of the bridge"), Some("m")),
            ("[km/h]", None, Some("km/h")),
            (" What it is. ", Some("What it is."), None),
            ("empty []", Some("empty []"), None),
            ("", None, None),
        ] {
            assert_eq!(said(comment), (text.map(str::to_owned), unit.map(str::to_owned)), "{comment}");
        }
    }
}
