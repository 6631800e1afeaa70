//! One value as a reader sees it.

use jiff::civil::Date;

use super::when::Instant;

/// A value of a property, borrowed from wherever it is kept.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Cell<'a> {
    /// Not known.
    Null,
    /// Text, EDTF text or an address.
    Text(&'a str),
    /// A whole number.
    Integer(i64),
    /// A finite number.
    Number(f64),
    /// True or false.
    Boolean(bool),
    /// A civil day.
    Date(Date),
    /// An instant.
    Timestamp(Instant),
    /// A list or structure, as JSON text.
    Json(&'a str),
}
