//! The values of one property, one after another: what a table's column is made of.

use super::{Cell, Kind, Value, when};

/// Texts one after another, each with its end.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Texts {
    bytes: Vec<u8>,
    /// One past the last byte of each.
    ends: Vec<u64>,
}

impl Texts {
    /// Adds a text.
    pub fn push(&mut self, text: &str) {
        self.bytes.extend_from_slice(text.as_bytes());
        self.ends.push(self.bytes.len() as u64);
    }

    /// The text at a position.
    pub fn get(&self, position: usize) -> &str {
        std::str::from_utf8(self.get_bytes(position)).expect("texts were pushed as texts")
    }

    /// The same, where what matters are its bytes.
    pub fn get_bytes(&self, position: usize) -> &[u8] {
        let start = if position == 0 { 0 } else { self.ends[position - 1] as usize };
        &self.bytes[start..self.ends[position] as usize]
    }

    /// The bytes of all of them, one after another.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Adds every text of `other`.
    pub fn append(&mut self, other: &Self) {
        let before = self.bytes.len() as u64;
        self.bytes.extend_from_slice(&other.bytes);
        self.ends.extend(other.ends.iter().map(|end| before + end));
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// Every text, in order.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        (0..self.len()).map(|position| self.get(position))
    }
}

/// One bit for each position.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Bits {
    words: Vec<u64>,
    len: usize,
}

impl Bits {
    /// Adds a bit.
    pub fn push(&mut self, bit: bool) {
        if self.len.is_multiple_of(64) {
            self.words.push(0);
        }
        if bit {
            *self.words.last_mut().expect("a word was just pushed") |= 1 << (self.len % 64);
        }
        self.len += 1;
    }

    /// Adds every bit of `other`.
    pub fn append(&mut self, other: &Self) {
        let shift = self.len % 64;
        match self.words.last_mut().filter(|_| shift > 0) {
            None => self.words.extend_from_slice(&other.words),
            Some(mut last) => {
                for word in &other.words {
                    *last |= word << shift;
                    self.words.push(word >> (64 - shift));
                    last = self.words.last_mut().expect("a word was just pushed");
                }
            }
        }
        self.len += other.len;
        self.words.truncate(self.len.div_ceil(64));
    }

    /// The bit at a position; unset beyond the last.
    pub fn get(&self, position: usize) -> bool {
        self.words.get(position / 64).is_some_and(|word| word >> (position % 64) & 1 == 1)
    }

    /// Whether every bit is set.
    pub fn is_full(&self) -> bool {
        self.words.iter().map(|word| word.count_ones() as usize).sum::<usize>() == self.len
    }

    /// The bits, sixty-four a word, the first one lowest.
    pub fn into_words(self) -> Vec<u64> {
        self.words
    }
}

impl FromIterator<bool> for Bits {
    fn from_iter<I: IntoIterator<Item = bool>>(bits: I) -> Self {
        let mut all = Self::default();
        bits.into_iter().for_each(|bit| all.push(bit));
        all
    }
}

/// The values of one property.
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    /// Which of them are known.
    pub known: Bits,
    /// All of them; those that are not known are blank.
    pub values: Values,
}

/// Values of one type.
#[derive(Debug, Clone, PartialEq)]
pub enum Values {
    /// Text, EDTF text or addresses.
    Text(Texts),
    /// Whole numbers.
    Integer(Vec<i64>),
    /// Finite numbers.
    Number(Vec<f64>),
    /// True or false.
    Boolean(Bits),
    /// Days since 1970-01-01.
    Date(Vec<i32>),
    /// Milliseconds since 1970-01-01T00:00:00Z.
    Timestamp(Vec<i64>),
    /// Lists of texts, as JSON.
    List(Texts),
    /// JSON text, written once and verbatim into every answer.
    Json(Texts),
}

impl Column {
    /// A column without values, for a property of this type.
    pub fn new(kind: Kind) -> Self {
        let values = match kind {
            Kind::Text | Kind::Edtf | Kind::Uri => Values::Text(Texts::default()),
            Kind::Integer => Values::Integer(Vec::new()),
            Kind::Number => Values::Number(Vec::new()),
            Kind::Boolean => Values::Boolean(Bits::default()),
            Kind::Date => Values::Date(Vec::new()),
            Kind::Timestamp => Values::Timestamp(Vec::new()),
            Kind::List => Values::List(Texts::default()),
            Kind::Json => Values::Json(Texts::default()),
        };
        Self { known: Bits::default(), values }
    }

    /// Days since 1970-01-01, those that are not known blank.
    pub fn of_days(days: &[Option<i32>]) -> Self {
        let known = days.iter().map(Option::is_some).collect();
        Self { known, values: Values::Date(days.iter().map(|day| day.unwrap_or_default()).collect()) }
    }

    /// Adds the value of the next position. A value of another type than the column's counts as not known: the data path has
    /// checked types before, so this is the last net, not the rule.
    pub fn push(&mut self, value: &Value) {
        let known = match (&mut self.values, value) {
            (Values::Text(texts), Value::Text(text)) => {
                texts.push(text);
                true
            }
            (Values::Integer(values), Value::Integer(value)) => {
                values.push(*value);
                true
            }
            (Values::Number(values), Value::Number(value)) if value.is_finite() => {
                values.push(*value);
                true
            }
            (Values::Number(values), Value::Integer(value)) => {
                values.push(*value as f64);
                true
            }
            (Values::Boolean(values), Value::Boolean(value)) => {
                values.push(*value);
                true
            }
            (Values::Date(values), Value::Date(value)) => {
                values.push(when::day_of(*value));
                true
            }
            (Values::Timestamp(values), Value::Timestamp(value)) => {
                values.push(value.as_millis());
                true
            }
            (Values::List(texts) | Values::Json(texts), Value::List(list)) => {
                texts.push(&serde_json::Value::from(list.as_slice()).to_string());
                true
            }
            (Values::Json(texts), Value::Json(json)) => {
                texts.push(&json.to_string());
                true
            }
            (values, _) => {
                values.push_blank();
                false
            }
        };
        self.known.push(known);
    }

    /// The value at a position.
    pub fn get(&self, position: usize) -> Cell<'_> {
        if !self.known.get(position) {
            return Cell::Null;
        }
        match &self.values {
            Values::Text(texts) => Cell::Text(texts.get(position)),
            Values::Integer(values) => Cell::Integer(values[position]),
            Values::Number(values) => Cell::Number(values[position]),
            Values::Boolean(values) => Cell::Boolean(values.get(position)),
            Values::Date(values) => when::date_of(values[position]).map_or(Cell::Null, Cell::Date),
            Values::Timestamp(values) => Cell::Timestamp(when::Instant::from_millis(values[position])),
            Values::List(texts) | Values::Json(texts) => Cell::Json(texts.get(position)),
        }
    }
}

impl Values {
    fn push_blank(&mut self) {
        match self {
            Self::Text(texts) | Self::List(texts) | Self::Json(texts) => texts.push(""),
            Self::Integer(values) | Self::Timestamp(values) => values.push(0),
            Self::Number(values) => values.push(0.0),
            Self::Boolean(values) => values.push(false),
            Self::Date(values) => values.push(0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn values_of_another_type_are_not_known() {
        let mut column = Column::new(Kind::Date);
        for value in [Value::Date(date(2023, 8, 3)), Value::Text("x".into()), Value::Null, Value::Date(date(-9999, 1, 1))] {
            column.push(&value);
        }
        let cells = (0..4).map(|position| column.get(position)).collect::<Vec<_>>();
        assert_eq!(cells, [Cell::Date(date(2023, 8, 3)), Cell::Null, Cell::Null, Cell::Date(date(-9999, 1, 1))]);
        assert!(!column.known.is_full());
    }

    #[test]
    fn bits_are_appended_across_words() {
        for (first, second) in [(0, 0), (0, 70), (64, 1), (1, 63), (1, 64), (63, 130), (100, 28), (130, 0)] {
            let bits = |from: usize, count: usize| (from..from + count).map(|bit| bit % 3 != 1).collect::<Bits>();
            let mut all = bits(0, first);
            all.append(&bits(first, second));
            assert_eq!(all, bits(0, first + second), "{first} {second}");
        }
    }

    #[test]
    fn bits_are_counted_across_words() {
        let bits = (0..130).map(|bit| bit % 3 == 0).collect::<Bits>();
        assert!((0..130).all(|bit| bits.get(bit) == (bit % 3 == 0)) && !bits.get(131));
        assert!(std::iter::repeat_n(true, 128).collect::<Bits>().is_full());
    }
}
