//! What is near a point?

use std::collections::BinaryHeap;

use super::{Atlas, Spot};
use crate::{
    gazetteer::pack::{AreaText, LEAF, Section, areas_at, number_at, on_sphere},
    model::Position,
};

/// Squared length of the straight line between two points of the unit sphere, which grows with the great circle between them.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Away(f64, u32);

impl Eq for Away {}

impl PartialOrd for Away {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Away {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.total_cmp(&other.0).then(self.1.cmp(&other.1))
    }
}

/// A walk through the k-d order.
struct Walk<'a> {
    atlas: &'a Atlas,
    order: &'a [u8],
    count: usize,
    here: [f64; 3],
    limit: usize,
    best: BinaryHeap<Away>,
}

impl Atlas {
    /// The `limit` settlements and camps nearest to `position`, nearest first, each with its distance along the great circle in
    /// metres (sphere of the mean radius). Right across the antimeridian and over the poles: the tree is one of points in space.
    ///
    /// # Example
    /// ```
    /// use harmattan::{gazetteer::Atlas, model::Position};
    /// let atlas = Atlas::embedded();
    /// let (nearest, metres) = atlas.reverse(Position { lon: 1.4, lat: 18.4 }, 1)[0];
    /// assert_eq!(nearest.name(), "Kidal");
    /// assert!(metres < 6_000.0);
    /// ```
    pub fn reverse(&self, position: Position, limit: usize) -> Vec<(Spot<'_>, f64)> {
        let order = self.section(Section::Nearest);
        let count = self.nearest_count();
        let here = on_sphere(position.lon, position.lat);
        let mut walk = Walk { atlas: self, order, count, here, limit, best: BinaryHeap::new() };
        if limit > 0 {
            walk.visit(0, count, 0);
        }
        let near = walk.best.into_sorted_vec().into_iter().map(|Away(_, place)| self.spot(place));
        near.map(|spot| (spot, position.distance_m(spot.position()))).collect()
    }

    /// The regions with a known outline that hold a point, the smallest first.
    pub fn regions_at(&self, position: Position) -> Vec<AreaText<'_>> {
        areas_at(self.section(Section::Areas), position.lon, position.lat)
    }

    /// How many places the k-d order holds: it has three bytes a place or four, as the ids of all places show.
    fn nearest_count(&self) -> usize {
        let bytes = self.section(Section::Nearest).len();
        let width = if self.places >= 1 << 24 { 4 } else { 3 };
        bytes / width
    }
}

impl Walk<'_> {
    fn visit(&mut self, from: usize, to: usize, axis: usize) {
        if to - from <= LEAF {
            (from..to).for_each(|at| {
                self.look(at);
            });
            return;
        }
        let middle = from + (to - from) / 2;
        let point = self.look(middle);
        let gap = self.here[axis] - point[axis];
        let next = (axis + 1) % 3;
        let (near, far) = if gap < 0.0 { ((from, middle), (middle + 1, to)) } else { ((middle + 1, to), (from, middle)) };
        self.visit(near.0, near.1, next);
        let worst = self.best.peek().filter(|_| self.best.len() == self.limit);
        if worst.is_none_or(|worst| gap * gap <= worst.0) {
            self.visit(far.0, far.1, next);
        }
    }

    /// Takes the place at `at` of the order into account; returns its point.
    fn look(&mut self, at: usize) -> [f64; 3] {
        let place = number_at(self.order, self.count, at);
        let position = self.atlas.spot(place).position();
        let point = on_sphere(position.lon, position.lat);
        let away = point.iter().zip(&self.here).map(|(a, b)| (a - b) * (a - b)).sum();
        self.best.push(Away(away, place));
        if self.best.len() > self.limit {
            self.best.pop();
        }
        point
    }
}
