//! What can be wrong with the gazetteer's files.

use crate::model::PositionError;

/// One violated rule and where.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("{file}:{line}: {field}: {rule}")]
pub struct GazetteerError {
    /// `places.tsv` or `hand.tsv`.
    pub file: &'static str,
    /// Counted from 1; the header is line 1.
    pub line: usize,
    /// The column, or `row` for the line as a whole.
    pub field: &'static str,
    /// The rule that is broken.
    pub rule: Rule,
}

/// The rules of the gazetteer's files.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum Rule {
    /// The header names other columns.
    #[error("the header is {found:?}, expected {expected:?}")]
    Header {
        /// As found, tabs shown as `\t`.
        found: String,
        /// As it must be.
        expected: String,
    },
    /// A row with more or fewer fields than the header.
    #[error("{found} fields, expected {expected}")]
    Fields {
        /// In this row.
        found: usize,
        /// In the header.
        expected: usize,
    },
    /// A field that must not be empty is.
    #[error("is empty")]
    Empty,
    /// Not a number of the kind asked for.
    #[error("{value:?} is not a {kind}")]
    NotANumber {
        /// As found.
        value: String,
        /// `decimal number` or `whole number`.
        kind: &'static str,
    },
    /// Longitude or latitude outside the Earth.
    #[error(transparent)]
    Position(#[from] PositionError),
    /// A word that is none of the words allowed.
    #[error("{value:?} is none of {allowed}")]
    Word {
        /// As found.
        value: String,
        /// All that are allowed.
        allowed: &'static str,
    },
    /// An id that is neither digits nor a word in lower-case ASCII.
    #[error("{value:?} is neither a GeoNames id (digits) nor a lower-case word of ours (a-z, 0-9, -)")]
    Id {
        /// As found.
        value: String,
    },
    /// A country code of another form than `ML`.
    #[error("{value:?} is not a two-letter country code in capitals")]
    Country {
        /// As found.
        value: String,
    },
    /// An alias that is empty, or whose language is not two or three lower-case letters.
    #[error("{value:?} is not a name, or a name and a language such as Tombouctou@fr")]
    Alias {
        /// As found.
        value: String,
    },
    /// An id that an earlier line of the file has.
    #[error("{value:?} stands in line {first} already")]
    Duplicate {
        /// The id.
        value: String,
        /// The earlier line.
        first: usize,
    },
    /// The hand table puts a known place elsewhere.
    #[error("{metres} m from the position in places.tsv, at most 1000 m are allowed")]
    Moved {
        /// Distance between the two, in metres.
        metres: u64,
    },
    /// The hand table puts a known place into another country.
    #[error("{value:?} is not the country in places.tsv, {known:?}")]
    OtherCountry {
        /// In the hand table.
        value: String,
        /// In places.tsv.
        known: String,
    },
}
