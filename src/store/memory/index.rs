//! The spatial index: which positions a box meets, as runs.
//!
//! `rstar`'s R*-tree over the boxes of the shapes. A shape whose box lies inside the asked rectangle is a hit without a test; one
//! whose box only touches it is tested exactly. Cost: O(log n + hits), and a sort of the hits to make runs.

use std::ops::Range;

use rstar::{AABB, RTree, RTreeObject};

use super::shapes::Shapes;
use crate::model::{Bbox, Rect};

/// One shape's box and where it stands in the table.
#[derive(Debug)]
struct Entry {
    bounds: Rect,
    position: u32,
}

impl RTreeObject for Entry {
    type Envelope = AABB<[f64; 2]>;

    fn envelope(&self) -> Self::Envelope {
        envelope(&self.bounds)
    }
}

fn envelope(rect: &Rect) -> AABB<[f64; 2]> {
    AABB::from_corners([rect.min_x, rect.min_y], [rect.max_x, rect.max_y])
}

/// Answers which of the first `located` positions meet a box.
#[derive(Debug)]
pub(super) struct SpatialIndex {
    tree: RTree<Entry>,
}

impl SpatialIndex {
    pub(super) fn new(shapes: &Shapes, located: u32) -> Self {
        let entries = (0..located).map(|position| Entry { bounds: shapes.bounds(position), position }).collect();
        Self { tree: RTree::bulk_load(entries) }
    }

    /// The positions whose shape meets `bbox`, as ascending runs that do not touch each other.
    pub(super) fn search(&self, bbox: &Bbox, shapes: &Shapes) -> Vec<Range<u32>> {
        let mut hits = Vec::new();
        for rect in bbox.rects() {
            let touched = self.tree.locate_in_envelope_intersecting(envelope(&rect));
            hits.extend(touched.filter(|entry| meets(entry, &rect, shapes)).map(|entry| entry.position));
        }
        if let Some(heights) = bbox.heights() {
            hits.retain(|position| shapes.meets_heights(*position, heights));
        }
        hits.sort_unstable();
        hits.dedup();
        runs_of(hits)
    }
}

fn meets(entry: &Entry, rect: &Rect, shapes: &Shapes) -> bool {
    rect.contains(&entry.bounds) || shapes.get(entry.position).is_some_and(|shape| shape.meets(rect))
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
