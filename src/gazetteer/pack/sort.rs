//! The k-d order of points on the unit sphere.

use super::{LEAF, on_sphere};

/// Puts places into the order of an implicit k-d tree: the middle one of a run splits it along one axis, the axes taking turns, down
/// to runs of [`LEAF`]. O(n log n).
pub(super) fn nearest_order(points: &mut [(u32, f64, f64)]) -> Vec<u32> {
    let mut all = points.iter().map(|&(place, lon, lat)| (on_sphere(lon, lat), place)).collect::<Vec<_>>();
    split(&mut all, 0);
    all.into_iter().map(|(_, place)| place).collect()
}

fn split(run: &mut [([f64; 3], u32)], axis: usize) {
    if run.len() <= LEAF {
        return;
    }
    let middle = run.len() / 2;
    run.select_nth_unstable_by(middle, |a, b| a.0[axis].total_cmp(&b.0[axis]).then(a.1.cmp(&b.1)));
    let (before, after) = run.split_at_mut(middle);
    split(before, (axis + 1) % 3);
    split(&mut after[1..], (axis + 1) % 3);
}
