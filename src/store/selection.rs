//! Answers as runs of positions.

use std::{ops::Range, sync::Arc};

use super::Table;

/// Every position that a filter leaves, and how many they are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Selection {
    runs: Vec<Range<u32>>,
    matched: u64,
}

impl Selection {
    /// From ascending runs that do not overlap.
    pub(super) fn new(runs: Vec<Range<u32>>) -> Self {
        let matched = runs.iter().map(|run| u64::from(run.end - run.start)).sum();
        Self { runs, matched }
    }

    /// How many positions there are.
    pub fn matched(&self) -> u64 {
        self.matched
    }

    /// The positions, as ascending runs.
    pub fn runs(&self) -> &[Range<u32>] {
        &self.runs
    }

    /// The position of the `offset`-th hit, counted from 0; one past every position where there are not as many.
    pub fn at(&self, mut offset: u64) -> u32 {
        for run in &self.runs {
            let length = u64::from(run.end - run.start);
            if offset < length {
                return run.start + u32::try_from(offset).expect("smaller than a run of u32 positions");
            }
            offset -= length;
        }
        u32::MAX
    }
}

/// One page of a selection.
#[derive(Debug)]
pub struct Page {
    /// The table that the positions belong to.
    pub table: Arc<Table>,
    /// The page's positions, as ascending runs.
    pub runs: Vec<Range<u32>>,
    /// How many features match on all pages together.
    pub matched: u64,
    /// How many are on this page.
    pub returned: u64,
    /// Where the next page starts: its first position, and the last one on this page. `None` on the last page.
    pub next: Option<Next>,
}

/// Where the next page starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Next {
    /// The position of its first feature.
    pub position: u32,
    /// The position of this page's last feature, whose key finds the place again in another version of the data.
    pub last: u32,
}

impl Page {
    /// The first `limit` positions of the selection from position `start` on.
    pub(super) fn new(table: Arc<Table>, selection: &Selection, start: u32, limit: u32) -> Self {
        let mut left = limit;
        let mut runs: Vec<Range<u32>> = Vec::new();
        let mut next = None;
        for run in &selection.runs {
            let from = run.start.max(start);
            if from >= run.end {
                continue;
            }
            if left == 0 {
                next = runs.last().map(|last| Next { position: from, last: last.end - 1 });
                break;
            }
            let to = run.end.min(from.saturating_add(left));
            left -= to - from;
            runs.push(from..to);
            if to < run.end {
                next = Some(Next { position: to, last: to - 1 });
                break;
            }
        }
        Self { table, runs, matched: selection.matched, returned: u64::from(limit - left), next }
    }

    /// Every row of the page.
    pub fn rows(&self) -> impl Iterator<Item = super::Row<'_>> {
        self.runs.iter().cloned().flatten().map(|position| self.table.row(position))
    }
}
