//! The k-d order of points on the unit sphere.

use super::{Split, depth, on_sphere};

/// A point and its place.
type Point = ([f64; 3], u32);

/// Puts places into the order of a k-d tree, and says what splits it: at each depth the axis along which the points of a run lie widest
/// apart, and where. Runs are halved, to the same depth everywhere. O(n log n).
pub(super) fn nearest_order(points: &mut [(u32, f64, f64)]) -> (Vec<u32>, Vec<u8>) {
    let mut all = points.iter().map(|&(place, lon, lat)| (on_sphere(lon, lat), place)).collect::<Vec<_>>();
    let depth = depth(all.len());
    let mut splits = vec![0; 4 * ((1 << depth) - 1)];
    halve(&mut all, 0, depth, &mut splits);
    (all.into_iter().map(|(_, place)| place).collect(), splits)
}

fn halve(run: &mut [Point], node: usize, depth: u32, splits: &mut [u8]) {
    if depth == 0 {
        return;
    }
    let width = |axis: usize| {
        let along = run.iter().map(|point| point.0[axis]);
        along.clone().fold(f64::MIN, f64::max) - along.fold(f64::MAX, f64::min)
    };
    let axis = (0..3).max_by(|&a, &b| width(a).total_cmp(&width(b))).unwrap_or_default();
    let middle = run.len() / 2;
    run.select_nth_unstable_by(middle, |a, b| a.0[axis].total_cmp(&b.0[axis]).then(a.1.cmp(&b.1)));
    let split = Split { axis, at: run[middle].0[axis] };
    splits[4 * node..4 * node + 4].copy_from_slice(&split.to_bytes());
    let (before, after) = run.split_at_mut(middle);
    halve(before, 2 * node + 1, depth - 1, splits);
    halve(after, 2 * node + 2, depth - 1, splits);
}
