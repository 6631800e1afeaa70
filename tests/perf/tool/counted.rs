//! How many of some points lie in a box: what the boxes that are asked for are sized with. Independent of the index under test.

/// A west, south, east and north edge in degrees.
pub(crate) type Edges = [f64; 4];

/// Points as an implicit k-d tree: the middle one splits its part of the array, along either axis in turn.
pub(crate) struct Counted(Vec<[f64; 2]>);

/// Parts of at most this many points are scanned.
const LEAF: usize = 32;
const EVERYWHERE: Edges = [f64::NEG_INFINITY, f64::NEG_INFINITY, f64::INFINITY, f64::INFINITY];

impl Counted {
    /// Takes O(n log n) time.
    pub(crate) fn new(mut points: Vec<[f64; 2]>) -> Self {
        split(&mut points, 0);
        Self(points)
    }

    /// The points, in no order that matters.
    pub(crate) fn points(&self) -> &[[f64; 2]] {
        &self.0
    }

    /// How many points lie in the box, its edges included.
    pub(crate) fn inside(&self, edges: &Edges) -> usize {
        inside(&self.0, 0, edges, EVERYWHERE)
    }
}

fn split(points: &mut [[f64; 2]], axis: usize) {
    if points.len() > LEAF {
        let (below, _, above) = points.select_nth_unstable_by(points.len() / 2, |a, b| a[axis].total_cmp(&b[axis]));
        split(below, 1 - axis);
        split(above, 1 - axis);
    }
}

/// Counts those of `points`, all of which lie within `cell`.
fn inside(points: &[[f64; 2]], axis: usize, edges: &Edges, cell: Edges) -> usize {
    let is_inside = |x: f64, y: f64| edges[0] <= x && x <= edges[2] && edges[1] <= y && y <= edges[3];
    if is_inside(cell[0], cell[1]) && is_inside(cell[2], cell[3]) {
        return points.len();
    }
    if points.len() <= LEAF {
        return points.iter().filter(|[x, y]| is_inside(*x, *y)).count();
    }
    let middle = points.len() / 2;
    let [x, y] = points[middle];
    let at = points[middle][axis];
    let mut count = usize::from(is_inside(x, y));
    if edges[axis] <= at {
        let mut below = cell;
        below[axis + 2] = at;
        count += inside(&points[..middle], 1 - axis, edges, below);
    }
    if at <= edges[axis + 2] {
        let mut above = cell;
        above[axis] = at;
        count += inside(&points[middle + 1..], 1 - axis, edges, above);
    }
    count
}
