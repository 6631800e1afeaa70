//! The packed Hilbert R-tree: levels of nodes from the root down, sixteen children to a node.

use std::io::{self, Write};

use ::flatgeobuf::packed_r_tree::NodeItem;

use crate::model::Rect;

/// Children of a node.
pub(super) const NODE: usize = 16;

/// The boxes of the features, in their order, and where each begins among their bytes.
#[derive(Debug, Default)]
pub(super) struct Index {
    leaves: Vec<NodeItem>,
    /// Bytes of all features so far.
    bytes: u64,
}

impl Index {
    /// Adds a feature of so many bytes. One without a place has a box that meets none.
    pub(super) fn push(&mut self, bounds: Option<Rect>, size: u64) {
        let mut leaf = NodeItem::create(self.bytes);
        if let Some(Rect { min_x, min_y, max_x, max_y }) = bounds {
            (leaf.min_x, leaf.min_y, leaf.max_x, leaf.max_y) = (min_x, min_y, max_x, max_y);
        }
        self.leaves.push(leaf);
        self.bytes += size;
    }

    /// Writes the tree. A node says at which node, counted from the root, its children begin; a leaf, at which byte its feature does.
    pub(super) fn write(self, out: &mut impl Write) -> io::Result<()> {
        // From the leaves up; even a single leaf has a root above it.
        let mut levels = vec![self.leaves];
        while levels.len() == 1 || levels.last().is_some_and(|level| level.len() > 1) {
            let below = levels.last().expect("there are the leaves");
            let level = below.chunks(NODE).enumerate().map(|(at, children)| {
                let sum = NodeItem::create((at * NODE) as u64);
                children.iter().fold(sum, NodeItem::sum)
            });
            levels.push(level.collect());
        }
        let mut before = 0;
        for (height, level) in levels.iter_mut().enumerate().rev() {
            before += level.len() as u64;
            for node in level {
                if height > 0 {
                    node.offset += before;
                }
                node.write(out)?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ::flatgeobuf::packed_r_tree::{PackedRTree, calc_extent};
    use proptest::{collection::vec, option, prelude::*};

    proptest! {
        /// The tree that the crate builds of the same leaves.
        #[test]
        fn the_tree_is_that_of_the_crate(boxes in vec(option::of((0..360, 0..180, 0..9, 0..9)), 1..900)) {
            let mut index = Index::default();
            for (size, bounds) in boxes.iter().enumerate() {
                let rect = bounds.map(|(x, y, width, height)| Rect {
                    min_x: f64::from(x), min_y: f64::from(y), max_x: f64::from(x + width), max_y: f64::from(y + height),
                });
                index.push(rect, size as u64);
            }
            let mut expected = Vec::new();
            PackedRTree::build(&index.leaves, &calc_extent(&index.leaves), NODE as u16).unwrap().stream_write(&mut expected).unwrap();
            let mut written = Vec::new();
            index.write(&mut written).unwrap();
            prop_assert!(written == expected);
        }
    }
}
