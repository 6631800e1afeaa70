//! Counts by value and by time: one pass over what a filter leaves.

use std::{collections::HashMap, ops::Range};

use super::{
    series::{Marks, Series},
    table::Table,
};
use crate::{
    model::{Cell, when::Instant},
    store::{Selection, Tally},
};

/// Different values that are told apart; a property of more is none to choose from.
const MOST: usize = 500;

impl Table {
    /// How many features of a selection have each value of a property, the commonest first; `None` where it has more than 500.
    ///
    /// Cost: O(n), a fraction of a nanosecond a feature where the values are texts of few different ones.
    pub fn tally(&self, selection: &Selection, index: usize) -> Option<Tally<'_>> {
        let series = self.series(index)?;
        let positions = || selection.runs().iter().cloned().flatten();
        let known = || positions().filter(|position| series.is_known(*position));
        let mut counts = match series.marks() {
            Marks::Codes(codes) => coded(series, codes, selection.runs()),
            Marks::Keys(marks) => marked(series, known(), |position| marks[position as usize].into())?,
            Marks::Halves(high, low) => {
                marked(series, known(), |position| u64::from(high[position as usize]) << 32 | u64::from(low[position as usize]))?
            }
            Marks::Days(marks) => marked(series, known(), |position| marks[position as usize] as u64)?,
            Marks::None => looked_up(series, known())?,
        };
        counts.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| text(&a.0).cmp(&text(&b.0))));
        let known = counts.iter().map(|(_, count)| count).sum::<u64>();
        Some(Tally { counts, unknown: selection.matched() - known })
    }

    /// How many features of a selection may have been in each of `bins` stretches of the same length, from one instant to another.
    /// Those that have no time are in none.
    ///
    /// Cost: O(n + bins).
    pub fn in_time(&self, selection: &Selection, (from, to): (Instant, Instant), bins: u32) -> Vec<u64> {
        // What begins in a stretch, and what has ended before it: their running sum is what there is.
        let mut steps = vec![0_i64; bins as usize + 1];
        let length = i128::from(to.as_millis()) - i128::from(from.as_millis()) + 1;
        let bin = |instant: Instant| {
            let past = i128::from(instant.as_millis()) - i128::from(from.as_millis());
            (past * i128::from(bins)).div_euclid(length.max(1)).clamp(-1, i128::from(bins)) as i64
        };
        for bounds in selection.runs().iter().cloned().flatten().filter_map(|position| self.times.get(position)) {
            let (first, last) = (bin(bounds.earliest_start).max(0), bin(bounds.latest_end).min(i64::from(bins) - 1));
            if first <= last {
                steps[first as usize] += 1;
                steps[last as usize + 1] -= 1;
            }
        }
        steps.pop();
        let running = steps.into_iter().scan(0, |sum, step| {
            *sum += step;
            Some(u64::try_from(*sum).unwrap_or(0))
        });
        running.collect()
    }
}

type Counts<'a> = Vec<(Cell<'a>, u64)>;

fn coded<'a>(series: Series<'a>, codes: &[u8], runs: &[Range<u32>]) -> Counts<'a> {
    let (mut counts, mut first) = ([0_u64; 256], [0_u32; 256]);
    for run in runs {
        for (code, position) in codes[run.start as usize..run.end as usize].iter().zip(run.clone()) {
            if series.is_known(position) {
                counts[usize::from(*code)] += 1;
                first[usize::from(*code)] = position;
            }
        }
    }
    counts.into_iter().zip(first).filter(|(count, _)| *count > 0).map(|(count, position)| (series.get(position), count)).collect()
}

fn marked<'a>(series: Series<'a>, known: impl Iterator<Item = u32>, mark: impl Fn(u32) -> u64) -> Option<Counts<'a>> {
    let mut counts = HashMap::<u64, (u32, u64)>::new();
    for position in known {
        counts.entry(mark(position)).or_insert((position, 0)).1 += 1;
        if counts.len() > MOST {
            return None;
        }
    }
    Some(counts.into_values().map(|(position, count)| (series.get(position), count)).collect())
}

fn looked_up<'a>(series: Series<'a>, known: impl Iterator<Item = u32>) -> Option<Counts<'a>> {
    let (mut counts, mut truths) = (HashMap::<&str, u64>::new(), [0; 2]);
    for position in known {
        match series.get(position) {
            Cell::Text(text) => *counts.entry(text).or_default() += 1,
            Cell::Boolean(truth) => truths[usize::from(truth)] += 1,
            _ => return None,
        }
        if counts.len() > MOST {
            return None;
        }
    }
    let truths = [false, true].into_iter().zip(truths).filter(|(_, count)| *count > 0);
    let texts = counts.into_iter().map(|(text, count)| (Cell::Text(text), count));
    Some(truths.map(|(truth, count)| (Cell::Boolean(truth), count)).chain(texts).collect())
}

/// What values that are as common are ordered by: their JSON.
fn text(cell: &Cell<'_>) -> Vec<u8> {
    let mut out = Vec::new();
    crate::store::feature_text::write_cell(&mut out, *cell);
    out
}
