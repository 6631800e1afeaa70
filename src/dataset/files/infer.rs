//! What a column's values are: the narrowest type that holds all of them exactly, else text.

use std::borrow::Cow;

use super::{
    days::Orders,
    literal::{any_timestamp, boolean, date, integer, is_missing, is_uri, number, plain_timestamp, timestamp, with_point},
    record::Raw,
};
use crate::model::{
    Column, Kind, Value, Values,
    when::{When, day_of_letters},
};

/// Whole numbers up to here are exact as numbers with a fraction.
const EXACT: u64 = 1 << 53;

/// Words in the name of a column that holds dates.
const DATE_WORDS: [&str; 30] = [
    "date",
    "dates",
    "day",
    "month",
    "year",
    "when",
    "time",
    "period",
    "start",
    "started",
    "begin",
    "began",
    "from",
    "since",
    "opened",
    "end",
    "ended",
    "until",
    "till",
    "to",
    "closed",
    "founded",
    "established",
    "created",
    "updated",
    "published",
    "born",
    "died",
    "datum",
    "edtf",
];

/// What a column may still be, after every value seen so far.
#[derive(Debug, Clone)]
pub(super) struct Seen {
    /// Kinds that the file itself names.
    integer: bool,
    number: bool,
    boolean: bool,
    list: bool,
    json: bool,
    /// A text that is not empty, and a cell that is not.
    text: bool,
    cell: bool,
    /// Cells that hold but a word for having no value; what they are, the others say.
    pub(super) missing: u64,
    /// A whole number that is not exact with a fraction.
    is_wide: bool,
    /// What all cells are.
    integers: bool,
    numbers: bool,
    booleans: bool,
    /// Whether some number has a decimal comma, and some a point: where both are, one of them may part thousands.
    commas: bool,
    points: bool,
    /// What all cells and texts are.
    dates: bool,
    timestamps: bool,
    edtf: bool,
    uris: bool,
    /// A date that EDTF alone can write.
    is_uncertain: bool,
    /// As days in another order than ISO's.
    orders: Orders,
}

impl Default for Seen {
    fn default() -> Self {
        Self {
            integer: false,
            number: false,
            boolean: false,
            list: false,
            json: false,
            text: false,
            cell: false,
            missing: 0,
            is_wide: false,
            integers: true,
            numbers: true,
            booleans: true,
            commas: false,
            points: false,
            dates: true,
            timestamps: true,
            edtf: true,
            uris: true,
            is_uncertain: false,
            orders: Orders::default(),
        }
    }
}

impl Seen {
    /// Takes one more value into account.
    pub(super) fn see(&mut self, raw: &Raw<'_>) {
        match raw {
            Raw::Null => {}
            Raw::Integer(number) => {
                self.integer = true;
                self.is_wide |= number.unsigned_abs() > EXACT;
            }
            Raw::Number(_) => self.number = true,
            Raw::Boolean(_) => self.boolean = true,
            Raw::List(_) => self.list = true,
            Raw::Json(_) => self.json = true,
            // Of most columns the first texts tell all.
            Raw::Text(_) if self.text && self.is_told() => {}
            Raw::Cell(_) if self.cell && self.is_told() && !(self.integers || self.numbers || self.booleans) => {}
            Raw::Text(text) | Raw::Cell(text) if text.trim().is_empty() => {}
            Raw::Cell(text) if is_missing(text) => self.missing += 1,
            Raw::Decimal(_) => {
                self.cell = true;
                self.commas = true;
                (self.integers, self.booleans, self.dates, self.timestamps, self.edtf, self.uris) =
                    (false, false, false, false, false, false);
                self.orders = Orders::NONE;
            }
            Raw::Text(text) => {
                self.text = true;
                self.see_text(text.trim());
            }
            Raw::Cell(text) => {
                self.cell = true;
                let text = text.trim();
                let integer = (self.integers || self.numbers).then(|| integer(text)).flatten();
                self.is_wide |= integer.is_some_and(|number| number.unsigned_abs() > EXACT);
                self.integers = self.integers && integer.is_some();
                self.numbers = self.numbers && number(text).is_some();
                self.points |= self.numbers && text.contains('.');
                self.booleans = self.booleans && boolean(text).is_some();
                self.see_text(text);
            }
        }
    }

    /// Whether one more text says nothing new.
    fn is_told(&self) -> bool {
        !(self.dates || self.timestamps || self.edtf || self.uris || self.orders.are_any())
    }

    /// Takes all that another stretch of the column has seen into account.
    pub(super) fn join(&mut self, other: &Self) {
        self.integer |= other.integer;
        self.number |= other.number;
        self.boolean |= other.boolean;
        self.list |= other.list;
        self.json |= other.json;
        self.text |= other.text;
        self.cell |= other.cell;
        self.missing += other.missing;
        self.is_wide |= other.is_wide;
        self.integers &= other.integers;
        self.numbers &= other.numbers;
        self.booleans &= other.booleans;
        self.commas |= other.commas;
        self.points |= other.points;
        self.dates &= other.dates;
        self.timestamps &= other.timestamps;
        self.edtf &= other.edtf;
        self.uris &= other.uris;
        self.is_uncertain |= other.is_uncertain;
        self.orders.join(other.orders);
    }

    /// The orders in which all of it may be days.
    pub(super) fn orders(&self) -> Orders {
        let is_words = (self.text || self.cell) && !(self.integer || self.number || self.boolean || self.list || self.json);
        if is_words { self.orders } else { Orders::NONE }
    }

    fn see_text(&mut self, text: &str) {
        let is_date = (self.dates || self.edtf) && day_of_letters(text.as_bytes()).is_some();
        self.dates = self.dates && is_date;
        let is_plain = self.timestamps && plain_timestamp(text.as_bytes()).is_some();
        self.timestamps = is_plain || self.timestamps && any_timestamp(text).is_some();
        // What is written so is EDTF too, and certain.
        if self.edtf && !is_date && !(is_plain && text.contains('T')) {
            self.edtf = text.parse::<When>().is_ok();
            self.is_uncertain |= text.contains(['?', '~', '%', 'X', '[', '/']) || text.contains("..");
        }
        self.uris = self.uris && is_uri(text);
        if self.orders.are_any() {
            self.orders.see(text);
        }
    }

    /// The type of a column of this name.
    pub(super) fn kind(&self, name: &str) -> Kind {
        let (scalar, structure) = (self.integer || self.number || self.boolean, self.list || self.json);
        let words = self.text || self.cell;
        match (scalar, words, structure) {
            (false, false, false) => Kind::Text,
            (false, false, true) if !self.json => Kind::List,
            (_, _, true) => Kind::Json,
            (true, false, false) => match (self.boolean, self.number) {
                (true, _) if self.integer || self.number => Kind::Text,
                (true, _) => Kind::Boolean,
                (false, true) if self.is_wide => Kind::Text,
                (false, true) => Kind::Number,
                (false, false) => Kind::Integer,
            },
            (true, true, false) => Kind::Text,
            (false, true, false) => self.kind_of_words(name),
        }
    }

    /// The type of a column that is known to hold times: EDTF whatever it is called, where all of it can be that.
    pub(super) fn kind_of_time(&self, name: &str) -> Kind {
        let is_words = (self.text || self.cell) && !(self.integer || self.number || self.boolean || self.list || self.json);
        match self.kind(name) {
            kind @ (Kind::Date | Kind::Timestamp | Kind::Edtf) => kind,
            // A column of nothing is no mistake: nothing in it has a time.
            Kind::Text if !self.text && !self.cell => Kind::Date,
            _ if is_words && self.edtf => Kind::Edtf,
            other => other,
        }
    }

    fn kind_of_words(&self, name: &str) -> Kind {
        let is_cells = !self.text;
        let is_dated = self.edtf && (self.is_uncertain || words(name).iter().any(|word| DATE_WORDS.contains(&word.as_str())));
        match () {
            () if self.dates => Kind::Date,
            () if self.timestamps => Kind::Timestamp,
            () if is_dated => Kind::Edtf,
            () if is_cells && self.integers => Kind::Integer,
            () if is_cells && self.numbers && !self.is_wide && !(self.commas && self.points) => Kind::Number,
            () if is_cells && self.booleans => Kind::Boolean,
            () if self.uris => Kind::Uri,
            () => Kind::Text,
        }
    }
}

/// The words of a column's name: `startDate`, `start_date` and `Start date` have the same two.
pub(super) fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut was_lower = false;
    for letter in name.chars() {
        if !letter.is_alphanumeric() || (was_lower && letter.is_uppercase()) {
            words.push(String::new());
        }
        was_lower = letter.is_lowercase();
        if letter.is_alphanumeric()
            && let Some(word) = words.last_mut()
        {
            word.extend(letter.to_lowercase());
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

/// A value as one of the column's type; nothing is lost, since the type holds every value of the column.
pub(super) fn value(raw: Raw<'_>, kind: Kind) -> Value {
    let text = match raw {
        Raw::Null => return Value::Null,
        Raw::Integer(number) if kind == Kind::Integer => return Value::Integer(number),
        Raw::Integer(number) if kind == Kind::Number => return Value::Number(number as f64),
        Raw::Integer(number) => Cow::Owned(number.to_string()),
        Raw::Number(number) if kind == Kind::Number => return Value::Number(number),
        Raw::Number(number) => Cow::Owned(serde_json::Value::from(number).to_string()),
        Raw::Boolean(is) if kind == Kind::Boolean => return Value::Boolean(is),
        Raw::Boolean(is) => Cow::Owned(is.to_string()),
        Raw::List(json) | Raw::Json(json) => return structure(&json, kind),
        // An empty cell is no value; an empty text is one where texts are kept as they are.
        Raw::Cell(text) if text.trim().is_empty() => return Value::Null,
        Raw::Cell(text) if !matches!(kind, Kind::Text | Kind::Json) && is_missing(&text) => return Value::Null,
        Raw::Text(text) if text.trim().is_empty() && !matches!(kind, Kind::Text | Kind::Json) => return Value::Null,
        Raw::Decimal(text) if kind == Kind::Number => return number(&with_point(&text)).map_or(Value::Null, Value::Number),
        Raw::Cell(text) | Raw::Decimal(text) | Raw::Text(text) if kind == Kind::Json => {
            return Value::from(serde_json::Value::from(text.into_owned()));
        }
        Raw::Cell(text) | Raw::Decimal(text) | Raw::Text(text) => text,
    };
    let plain = text.trim();
    let typed = match kind {
        Kind::Integer => integer(plain).map(Value::Integer),
        Kind::Number => number(plain).map(Value::Number),
        Kind::Boolean => boolean(plain).map(Value::Boolean),
        Kind::Date => date(plain).map(Value::Date),
        Kind::Timestamp => timestamp(plain).map(Value::Timestamp),
        Kind::Edtf | Kind::Uri => Some(Value::Text(plain.to_owned())),
        Kind::Json => serde_json::from_str(plain).ok().map(Value::Json),
        Kind::Text | Kind::List => None,
    };
    typed.unwrap_or_else(|| Value::Text(text.into_owned()))
}

/// Adds a value to a column of its type.
pub(super) fn push(column: &mut Column, raw: Raw<'_>, kind: Kind) {
    match (raw, &mut column.values) {
        // Texts as they are, without a copy between.
        (Raw::Text(text), Values::Text(texts)) if kind == Kind::Text => {
            texts.push(&text);
            column.known.push(true);
        }
        (Raw::Cell(text), Values::Text(texts)) if kind == Kind::Text && !text.trim().is_empty() => {
            texts.push(&text);
            column.known.push(true);
        }
        (raw, _) => column.push(&value(raw, kind)),
    }
}

fn structure(json: &str, kind: Kind) -> Value {
    let read = match kind {
        Kind::List => serde_json::from_str(json).map(Value::List),
        _ => serde_json::from_str(json).map(Value::Json),
    };
    read.unwrap_or_else(|_| Value::Text(json.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(name: &str, cells: &[&str]) -> Kind {
        let mut seen = Seen::default();
        cells.iter().for_each(|cell| seen.see(&Raw::Cell((*cell).into())));
        seen.kind(name)
    }

    #[test]
    fn cells_have_the_narrowest_type_that_holds_all() {
        for (name, values, kind) in [
            ("n", &["1", "-20", ""][..], Kind::Integer),
            ("n", &["1", "2.50"], Kind::Number),
            ("n", &["1", "2", "x"], Kind::Text),
            ("code", &["007", "12"], Kind::Text),
            ("n", &["12345678901234567890", "1"], Kind::Text),
            ("n", &["9007199254740993", "1.5"], Kind::Text),
            ("n", &["1.5", "9007199254740993"], Kind::Text),
            ("n", &["-1000000000000000000", "0"], Kind::Integer),
            ("n", &["1e5", "-.5"], Kind::Number),
            ("n", &["NaN"], Kind::Text),
            ("n", &["NA", "1", " NULL ", "2.5", "-"], Kind::Number),
            ("is", &["true", "n/a"], Kind::Boolean),
            ("x", &["\\N", "2023-08-03"], Kind::Date),
            ("country", &["NA", "ML"], Kind::Text),
            ("is", &["true", "FALSE"], Kind::Boolean),
            ("x", &["2023-08-03", " 2023-08-04 "], Kind::Date),
            ("x", &["2023-02-30"], Kind::Text),
            ("x", &["2023-08-03T10:00:00Z", "2023-08-03 10:00", "2023-08-03 10:00:00.5+02:00"], Kind::Timestamp),
            ("opened", &["2023-08", "2023-08-03"], Kind::Edtf),
            ("x", &["2023-08", "2023-08-03"], Kind::Text),
            ("x", &["2023-08", "[2023-08-25..2023-08-31]"], Kind::Edtf),
            ("startYear", &["1998", "2004"], Kind::Edtf),
            ("beds", &["1998", "2004"], Kind::Integer),
            ("web", &["https://a.example/x", "http://b.example"], Kind::Uri),
            ("web", &["https://a.example/x", "none"], Kind::Text),
            ("empty", &["", " "], Kind::Text),
        ] {
            assert_eq!(cells(name, values), kind, "{name} {values:?}");
        }
    }

    #[test]
    fn mixed_columns_widen_without_loss() {
        let kind = |raws: &[Raw<'_>]| {
            let mut seen = Seen::default();
            raws.iter().for_each(|raw| seen.see(raw));
            seen.kind("x")
        };
        let (text, list, json) = (Raw::Text("a".into()), Raw::List("[\"a\"]".into()), Raw::Json("{}".into()));
        let (one, half, yes) = (Raw::Integer(1), Raw::Number(0.5), Raw::Boolean(true));
        assert_eq!(kind(&[one.clone(), half.clone(), Raw::Null]), Kind::Number);
        assert_eq!(kind(&[one.clone(), yes.clone()]), Kind::Text);
        assert_eq!(kind(&[Raw::Integer((1 << 53) + 1), half.clone()]), Kind::Text);
        assert_eq!(kind(&[one.clone(), text.clone()]), Kind::Text);
        assert_eq!(kind(&[Raw::Text("12".into())]), Kind::Text, "a text of digits is a text");
        assert_eq!(kind(&[list.clone(), Raw::Null]), Kind::List);
        assert_eq!(kind(&[list.clone(), json.clone()]), Kind::Json);
        assert_eq!(kind(&[list.clone(), text.clone()]), Kind::Json);
        assert_eq!(value(Raw::Cell("NA".into()), Kind::Number), Value::Null);
        assert_eq!(value(Raw::Cell("NA".into()), Kind::Text), Value::Text("NA".into()), "as the code of Namibia");
        assert_eq!(value(half, Kind::Text), Value::Text("0.5".into()));
        assert_eq!(value(yes, Kind::Text), Value::Text("true".into()));
        assert_eq!(value(text, Kind::Json), Value::from(serde_json::Value::from("a")));
        assert_eq!(value(one, Kind::Json), Value::from(serde_json::Value::from(1)));
        assert_eq!(value(list, Kind::List), Value::List(vec!["a".into()]));
    }

    #[test]
    fn names_are_taken_apart() {
        for name in ["start_date", "startDate", "Start date", "START-DATE"] {
            assert_eq!(words(name), ["start", "date"], "{name}");
        }
    }
}
