//! The values of one property in the order of a table, for writers that go down columns rather than along rows.

use super::{
    columns::{Column, Values},
    halves::Halves,
};
use crate::model::Cell;

/// The values of one property, one for each position.
#[derive(Debug, Clone, Copy)]
pub struct Series<'a>(&'a Column);

/// By what the values of a series can be told apart without a look at them: where two marks are the same, so are the values. Marks of
/// positions whose value is not known mean nothing.
#[derive(Debug, Clone, Copy)]
pub enum Marks<'a> {
    /// Texts of few different values.
    Codes(&'a [u8]),
    /// What stands for numbers and instants.
    Keys(&'a [u32]),
    /// The same where it takes twice as much.
    Halves(&'a [u32], &'a [u32]),
    /// Days since 1970-01-01.
    Days(&'a [i32]),
    /// Nothing: texts of many different values, truth values.
    None,
}

impl<'a> Series<'a> {
    pub(super) fn new(column: &'a Column) -> Self {
        Self(column)
    }

    /// The value at a position; the table has it.
    #[inline]
    pub fn get(&self, position: u32) -> Cell<'a> {
        self.0.get(position)
    }

    /// The bytes from the text at a position on, and how many of them are its own, where this is a series of texts of many different
    /// values: for writers that copy it as it is, in steps of a fixed length. It is a text unless a mapped file is damaged.
    #[inline]
    pub fn from(&self, position: u32) -> Option<(&'a [u8], usize)> {
        match self.0.values() {
            Values::Text(texts) | Values::Json(texts) => Some(texts.from(position)),
            Values::Within(texts) => Some(texts.from(position)),
            _ => None,
        }
    }

    /// Whether the value at a position is known.
    #[inline]
    pub fn is_known(&self, position: u32) -> bool {
        self.0.known().is_none_or(|known| known.get(position))
    }

    /// By what its values can be told apart.
    pub fn marks(&self) -> Marks<'a> {
        match self.0.values() {
            Values::Coded(coded) => Marks::Codes(coded.codes()),
            Values::Integer(values) | Values::Timestamp(values) => of_halves(values),
            Values::Number(values) => of_halves(values.wholes()),
            Values::Date(values) => Marks::Days(values),
            Values::Text(_) | Values::Within(_) | Values::Held(_) | Values::Json(_) | Values::Boolean(_) => Marks::None,
        }
    }
}

fn of_halves(values: &Halves) -> Marks<'_> {
    match values.halves() {
        (high, None) => Marks::Keys(high),
        (high, Some(low)) => Marks::Halves(high, low),
    }
}
