//! The spatial index: which positions a box meets, as runs.
//!
//! # Structure
//! A table is in the order of the Hilbert curve, so that what lies side by side on the map stands side by side in it, and a box is
//! a few runs. Over that order lies a packed tree (Kamel and Faloutsos, "On packing R-trees", 1993,
//! <https://doi.org/10.1145/170088.170403>) of sixteen children a node, complete and without pointers (`tree`): a subtree of
//! height h is 16^h positions in a row. Its boxes are `f32` in blocks of sixteen lanes (`lanes`), which the compiler turns into
//! vector comparisons; points take 8 bytes and boxes 16, and the tree above them 1.2 bytes more.
//!
//! # Why it is exact
//! - Boxes are rounded outward, so what does not meet in `f32` does not meet; and the rectangle's edges are rounded inward where
//!   they are compared with them, which compares each `f32` with the exact edge.
//! - A subtree whose rounded box lies inside lies inside with all its shapes: a run of hits without a look at any. Points that `f32`
//!   separates from every edge are hits or none as well.
//! - What is left lies on the border: its exact box is asked, and where that leaves the rectangle its shape ([`Geometry::meets`]).
//!   A connected shape whose box leaves the rectangle along one axis only meets it by the intermediate value theorem, so that
//!   only shapes about the corners, those wider than the rectangle both ways, and those of several parts are asked.
//!
//! # Invariants
//! Positions 0..located have a shape, the others none; lanes beyond the last position meet nothing; hits come in ascending order
//! and once for each rectangle; every box lies within that of its parent, rounded or not.
//!
//! # Cost
//! To build: O(n). To search: O(log n) blocks and those on the border, O(√hits) of them where points are spread evenly;
//! contained subtrees are free, whatever they hold. A pile of positions in one place on an edge is one of them, for the exact
//! boxes of subtrees from 256 positions on are kept (0.14 bytes a position). Many different points within one `f32` step of an edge
//! (0.8 m at longitude 100°) are each compared in `f64`.
//!
//! # Figures
//! `POINTS=10000000 cargo bench --bench index` on two cores of an AMD EPYC (Zen 5) shared with other work, baseline x86-64, 2,000
//! clusters and 10 % anywhere, 2,000 different boxes a row (500 in the last), the best of five rounds:
//!
//! | hits | runs, ns | counted, ns | `rstar` as it was, ns | bare `rstar` points, ns | ratios |
//! | --- | --- | --- | --- | --- | --- |
//! | 10 | 785 | 453 | 3,243 | 2,855 | 4.1, 3.6 |
//! | 100 | 1,440 | 980 | 14,577 | 11,485 | 10.1, 8.0 |
//! | 1,000 | 3,797 | 3,195 | 84,375 | 57,788 | 22.2, 15.2 |
//! | 10,000 | 7,814 | 7,434 | 695,956 | 430,956 | 89.1, 55.1 |
//!
//! Half of the world, 4.8 million hits: runs 8 µs, counted 6 µs, `rstar` 159 ms; a wide box across the antimeridian, 3.9 million hits:
//! 30 and 19 µs; all of it 0.2 and 0.1 µs. 9.2 bytes a feature where `rstar` takes 99–102; built in 0.25–0.8 s (`rstar`
//! 3–35 s), the sort not counted. With 1 million points 10 hits take 0.2–0.6 µs and 10,000 hits 2.9 µs. What limits
//! is memory, not comparing: at 10 million each block on the border is a miss of the caches and of the page table, most of the
//! time of a small box. Reading all blocks of a level before the next was slower; so was a load ahead of each, once warm.
//!
//! [`Geometry::meets`]: crate::model::Geometry::meets

use std::{io, ops::Range};

use super::{
    sections::{Damage, Part, Sink},
    shapes::Shapes,
    tree::{Hits, Tree},
};
use crate::model::{Bbox, Rect};

/// Answers which of the first `located` positions meet a box.
#[derive(Debug)]
pub(super) struct SpatialIndex {
    tree: Tree,
}

impl SpatialIndex {
    /// Writes the index over all shapes, which stand in the order of the Hilbert curve.
    ///
    /// Cost: O(n).
    pub(super) fn write(shapes: &Shapes, sink: &mut Sink<'_>) -> io::Result<Self> {
        Ok(Self { tree: Tree::write(shapes.len(), |position| shapes.bounds(position), sink)? })
    }

    pub(super) fn open(part: &Part<'_>, located: u32) -> Result<Self, Damage> {
        Ok(Self { tree: Tree::open(part, located)? })
    }

    /// The positions whose shape meets `bbox`, as ascending runs that do not touch each other.
    ///
    /// Cost: O(log n + border), plus O(hits) where heights are asked for.
    pub(super) fn search(&self, bbox: &Bbox, shapes: &Shapes) -> Vec<Range<u32>> {
        // Room for what most boxes need.
        let mut runs = Vec::with_capacity(32);
        let rects = bbox.rects();
        for rect in &rects {
            let mut hits = Runs { runs, open: 0..0 };
            self.tree.search(rect, |position| meets(position, rect, shapes), &mut hits);
            runs = hits.finish();
        }
        if rects.len() > 1 {
            runs = union(runs);
        }
        match bbox.heights() {
            Some(heights) => runs_of(runs.into_iter().flatten().filter(|position| shapes.meets_heights(*position, heights))),
            None => runs,
        }
    }

    /// How many positions `search` would find.
    ///
    /// Cost: as `search`, without its memory.
    pub(super) fn count(&self, bbox: &Bbox, shapes: &Shapes) -> u64 {
        let rects = bbox.rects();
        // The rectangles of a box do not overlap, so no point lies in two of them; a line can meet both.
        if bbox.heights().is_some() || rects.len() > 1 && !self.tree.is_of_points() {
            return self.search(bbox, shapes).iter().map(|run| u64::from(run.end - run.start)).sum();
        }
        let mut count = Count(0);
        for rect in &rects {
            self.tree.search(rect, |position| meets(position, rect, shapes), &mut count);
        }
        count.0
    }
}

/// Whether the shape at a position meets a rectangle, asked of those that `f32` could not settle.
fn meets(position: u32, rect: &Rect, shapes: &Shapes) -> bool {
    let bounds = shapes.bounds(position);
    if !rect.intersects(&bounds) {
        return false;
    }
    rect.contains(&bounds) || shapes.is_connected(position) && (spans(rect, &bounds)) || shapes.meets(position, rect)
}

/// Whether a connected shape with these bounds, which meet the rectangle, must meet it as well: where the bounds do not leave the
/// rectangle along one axis. Along the other the shape takes every coordinate that its bounds do, some of the rectangle's too.
fn spans(rect: &Rect, bounds: &Rect) -> bool {
    rect.min_x <= bounds.min_x && bounds.max_x <= rect.max_x || rect.min_y <= bounds.min_y && bounds.max_y <= rect.max_y
}

/// Collects runs, and joins those that touch.
struct Runs {
    runs: Vec<Range<u32>>,
    /// The last run, which may still grow; empty before the first.
    open: Range<u32>,
}

impl Hits for Runs {
    #[inline]
    fn run(&mut self, run: Range<u32>) {
        if run.start == self.open.end {
            self.open.end = run.end;
        } else {
            let closed = std::mem::replace(&mut self.open, run);
            if !closed.is_empty() {
                self.runs.push(closed);
            }
        }
    }

    #[inline]
    fn lanes(&mut self, mut first: u32, mut hits: u32) {
        while hits != 0 {
            let gap = hits.trailing_zeros();
            let length = (hits >> gap).trailing_ones();
            first += gap;
            self.run(first..first + length);
            first += length;
            hits >>= gap + length;
        }
    }
}

impl Runs {
    fn finish(mut self) -> Vec<Range<u32>> {
        if !self.open.is_empty() {
            self.runs.push(self.open);
        }
        self.runs
    }
}

/// Counts.
struct Count(u64);

impl Hits for Count {
    fn run(&mut self, run: Range<u32>) {
        self.0 += u64::from(run.end - run.start);
    }

    fn lanes(&mut self, _first: u32, hits: u32) {
        self.0 += u64::from(hits.count_ones());
    }
}

/// Several ascending lists of runs, one after another, as one.
fn union(mut runs: Vec<Range<u32>>) -> Vec<Range<u32>> {
    // A stable sort, since that one merges what is sorted in parts already.
    runs.sort_by_key(|run| run.start);
    runs.dedup_by(|next, run| {
        let is_joined = next.start <= run.end;
        if is_joined {
            run.end = run.end.max(next.end);
        }
        is_joined
    });
    runs
}

/// Ascending positions as runs.
pub(super) fn runs_of(positions: impl IntoIterator<Item = u32>) -> Vec<Range<u32>> {
    let mut runs: Vec<Range<u32>> = Vec::new();
    for position in positions {
        match runs.last_mut() {
            Some(run) if run.end == position => run.end += 1,
            _ => runs.push(position..position + 1),
        }
    }
    runs
}
