//! A packed tree over boxes that are already in a good order.
//!
//! Item i is lane i % 16 of leaf block i / 16, leaf block j is lane j % 16 of its parent j / 16, and so on up to one root block.
//! Nothing points anywhere: subtree s of height h is the 16^h items from s · 16^h on, so one that lies inside a rectangle is a
//! range, found without a visit.

use std::{io, ops::Range};

use bytemuck::{Pod, Zeroable};

use super::{
    array::Array,
    lanes::{Block, Boxes, Edges, LANES, Masks, Points},
    sections::{Damage, Part, Sink},
};
use crate::model::Rect;

/// How far to shift an item's number for the number of its block.
const BITS: u32 = LANES.trailing_zeros();

/// What meets nothing is to a rectangle.
const NOTHING: Masks = Masks { meet: 0, inside: 0 };

/// How many items a group holds.
const GROUP: usize = LANES * LANES;

/// Boxes in a fixed order.
#[derive(Debug)]
pub(super) struct Tree {
    len: u32,
    groups: Groups,
    /// The inner blocks: their lanes are groups in the first, subtrees of sixteen groups in the second, and so on up to one block.
    /// None where there is but one group.
    levels: Vec<Level>,
}

/// The items, as points where all of them are.
#[derive(Debug)]
enum Groups {
    Points(Array<PointGroup>),
    Boxes(Array<BoxGroup>),
}

/// Sixteen leaf blocks and the boxes of each, on one page of memory or two.
pub(super) trait Group: Pod {
    type Leaf: Block;

    fn boxes(&self) -> &Boxes;
    fn leaf(&self, index: usize) -> &Self::Leaf;
    fn from_parts(boxes: Boxes, leaves: [Self::Leaf; LANES]) -> Self;
}

/// A group for each type of leaf, since plain memory has no generics.
macro_rules! group {
    ($name:ident of $leaf:ident) => {
        #[derive(Debug, Clone, Copy, Pod, Zeroable)]
        #[repr(C)]
        struct $name {
            boxes: Boxes,
            leaves: [$leaf; LANES],
        }

        impl Group for $name {
            type Leaf = $leaf;

            #[inline]
            fn boxes(&self) -> &Boxes {
                &self.boxes
            }

            #[inline]
            fn leaf(&self, index: usize) -> &$leaf {
                &self.leaves[index]
            }

            fn from_parts(boxes: Boxes, leaves: [$leaf; LANES]) -> Self {
                Self { boxes, leaves }
            }
        }
    };
}

group!(PointGroup of Points);
group!(BoxGroup of Boxes);

/// The boxes of all subtrees of one height.
#[derive(Debug)]
struct Level {
    blocks: Array<Boxes>,
    /// The same boxes before they were rounded: west, south, east and north edge.
    exact: Array<[f64; 4]>,
}

/// What takes the hits, which come in ascending order.
pub(super) trait Hits {
    /// Items one after another, at least one.
    fn run(&mut self, run: Range<u32>);

    /// Some of the sixteen items from `first` on, one bit for each, at least one.
    fn lanes(&mut self, first: u32, hits: u32);
}

impl Tree {
    /// Writes the tree over the boxes of items 0..len.
    ///
    /// Cost: O(len).
    pub(super) fn write(len: u32, bounds: impl Fn(u32) -> Rect, sink: &mut Sink<'_>) -> io::Result<Self> {
        let is_point = |rect: Rect| rect.min_x == rect.max_x && rect.min_y == rect.max_y;
        let groups = if (0..len).all(|item| is_point(bounds(item))) {
            Groups::Points(sink.put("tree.points", all(len, &bounds))?)
        } else {
            Groups::Boxes(sink.put("tree.boxes", all(len, &bounds))?)
        };
        let mut exact = (0..len).step_by(GROUP).map(|first| union((first..len).take(GROUP).map(&bounds))).collect::<Vec<_>>();
        let mut levels = Vec::new();
        while exact.len() > 1 {
            let blocks = exact.chunks(LANES).map(|chunk| Boxes::new(chunk.iter().copied())).collect();
            let above = exact.chunks(LANES).map(|chunk| union(chunk.iter().copied())).collect();
            let below = std::mem::replace(&mut exact, above);
            let edges = below.iter().map(|rect| [rect.min_x, rect.min_y, rect.max_x, rect.max_y]).collect();
            let name = format!("tree.{}", levels.len() + 1);
            levels.push(Level { blocks: sink.put(&name, blocks)?, exact: sink.put(&format!("{name}.exact"), edges)? });
        }
        Ok(Self { len, groups, levels })
    }

    pub(super) fn open(part: &Part<'_>, len: u32) -> Result<Self, Damage> {
        let mut subtrees = (len as usize).div_ceil(GROUP);
        let groups = if part.has("tree.points") {
            Groups::Points(part.array("tree.points", subtrees)?)
        } else {
            Groups::Boxes(part.array("tree.boxes", subtrees)?)
        };
        let mut levels = Vec::new();
        while subtrees > 1 {
            let name = format!("tree.{}", levels.len() + 1);
            let exact = part.array(&format!("{name}.exact"), subtrees)?;
            subtrees = subtrees.div_ceil(LANES);
            levels.push(Level { blocks: part.array(&name, subtrees)?, exact });
        }
        Ok(Self { len, groups, levels })
    }

    /// Whether every item is a point.
    pub(super) fn is_of_points(&self) -> bool {
        matches!(self.groups, Groups::Points(_))
    }

    /// Gives every item that meets a rectangle to `sink`: those whose box certainly lies inside, and of the others that may meet
    /// it those that `meets` says do.
    ///
    /// Cost: O(log n) blocks and those on the rectangle's border.
    pub(super) fn search(&self, rect: &Rect, meets: impl Fn(u32) -> bool, sink: &mut impl Hits) {
        let edges = Edges::new(rect);
        match &self.groups {
            Groups::Points(groups) => Walk { tree: self, groups, rect, edges, meets, sink }.tree(),
            Groups::Boxes(groups) => Walk { tree: self, groups, rect, edges, meets, sink }.tree(),
        }
    }
}

/// The groups of all items.
fn all<G: Group>(len: u32, bounds: &impl Fn(u32) -> Rect) -> Vec<G> {
    let group = |first: u32| {
        let items = (first..len).take(GROUP).map(bounds).collect::<Vec<_>>();
        let block = |index: usize| items.iter().copied().skip(index * LANES).take(LANES);
        let boxes = Boxes::new(items.chunks(LANES).map(|chunk| union(chunk.iter().copied())));
        G::from_parts(boxes, std::array::from_fn(|index| G::Leaf::new(block(index))))
    };
    (0..len).step_by(GROUP).map(group).collect()
}

fn union(boxes: impl Iterator<Item = Rect>) -> Rect {
    boxes.reduce(|sum, rect| sum.union(&rect)).expect("no block is empty")
}

/// One search.
struct Walk<'a, G, F, S> {
    tree: &'a Tree,
    groups: &'a [G],
    rect: &'a Rect,
    edges: Edges,
    meets: F,
    sink: &'a mut S,
}

impl<G: Group, F: Fn(u32) -> bool, S: Hits> Walk<'_, G, F, S> {
    fn tree(&mut self) {
        let root = match (self.tree.levels.last(), self.groups.first()) {
            (Some(level), _) => level.blocks[0].masks(&self.edges),
            (None, Some(group)) => group.boxes().masks(&self.edges),
            (None, None) => return,
        };
        self.subtrees(self.tree.levels.len(), 0, root);
    }

    /// The sixteen subtrees of a block, which are to the rectangle what `masks` says: leaf blocks of group `block` where `level` is
    /// 0, else what is below block `block` of that level, counted from 1.
    fn subtrees(&mut self, level: usize, block: usize, masks: Masks) {
        let first = block * LANES;
        let Masks { meet, inside } = if level == 0 { masks } else { self.settle(level, block, masks) };
        // All blocks below are read before anything depends on one of them, so that the waits for memory overlap.
        let mut below = [NOTHING; LANES];
        for lane in lanes(meet & !inside) {
            below[lane] = match level {
                0 => self.groups[block].leaf(lane).masks(&self.edges),
                // Beyond the last subtree a lane meets nothing, unless the file is damaged.
                1 => self.groups.get(first + lane).map_or(NOTHING, |group| group.boxes().masks(&self.edges)),
                _ => self.tree.levels[level - 2].blocks.get(first + lane).map_or(NOTHING, |boxes| boxes.masks(&self.edges)),
            };
        }
        let mut left = meet;
        while left != 0 {
            let lane = left.trailing_zeros();
            let subtree = first + lane as usize;
            let within = (inside >> lane).trailing_ones();
            if within > 0 {
                left &= u32::MAX << (lane + within);
                self.whole(level, subtree, within);
                continue;
            }
            left &= left - 1;
            match level {
                0 => self.items(subtree, below[lane as usize]),
                _ => self.subtrees(level - 1, subtree, below[lane as usize]),
            }
        }
    }

    /// All items of subtrees one after another.
    fn whole(&mut self, level: usize, subtree: usize, count: u32) {
        // In 64 bits, since the last subtree's end can lie beyond 2^32; it is cut off at the last item.
        let shift = BITS * (level as u32 + 1);
        let start = (subtree as u64) << shift;
        let end = (start + (u64::from(count) << shift)).min(u64::from(self.tree.len));
        if start < end {
            self.sink.run(start as u32..end as u32);
        }
    }

    /// Asks the exact boxes of those subtrees that `f32` leaves in doubt, however many items they have: a pile of items in one place
    /// on the rectangle's edge costs no more than one.
    fn settle(&self, level: usize, block: usize, masks: Masks) -> Masks {
        let Masks { mut meet, mut inside } = masks;
        let Level { blocks, exact } = &self.tree.levels[level - 1];
        for lane in lanes(meet & !inside) {
            if blocks[block].is_in_doubt(lane, &self.edges) {
                // Lanes beyond the last subtree meet nothing, unless the file is damaged.
                let Some([min_x, min_y, max_x, max_y]) = exact.get(block * LANES + lane).copied() else { continue };
                let exact = Rect { min_x, min_y, max_x, max_y };
                inside |= u32::from(self.rect.contains(&exact)) << lane;
                meet &= !(u32::from(!self.rect.intersects(&exact)) << lane);
            }
        }
        Masks { meet, inside }
    }

    /// The sixteen items of a leaf block, which are to the rectangle what `masks` says.
    fn items(&mut self, block: usize, masks: Masks) {
        let first = (block << BITS) as u32;
        let left = self.tree.len.saturating_sub(first);
        // Lanes beyond the last item meet nothing, unless the file is damaged.
        let items = if left < LANES as u32 { (1 << left) - 1 } else { u32::MAX };
        let mut hits = masks.inside & items;
        for lane in lanes(masks.meet & !masks.inside & items) {
            hits |= u32::from((self.meets)(first + lane as u32)) << lane;
        }
        if hits != 0 {
            self.sink.lanes(first, hits);
        }
    }
}

/// The lanes whose bits are set, in ascending order.
fn lanes(mut bits: u32) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let lane = (bits != 0).then(|| bits.trailing_zeros() as usize)?;
        bits &= bits - 1;
        Some(lane)
    })
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;
    use crate::store::memory::sections::{Sections, Target};

    /// Every hit by itself.
    #[derive(Default)]
    struct Found(Vec<u32>);

    impl Hits for Found {
        fn run(&mut self, run: Range<u32>) {
            assert!(!run.is_empty());
            self.0.extend(run);
        }

        fn lanes(&mut self, first: u32, hits: u32) {
            assert_ne!(hits, 0);
            self.0.extend((0..LANES as u32).filter(|lane| hits >> lane & 1 == 1).map(|lane| first + lane));
        }
    }

    /// The hits, and how many items were asked one by one.
    fn search(boxes: &[Rect], rect: &Rect) -> (Vec<u32>, usize) {
        let mut sections = Sections::default();
        let mut sink = Sink::new(Target::Memory(&mut sections), "t".into());
        let (tree, asked) = (Tree::write(boxes.len() as u32, |item| boxes[item as usize], &mut sink).unwrap(), Cell::new(0));
        let mut hits = Found::default();
        let meets = |item: u32| {
            asked.set(asked.get() + 1);
            rect.intersects(&boxes[item as usize])
        };
        tree.search(rect, meets, &mut hits);
        (hits.0, asked.get())
    }

    fn scan(boxes: &[Rect], rect: &Rect) -> Vec<u32> {
        (0..).zip(boxes).filter(|(_, bounds)| rect.intersects(bounds)).map(|(item, _)| item).collect()
    }

    fn place(x: f64, y: f64) -> Rect {
        Rect { min_x: x, min_y: y, max_x: x, max_y: y }
    }

    #[test]
    fn every_size_is_whole() {
        let rect = Rect { min_x: -0.5, min_y: -1.5, max_x: 0.5, max_y: 1.5 };
        for len in [0, 1, 15, 16, 17, 255, 256, 257, 4095, 4096, 4097, 65_536, 70_001] {
            let points = (0..len).map(|item| place(f64::from(item % 7 - 3) / 3.0, f64::from(item / 7 % 11 - 5) / 3.0)).collect::<Vec<_>>();
            assert_eq!(search(&points, &rect).0, scan(&points, &rect), "{len} points");
            let wide = |point: &Rect| Rect { max_x: point.max_x + 0.3, max_y: point.max_y + 0.1, ..*point };
            let boxes = points.iter().map(wide).collect::<Vec<_>>();
            assert_eq!(search(&boxes, &rect).0, scan(&boxes, &rect), "{len} boxes");
        }
    }

    #[test]
    fn a_pile_on_the_edge_costs_no_more_than_one() {
        for len in [1, 16, 4096, 65_536, 65_537] {
            let pile = vec![place(10.1, 20.2); len];
            let ends = [10.1_f64.next_down(), 10.1, 10.1_f64.next_up()];
            for (min_x, max_x) in ends.iter().flat_map(|end| [(*end, 15.0), (5.0, *end), (*end, *end)]) {
                let rect = Rect { min_x, min_y: 20.2, max_x, max_y: 21.0 };
                let (hits, asked) = search(&pile, &rect);
                assert_eq!(hits, scan(&pile, &rect), "{len} {rect:?}");
                assert!(asked <= GROUP, "{asked} of {len} asked");
            }
        }
    }

    #[test]
    fn a_box_around_the_world_spoils_nothing() {
        let world = Rect { min_x: -180.0, min_y: -90.0, max_x: 180.0, max_y: 90.0 };
        let mut boxes = (0..5000).map(|item| place(f64::from(item) / 100.0, 1.0)).collect::<Vec<_>>();
        for item in [0, 17, 2500, 4999] {
            boxes[item] = world;
        }
        let rect = Rect { min_x: 20.0, min_y: 0.0, max_x: 30.0, max_y: 2.0 };
        assert_eq!(search(&boxes, &rect).0, scan(&boxes, &rect));
        assert_eq!(search(&boxes, &world), (scan(&boxes, &world), 0));
    }
}
