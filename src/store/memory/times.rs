//! When the features of a table were: four bounds each, in as few arrays as hold them.
//!
//! Of a day that is known, first start and last start are one, and all four bounds follow from the day: one array of 32-bit days.
//! What is less plain takes up to four arrays of instants, in four bytes each where those tell them apart.

use std::io;

use super::{
    array::Array,
    bits::Bits,
    columns::permuted,
    halves::Halves,
    kernels,
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
    Millis(Halves),
}

/// One of them before it is written.
#[derive(Debug, PartialEq)]
enum Plain {
    Days(Vec<i32>),
    Millis(Vec<i64>),
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
        if let Some((days, known)) = times.days() {
            return Self::write_days(days, known, order, sink);
        }
        // In the order of the rows: in that of the table they lie all over memory. Only what is written is put in that order.
        let each = || (0..order.len()).map(|row| times.get(row));
        let known = if each().all(|time| time.is_some()) {
            None
        } else {
            let bits = order.iter().map(|row| times.get(*row as usize).is_some()).collect::<model::Bits>();
            Some(Bits::new(sink.put("time.known", bits.into_words())?))
        };
        let (mut plains, mut bounds, mut layout) = (Vec::<Plain>::new(), Vec::<Column>::new(), Vec::<u8>::new());
        for (bound, name) in NAMES.into_iter().enumerate() {
            let days = each().map(|time| time.map_or(Some(0), |time| day_of(bound_of(&time, bound), bound >= 2)));
            let plain = match days.collect::<Option<Vec<_>>>() {
                Some(days) => Plain::Days(days),
                None => Plain::Millis(each().map(|time| time.map_or(0, |time| bound_of(&time, bound).as_millis())).collect()),
            };
            // Equal to an earlier bound everywhere, it needs no array of its own.
            match plains.iter().position(|earlier| *earlier == plain) {
                Some(same) => {
                    layout.push(layout[same]);
                    bounds.push(bounds[same].clone());
                }
                None => {
                    layout.push(bound as u8 + if matches!(plain, Plain::Millis(_)) { IS_MILLIS } else { 0 });
                    bounds.push(match &plain {
                        Plain::Days(days) => Column::Days(sink.put(name, permuted(days, order))?),
                        Plain::Millis(millis) => Column::Millis(Halves::write(&permuted(millis, order), known.as_ref(), sink, name)?),
                    });
                }
            }
            plains.push(plain);
        }
        sink.put(LAYOUT, layout)?;
        Ok(Self { known, bounds: Some(bounds.try_into().expect("there are four bounds")) })
    }

    /// Writes whole days: each bound is the one array of them.
    fn write_days(days: &[i32], known: &model::Bits, order: &[u32], sink: &mut Sink<'_>) -> io::Result<Self> {
        let known = if known.is_full() {
            None
        } else {
            let bits = order.iter().map(|row| known.get(*row as usize)).collect::<model::Bits>();
            Some(Bits::new(sink.put("time.known", bits.into_words())?))
        };
        let days = Column::Days(sink.put(NAMES[0], permuted(days, order))?);
        sink.put(LAYOUT, vec![0_u8; NAMES.len()])?;
        Ok(Self { known, bounds: Some([days.clone(), days.clone(), days.clone(), days]) })
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
                Column::Millis(Halves::open(part, name, count)?)
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

    /// Of the positions of some words in a row: of which a bound (by its place in [`Bounds`]) lies in a closed range of milliseconds.
    /// Of those without a time it says anything.
    pub(super) fn within(&self, bound: usize, first: usize, [low, high]: [i64; 2], out: &mut [u64]) {
        let Some(bounds) = self.bounds.as_ref().filter(|_| low <= high) else { return out.fill(0) };
        match &bounds[bound] {
            Column::Millis(millis) => millis.ask(millis.keys([low, high]), first, out),
            Column::Days(days) => {
                let range = [edge_after(low, edge_of(bound)), edge_before(high, edge_of(bound))];
                kernels::in_range(of_words(days, first, out.len()), range, out);
            }
        }
    }

    /// Of the positions of some words in a row: of which one bound (by its place in [`Bounds`]) is at the end of an interval of milliseconds or
    /// before, and another at its start or after. Of those without a time it says anything.
    pub(super) fn meeting(&self, [start, end]: [usize; 2], [from, to]: [i64; 2], first: usize, out: &mut [u64]) {
        let Some(bounds) = &self.bounds else { return out.fill(0) };
        if let (Column::Days(starts), Column::Days(ends)) = (&bounds[start], &bounds[end])
            && std::ptr::eq(starts.as_ptr(), ends.as_ptr())
        {
            // Of days that are known both bounds are one array, and one range of it is asked for.
            let range = [edge_after(from, edge_of(end)), edge_before(to, edge_of(start))];
            return kernels::in_range(of_words(starts, first, out.len()), range, out);
        }
        if let (Column::Millis(starts), Column::Millis(ends)) = (&bounds[start], &bounds[end])
            && starts.is(ends)
        {
            return starts.ask(starts.keys([from, to]), first, out);
        }
        self.within(start, first, [i64::MIN, to], out);
        let mut ends = [0; WORDS];
        for (words, first) in out.chunks_mut(WORDS).zip((first..).step_by(WORDS)) {
            let ends = &mut ends[..words.len()];
            self.within(end, first, [from, i64::MAX], ends);
            words.iter_mut().zip(ends).for_each(|(word, ends)| *word &= *ends);
        }
    }

    /// The positions of some words in a row that pass a filter; those without a time do unless certainty is asked for.
    pub(super) fn overlapping(&self, filter: &TimeFilter, first: usize, out: &mut [u64]) {
        let is_certain = filter.certainty == Certainty::Certain;
        if self.bounds.is_none() {
            return out.fill(if is_certain { 0 } else { u64::MAX });
        }
        let bounds = if is_certain { [1, 2] } else { [0, 3] };
        self.meeting(bounds, [filter.from.as_millis(), filter.to.as_millis()], first, out);
        if let Some(known) = &self.known {
            let known = known.words()[first..].iter();
            out.iter_mut().zip(known).for_each(|(word, known)| *word = if is_certain { *word & known } else { *word | !known });
        }
    }

    /// Which positions of some words in a row have a time.
    pub(super) fn known(&self, first: usize, out: &mut [u64]) {
        match (&self.bounds, &self.known) {
            (None, _) => out.fill(0),
            (Some(_), Some(known)) => out.copy_from_slice(&known.words()[first..first + out.len()]),
            (Some(_), None) => out.fill(u64::MAX),
        }
    }

    /// Of some words in a row: what is not true is false, and neither where there is no time.
    pub(super) fn settle(&self, first: usize, yes: &mut [u64], no: &mut [u64]) {
        self.known(first, no);
        for (yes, no) in yes.iter_mut().zip(no) {
            (*yes, *no) = (*yes & *no, !*yes & *no);
        }
    }
}

/// Words that are compared at once, at the most, where two bounds are.
const WORDS: usize = 64;

/// The values of some words' positions; fewer at the end.
fn of_words<T>(values: &[T], first: usize, words: usize) -> &[T] {
    &values[first * 64..values.len().min((first + words) * 64)]
}

impl Column {
    fn start(&self, at: usize) -> Instant {
        match self {
            Self::Millis(millis) => Instant::from_millis(millis.get(at)),
            Self::Days(days) => edge(days[at], 0),
        }
    }

    fn end(&self, at: usize) -> Instant {
        match self {
            Self::Millis(millis) => Instant::from_millis(millis.get(at)),
            Self::Days(days) => edge(days[at], DAY - 1),
        }
    }
}

/// The millisecond of a day that a bound is.
fn edge_of(bound: usize) -> i64 {
    if bound >= 2 { DAY - 1 } else { 0 }
}

/// The first day whose edge is at `low` or after; the sentinel is where that of the range is.
fn edge_after(low: i64, edge: i64) -> i32 {
    if low == i64::MIN { PAST } else { day(-edge.saturating_sub(low).div_euclid(DAY)) }
}

/// The last day whose edge is at `high` or before; the sentinel is where that of the range is.
fn edge_before(high: i64, edge: i64) -> i32 {
    if high == i64::MAX { FUTURE } else { day(high.saturating_sub(edge).div_euclid(DAY)) }
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
        let day = (-3..3_i32).prop_map(Bounds::of_day).boxed();
        prop_oneof![of(day), of(days().boxed()), of(any_bounds().boxed()), prop::collection::vec(days().prop_map(Some), 0..100)]
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
            let mut words = vec![u64::MAX; Bits::words_of(times.len())];
            opened.overlapping(&filter, 0, &mut words);
            let found = (0..count).filter(|position| words[*position as usize / 64] >> (position % 64) & 1 == 1).collect::<Vec<_>>();
            prop_assert_eq!(found, naive);
            if words.len() > 1 {
                let mut tail = vec![0; words.len() - 1];
                opened.overlapping(&filter, 1, &mut tail);
                prop_assert_eq!(&tail, &words[1..]);
            }
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
