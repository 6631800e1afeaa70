//! What splits the runs of the k-d order.

/// Longest run that is not split.
const LEAF: usize = 8;

/// Half of the points of a run lie before this plane and half behind it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Split {
    /// Of the three coordinates.
    pub axis: usize,
    /// On the unit sphere; stored with 22 bits of fraction.
    pub at: f64,
}

impl Split {
    /// What rounding takes from the place of a plane at the most, and more than a point is off that is stored in units of 10⁻⁷ degree.
    pub const SLACK: f64 = 1e-6;

    /// The axis in the two lowest bits.
    pub(super) fn to_bytes(self) -> [u8; 4] {
        ((self.at as f32).to_bits() & !3 | self.axis as u32).to_le_bytes()
    }

    /// Reads the plane of a node; the planes of its halves are those of the nodes 2n + 1 and 2n + 2.
    pub fn of(splits: &[u8], node: usize) -> Self {
        let bits = super::u32_at(splits, node);
        Self { axis: (bits as usize & 3).min(2), at: f32::from_bits(bits & !3).into() }
    }
}

/// How often a run of so many points is halved.
pub fn depth(count: usize) -> u32 {
    count.div_ceil(LEAF).max(1).next_power_of_two().ilog2()
}
