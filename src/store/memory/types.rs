//! Which types of geometry a table holds.

/// The types of geometry of a table's features, single and multiple ones alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Types {
    /// Points.
    pub points: bool,
    /// Lines.
    pub lines: bool,
    /// Polygons.
    pub areas: bool,
    /// Collections of geometries.
    pub collections: bool,
}

impl Types {
    /// Points and nothing else.
    pub(super) const POINTS: Self = Self { points: true, lines: false, areas: false, collections: false };

    /// The types of these numbers in well-known binary.
    pub(super) fn of(numbers: impl Iterator<Item = u8>) -> Self {
        let mut types = Self::default();
        for number in numbers {
            match number {
                1 | 4 => types.points = true,
                2 | 5 => types.lines = true,
                3 | 6 => types.areas = true,
                _ => types.collections = true,
            }
        }
        types
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn single_and_multiple_ones_are_of_one_type() {
        assert_eq!(Types::of([1, 4].into_iter()), Types::POINTS);
        assert_eq!(Types::of([2, 6].into_iter()), Types { lines: true, areas: true, ..Types::default() });
        assert_eq!(Types::of([7, 3, 5].into_iter()), Types { points: false, lines: true, areas: true, collections: true });
        assert_eq!(Types::of(std::iter::empty()), Types::default());
    }
}
