//! A filter as it is written, before it is checked: what text and JSON have in common.

use super::{
    error::{At, FilterError},
    num::Num,
};

/// Nested levels at the most: deep enough for anything written by hand, and no stack overflows.
pub(super) const MOST_LEVELS: usize = 40;

/// Parts at the most.
pub(super) const MOST_PARTS: usize = 2_000;

/// A part of a filter and where it stands.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Node {
    pub(super) at: At,
    pub(super) kind: Kind,
}

/// What a part is.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Kind {
    Text(String),
    Number(Num),
    Boolean(bool),
    /// `DATE('…')`
    Date(String),
    /// `TIMESTAMP('…')`
    Timestamp(String),
    /// `INTERVAL(…, …)`
    Interval(Box<[Node; 2]>),
    /// A geometry, coordinates as written.
    Geometry(geo::Geometry),
    /// `BBOX(…)`, numbers as written.
    Bbox(Vec<f64>),
    Property(String),
    Array(Vec<Node>),
    /// One part in round brackets: itself, or an array of one element where an array is asked for.
    Group(Box<Node>),
    /// An operator or function with its arguments; operators have the names of the JSON encoding, in lower case.
    Call(String, Vec<Node>),
}

/// Counts parts and levels while a filter is read.
#[derive(Debug, Default)]
pub(super) struct Budget {
    parts: usize,
    levels: usize,
}

impl Budget {
    /// Counts a part.
    pub(super) fn part(&mut self, at: &At) -> Result<(), FilterError> {
        self.parts += 1;
        if self.parts > MOST_PARTS { Err(FilterError::Large { at: at.clone(), most: MOST_PARTS }) } else { Ok(()) }
    }

    /// Enters a level.
    pub(super) fn enter(&mut self, at: &At) -> Result<(), FilterError> {
        self.levels += 1;
        if self.levels > MOST_LEVELS { Err(FilterError::Deep { at: at.clone(), most: MOST_LEVELS }) } else { Ok(()) }
    }

    /// Leaves it.
    pub(super) fn leave(&mut self) {
        self.levels -= 1;
    }
}
