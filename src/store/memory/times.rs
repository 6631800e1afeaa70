//! When the features of a table were: four bounds each, in as few arrays as hold them.
//!
//! Of a day that is known, first start and last start are one, and all four bounds follow from the day: one array of 32-bit days.
//! What is less plain takes up to four arrays of milliseconds.

use std::{io, ops::Range};

use super::{
    array::Array,
    bits::Bits,
    sections::{Damage, Part, Sink},
};
use crate::{
    model::{
        self,
        when::{Bounds, Instant},
    },
    query::{Certainty, TimeFilter},
};

/// Milliseconds of a day.
const DAY: i64 = 86_400_000;

/// The bounds, in the order of [`Bounds`].
const NAMES: [&str; 4] = ["time.earliest_start", "time.latest_start", "time.earliest_end", "time.latest_end"];

/// The times of a table.
#[derive(Debug, Default)]
pub(super) struct Times {
    /// Which features have a time; nothing where all have one.
    known: Option<Bits>,
    bounds: Option<[Column; 4]>,
}

/// One of the four bounds.
#[derive(Debug, Clone)]
enum Column {
    /// Days since 1970-01-01: of a start its first millisecond is meant, of an end its last.
    Days(Array<i32>),
    Millis(Array<i64>),
}

/// The section that says which array each bound is in, by the number of the first bound that is in it, and of which type it is.
const LAYOUT: &str = "time.layout";
/// Added in the layout for an array of milliseconds.
const IS_MILLIS: u8 = 4;

/// Days that stand for no bound towards the past and towards the future.
const PAST: i32 = i32::MIN;
const FUTURE: i32 = i32::MAX;

impl Times {
    /// Writes the times in the order of a table.
    pub(super) fn write(times: &model::TimeColumn, order: &[u32], sink: &mut Sink<'_>) -> io::Result<Self> {
        if !times.is_dated() {
            return Ok(Self::default());
        }
        let each = || order.iter().map(|row| times.get(*row as usize));
        let known = if each().all(|time| time.is_some()) {
            None
        } else {
            let bits = each().map(|time| time.is_some()).collect::<model::Bits>();
            Some(Bits::new(sink.put("time.known", bits.into_words())?))
        };
        let (mut bounds, mut layout) = (Vec::<Column>::new(), Vec::<u8>::new());
        for (bound, name) in NAMES.into_iter().enumerate() {
            let days = each().map(|time| time.map_or(Some(0), |time| day_of(bound_of(&time, bound), bound >= 2)));
            let column = match days.collect::<Option<Vec<_>>>() {
                Some(days) => Column::Days(days.into()),
                None => {
                    Column::Millis(each().map(|time| time.map_or(0, |time| bound_of(&time, bound).as_millis())).collect::<Vec<_>>().into())
                }
            };
            // Equal to an earlier bound everywhere, it needs no array of its own.
            if let Some(same) = bounds.iter().position(|earlier| earlier.is_same(&column)) {
                layout.push(layout[same]);
                bounds.push(bounds[same].clone());
                continue;
            }
            layout.push(bound as u8 + if matches!(column, Column::Millis(_)) { IS_MILLIS } else { 0 });
            bounds.push(match column {
                Column::Days(days) => Column::Days(sink.put(name, days.to_vec())?),
                Column::Millis(millis) => Column::Millis(sink.put(name, millis.to_vec())?),
            });
        }
        sink.put(LAYOUT, layout)?;
        Ok(Self { known, bounds: Some(bounds.try_into().expect("there are four bounds")) })
    }

    pub(super) fn open(part: &Part<'_>, count: usize) -> Result<Self, Damage> {
        if !part.has(LAYOUT) {
            return Ok(Self::default());
        }
        let layout = part.array::<u8>(LAYOUT, NAMES.len())?;
        let column = |code: &u8| {
            let name = NAMES[usize::from(code % IS_MILLIS)];
            Ok::<_, Damage>(if *code < IS_MILLIS {
                Column::Days(part.array(name, count)?)
            } else {
                Column::Millis(part.array(name, count)?)
            })
        };
        let bounds = layout.iter().map(column).collect::<Result<Vec<_>, _>>()?;
        let known = part.has("time.known").then(|| part.array("time.known", Bits::words_of(count))).transpose()?.map(Bits::new);
        Ok(Self { known, bounds: Some(bounds.try_into().expect("the layout has four bounds")) })
    }

    /// The time at a position.
    pub(super) fn get(&self, position: u32) -> Option<Bounds> {
        let [a, b, c, d] = self.bounds.as_ref()?;
        if self.known.as_ref().is_some_and(|known| !known.get(position)) {
            return None;
        }
        let at = position as usize;
        Some(Bounds { earliest_start: a.start(at), latest_start: b.start(at), earliest_end: c.end(at), latest_end: d.end(at) })
    }

    /// Of the positions of a word: which have a time, and of which a bound (by its place in [`Bounds`]) lies in a closed range of milliseconds.
    pub(super) fn within(&self, bound: usize, word: u32, [low, high]: [i64; 2]) -> (u64, u64) {
        let Some(bounds) = &self.bounds else { return (0, 0) };
        let from = word as usize * 64;
        let hits = match &bounds[bound] {
            Column::Millis(millis) => mask(&millis[from..millis.len().min(from + 64)], |at| low <= *at && *at <= high),
            Column::Days(days) => {
                // A day is in the range where its edge is; the sentinels are where the sentinels of the range are.
                let edge = if bound >= 2 { DAY - 1 } else { 0 };
                let first = if low == i64::MIN { PAST } else { day(-edge.saturating_sub(low).div_euclid(DAY)) };
                let last = if high == i64::MAX { FUTURE } else { day(high.saturating_sub(edge).div_euclid(DAY)) };
                mask(&days[from..days.len().min(from + 64)], |at| first <= *at && *at <= last)
            }
        };
        (self.known_word(word), if low > high { 0 } else { hits })
    }

    /// Which positions of a word have a time.
    pub(super) fn known_word(&self, word: u32) -> u64 {
        match (&self.bounds, &self.known) {
            (None, _) => 0,
            (Some(_), Some(known)) => known.words()[word as usize],
            (Some(_), None) => u64::MAX,
        }
    }

    /// The positions of runs that pass a filter, as runs; features without a time do unless certainty is asked for.
    ///
    /// Cost: two comparisons a position, made for sixty-four of them at a time.
    pub(super) fn select(&self, runs: Vec<Range<u32>>, filter: &TimeFilter) -> Vec<Range<u32>> {
        let Some([a, b, c, d]) = &self.bounds else {
            return if filter.certainty == Certainty::Possible { runs } else { Vec::new() };
        };
        let (start, end) = if filter.certainty == Certainty::Possible { (a, d) } else { (b, c) };
        let mut found = Vec::new();
        for run in runs {
            let mut from = run.start;
            while from < run.end {
                // Up to the next position that begins a word, so that the bits of known times are read a word at a time.
                let to = run.end.min((from / 64 + 1) * 64);
                let (at, count) = (from as usize, (to - from) as usize);
                let mut hits = start.at_most(at, count, filter.to) & end.at_least(at, count, filter.from);
                if let Some(known) = &self.known {
                    let known = known.words()[at / 64] >> (from % 64);
                    let all = u64::MAX >> (64 - count);
                    hits = if filter.certainty == Certainty::Possible { hits | (!known & all) } else { hits & known };
                }
                push_bits(&mut found, from, hits);
                from = to;
            }
        }
        found
    }
}

/// Adds the set bits of a word as runs, the lowest of them at position `first`.
pub(super) fn push_bits(runs: &mut Vec<Range<u32>>, mut first: u32, mut bits: u64) {
    while bits != 0 {
        let gap = bits.trailing_zeros();
        let length = (bits >> gap).trailing_ones();
        first += gap;
        match runs.last_mut() {
            Some(run) if run.end == first => run.end += length,
            _ => runs.push(first..first + length),
        }
        first += length;
        bits = bits.checked_shr(gap + length).unwrap_or(0);
    }
}

impl Column {
    fn is_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Days(a), Self::Days(b)) => **a == **b,
            (Self::Millis(a), Self::Millis(b)) => **a == **b,
            _ => false,
        }
    }

    fn start(&self, at: usize) -> Instant {
        match self {
            Self::Millis(millis) => Instant::from_millis(millis[at]),
            Self::Days(days) => edge(days[at], 0),
        }
    }

    fn end(&self, at: usize) -> Instant {
        match self {
            Self::Millis(millis) => Instant::from_millis(millis[at]),
            Self::Days(days) => edge(days[at], DAY - 1),
        }
    }

    /// Which of `count` starts from position `at` on are at `last` or before, one bit for each.
    fn at_most(&self, at: usize, count: usize, last: Instant) -> u64 {
        match self {
            Self::Millis(millis) => mask(&millis[at..at + count], |millis| *millis <= last.as_millis()),
            // A start is the first millisecond of its day, which is by `last` just when the day is not after that of `last`.
            Self::Days(days) => {
                let last = day_before(last);
                mask(&days[at..at + count], |day| *day <= last)
            }
        }
    }

    /// Which of `count` ends from position `at` on are at `first` or after.
    fn at_least(&self, at: usize, count: usize, first: Instant) -> u64 {
        match self {
            Self::Millis(millis) => mask(&millis[at..at + count], |millis| *millis >= first.as_millis()),
            // An end is the last millisecond of its day, which is not before `first` just when the day is not before that of `first`.
            Self::Days(days) => {
                let first = day_before(first);
                mask(&days[at..at + count], |day| *day >= first)
            }
        }
    }
}

/// One bit for each of up to 64 values.
#[inline]
pub(super) fn mask<T>(values: &[T], is: impl Fn(&T) -> bool) -> u64 {
    // In bytes first: compilers turn that loop into vector comparisons.
    let mut hits = [0_u8; 64];
    for (hit, value) in hits.iter_mut().zip(values) {
        *hit = u8::from(is(value));
    }
    hits.chunks_exact(8).enumerate().fold(0, |bits, (byte, chunk)| {
        // Eight bytes that are 0 or 1: the product gathers their lowest bits in its highest byte.
        let eight = u64::from_le_bytes(chunk.try_into().expect("a chunk has eight bytes"));
        bits | (eight.wrapping_mul(0x0102_0408_1020_4080) >> 56) << (byte * 8)
    })
}

/// The day of an instant, sentinels being the extremes.
fn day_before(instant: Instant) -> i32 {
    match instant {
        Instant::PAST => PAST,
        Instant::FUTURE => FUTURE,
        instant => instant.as_millis().div_euclid(DAY).clamp(i64::from(PAST) + 1, i64::from(FUTURE) - 1) as i32,
    }
}

/// A number of days that is no sentinel.
fn day(number: i64) -> i32 {
    number.clamp(i64::from(PAST) + 1, i64::from(FUTURE) - 1) as i32
}

/// A bound as a day; `None` where it is not the edge of one.
fn day_of(bound: Instant, is_end: bool) -> Option<i32> {
    let day = day_before(bound);
    (edge(day, if is_end { DAY - 1 } else { 0 }) == bound).then_some(day)
}

/// The instant so many milliseconds into a day.
fn edge(day: i32, millis: i64) -> Instant {
    match day {
        PAST => Instant::PAST,
        FUTURE => Instant::FUTURE,
        day => Instant::from_millis(i64::from(day) * DAY + millis),
    }
}

fn bound_of(time: &Bounds, bound: usize) -> Instant {
    [time.earliest_start, time.latest_start, time.earliest_end, time.latest_end][bound]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::memory::sections::{Sections, Target};
    use proptest::prelude::*;

    fn instant() -> impl Strategy<Value = Instant> {
        prop_oneof![
            Just(Instant::PAST),
            Just(Instant::FUTURE),
            (-3_i64..3).prop_map(|day| Instant::from_millis(day * DAY)),
            (-3_i64..3).prop_map(|day| Instant::from_millis(day * DAY + DAY - 1)),
            (-3 * DAY..3 * DAY).prop_map(Instant::from_millis),
            any::<i64>().prop_map(Instant::from_millis),
        ]
    }

    fn days() -> impl Strategy<Value = Bounds> {
        (-3_i64..3, 0_i64..3).prop_map(|(day, more)| {
            let (first, last) = (Instant::from_millis(day * DAY), Instant::from_millis((day + more) * DAY));
            let end = |start: Instant| Instant::from_millis(start.as_millis() + DAY - 1);
            Bounds { earliest_start: first, latest_start: last, earliest_end: end(first), latest_end: end(last) }
        })
    }

    fn any_bounds() -> impl Strategy<Value = Bounds> {
        prop::array::uniform4(instant()).prop_map(|mut ends| {
            ends.sort_unstable();
            let [earliest_start, latest_start, earliest_end, latest_end] = ends;
            Bounds { earliest_start, latest_start, earliest_end, latest_end }
        })
    }

    fn times() -> impl Strategy<Value = Vec<Option<Bounds>>> {
        let of = |bounds: BoxedStrategy<Bounds>| prop::collection::vec(prop::option::weighted(0.8, bounds), 0..200);
        prop_oneof![of(days().boxed()), of(any_bounds().boxed()), prop::collection::vec(days().prop_map(Some), 0..100)]
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_and_selected(times in times(), from in instant(), to in instant(), certain: bool) {
            let mut column = model::TimeColumn::default();
            times.iter().for_each(|time| column.push(*time));
            let order = (0..times.len() as u32).rev().collect::<Vec<_>>();
            let mut sections = Sections::default();
            let written = Times::write(&column, &order, &mut Sink::new(Target::Memory(&mut sections), "t".into())).unwrap();
            let opened = Times::open(&sections.part("t"), times.len()).unwrap();
            let filter = TimeFilter { from, to, certainty: if certain { Certainty::Certain } else { Certainty::Possible } };
            let count = times.len() as u32;
            let meets = |position: &u32| match (opened.get(*position), filter.certainty) {
                (None, certainty) => certainty == Certainty::Possible,
                (Some(time), Certainty::Possible) => time.possibly_overlaps(filter.from, filter.to),
                (Some(time), Certainty::Certain) => time.certainly_overlaps(filter.from, filter.to),
            };
            let naive = (0..count).filter(meets).collect::<Vec<_>>();
            for (position, row) in order.iter().enumerate() {
                prop_assert_eq!(opened.get(position as u32), times[*row as usize]);
                prop_assert_eq!(written.get(position as u32), times[*row as usize]);
            }
            let runs = vec![0..count / 3, count / 3 + count / 5..count];
            let found = opened.select(runs.clone(), &filter).into_iter().flatten().collect::<Vec<_>>();
            let expected = runs.into_iter().flatten().filter(|position| naive.contains(position)).collect::<Vec<_>>();
            prop_assert_eq!(found, expected);
        }
    }

    #[test]
    fn plain_days_take_one_array() {
        let mut column = model::TimeColumn::default();
        column.push(Some(Bounds::certain(Instant::from_millis(DAY), Instant::from_millis(2 * DAY - 1))));
        let mut sections = Sections::default();
        Times::write(&column, &[0], &mut Sink::new(Target::Memory(&mut sections), "t".into())).unwrap();
        let part = sections.part("t");
        assert_eq!(NAMES.map(|name| part.has(name)), [true, false, false, false]);
        assert_eq!(&*part.array::<u8>(LAYOUT, 4).unwrap(), &[0, 0, 0, 0]);
    }
}
