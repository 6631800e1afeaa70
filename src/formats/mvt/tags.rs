//! The properties of a tile's features: column by column, each value written once and numbered, then read row by row.
//!
//! # Why columns
//! Whether two values are the same is known of most columns without a look at the values: texts of few different values have codes, and
//! numbers and days are compared as numbers. What is text of many different values is looked up by its bytes, as long as that finds
//! anything: where the first ones are all different, so are the rest, and they are written as they come.

use super::{
    LONGEST, MOST_BYTES,
    fields::Names,
    values::{Number, Numbered, Values},
};
use crate::{
    formats::wire::{text_field, varint_word, word},
    model::Cell,
    store::{Marks, Series, Table},
};

/// Values of a column that are looked up whatever comes of it; after them one in [`WORTH`] must have been there already.
const LEAST: usize = 64;
const WORTH: usize = 16;

/// A key and a value as a feature has them: their bytes, the lowest first, and how many these are as the highest; 0 for none. A table
/// has fewer than 2^14 columns and a tile fewer than 2^35 values, so that seven bytes hold both.
type Tag = u64;
/// Where the count of a tag's bytes is in it, in bits.
const LENGTH_AT: u32 = 56;

/// The properties of some features of a table, as tags.
#[derive(Debug)]
pub(super) struct Tags {
    columns: Columns,
    values: Values,
    /// The ids that are numbers; nothing where all are texts.
    ids: Vec<Option<u64>>,
}

/// The tags of some rows, filled column by column.
#[derive(Debug)]
struct Columns {
    /// Of each column that has any value here those of all rows.
    tags: Vec<Tag>,
    rows: usize,
    /// Columns that are filled: the number of a column's key is its place among them.
    width: usize,
    /// The key of the one under way, and how many bytes it takes.
    key: (u64, usize),
    is_used: bool,
    keys: Vec<u8>,
}

impl Columns {
    fn new(rows: usize, most: usize) -> Self {
        Self { tags: vec![0; rows * most], rows, width: 0, key: (0, 1), is_used: false, keys: Vec::with_capacity(16 * most) }
    }

    /// The tag of a value in the column under way.
    #[inline]
    fn tag(&self, number: Number) -> Tag {
        let Some(number) = number.checked_sub(1) else { return 0 };
        let ((key, key_length), (groups, length)) = (self.key, varint_word(number));
        key | groups << (8 * key_length) | ((key_length + length) as u64) << LENGTH_AT
    }

    /// Says what a row has in the column under way.
    #[inline]
    fn put(&mut self, place: usize, tag: Tag) {
        self.tags[self.width * self.rows + place] = tag;
        self.is_used |= tag > 0;
    }

    /// What a row has in the columns that are filled.
    #[inline]
    fn of_row(&self, row: usize) -> impl Iterator<Item = Tag> {
        (0..self.width).map(move |column| self.tags[column * self.rows + row])
    }

    /// Ends the column under way: it has a key where any row has something in it.
    fn end(&mut self, name: Option<&str>) {
        if let Some(name) = name.filter(|_| self.is_used) {
            text_field(&mut self.keys, 3, name);
            self.width += 1;
            (self.key, self.is_used) = (varint_word(self.width as u32), false);
        }
    }
}

/// The row of what stands for several features.
pub(super) const NONE: u32 = u32::MAX;

impl Tags {
    /// Reads the properties of the features at some positions, [`NONE`] for what stands for several; `counts` says for how many features
    /// each stands, where that is told, `chosen` which properties are wanted, where that is not all. `None` where they take too much room.
    /// The values are written after the start of their layer, so that most of a tile is written where it stays.
    pub(super) fn read(
        table: &Table,
        names: &Names<'_>,
        (rows, counts): (&[u32], &[u64]),
        chosen: Option<&[usize]>,
        start: Vec<u8>,
    ) -> Option<Self> {
        let series = (0..).map_while(|index| table.series(index)).collect::<Vec<_>>();
        let most = series.len() + 2;
        let (mut columns, mut names) = (Columns::new(rows.len(), most), names.all());
        let (mut values, mut numbered) = (Values::after(start, rows.len() * 16 * most), Numbered::default());
        let mut ids = vec![None; rows.len()];
        for (place, row) in rows.iter().enumerate().filter(|(_, row)| **row != NONE) {
            let (from, length) = table.row(*row).id_from();
            ids[place] = number(&from[..length]);
            if ids[place].is_none() && length <= LONGEST {
                // No two ids are the same.
                columns.put(place, columns.tag(values.new_text(from, length)));
            }
        }
        columns.end(names.next());
        for (position, series) in series.into_iter().enumerate() {
            if chosen.is_none_or(|chosen| chosen.contains(&position)) {
                column(series, rows, &mut values, &mut numbered, &mut columns);
            }
            columns.end(names.next());
            if values.length() > MOST_BYTES {
                return None;
            }
        }
        numbered.clear();
        for (place, count) in counts.iter().enumerate() {
            let make = || columns.tag(values.new_integer(i64::try_from(*count).unwrap_or(i64::MAX)));
            let (tag, _) = numbered.get(*count, make);
            columns.put(place, tag);
        }
        columns.end(names.next());
        Some(Self { columns, values, ids })
    }

    /// How many columns have any value.
    pub(super) fn width(&self) -> usize {
        self.columns.width
    }

    /// The start of the layer with the values' fields after it, and the keys' fields.
    pub(super) fn into_fields(self) -> (Vec<u8>, Vec<u8>) {
        (self.values.into_bytes(), self.columns.keys)
    }

    /// The id of a row, where it is a number.
    pub(super) fn id(&self, row: usize) -> Option<u64> {
        self.ids[row]
    }

    /// Appends the tags of a row: what is not known is left out.
    #[inline]
    pub(super) fn write(&self, row: usize, out: &mut Vec<u8>) {
        for tag in self.columns.of_row(row) {
            word(out, tag, (tag >> LENGTH_AT) as usize);
        }
    }
}

/// Numbers the values of one property.
fn column(series: Series<'_>, rows: &[u32], values: &mut Values, numbered: &mut Numbered, columns: &mut Columns) {
    let of_row = |values: &mut Values, row: usize| match series.get(row as u32) {
        Cell::Integer(number) => values.new_integer(number),
        Cell::Number(number) => values.new_number(number),
        Cell::Timestamp(instant) => {
            let text = instant.to_string();
            values.new_text(text.as_bytes(), text.len())
        }
        // Nothing else has such marks.
        _ => 0,
    };
    let mut told = Told { rows, series, numbered, columns };
    match series.marks() {
        Marks::Codes(codes) => coded(series, rows, values, columns, codes),
        Marks::Keys(keys) => told.apart(values, |row| row, |row| keys[row].into(), of_row),
        Marks::Halves(high, low) => told.apart(values, |row| row, |row| u64::from(high[row]) << 32 | u64::from(low[row]), of_row),
        Marks::Days(all) => told.apart(values, |row| all[row], |day| day as u64, Values::new_day),
        Marks::None => looked_up(series, rows, values, columns),
    }
}

/// The rows whose value is known, each with its place.
fn known<'a>(series: Series<'a>, rows: &'a [u32]) -> impl Iterator<Item = (usize, u32)> + 'a {
    rows.iter().enumerate().filter(move |(_, row)| **row != NONE && series.is_known(**row)).map(|(place, row)| (place, *row))
}

fn coded(series: Series<'_>, rows: &[u32], values: &mut Values, columns: &mut Columns, codes: &[u8]) {
    let mut seen = [0; 256];
    for (place, row) in known(series, rows) {
        let tag = &mut seen[usize::from(codes[row as usize])];
        if *tag == 0
            && let Cell::Text(text) = series.get(row)
            && text.len() <= LONGEST
        {
            *tag = columns.tag(values.text(text.as_bytes()));
        }
        columns.put(place, *tag);
    }
}

/// A column whose values are told apart by a mark.
struct Told<'a, 'b> {
    rows: &'a [u32],
    series: Series<'a>,
    numbered: &'b mut Numbered,
    columns: &'b mut Columns,
}

impl Told<'_, '_> {
    fn apart<T: Copy>(
        &mut self,
        values: &mut Values,
        value: impl Fn(usize) -> T,
        mark: impl Fn(T) -> u64,
        write: impl Fn(&mut Values, T) -> Number,
    ) {
        let mut watch = Watch::new(self.rows.len());
        self.numbered.clear();
        for (place, row) in known(self.series, self.rows) {
            let value = value(row as usize);
            let mut make = || self.columns.tag(write(values, value));
            let tag = if watch.looks {
                let (tag, is_new) = self.numbered.get(mark(value), make);
                watch.saw(is_new);
                tag
            } else {
                make()
            };
            self.columns.put(place, tag);
        }
    }
}

fn looked_up(series: Series<'_>, rows: &[u32], values: &mut Values, columns: &mut Columns) {
    let mut watch = Watch::new(rows.len());
    let mut truths = [0; 2];
    for (place, row) in known(series, rows) {
        let number = match series.from(row) {
            Some((_, length)) if length > LONGEST => continue,
            Some((from, length)) if watch.looks => {
                let before = values.count();
                let number = values.text(&from[..length]);
                watch.saw(values.count() > before);
                number
            }
            Some((from, length)) => values.new_text(from, length),
            None => {
                let is_true = series.get(row) == Cell::Boolean(true);
                let number = &mut truths[usize::from(is_true)];
                if *number == 0 {
                    *number = values.new_truth(is_true);
                }
                *number
            }
        };
        columns.put(place, columns.tag(number));
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
        Self { looked: 0, found: 0, at: LEAST.max(rows / 16), looks: true }
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
