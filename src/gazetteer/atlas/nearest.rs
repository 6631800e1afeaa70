//! What is near a point?

use std::collections::BinaryHeap;

use super::{Atlas, Spot, spot::position_at};
use crate::{
    gazetteer::pack::{AreaText, Section, Split, areas_at, depth, number_at, on_sphere},
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
    points: &'a [u8],
    order: &'a [u8],
    splits: &'a [u8],
    count: usize,
    at: Position,
    here: [f64; 3],
    limit: usize,
    best: BinaryHeap<Away>,
    /// How far, in degrees of latitude and longitude, a place can be off that is as near as the farthest of the best.
    reach: [f64; 2],
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
        let best = BinaryHeap::with_capacity(limit.min(count) + 1);
        let (points, splits) = (self.section(Section::Points), self.section(Section::Splits));
        let mut walk = Walk { points, order, splits, count, at: position, here, limit, best, reach: [f64::INFINITY; 2] };
        if limit > 0 {
            walk.visit((0, count), 0, depth(count), [0.0; 3]);
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
    /// Looks at the run of a node, or what is left of it; `off` is how far the space that it fills is from here along each axis (Arya
    /// and Mount 1993, "Algorithms for fast vector quantization": a box is farther by one axis for each plane that is crossed).
    fn visit(&mut self, run: (usize, usize), node: usize, depth: u32, off: [f64; 3]) {
        let (from, to) = run;
        if depth == 0 {
            (from..to).for_each(|at| self.look(at));
            return;
        }
        let middle = from + (to - from) / 2;
        let Split { axis, at } = Split::of(self.splits, node);
        let gap = self.here[axis] - at;
        let (before, after) = (((from, middle), 2 * node + 1), ((middle, to), 2 * node + 2));
        let (near, far) = if gap < 0.0 { (before, after) } else { (after, before) };
        self.visit(near.0, near.1, depth - 1, off);
        let mut beyond = off;
        beyond[axis] = beyond[axis].max(gap.abs() - Split::SLACK);
        let away = beyond.iter().map(|gap| gap * gap).sum::<f64>();
        let worst = self.best.peek().filter(|_| self.best.len() == self.limit);
        if worst.is_none_or(|worst| away <= worst.0) {
            self.visit(far.0, far.1, depth - 1, beyond);
        }
    }

    /// Takes the place at `at` of the order into account.
    fn look(&mut self, at: usize) {
        let place = number_at(self.order, self.count, at);
        let position = position_at(self.points, place as usize);
        let east = (position.lon - self.at.lon).abs();
        // Most are too far off along one axis, which costs no sine.
        if (position.lat - self.at.lat).abs() > self.reach[0] || east.min(360.0 - east) > self.reach[1] {
            return;
        }
        let point = on_sphere(position.lon, position.lat);
        let away = Away(point.iter().zip(&self.here).map(|(a, b)| (a - b) * (a - b)).sum(), place);
        if self.best.len() < self.limit {
            self.best.push(away);
        } else if let Some(mut worst) = self.best.peek_mut().filter(|worst| away < **worst) {
            *worst = away;
        } else {
            return;
        }
        if let Some(worst) = self.best.peek().filter(|_| self.best.len() == self.limit) {
            self.reach = reach(worst.0, self.at.lat);
        }
    }
}

/// Degrees of latitude and of longitude that the circle of this squared chord about a point of latitude `lat` reaches to each side; all
/// the way round where it holds a pole.
fn reach(chord: f64, lat: f64) -> [f64; 2] {
    /// More than what rounding takes: a tenth of a millimetre.
    const SLACK: f64 = 1e-9;
    let angle = 2.0 * (chord.sqrt() / 2.0).min(1.0).asin();
    let high = angle.to_degrees() + SLACK;
    let wide = if lat.abs() + high < 90.0 { (angle.sin() / lat.to_radians().cos()).min(1.0).asin().to_degrees() } else { 180.0 };
    [high, wide * (1.0 + SLACK) + SLACK]
}
