//! Pages in an order that the request names.
//!
//! A page holds the first `limit` features after its start, so only as many are ever kept: candidates go into a buffer of twice the
//! page, which is cut to the better half when it is full (quickselect). That costs O(n + k log k) comparisons for n matches and a
//! page that ends k features from the start, and 8 k bytes; nothing is sorted but the page.

use std::{cmp::Ordering, sync::Arc};

use super::{Cell, Next, Page, Selection, Table};
use crate::query::{Cursor, Sort, SortBy, SortKey, SortValue, Start};

/// A table seen in an order: by the keys, unknown values last whichever way a key runs, then by position.
pub(super) struct Sorted<'a> {
    table: &'a Arc<Table>,
    sort: &'a Sort,
}

impl<'a> Sorted<'a> {
    pub(super) fn new(table: &'a Arc<Table>, sort: &'a Sort) -> Self {
        Self { table, sort }
    }

    /// One page of a selection. `same` says that a cursor's positions are those of this table.
    pub(super) fn page(&self, selection: &Selection, start: &Start, same: bool, limit: u32) -> Page {
        let (skip, after) = match start {
            Start::First => (0, None),
            Start::Offset(offset) => (usize::try_from(*offset).unwrap_or(usize::MAX), None),
            Start::After(cursor) => (0, Some(Mark::new(self, cursor, same))),
        };
        // One more than the page holds, to know whether there is a next one.
        let most = skip.saturating_add(limit as usize + 1).min(selection.matched() as usize).max(1);
        let mut best = Best { most, kept: Vec::with_capacity(most.saturating_mul(2)), worst: None };
        for position in selection.runs().iter().cloned().flatten() {
            if after.as_ref().is_none_or(|mark| mark.is_before(self, position)) {
                best.offer(position, |a, b| self.compare(a, b));
            }
        }
        let mut found = best.finish(|a, b| self.compare(a, b));
        found.drain(..skip.min(found.len()));
        let is_last = found.len() <= limit as usize;
        found.truncate(limit as usize);
        let next = if is_last { None } else { found.last().map(|&last| Next { position: last, last }) };
        let mut runs: Vec<std::ops::Range<u32>> = Vec::new();
        for &position in &found {
            match runs.last_mut() {
                Some(run) if run.end == position => run.end += 1,
                _ => runs.push(position..position + 1),
            }
        }
        Page { table: Arc::clone(self.table), runs, matched: selection.matched(), returned: found.len() as u64, next }
    }

    fn cell(&self, by: SortBy, position: u32) -> Cell<'a> {
        let row = self.table.row(position);
        match by {
            SortBy::Id => Cell::Text(row.id()),
            SortBy::Property(index) => row.cell_at(index),
        }
    }

    /// How many positions of a selection come before this one.
    pub(super) fn before(&self, selection: &Selection, position: u32) -> u64 {
        selection.runs().iter().cloned().flatten().filter(|other| self.compare(*other, position).is_lt()).count() as u64
    }

    fn compare(&self, a: u32, b: u32) -> Ordering {
        let key = |key: &SortKey| directed(key, &self.cell(key.by, a), &self.cell(key.by, b));
        self.sort.0.iter().map(key).find(|order| order.is_ne()).unwrap_or_else(|| a.cmp(&b))
    }
}

/// What a cursor keeps of the values by which a position was sorted.
pub fn sort_values(table: &Table, sort: &Sort, position: u32) -> Vec<SortValue> {
    let row = table.row(position);
    let value = |key: &SortKey| match key.by {
        SortBy::Id => SortValue::text(row.id()),
        SortBy::Property(index) => keep(&row.cell_at(index)),
    };
    sort.0.iter().map(value).collect()
}

/// Compares two values, unknown ones last.
fn directed(key: &SortKey, a: &Cell<'_>, b: &Cell<'_>) -> Ordering {
    match (a, b) {
        (Cell::Null, Cell::Null) => Ordering::Equal,
        (Cell::Null, _) => Ordering::Greater,
        (_, Cell::Null) => Ordering::Less,
        // Texts by code point, as filters compare them.
        (Cell::Text(a), Cell::Text(b)) => turned(key, a.cmp(b)),
        _ => turned(key, rank(a).cmp(&rank(b))),
    }
}

fn turned(key: &SortKey, order: Ordering) -> Ordering {
    if key.descending { order.reverse() } else { order }
}

/// A whole number that orders as the value does; values of one property are of one type.
fn rank(cell: &Cell<'_>) -> i64 {
    match cell {
        Cell::Integer(value) => *value,
        Cell::Number(value) => {
            // Zero has two signs and one place; the bits of the other doubles order as whole numbers once negative ones are turned.
            let bits = (value + 0.0).to_bits() as i64;
            bits ^ ((bits >> 63) as u64 >> 1) as i64
        }
        Cell::Boolean(value) => i64::from(*value),
        Cell::Date(date) => i64::from(date.year()) * 512 + i64::from(date.month()) * 32 + i64::from(date.day()),
        Cell::Timestamp(instant) => instant.as_millis(),
        Cell::Null | Cell::Text(_) | Cell::Json(_) => 0,
    }
}

fn keep(cell: &Cell<'_>) -> SortValue {
    match cell {
        Cell::Null => SortValue::Unknown,
        Cell::Text(text) => SortValue::text(text),
        other => SortValue::Rank(rank(other)),
    }
}

/// Where a page starts: after this.
enum Mark<'a> {
    /// A feature of this table.
    Position(u32),
    /// The values of one that has left it, and where it would stand.
    Values(&'a [SortValue], u32),
}

impl<'a> Mark<'a> {
    fn new(sorted: &Sorted<'_>, cursor: &'a Cursor, same: bool) -> Self {
        let table = sorted.table;
        // A position says nothing of another version of the data; there the feature is looked for by its id, and goes by what the
        // cursor kept of its values where it is gone or has changed them.
        if same && cursor.position < table.len() {
            return Self::Position(cursor.position);
        }
        match table.find(&cursor.key.id).filter(|&found| sort_values(table, sorted.sort, found) == cursor.sort) {
            Some(found) => Self::Position(found),
            None => Self::Values(&cursor.sort, table.position_after(&cursor.key)),
        }
    }

    fn is_before(&self, sorted: &Sorted<'_>, position: u32) -> bool {
        match self {
            Self::Position(mark) => sorted.compare(*mark, position).is_lt(),
            Self::Values(values, from) => {
                let key = |(key, value): (&SortKey, &SortValue)| against(key, value, &sorted.cell(key.by, position));
                let decided = sorted.sort.0.iter().zip(*values).map(key).find(|order| order.is_ne());
                decided.map_or(position >= *from, Ordering::is_lt)
            }
        }
    }
}

/// Compares what was kept of a value with another value.
fn against(key: &SortKey, kept: &SortValue, cell: &Cell<'_>) -> Ordering {
    match (kept, cell) {
        (SortValue::Unknown, Cell::Null) => Ordering::Equal,
        (SortValue::Unknown, _) => Ordering::Greater,
        (_, Cell::Null) => Ordering::Less,
        // Of a long text only the beginning was kept: among those that share it, one too many is sent rather than one too few.
        (SortValue::Text { text, whole: false }, Cell::Text(other)) if other.starts_with(text.as_str()) => Ordering::Less,
        (SortValue::Text { text, .. }, Cell::Text(other)) => turned(key, text.as_str().cmp(other)),
        (SortValue::Rank(kept), other) => turned(key, kept.cmp(&rank(other))),
        (SortValue::Text { .. }, _) => Ordering::Equal,
    }
}

/// The least of many, in bounded room.
struct Best {
    most: usize,
    kept: Vec<u32>,
    /// Once there have been enough: nothing beyond it is among the least.
    worst: Option<u32>,
}

impl Best {
    fn offer(&mut self, position: u32, compare: impl Fn(u32, u32) -> Ordering) {
        if self.worst.is_some_and(|worst| compare(position, worst).is_ge()) {
            return;
        }
        self.kept.push(position);
        if self.kept.len() >= self.most.saturating_mul(2) {
            let (_, worst, _) = self.kept.select_nth_unstable_by(self.most - 1, |a, b| compare(*a, *b));
            self.worst = Some(*worst);
            self.kept.truncate(self.most);
        }
    }

    fn finish(mut self, compare: impl Fn(u32, u32) -> Ordering) -> Vec<u32> {
        self.kept.sort_unstable_by(|a, b| compare(*a, *b));
        self.kept.truncate(self.most);
        self.kept
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn numbers_rank_as_they_compare(a in any::<f64>().prop_filter("finite", |n| n.is_finite()), b in -1e3..1e3_f64) {
            let ranks = rank(&Cell::Number(a)).cmp(&rank(&Cell::Number(b)));
            prop_assert_eq!(Some(ranks), a.partial_cmp(&b));
            prop_assert_eq!(rank(&Cell::Number(-0.0)), rank(&Cell::Number(0.0)));
        }

        #[test]
        fn the_best_are_the_first_of_all_sorted(values in prop::collection::vec(0_u32..50, 0..200), most in 1_usize..40) {
            let mut best = Best { most, kept: Vec::new(), worst: None };
            let order = |a: u32, b: u32| values[a as usize].cmp(&values[b as usize]).then(a.cmp(&b));
            (0..values.len() as u32).for_each(|position| best.offer(position, order));
            let mut all = (0..values.len() as u32).collect::<Vec<_>>();
            all.sort_by(|a, b| order(*a, *b));
            all.truncate(most);
            prop_assert_eq!(best.finish(order), all);
        }
    }
}
