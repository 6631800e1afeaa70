//! When the records of a file were: which columns say so, and what the page needs beside them.

use super::infer::words;
use crate::{
    dataset::LayerTime,
    model::{
        Cell, Column, Kind, Role, Value, Values,
        when::{Bounds, Instant, When},
    },
};

/// Words of names that come in pairs, the start first.
const PAIRS: [(&[&str], &[&str]); 2] = [
    (
        &["start", "started", "starts", "begin", "began", "begins", "from", "since", "opened", "opening", "first", "debut"],
        &["end", "ended", "ends", "finish", "finished", "until", "till", "to", "closed", "closing", "last", "fin"],
    ),
    (
        &["earliest", "min", "born", "birth", "founded", "created", "established"],
        &["latest", "max", "died", "death", "dissolved", "removed", "abolished"],
    ),
];

/// The columns that date a record, by their position.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Time {
    /// One moment, or an uncertain one.
    Instant(usize),
    /// A start and an end.
    Interval(usize, usize),
}

/// Whether values of this type are times.
pub(super) fn is_time(kind: Kind) -> bool {
    matches!(kind, Kind::Date | Kind::Timestamp | Kind::Edtf)
}

/// The columns that date a record: the first pair of a start and an end, else the first date; and a note where there was a choice.
pub(super) fn find(columns: &[(&str, Kind)]) -> (Option<Time>, Option<String>) {
    let dated = columns.iter().enumerate().filter(|(_, (_, kind))| is_time(*kind)).map(|(index, _)| index).collect::<Vec<_>>();
    let name = |index: usize| columns[index].0;
    for &start in &dated {
        if let Some(&end) = dated.iter().find(|end| is_pair(name(start), name(**end))) {
            let note =
                (dated.len() > 2).then(|| format!("the time is that from {:?} to {:?}, the first of several", name(start), name(end)));
            return (Some(Time::Interval(start, end)), note);
        }
    }
    let Some(&first) = dated.first() else { return (None, None) };
    let note = (dated.len() > 1).then(|| {
        let others = dated[1..].iter().map(|index| format!("{:?}", name(*index))).collect::<Vec<_>>().join(", ");
        format!("the time is {:?}, the first date; others are {others}", name(first))
    });
    (Some(Time::Instant(first)), note)
}

/// Whether two names differ in one word only, which is a start in the first and an end in the second.
fn is_pair(start: &str, end: &str) -> bool {
    let (start, end) = (words(start), words(end));
    let differing = start.iter().zip(&end).filter(|(a, b)| a != b).collect::<Vec<_>>();
    let [(a, b)] = differing[..] else { return false };
    start.len() == end.len() && PAIRS.iter().any(|(starts, ends)| starts.contains(&a.as_str()) && ends.contains(&b.as_str()))
}

impl Time {
    /// The role of a column.
    pub(super) fn role(self, column: usize) -> Option<Role> {
        match self {
            Self::Instant(at) => (column == at).then_some(Role::PrimaryInstant),
            Self::Interval(start, _) if column == start => Some(Role::PrimaryIntervalStart),
            Self::Interval(_, end) => (column == end).then_some(Role::PrimaryIntervalEnd),
        }
    }

    /// The columns that the page needs beside those of the file, each made of those of [`Time::of`].
    pub(super) fn derived(self, columns: &[(&str, Kind)]) -> Vec<(String, Kind, Derived)> {
        let day = |index: usize, end: &str, derived| {
            let (name, kind) = columns[index];
            match kind {
                Kind::Edtf => Some((format!("{name}_{end}"), Kind::Date, derived)),
                Kind::Timestamp => Some((format!("{name}_day"), Kind::Date, derived)),
                _ => None,
            }
        };
        match self {
            Self::Instant(at) if columns[at].1 == Kind::Edtf => {
                [day(at, "earliest", Derived::First), day(at, "latest", Derived::Last)].into_iter().flatten().collect()
            }
            Self::Instant(at) => day(at, "", Derived::First).into_iter().collect(),
            Self::Interval(start, end) => {
                let days = [day(start, "earliest", Derived::First), day(end, "latest", Derived::Last)];
                days.into_iter().flatten().chain([("when".to_owned(), Kind::Edtf, Derived::Span)]).collect()
            }
        }
    }

    /// The properties that the page reads, among the names of the file's columns and of the derived ones.
    pub(super) fn of_layer(self, names: &[String], derived: &[(String, Derived)]) -> LayerTime {
        let made = |wanted: Derived| derived.iter().find(|(_, derived)| *derived == wanted).map(|(name, _)| name.clone());
        match self {
            Self::Instant(at) => {
                let own = &names[at];
                let earliest = made(Derived::First).unwrap_or_else(|| own.clone());
                let latest = made(Derived::Last).unwrap_or_else(|| earliest.clone());
                // An instant is shown as its day.
                let edtf = if made(Derived::Last).is_some() { own.clone() } else { earliest.clone() };
                LayerTime { edtf, earliest, latest }
            }
            Self::Interval(start, end) => LayerTime {
                edtf: made(Derived::Span).unwrap_or_else(|| names[start].clone()),
                earliest: made(Derived::First).unwrap_or_else(|| names[start].clone()),
                latest: made(Derived::Last).unwrap_or_else(|| names[end].clone()),
            },
        }
    }

    /// The time of a record, of the moments in its columns; an interval that ends before it starts is none.
    pub(super) fn of(self, moment: impl Fn(usize) -> Option<Bounds>) -> Result<Option<Bounds>, Backwards> {
        match self {
            Self::Instant(at) => Ok(moment(at)),
            Self::Interval(start, end) => match (moment(start), moment(end)) {
                (None, None) => Ok(None),
                (Some(start), Some(end)) if end.latest_end < start.earliest_start => Err(Backwards),
                // A missing end is not known: it may be any day that fits.
                (start, end) => {
                    let (first, last) = (start.map(|start| start.earliest_start), end.map(|end| end.latest_end));
                    Ok(Some(Bounds {
                        earliest_start: first.unwrap_or(Instant::PAST),
                        latest_start: start.map(|start| start.latest_start).or(last).unwrap_or(Instant::FUTURE),
                        earliest_end: end.map(|end| end.earliest_end).or(first).unwrap_or(Instant::PAST),
                        latest_end: last.unwrap_or(Instant::FUTURE),
                    }))
                }
            },
        }
    }
}

/// An interval ends before it starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Backwards;

/// A column made of a record's time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Derived {
    /// Its first possible day.
    First,
    /// Its last possible day.
    Last,
    /// From its first to its last day, as EDTF.
    Span,
}

impl Derived {
    /// What its day is, where it is one: days since 1970-01-01.
    pub(super) fn day(self) -> Option<fn(Bounds) -> Option<i32>> {
        match self {
            Self::First => Some(|time| time.earliest_start.civil_day()),
            Self::Last => Some(|time| time.latest_end.civil_day()),
            Self::Span => None,
        }
    }

    pub(super) fn value(self, time: Option<Bounds>) -> Value {
        let Some(time) = time else { return Value::Null };
        let (first, last) = (time.earliest_start.day(), time.latest_end.day());
        match (self, first, last) {
            (Self::First, ..) => first.into(),
            (Self::Last, ..) => last.into(),
            (Self::Span, None, None) => Value::Null,
            (Self::Span, ..) => {
                let text = |day: Option<jiff::civil::Date>| day.map(|day| day.to_string()).unwrap_or_default();
                Value::Text(format!("{}/{}", text(first), text(last)))
            }
        }
    }

    /// What it is, for people.
    pub(super) fn title(self) -> &'static str {
        match self {
            Self::First => "first possible day",
            Self::Last => "last possible day",
            Self::Span => "from the first to the last day",
        }
    }
}

/// The moment in a row of a column of a type.
pub(super) fn moment(column: &Column, row: usize, kind: Kind) -> Option<Bounds> {
    match &column.values {
        // A day is kept as its number, and need not be made a date.
        Values::Date(days) => column.known.get(row).then(|| Bounds::of_day(days[row])),
        _ => moment_of(column.get(row), kind),
    }
}

/// The moment of a value.
pub(super) fn moment_of(cell: Cell<'_>, kind: Kind) -> Option<Bounds> {
    match cell {
        Cell::Date(day) => Some(Bounds::certain(Instant::start_of(day), Instant::end_of(day))),
        Cell::Timestamp(instant) => Some(Bounds::certain(instant, instant)),
        Cell::Text(text) if kind == Kind::Edtf => text.parse::<When>().ok().map(|when| when.bounds()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pair_comes_before_a_first_date() {
        let find = |names: &[&str]| find(&names.iter().map(|name| (*name, Kind::Date)).collect::<Vec<_>>());
        assert_eq!(find(&["seen", "start_date", "end_date"]).0, Some(Time::Interval(1, 2)));
        assert_eq!(find(&["closed", "opened"]).0, Some(Time::Interval(1, 0)));
        assert_eq!(find(&["validFrom", "validTo"]).0, Some(Time::Interval(0, 1)));
        assert_eq!(find(&["start_date", "end_time"]).0, Some(Time::Instant(0)));
        let (time, note) = find(&["a", "b"]);
        assert_eq!(time, Some(Time::Instant(0)));
        assert_eq!(note.as_deref(), Some("the time is \"a\", the first date; others are \"b\""));
        assert_eq!(find(&[]), (None, None));
    }

    #[test]
    fn intervals_may_lack_an_end_but_not_run_backwards() {
        let day = |day| Cell::Date(jiff::civil::date(2023, 8, day));
        let kinds = [("from", Kind::Date), ("to", Kind::Date)];
        let of = |cells: [Cell<'static>; 2]| Time::Interval(0, 1).of(|index| moment_of(cells[index], kinds[index].1));
        let whole = of([day(1), day(3)]).unwrap();
        assert_eq!(Derived::Span.value(whole), Value::Text("2023-08-01/2023-08-03".into()));
        let open = of([day(1), Cell::Null]).unwrap();
        assert_eq!(Derived::Span.value(open), Value::Text("2023-08-01/".into()));
        assert_eq!(Derived::Last.value(open), Value::Null);
        assert_eq!(of([Cell::Null, Cell::Null]), Ok(None));
        assert_eq!(of([day(3), day(1)]), Err(Backwards));
    }
}
