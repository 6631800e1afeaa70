//! The index of boxes (extension `gpkg_rtree_index`, OGC 12-128r18, annex F.3).
//!
//! SQLite fills its R*Tree row by row, which takes longer than all the rest of the file. Here its nodes are packed instead: rows come in
//! an order that keeps neighbours together, so each node takes the next ones until it is full. The tables behind the R*Tree are those
//! that SQLite's documentation lists; a node is its depth and the count of its cells in 16 bits each, and for each cell the number of a
//! row or node in 64 bits and four edges in 32, all big-endian. `rtreecheck` finds nothing wrong with it (tests).

use rusqlite::{Connection, Result, Statement, params};

use super::table::{Table, quoted};
use crate::model::Rect;

/// Bytes of a node before its cells.
const HEAD: usize = 4;
/// Bytes of a cell.
const CELL: usize = 24;
/// The node from which all others are reached.
const ROOT: i64 = 1;

/// A tree that is being packed.
pub(super) struct Index<'d> {
    rows: Statement<'d>,
    nodes: Statement<'d>,
    parents: Statement<'d>,
    /// Bytes of a node.
    size: usize,
    /// What the leaf that is not full yet has.
    leaf: Vec<Cell>,
    /// The leaves that are written.
    leaves: Vec<Cell>,
    /// The number of the next node.
    next: i64,
}

/// A row, or a node, with its box: west, east, south and north.
#[derive(Debug, Clone, Copy)]
struct Cell {
    number: i64,
    edges: [f32; 4],
}

impl<'d> Index<'d> {
    /// Makes the tables of the index.
    pub(super) fn new(database: &'d Connection, table: &Table<'_>) -> Result<Self> {
        let name = name(table);
        database.execute_batch(&format!("CREATE VIRTUAL TABLE {} USING rtree(id, minx, maxx, miny, maxy)", quoted(&name)))?;
        let own = |what: &str| quoted(&format!("{name}_{what}"));
        let sql = format!("SELECT length(data) FROM {} WHERE nodeno = ?1", own("node"));
        let size = database.query_row(&sql, [ROOT], |row| row.get::<_, i64>(0))?;
        Ok(Self {
            rows: database.prepare(&format!("INSERT INTO {} (rowid, nodeno) VALUES (?1, ?2)", own("rowid")))?,
            nodes: database.prepare(&format!("INSERT OR REPLACE INTO {} (nodeno, data) VALUES (?1, ?2)", own("node")))?,
            parents: database.prepare(&format!("INSERT INTO {} (nodeno, parentnode) VALUES (?1, ?2)", own("parent")))?,
            size: usize::try_from(size).unwrap_or_default().max(HEAD + 2 * CELL),
            leaf: Vec::new(),
            leaves: Vec::new(),
            next: ROOT + 1,
        })
    }

    /// Adds the box of a row; rows come in ascending order.
    pub(super) fn push(&mut self, number: i64, rect: Rect) -> Result<()> {
        if self.leaf.len() == self.most() {
            let leaf = std::mem::take(&mut self.leaf);
            let leaf = self.node(&leaf, false)?;
            self.leaves.push(leaf);
        }
        self.leaf.push(Cell { number, edges: [down(rect.min_x), up(rect.max_x), down(rect.min_y), up(rect.max_y)] });
        Ok(())
    }

    /// Writes what is left, and the levels above the leaves.
    pub(super) fn finish(mut self) -> Result<()> {
        let leaf = std::mem::take(&mut self.leaf);
        if self.leaves.is_empty() {
            return self.root(&leaf, 0);
        }
        let mut level = std::mem::take(&mut self.leaves);
        level.push(self.node(&leaf, false)?);
        let mut depth = 1;
        while level.len() > self.most() {
            let most = self.most();
            level = level.chunks(most).map(|cells| self.node(cells, true)).collect::<Result<_>>()?;
            depth += 1;
        }
        self.root(&level, depth)
    }

    /// Cells of a node at the most.
    fn most(&self) -> usize {
        (self.size - HEAD) / CELL
    }

    /// Writes a node of rows, or of nodes; what stands for it above.
    fn node(&mut self, cells: &[Cell], of_nodes: bool) -> Result<Cell> {
        let number = self.next;
        self.next += 1;
        self.write(number, 0, cells, of_nodes)?;
        let edges = cells.iter().map(|cell| cell.edges);
        let sum = |a: [f32; 4], b: [f32; 4]| [a[0].min(b[0]), a[1].max(b[1]), a[2].min(b[2]), a[3].max(b[3])];
        Ok(Cell { number, edges: edges.reduce(sum).unwrap_or_default() })
    }

    fn root(&mut self, cells: &[Cell], depth: u16) -> Result<()> {
        self.write(ROOT, depth, cells, depth > 0)
    }

    fn write(&mut self, number: i64, depth: u16, cells: &[Cell], of_nodes: bool) -> Result<()> {
        let mut data = Vec::with_capacity(self.size);
        data.extend_from_slice(&depth.to_be_bytes());
        data.extend_from_slice(&u16::try_from(cells.len()).expect("a node has some tens of cells").to_be_bytes());
        for cell in cells {
            data.extend_from_slice(&cell.number.to_be_bytes());
            cell.edges.iter().for_each(|edge| data.extend_from_slice(&edge.to_be_bytes()));
            let above = if of_nodes { &mut self.parents } else { &mut self.rows };
            above.execute(params![cell.number, number])?;
        }
        data.resize(self.size, 0);
        self.nodes.execute(params![number, data]).map(drop)
    }
}

/// The nearest number of 32 bits that is not above.
fn down(edge: f64) -> f32 {
    let near = edge as f32;
    if f64::from(near) > edge { near.next_down() } else { near }
}

/// The nearest that is not below.
fn up(edge: f64) -> f32 {
    let near = edge as f32;
    if f64::from(near) < edge { near.next_up() } else { near }
}

/// What the table of the index is called.
fn name(table: &Table<'_>) -> String {
    format!("rtree_{}_{}", table.name(), table.geometry.as_deref().unwrap_or_default())
}

/// What keeps the index true when a reader changes the table. Functions of geometries are the reader's: none of this runs here.
pub(super) fn triggers(table: &Table<'_>) -> String {
    let index = name(table);
    let (own, geometry, key) = (quoted(table.name()), quoted(table.geometry.as_deref().unwrap_or_default()), quoted(&table.key));
    let has = format!("(NEW.{geometry} NOTNULL AND NOT ST_IsEmpty(NEW.{geometry}))");
    let lacks = format!("(NEW.{geometry} ISNULL OR ST_IsEmpty(NEW.{geometry}))");
    let edges = ["MinX", "MaxX", "MinY", "MaxY"].map(|edge| format!("ST_{edge}(NEW.{geometry})")).join(", ");
    let put = format!("INSERT OR REPLACE INTO {} VALUES (NEW.{key}, {edges});", quoted(&index));
    let drop = format!("DELETE FROM {} WHERE id = OLD.{key};", quoted(&index));
    let drop_both = format!("DELETE FROM {} WHERE id IN (OLD.{key}, NEW.{key});", quoted(&index));
    let (same, other) = (format!("OLD.{key} = NEW.{key}"), format!("OLD.{key} != NEW.{key}"));
    let all = [
        ("insert", "INSERT".to_owned(), has.clone(), put.clone()),
        ("update1", format!("UPDATE OF {geometry}"), format!("{same} AND {has}"), put.clone()),
        ("update2", format!("UPDATE OF {geometry}"), format!("{same} AND {lacks}"), drop.clone()),
        ("update3", "UPDATE".to_owned(), format!("{other} AND {has}"), format!("{drop} {put}")),
        ("update4", "UPDATE".to_owned(), format!("{other} AND {lacks}"), drop_both),
        ("delete", "DELETE".to_owned(), format!("OLD.{geometry} NOT NULL"), drop),
    ];
    let sql = all.map(|(what, event, when, then)| {
        format!("CREATE TRIGGER {} AFTER {event} ON {own} WHEN {when} BEGIN {then} END;", quoted(&format!("{index}_{what}")))
    });
    sql.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn edges_are_rounded_outward_by_less_than_a_step(edge in -1e7..1e7) {
            prop_assert!(f64::from(down(edge)) <= edge && edge <= f64::from(up(edge)));
            prop_assert!(down(edge) == up(edge) || down(edge).next_up() == up(edge));
        }
    }
}
