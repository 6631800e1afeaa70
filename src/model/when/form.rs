//! What an EDTF text says, as a tree; printing it gives the canonical text.

use std::fmt;

use super::clock::Clock;

/// A whole text.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Form {
    Single(Point),
    /// `a/b`
    Interval(End, End),
    /// `[…]`: one of the members.
    OneOf(Vec<Member>),
}

/// A date or a date-time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Point {
    Date(Dated),
    Time(TimeOfDate),
}

/// A complete date with a time of day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct TimeOfDate {
    pub(super) year: i64,
    pub(super) month: u8,
    pub(super) day: u8,
    pub(super) clock: Clock,
}

/// One end of an interval.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum End {
    /// `..`: it has no end.
    Open,
    /// Nothing: it has an end, which is not known.
    Unknown,
    At(Point),
}

/// A member of a set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Member {
    At(Dated),
    Between(Dated, Dated),
    From(Dated),
    Until(Dated),
}

/// A date of any level-1 precision with the qualifier of the whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Dated {
    pub(super) part: Part,
    pub(super) qualifier: Option<Qualifier>,
}

/// A date of any level-1 precision.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Part {
    /// A year, written with `Y` where four digits do not hold it.
    Year(i64),
    /// `201X`, `20XX`: the last year of the span nearer to year 0, and the span's length (10 or 100).
    SomeYear {
        before_christ: bool,
        from: i64,
        years: i64,
    },
    Month(i64, u8),
    /// Season 21–24 of a year.
    Season(i64, u8),
    Day(i64, u8, u8),
    /// `2023-XX`
    SomeMonth(i64),
    /// `2023-08-XX`
    SomeDayOfMonth(i64, u8),
    /// `2023-XX-XX`
    SomeDayOfYear(i64),
}

/// What a source's author was not sure of (LoC EDTF 2019, level 1, qualification of a date).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Qualifier {
    /// `?`: perhaps another date altogether.
    Uncertain,
    /// `~`: about then.
    Approximate,
    /// `%`: both.
    UncertainAndApproximate,
}

impl Qualifier {
    /// The character that EDTF writes.
    pub fn as_char(self) -> char {
        match self {
            Self::Uncertain => '?',
            Self::Approximate => '~',
            Self::UncertainAndApproximate => '%',
        }
    }

    /// What holds when both are said.
    pub(super) fn and(self, other: Self) -> Self {
        if self == other { self } else { Self::UncertainAndApproximate }
    }
}

impl Dated {
    /// A date without qualifier.
    pub(super) fn plain(part: Part) -> Self {
        Self { part, qualifier: None }
    }
}

impl Form {
    /// Every date of the text that may carry a qualifier.
    fn dates(&self) -> Vec<Dated> {
        let of_point = |point: &Point| match point {
            Point::Date(dated) => Some(*dated),
            Point::Time(_) => None,
        };
        let of_end = |end: &End| match end {
            End::At(point) => of_point(point),
            End::Open | End::Unknown => None,
        };
        match self {
            Self::Single(point) => of_point(point).into_iter().collect(),
            Self::Interval(start, end) => [start, end].into_iter().filter_map(of_end).collect(),
            Self::OneOf(members) => members
                .iter()
                .flat_map(|member| match *member {
                    Member::At(date) | Member::From(date) | Member::Until(date) => vec![date],
                    Member::Between(first, last) => vec![first, last],
                })
                .collect(),
        }
    }

    /// The qualifiers of all its dates taken together.
    pub(super) fn qualifier(&self) -> Option<Qualifier> {
        self.dates().iter().filter_map(|dated| dated.qualifier).reduce(Qualifier::and)
    }
}

impl fmt::Display for Form {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Single(point) => point.fmt(f),
            Self::Interval(start, end) => write!(f, "{start}/{end}"),
            Self::OneOf(members) => {
                f.write_str("[")?;
                for (index, member) in members.iter().enumerate() {
                    let comma = if index == 0 { "" } else { "," };
                    write!(f, "{comma}{member}")?;
                }
                f.write_str("]")
            }
        }
    }
}

impl fmt::Display for Point {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Date(dated) => dated.fmt(f),
            Self::Time(time) => {
                let day = Part::Day(time.year, time.month, time.day);
                write!(f, "{day}T{}", time.clock)
            }
        }
    }
}

impl fmt::Display for End {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Open => f.write_str(".."),
            Self::Unknown => Ok(()),
            Self::At(point) => point.fmt(f),
        }
    }
}

impl fmt::Display for Member {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::At(dated) => dated.fmt(f),
            Self::Between(first, last) => write!(f, "{first}..{last}"),
            Self::From(dated) => write!(f, "{dated}.."),
            Self::Until(dated) => write!(f, "..{dated}"),
        }
    }
}

impl fmt::Display for Dated {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.part.fmt(f)?;
        match self.qualifier {
            Some(qualifier) => write!(f, "{}", qualifier.as_char()),
            None => Ok(()),
        }
    }
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Year(year) => Year(year).fmt(f),
            Self::SomeYear { before_christ, from, years } => {
                let sign = if before_christ { "-" } else { "" };
                if years == 10 { write!(f, "{sign}{:03}X", from / 10) } else { write!(f, "{sign}{:02}XX", from / 100) }
            }
            Self::Month(year, month) | Self::Season(year, month) => write!(f, "{}-{month:02}", Year(year)),
            Self::Day(year, month, day) => write!(f, "{}-{month:02}-{day:02}", Year(year)),
            Self::SomeMonth(year) => write!(f, "{}-XX", Year(year)),
            Self::SomeDayOfMonth(year, month) => write!(f, "{}-{month:02}-XX", Year(year)),
            Self::SomeDayOfYear(year) => write!(f, "{}-XX-XX", Year(year)),
        }
    }
}

/// A year as EDTF writes it.
struct Year(i64);

impl fmt::Display for Year {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            0..=9999 => write!(f, "{:04}", self.0),
            -9999..=-1 => write!(f, "{:05}", self.0),
            _ => write!(f, "Y{}", self.0),
        }
    }
}
