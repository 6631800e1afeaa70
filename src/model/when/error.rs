//! Why a text is not an uncertain time: one variant for each rule.

use std::fmt;

/// Where in which text a rule is broken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spot {
    /// The text; only its beginning where it is too long.
    pub text: String,
    /// Index of the character, counted from 0.
    pub at: usize,
}

impl Spot {
    pub(super) fn new(text: &str, at: usize) -> Self {
        Self { text: text.to_owned(), at }
    }
}

impl fmt::Display for Spot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} at character {}", self.text, self.at)
    }
}

/// Why a text is not EDTF of the levels read here; each message names the text, the character and the rule.
///
/// # Example
/// ```
/// use harmattan::model::when::When;
/// let error = "2023-13".parse::<When>().unwrap_err();
/// assert_eq!(error.to_string(), r#""2023-13" at character 5: month 13 is outside 01..12"#);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WhenError {
    /// No text at all.
    #[error("{0}: a date must not be empty")]
    Empty(Spot),
    /// Longer than any date needs: length and limit in bytes.
    #[error("{0}: {1} bytes are more than the {2} allowed")]
    TooLong(Spot, usize, usize),
    /// A character that no date has, such as a typographic dash.
    #[error("{0}: {1:?} is not an ASCII character")]
    NotAscii(Spot, char),
    /// Something else is needed here: what, and what was found.
    #[error("{0}: expected {1}, found {2}")]
    Expected(Spot, &'static str, String),
    /// A complete value is followed by more.
    #[error("{0}: nothing may follow a complete date, found {1:?}")]
    Trailing(Spot, String),
    /// Well formed, but of a level that is not read: what it is.
    #[error("{0}: {1} EDTF level 2, which is not supported (level 1 is, and the sets [a..b], [a..], [..b] and [a,b])")]
    LevelTwo(Spot, &'static str),
    /// The year before 0001 is 0000.
    #[error("{0}: year -0000 is written 0000")]
    NegativeZero(Spot),
    /// `Y` is for the years that four digits cannot hold.
    #[error("{0}: after Y a year has five or more digits and no leading zero")]
    LongYear(Spot),
    /// Milliseconds in 64 bits cannot hold the year.
    #[error("{0}: year {1} is outside -292275054..292278993")]
    Year(Spot, String),
    /// No such month.
    #[error("{0}: month {1:02} is outside 01..12")]
    Month(Spot, u8),
    /// No such day in that month: the day and the month's last.
    #[error("{0}: day {1:02} is outside 01..{2:02} of that month")]
    Day(Spot, u8, u8),
    /// A season is not divided into days.
    #[error("{0}: a season has no day")]
    SeasonDay(Spot),
    /// A time of day needs a whole date before it.
    #[error("{0}: a time of day needs a complete date without qualifier before it")]
    TimeNeedsDay(Spot),
    /// No such hour, minute or second: which, the number and the last allowed.
    #[error("{0}: {1} {2:02} is outside 00..{3}")]
    Time(Spot, &'static str, u8, u8),
    /// Leap seconds are inserted at one time of day only.
    #[error("{0}: second 60 exists only at 23:59 UTC")]
    LeapSecond(Spot),
    /// Qualifiers belong to dates.
    #[error("{0}: a date-time takes no qualifier")]
    QualifiedTime(Spot),
    /// The members of a set are dates.
    #[error("{0}: a member of a set is a date without time of day")]
    TimeInSet(Spot),
    /// A range or interval that says nothing.
    #[error("{0}: at least one end must be a date")]
    NoEnds(Spot),
    /// An interval runs backwards.
    #[error("{0}: the interval ends before it starts")]
    EndBeforeStart(Spot),
    /// A range in a set runs backwards.
    #[error("{0}: the range ends before it starts")]
    RangeOrder(Spot),
}

impl WhenError {
    /// Where the rule is broken.
    pub fn spot(&self) -> &Spot {
        match self {
            Self::Empty(spot)
            | Self::TooLong(spot, ..)
            | Self::NotAscii(spot, ..)
            | Self::Expected(spot, ..)
            | Self::Trailing(spot, ..)
            | Self::LevelTwo(spot, ..)
            | Self::NegativeZero(spot)
            | Self::LongYear(spot)
            | Self::Year(spot, ..)
            | Self::Month(spot, ..)
            | Self::Day(spot, ..)
            | Self::SeasonDay(spot)
            | Self::TimeNeedsDay(spot)
            | Self::Time(spot, ..)
            | Self::LeapSecond(spot)
            | Self::QualifiedTime(spot)
            | Self::TimeInSet(spot)
            | Self::NoEnds(spot)
            | Self::EndBeforeStart(spot)
            | Self::RangeOrder(spot) => spot,
        }
    }
}
