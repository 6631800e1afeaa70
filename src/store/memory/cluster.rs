//! Clusters: how many features each cell of a grid holds, at a cost that does not depend on how many they are.
//!
//! The cells are those of the Hilbert curve's own quadtree, so all features of a cell stand in a row: their ranks have the same
//! first bits. A run of hits is cut where those bits change, by a search from where the last cut was; what lies between two
//! cuts is counted without a look at any feature.
//!
//! # Where a feature counts
//! Once, in the cell of its place: the centre of its box, moved into the rectangle asked for where it lies outside. A feature that
//! meets a rectangle has a box that meets it, so its place lies within both. Points are where they are.
//!
//! # Cost
//! O(runs + cells · log n) beyond the search for the runs. With a time, that search looks at every feature in the box. Shapes that
//! reach into the box from cells outside of it are looked at one by one, as the search for them has done.
//!
//! # Why degrees
//! On a map in Mercator's projection these cells are twice as wide as high at the equator and square at latitude 60°. Cells of the
//! projection itself would cut across the order, and a table would need an order for each projection.

use std::{collections::BTreeMap, ops::Range};

use super::{
    order::{self, AXIS_BITS},
    table::Table,
};
use crate::{
    model::{Bbox, Position, Rect},
    query::Filter,
    store::{Cluster, Clusters, Selection},
};

/// How much finer than a map's tiles the cells are: 64 pixels wide at zoom z on a map of 256 · 2^z pixels.
const FINER: u32 = 2;

/// The finest grid: cells of 4 cm.
const FINEST: u32 = 30;

/// The whole map.
const WORLD: Rect = Rect { min_x: -180.0, min_y: -90.0, max_x: 180.0, max_y: 90.0 };

impl Table {
    /// The features that a filter leaves, counted by cells fit for a map at `zoom`; coarser ones where there could be more than
    /// `most` of them in the box.
    pub fn clusters(&self, filter: &Filter, zoom: u32, most: u32) -> Clusters<'_> {
        self.clusters_of(&self.select(filter), filter.bbox.as_ref(), zoom, most)
    }

    /// The features of a selection, which meet the box where there is one, counted so.
    pub fn clusters_of(&self, selection: &Selection, bbox: Option<&Bbox>, zoom: u32, most: u32) -> Clusters<'_> {
        let view = View::new(bbox, zoom, most);
        let grid = view.grid;
        let mut cells = Cells::default();
        for run in selection.runs() {
            let end = run.end.min(self.located());
            let mut start = run.start;
            while start < end {
                let code = grid.code(self.rank(start));
                let stop = self.first_beyond(start..end, grid.last_rank(code));
                if view.holds(grid.cell_of(self.bounds(start))) {
                    cells.add(code, start..stop);
                } else {
                    for position in start..stop {
                        let place = view.place(self.bounds(position));
                        cells.add(grid.code(order::rank(Some(place))), position..position + 1);
                    }
                }
                start = stop;
            }
        }
        let cells = cells.finish().map(|(_, cell)| {
            let member = cell.longest.start + (cell.longest.end - cell.longest.start) / 2;
            let place = view.place(self.bounds(member));
            Cluster {
                count: cell.count,
                position: Position { lon: place.min_x, lat: place.min_y },
                cell: grid.rect(grid.cell_of(place)),
                only: (cell.count == 1).then(|| self.row(member)),
            }
        });
        Clusters { matched: selection.matched(), level: grid.level, cells: cells.collect() }
    }

    /// The first position of a run whose rank lies beyond `last`, else the run's end; searched for in steps that double, since
    /// most cells end nearby.
    fn first_beyond(&self, run: Range<u32>, last: u64) -> u32 {
        if self.rank(run.end - 1) <= last {
            return run.end;
        }
        let (mut low, mut step) = (run.start, 1);
        while step < run.end - low && self.rank(low + step) <= last {
            low += step;
            step = step.saturating_mul(2);
        }
        let mut high = run.end.min(low.saturating_add(step));
        // What is at `low` belongs to the cell; what is at `high` does not, or is the run's end.
        while low + 1 < high {
            let middle = low + (high - low) / 2;
            if self.rank(middle) <= last { low = middle } else { high = middle }
        }
        high
    }
}

/// The cells of one level of the curve's quadtree.
#[derive(Debug, Clone, Copy)]
struct Grid {
    level: u32,
}

/// Column and row of a cell, from the west and from the south.
type Cell = (u32, u32);

impl Grid {
    /// The first bits of a rank, which all ranks of one cell share.
    fn code(self, rank: u64) -> u64 {
        rank.checked_shr(2 * (AXIS_BITS - self.level)).unwrap_or(0)
    }

    /// The greatest rank in a cell.
    fn last_rank(self, code: u64) -> u64 {
        let shift = 2 * (AXIS_BITS - self.level);
        code.checked_shl(shift).unwrap_or(0) | u64::MAX.checked_shr(2 * self.level).unwrap_or(0)
    }

    fn cell_of(self, bounds: Rect) -> Cell {
        let (x, y) = order::centre(bounds);
        let part = |cell: u32| cell.checked_shr(AXIS_BITS - self.level).unwrap_or(0);
        (part(x), part(y))
    }

    /// The edges of a cell in degrees, to within 1 cm of where the order divides.
    fn rect(self, (x, y): Cell) -> Rect {
        let width = 360.0 / f64::from(1_u32 << self.level);
        let edge = |index: u32, step: f64, low: f64| f64::from(index) * step + low;
        Rect {
            min_x: edge(x, width, -180.0),
            min_y: edge(y, width / 2.0, -90.0),
            max_x: edge(x + 1, width, -180.0),
            max_y: edge(y + 1, width / 2.0, -90.0),
        }
    }
}

/// The grid that a question for clusters is answered by, for stores that count otherwise.
#[derive(Debug)]
pub(in crate::store) struct CellGrid {
    grid: Grid,
    rects: Vec<Rect>,
}

impl CellGrid {
    /// The grid fit for a map at `zoom`; a coarser one where there could be more than `most` cells in the box.
    pub(in crate::store) fn new(bbox: Option<&Bbox>, zoom: u32, most: u32) -> Self {
        let View { grid, rects } = View::new(bbox, zoom, most);
        Self { grid, rects }
    }

    /// Bits of a cell's number on each axis.
    pub(in crate::store) fn level(&self) -> u32 {
        self.grid.level
    }

    /// The rectangles asked for.
    pub(in crate::store) fn rects(&self) -> &[Rect] {
        &self.rects
    }

    /// The edges of a cell, by its column and row, in degrees.
    pub(in crate::store) fn rect(&self, cell: (u32, u32)) -> Rect {
        self.grid.rect(cell)
    }
}

/// The rectangles asked for and the cells that they meet.
struct View {
    grid: Grid,
    rects: Vec<Rect>,
}

impl View {
    fn new(bbox: Option<&Bbox>, zoom: u32, most: u32) -> Self {
        let rects = bbox.map_or_else(|| vec![WORLD], Bbox::rects);
        let mut view = Self { grid: Grid { level: (zoom + FINER).min(FINEST) }, rects };
        while view.grid.level > 0 && view.size() > u64::from(most) {
            view.grid.level -= 1;
        }
        view
    }

    /// How many cells there can be, those that two rectangles meet counted twice.
    fn size(&self) -> u64 {
        let spans = self.rects.iter().map(|rect| self.span(rect));
        spans.map(|((west, south), (east, north))| u64::from(east - west + 1) * u64::from(north - south + 1)).sum()
    }

    /// The first and the last cell of a rectangle.
    fn span(&self, rect: &Rect) -> (Cell, Cell) {
        let corner = |x: f64, y: f64| self.grid.cell_of(point(x, y));
        (corner(rect.min_x, rect.min_y), corner(rect.max_x, rect.max_y))
    }

    /// The rectangle among whose cells this one is.
    fn rect_with(&self, (x, y): Cell) -> Option<&Rect> {
        self.rects.iter().find(|rect| {
            let ((west, south), (east, north)) = self.span(rect);
            (west..=east).contains(&x) && (south..=north).contains(&y)
        })
    }

    fn holds(&self, cell: Cell) -> bool {
        self.rect_with(cell).is_some()
    }

    /// Where a feature with these bounds counts: the centre, moved into the rectangle whose cells hold it, else into one that the
    /// bounds meet.
    fn place(&self, bounds: Rect) -> Rect {
        let (x, y) = ((bounds.min_x + bounds.max_x) / 2.0, (bounds.min_y + bounds.max_y) / 2.0);
        let own = self.rect_with(self.grid.cell_of(bounds));
        let rect = own.or_else(|| self.rects.iter().find(|rect| rect.intersects(&bounds))).unwrap_or(&self.rects[0]);
        point(x.clamp(rect.min_x, rect.max_x), y.clamp(rect.min_y, rect.max_y))
    }
}

fn point(x: f64, y: f64) -> Rect {
    Rect { min_x: x, min_y: y, max_x: x, max_y: y }
}

/// Counts by cell.
#[derive(Default)]
struct Cells {
    /// Those before the open one. Most come in ascending order.
    closed: BTreeMap<u64, Counted>,
    open: Option<(u64, Counted)>,
}

/// What one cell holds.
struct Counted {
    count: u64,
    /// The longest of its runs, from whose middle the cluster's position is taken.
    longest: Range<u32>,
}

impl Cells {
    fn add(&mut self, code: u64, run: Range<u32>) {
        let part = Counted { count: u64::from(run.end - run.start), longest: run };
        match &mut self.open {
            Some((open, cell)) if *open == code => cell.merge(part),
            _ => {
                self.close();
                self.open = Some((code, part));
            }
        }
    }

    fn close(&mut self) {
        let Some((code, cell)) = self.open.take() else { return };
        match self.closed.get_mut(&code) {
            Some(known) => known.merge(cell),
            None => drop(self.closed.insert(code, cell)),
        }
    }

    /// Every cell with what it holds, along the curve.
    fn finish(mut self) -> impl Iterator<Item = (u64, Counted)> {
        self.close();
        self.closed.into_iter()
    }
}

impl Counted {
    fn merge(&mut self, other: Self) {
        self.count += other.count;
        if other.longest.len() > self.longest.len() {
            self.longest = other.longest;
        }
    }
}
