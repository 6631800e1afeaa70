//! Answers as clusters: how many features are where.

use super::Row;
use crate::model::{Position, Rect};

/// What a filter leaves of a table, by the cells of a grid.
#[derive(Debug)]
pub struct Clusters<'a> {
    /// How many features match, those without a position too.
    pub matched: u64,
    /// The grid's level: its cells are 360 / 2^level degrees wide and half as high, from longitude −180 and latitude −90 on.
    pub level: u32,
    /// Every cell that holds a feature.
    pub cells: Vec<Cluster<'a>>,
}

impl Clusters<'_> {
    /// How many of the matching features have a position: the sum of all counts.
    pub fn located(&self) -> u64 {
        self.cells.iter().map(|cell| cell.count).sum()
    }
}

/// The features of one cell.
#[derive(Debug)]
pub struct Cluster<'a> {
    /// How many, at least one.
    pub count: u64,
    /// Where one of them is, in degrees, within the cell and the box asked for: for a point its position, for other shapes the
    /// centre of their box, or what is nearest to it there.
    pub position: Position,
    /// The cell, in degrees.
    pub cell: Rect,
    /// The feature, where it is the only one.
    pub only: Option<Row<'a>>,
}
