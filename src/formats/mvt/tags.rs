//! The properties of a tile's features: column by column, each value written once and numbered, then read row by row.
//!
//! # Why columns
//! Whether two values are the same is known of most columns without a look at the values: texts of few different values have codes, and
//! numbers and days are compared as numbers. What is text of many different values is looked up by its bytes, as long as that finds
//! anything: where the first ones are all different, so are the rest, and they are written as they come.

use super::{
    fields::Names,
    values::{Number, Numbered, Values},
};
use crate::{
    formats::wire::{text_field, varint},
    model::Cell,
    store::{Marks, Series, Table},
};

/// Values of a column that are looked up whatever comes of it; after them one in [`WORTH`] must have been there already.
const LEAST: usize = 256;
const WORTH: usize = 32;

/// The properties of some features of a table, as tags.
#[derive(Debug)]
pub(super) struct Tags {
    /// The columns that have any value here: the number of a column's key is its place in this list.
    columns: Vec<usize>,
    /// Of each row the number of each column's value.
    numbers: Vec<Number>,
    width: usize,
    keys: Vec<u8>,
    values: Values,
    /// The ids that are numbers; nothing where all are texts.
    ids: Vec<Option<u64>>,
}

/// The row of what stands for several features.
pub(super) const NONE: u32 = u32::MAX;

impl Tags {
    /// Reads the properties of the features at some positions, [`NONE`] for what stands for several; `counts` says for how many features each stands, where that is told.
    pub(super) fn read(table: &Table, names: &Names<'_>, rows: &[u32], counts: &[u64]) -> Self {
        let series = (0..).map_while(|index| table.series(index)).collect::<Vec<_>>();
        let width = series.len() + 2;
        let mut numbers = vec![0; rows.len() * width];
        let (mut values, mut numbered) = (Values::with_room(rows.len() * 16 * width), Numbered::default());
        let ids = rows.iter().map(|row| if *row == NONE { None } else { number(table.row(*row).id_bytes()) }).collect::<Vec<_>>();
        for (place, row) in rows.iter().enumerate().filter(|(place, row)| **row != NONE && ids[*place].is_none()) {
            // No two ids are the same.
            numbers[place * width] = values.new_text(table.row(*row).id_bytes());
        }
        for (index, series) in series.iter().enumerate() {
            column(*series, rows, &mut values, &mut numbered, |place, number| numbers[place * width + index + 1] = number);
        }
        numbered.clear(counts.len());
        for (place, count) in counts.iter().enumerate() {
            let (number, _) = numbered.get(*count, || values.new_value(Cell::Integer(i64::try_from(*count).unwrap_or(i64::MAX))));
            numbers[place * width + width - 1] = number;
        }
        let mut is_used = vec![false; width];
        for row in numbers.chunks_exact(width) {
            is_used.iter_mut().zip(row).for_each(|(used, number)| *used |= *number > 0);
        }
        let (mut keys, mut columns) = (Vec::new(), Vec::new());
        for (place, name) in names.all().enumerate().filter(|(place, _)| is_used[*place]) {
            text_field(&mut keys, 3, name);
            columns.push(place);
        }
        Self { columns, numbers, width, keys, values, ids }
    }

    /// How many columns there are.
    pub(super) fn width(&self) -> usize {
        self.width
    }

    /// The keys' fields.
    pub(super) fn keys(&self) -> &Vec<u8> {
        &self.keys
    }

    /// The values' fields.
    pub(super) fn values(&self) -> &Vec<u8> {
        self.values.bytes()
    }

    /// The id of a row, where it is a number.
    pub(super) fn id(&self, row: usize) -> Option<u64> {
        self.ids[row]
    }

    /// Appends the tags of a row: what is not known is left out.
    pub(super) fn write(&self, row: usize, out: &mut Vec<u8>) {
        let numbers = &self.numbers[row * self.width..][..self.width];
        for (key, place) in self.columns.iter().enumerate() {
            if let Some(number) = numbers[*place].checked_sub(1) {
                varint(out, key as u64);
                varint(out, u64::from(number));
            }
        }
    }
}

/// Numbers the values of one property; `put` gets the place of each row that has one, and its number.
fn column(series: Series<'_>, rows: &[u32], values: &mut Values, numbered: &mut Numbered, put: impl FnMut(usize, Number)) {
    match series.marks() {
        Marks::Codes(codes) => coded(series, rows, values, put, codes),
        Marks::Keys(keys) => marked(series, rows, values, numbered, put, |row| keys[row].into()),
        Marks::Halves(high, low) => marked(series, rows, values, numbered, put, |row| u64::from(high[row]) << 32 | u64::from(low[row])),
        Marks::Days(days) => marked(series, rows, values, numbered, put, |row| days[row] as u64),
        Marks::None => looked_up(series, rows, values, put),
    }
}

/// The rows whose value is known, each with its place.
fn known<'a>(series: Series<'a>, rows: &'a [u32]) -> impl Iterator<Item = (usize, u32)> + 'a {
    rows.iter().enumerate().filter(move |(_, row)| **row != NONE && series.is_known(**row)).map(|(place, row)| (place, *row))
}

fn coded(series: Series<'_>, rows: &[u32], values: &mut Values, mut put: impl FnMut(usize, Number), codes: &[u8]) {
    let mut seen = [0; 256];
    for (place, row) in known(series, rows) {
        let number = &mut seen[usize::from(codes[row as usize])];
        if *number == 0 {
            *number = values.new_value(series.get(row));
        }
        put(place, *number);
    }
}

fn marked(
    series: Series<'_>,
    rows: &[u32],
    values: &mut Values,
    numbered: &mut Numbered,
    mut put: impl FnMut(usize, Number),
    mark: impl Fn(usize) -> u64,
) {
    let mut watch = Watch::new(rows.len());
    numbered.clear(rows.len());
    for (place, row) in known(series, rows) {
        let number = if watch.looks {
            let (number, is_new) = numbered.get(mark(row as usize), || values.new_value(series.get(row)));
            watch.saw(is_new);
            number
        } else {
            values.new_value(series.get(row))
        };
        put(place, number);
    }
}

fn looked_up(series: Series<'_>, rows: &[u32], values: &mut Values, mut put: impl FnMut(usize, Number)) {
    let mut watch = Watch::new(rows.len());
    let mut truths = [0; 2];
    for (place, row) in known(series, rows) {
        let number = match series.bytes(row) {
            Some(text) if watch.looks => {
                let before = values.count();
                let number = values.text(text);
                watch.saw(values.count() > before);
                number
            }
            Some(text) => values.new_text(text),
            None => {
                let cell = series.get(row);
                let number = &mut truths[usize::from(cell == Cell::Boolean(true))];
                if *number == 0 {
                    *number = values.new_value(cell);
                }
                *number
            }
        };
        put(place, number);
    }
}

/// Whether it is worth while to look values up.
struct Watch {
    looked: usize,
    found: usize,
    /// When it is asked.
    at: usize,
    looks: bool,
}

impl Watch {
    fn new(rows: usize) -> Self {
        Self { looked: 0, found: 0, at: LEAST.max(rows / 8), looks: true }
    }

    fn saw(&mut self, is_new: bool) {
        self.looked += 1;
        self.found += usize::from(!is_new);
        if self.looked == self.at {
            self.looks = self.found * WORTH >= self.looked;
        }
    }
}

/// An id that is a whole number and written as one.
fn number(id: &[u8]) -> Option<u64> {
    match id {
        [b'0'] => Some(0),
        // Nineteen digits are within 64 bits, whichever they are.
        [b'1'..=b'9', rest @ ..] if rest.len() < 19 => id.iter().try_fold(0, |number, digit| {
            let digit = digit.wrapping_sub(b'0');
            (digit < 10).then_some(number * 10 + u64::from(digit))
        }),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_that_are_written_as_numbers_are_numbers() {
        for (id, expected) in [
            ("0", Some(0)),
            ("7", Some(7)),
            ("9999999999999999999", Some(9_999_999_999_999_999_999)),
            ("1234567890123456789", Some(1_234_567_890_123_456_789)),
        ] {
            assert_eq!(number(id.as_bytes()), expected, "{id}");
        }
        for id in ["", "00", "007", "-1", "1a", "1.0", " 1", "99999999999999999999", "é"] {
            assert_eq!(number(id.as_bytes()), None, "{id}");
        }
    }
}
