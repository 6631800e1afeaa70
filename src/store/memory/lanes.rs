//! Blocks of sixteen lanes, compared with a rectangle all at once.
//!
//! Lanes hold `f32`, half of what the exact coordinates take, and always rounded to a known side: a box outward, a point down
//! and to the left. The rectangle's edges are rounded to both sides once, so that each comparison of two `f32` is the comparison
//! of the lane's number with the exact edge: for an `f32` a and an `f64` b, a ≤ b exactly when a ≤ ⌊b⌋, and a ≥ b exactly when
//! a ≥ ⌈b⌉, where ⌊b⌋ and ⌈b⌉ are the nearest `f32` below and above, b itself where it is one.

use bytemuck::{Pod, Zeroable};

use crate::model::Rect;

/// How many lanes a block has, and so how many children a node.
pub(super) const LANES: usize = 16;

/// The greatest `f32` that is not above a number.
pub(super) fn floor(value: f64) -> f32 {
    let near = value as f32;
    if f64::from(near) > value { near.next_down() } else { near }
}

/// The smallest `f32` that is not below a number.
pub(super) fn ceil(value: f64) -> f32 {
    let near = value as f32;
    if f64::from(near) < value { near.next_up() } else { near }
}

/// One axis of a rectangle, its ends rounded to both sides.
#[derive(Debug, Clone, Copy)]
struct Span {
    /// ⌊min⌋
    below: f32,
    /// ⌈min⌉
    first: f32,
    /// ⌊max⌋
    last: f32,
    /// ⌈max⌉
    above: f32,
}

impl Span {
    fn new(min: f64, max: f64) -> Self {
        Self { below: floor(min), first: ceil(min), last: floor(max), above: ceil(max) }
    }
}

/// A rectangle, ready to be compared with blocks.
#[derive(Debug, Clone, Copy)]
pub(super) struct Edges {
    x: Span,
    y: Span,
}

impl Edges {
    pub(super) fn new(rect: &Rect) -> Self {
        Self { x: Span::new(rect.min_x, rect.max_x), y: Span::new(rect.min_y, rect.max_y) }
    }
}

/// What a block's lanes are to a rectangle, one bit for each lane.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Masks {
    /// Those that may meet it; all others certainly do not.
    pub(super) meet: u32,
    /// Those of `meet` that certainly lie inside.
    pub(super) inside: u32,
}

/// Sixteen of something that lies somewhere.
pub(super) trait Block: Sized {
    /// A block of up to sixteen boxes; the lanes beyond them meet nothing.
    fn new(boxes: impl Iterator<Item = Rect>) -> Self;

    /// What its lanes are to a rectangle.
    fn masks(&self, edges: &Edges) -> Masks;
}

/// Sixteen points, each coordinate rounded down: 8 bytes a point.
#[derive(Debug, Clone, Copy, Pod, Zeroable)]
#[repr(C, align(64))]
pub(super) struct Points {
    x: [f32; LANES],
    y: [f32; LANES],
}

impl Block for Points {
    /// Of each box only the lower left corner is read: the boxes are points.
    fn new(boxes: impl Iterator<Item = Rect>) -> Self {
        let mut block = Self { x: [f32::INFINITY; LANES], y: [f32::INFINITY; LANES] };
        for (lane, rect) in boxes.take(LANES).enumerate() {
            block.x[lane] = floor(rect.min_x);
            block.y[lane] = floor(rect.min_y);
        }
        block
    }

    /// A point's exact x lies in ⌊x⌋ ≤ x < next(⌊x⌋): only where ⌊x⌋ is an edge's ⌊edge⌋ can the two not be told apart.
    #[inline]
    fn masks(&self, edges: &Edges) -> Masks {
        let (mut meet, mut inside) = (0, 0);
        for lane in 0..LANES {
            let (x, y) = (self.x[lane], self.y[lane]);
            let meets = (x >= edges.x.below) & (x <= edges.x.last) & (y >= edges.y.below) & (y <= edges.y.last);
            let is_inside = (x >= edges.x.first) & (x < edges.x.last) & (y >= edges.y.first) & (y < edges.y.last);
            meet |= u32::from(meets) << lane;
            inside |= u32::from(is_inside) << lane;
        }
        Masks { meet, inside }
    }
}

/// Sixteen boxes, rounded outward: 16 bytes a box.
#[derive(Debug, Clone, Copy, Pod, Zeroable)]
#[repr(C, align(64))]
pub(super) struct Boxes {
    min_x: [f32; LANES],
    min_y: [f32; LANES],
    max_x: [f32; LANES],
    max_y: [f32; LANES],
}

impl Block for Boxes {
    fn new(boxes: impl Iterator<Item = Rect>) -> Self {
        let (none, below) = ([f32::INFINITY; LANES], [f32::NEG_INFINITY; LANES]);
        let mut block = Self { min_x: none, min_y: none, max_x: below, max_y: below };
        for (lane, rect) in boxes.take(LANES).enumerate() {
            block.min_x[lane] = floor(rect.min_x);
            block.min_y[lane] = floor(rect.min_y);
            block.max_x[lane] = ceil(rect.max_x);
            block.max_y[lane] = ceil(rect.max_y);
        }
        block
    }

    #[inline]
    fn masks(&self, edges: &Edges) -> Masks {
        let (mut meet, mut inside) = (0, 0);
        for lane in 0..LANES {
            let (min_x, min_y, max_x, max_y) = (self.min_x[lane], self.min_y[lane], self.max_x[lane], self.max_y[lane]);
            let meets = (min_x <= edges.x.last) & (max_x >= edges.x.first) & (min_y <= edges.y.last) & (max_y >= edges.y.first);
            let is_inside = (min_x >= edges.x.first) & (max_x <= edges.x.last) & (min_y >= edges.y.first) & (max_y <= edges.y.last);
            meet |= u32::from(meets) << lane;
            inside |= u32::from(meets & is_inside) << lane;
        }
        Masks { meet, inside }
    }
}

impl Boxes {
    /// Whether a lane lies inside the rectangle as far as `f32` can tell, though not certainly: only the exact box decides.
    pub(super) fn is_in_doubt(&self, lane: usize, edges: &Edges) -> bool {
        self.min_x[lane] >= edges.x.below
            && self.max_x[lane] <= edges.x.above
            && self.min_y[lane] >= edges.y.below
            && self.max_y[lane] <= edges.y.above
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounding_keeps_its_side_and_moves_no_exact_number() {
        for value in [0.0, -0.0, 0.1, -0.1, 10.1, -179.999_999_999_999_97, 180.0, f64::MIN_POSITIVE, -f64::MIN_POSITIVE, 1e300, -1e300] {
            for value in [value, value.next_up(), value.next_down()] {
                let (below, above) = (floor(value), ceil(value));
                assert!(f64::from(below) <= value && value <= f64::from(above), "{value}");
                assert!(f64::from(below.next_up()) > value && f64::from(above.next_down()) < value, "{value} has nearer neighbours");
            }
            let exact = f64::from(value as f32);
            assert_eq!((f64::from(floor(exact)), f64::from(ceil(exact))), (exact, exact));
        }
    }

    #[test]
    fn empty_lanes_meet_nothing() {
        let edges = Edges::new(&Rect { min_x: -180.0, min_y: -90.0, max_x: 180.0, max_y: 90.0 });
        let place = Rect { min_x: 1.0, min_y: 2.0, max_x: 1.0, max_y: 2.0 };
        let one = Masks { meet: 1, inside: 1 };
        assert_eq!(Points::new([place].into_iter()).masks(&edges), one);
        assert_eq!(Boxes::new([place].into_iter()).masks(&edges), one);
    }

    #[test]
    fn what_f32_cannot_tell_is_left_in_doubt() {
        let edges = Edges::new(&Rect { min_x: 10.1, min_y: 0.0, max_x: 20.1, max_y: 5.0 });
        let masks = |x: f64| {
            let place = Rect { min_x: x, min_y: 1.0, max_x: x, max_y: 1.0 };
            let masks = [Points::new([place].into_iter()).masks(&edges), Boxes::new([place].into_iter()).masks(&edges)];
            assert_eq!(masks[0], masks[1]);
            (masks[0].meet, masks[0].inside)
        };
        for x in [10.1, 10.1_f64.next_down(), 10.1_f64.next_up(), 20.1, 20.1_f64.next_down(), 20.1_f64.next_up()] {
            assert_eq!(masks(x), (1, 0), "{x}");
        }
        assert_eq!([masks(10.0), masks(10.2), masks(20.0), masks(20.2)], [(0, 0), (1, 1), (1, 1), (0, 0)]);
    }
}
