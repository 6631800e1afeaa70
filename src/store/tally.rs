//! Answers as counts of values.

use crate::model::Cell;

/// How many features have each value of a property.
#[derive(Debug, PartialEq)]
pub struct Tally<'a> {
    /// Each value with its count, the commonest first.
    pub counts: Vec<(Cell<'a>, u64)>,
    /// How many features have none that is known.
    pub unknown: u64,
}
