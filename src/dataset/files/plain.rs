//! The text of a GeoJSON feature as nearly all are written, read in one pass: a point or no geometry, properties that are numbers, texts
//! or nothing. What is any other, or is at fault, is left to [`super::feature`], which says what; a third of its time is needed here.

use std::borrow::Cow;

use super::{
    fault::Spot,
    record::{Raw, Record},
};
use crate::model::{Geometry, Position};

/// Digits of a number that are read here, at the most: as many as 64 bits hold.
const MOST_DIGITS: usize = 18;
/// Whole numbers up to here are exact as doubles.
const EXACT: u64 = 1 << 53;
/// Powers of ten that are exact as doubles.
const POWERS: [f64; 23] =
    [1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22];

/// Reads a feature; `None` where it is written otherwise, or is none.
pub(super) fn read(text: &str, spot: Spot) -> Option<Record<'_>> {
    let mut text = Text { text, at: 0 };
    let (mut kind, mut id, mut geometry, mut properties) = (None, None, None, None);
    let mut is_first = true;
    text.eat(b'{')?;
    while let Some(name) = text.member(&mut is_first)? {
        // What stands there twice is left to the other reader.
        let is_twice = match name.as_ref() {
            "type" => kind.replace(text.string()?).is_some(),
            "id" => id.replace(text.id()?).is_some(),
            "geometry" => geometry.replace(text.geometry()?).is_some(),
            "properties" => properties.replace(text.properties()?).is_some(),
            _ => return None,
        };
        if is_twice {
            return None;
        }
    }
    text.blank();
    let is_whole = text.at == text.text.len() && kind.as_deref() == Some("Feature");
    is_whole.then_some(Record { spot, id: id.flatten(), geometry: geometry?, place: None, properties: properties? })
}

/// A text, and how much of it is read.
struct Text<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Text<'t> {
    fn blank(&mut self) {
        while matches!(self.next(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn next(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// Moves past a byte, and what is blank before it; `None` where another stands there.
    fn eat(&mut self, byte: u8) -> Option<()> {
        self.blank();
        let is_there = self.next() == Some(byte);
        self.at += usize::from(is_there);
        is_there.then_some(())
    }

    /// Moves past a word.
    fn word(&mut self, word: &str) -> Option<()> {
        self.blank();
        self.text.as_bytes()[self.at..].starts_with(word.as_bytes()).then(|| self.at += word.len())
    }

    /// Moves past the name of the next member of an object, and its colon; `Some(None)` at the object's end.
    #[expect(clippy::option_option, reason = "an object that ends is no fault")]
    fn member(&mut self, is_first: &mut bool) -> Option<Option<Cow<'t, str>>> {
        self.blank();
        if self.next() == Some(b'}') {
            self.at += 1;
            return Some(None);
        }
        if !std::mem::take(is_first) {
            self.eat(b',')?;
        }
        let name = self.string()?;
        self.eat(b':')?;
        Some(Some(name))
    }

    fn string(&mut self) -> Option<Cow<'t, str>> {
        self.eat(b'"')?;
        let (bytes, start) = (self.text.as_bytes(), self.at);
        self.at += plain_bytes(&bytes[start..]);
        if self.next()? == b'"' {
            self.at += 1;
            return Some(Cow::Borrowed(&self.text[start..self.at - 1]));
        }
        // An escape, or a control character.
        loop {
            match self.next()? {
                b'"' => break self.at += 1,
                b'\\' => self.at += 2,
                _ => self.at += 1,
            }
            self.at += plain_bytes(bytes.get(self.at..)?);
        }
        serde_json::from_str::<String>(self.text.get(start - 1..self.at)?).ok().map(Cow::Owned)
    }

    /// The digits from here on, added to those of a number; how many there are.
    fn digits(&mut self, number: &mut u64) -> usize {
        let start = self.at;
        while let Some(digit) = self.next().map(|byte| byte.wrapping_sub(b'0')).filter(|digit| *digit < 10) {
            *number = number.wrapping_mul(10).wrapping_add(digit.into());
            self.at += 1;
        }
        self.at - start
    }

    /// A number that is exact as it is read.
    fn number(&mut self) -> Option<Raw<'t>> {
        self.blank();
        let (start, mut number) = (self.at, 0);
        let is_negative = self.next() == Some(b'-');
        self.at += usize::from(is_negative);
        let is_led = self.next() == Some(b'0');
        let whole = self.digits(&mut number);
        if whole == 0 || is_led && whole > 1 {
            return None;
        }
        let mut places = 0;
        let has_fraction = self.next() == Some(b'.');
        if has_fraction {
            self.at += 1;
            places = self.digits(&mut number);
            if places == 0 {
                return None;
            }
        }
        if matches!(self.next(), Some(b'e' | b'E')) || whole + places > MOST_DIGITS {
            return None;
        }
        if !has_fraction {
            // Minus zero is no whole number.
            let value = i64::try_from(number).ok().filter(|value| *value != 0 || !is_negative)?;
            return Some(Raw::Integer(if is_negative { -value } else { value }));
        }
        // The quotient of two doubles is the double that is nearest to it (IEEE 754, clause 5.4.1).
        let value = match POWERS.get(places) {
            Some(power) if number <= EXACT => number as f64 / power,
            _ => return self.text[start..self.at].parse().ok().map(Raw::Number),
        };
        Some(Raw::Number(if is_negative { -value } else { value }))
    }

    fn coordinate(&mut self) -> Option<f64> {
        match self.number()? {
            Raw::Number(number) => Some(number),
            Raw::Integer(number) => Some(number as f64),
            _ => None,
        }
    }

    #[expect(clippy::option_option, reason = "a null is no fault")]
    fn id(&mut self) -> Option<Option<Cow<'t, str>>> {
        Some(match self.value()? {
            Raw::Null => None,
            Raw::Text(text) => Some(text).filter(|text| !text.is_empty()),
            Raw::Integer(number) => Some(Cow::Owned(number.to_string())),
            _ => return None,
        })
    }

    /// No geometry, or a point.
    #[expect(clippy::option_option, reason = "a null is no fault")]
    fn geometry(&mut self) -> Option<Option<Geometry>> {
        self.blank();
        if self.next() == Some(b'n') {
            return self.word("null").map(|()| None);
        }
        let (mut kind, mut position, mut is_first) = (None, None, true);
        self.eat(b'{')?;
        while let Some(name) = self.member(&mut is_first)? {
            let is_twice = match name.as_ref() {
                "type" => kind.replace(self.string()?).is_some(),
                "coordinates" => position.replace(self.position()?).is_some(),
                _ => return None,
            };
            if is_twice {
                return None;
            }
        }
        (kind? == "Point").then_some(Some(Geometry::point(position?)))
    }

    /// Longitude and latitude, without a height.
    fn position(&mut self) -> Option<Position> {
        self.eat(b'[')?;
        let lon = self.coordinate()?;
        self.eat(b',')?;
        let lat = self.coordinate()?;
        self.eat(b']')?;
        Position::new(lon, lat).ok()
    }

    fn properties(&mut self) -> Option<Vec<(Cow<'t, str>, Raw<'t>)>> {
        self.blank();
        if self.next() == Some(b'n') {
            return self.word("null").map(|()| Vec::new());
        }
        let (mut properties, mut is_first) = (Vec::with_capacity(8), true);
        self.eat(b'{')?;
        while let Some(name) = self.member(&mut is_first)? {
            properties.push((name, self.value()?));
        }
        Some(properties)
    }

    fn value(&mut self) -> Option<Raw<'t>> {
        self.blank();
        match self.next()? {
            b'"' => self.string().map(Raw::Text),
            b'n' => self.word("null").map(|()| Raw::Null),
            b't' => self.word("true").map(|()| Raw::Boolean(true)),
            b'f' => self.word("false").map(|()| Raw::Boolean(false)),
            _ => self.number(),
        }
    }
}

/// How many bytes stand before the first that ends a string of JSON or is not itself in it: a quote, a backslash, a control character.
fn plain_bytes(bytes: &[u8]) -> usize {
    const ONES: u64 = u64::MAX / 255;
    const HIGH: u64 = ONES << 7;
    // A byte that is less than `least`, which is not above 128, has its highest bit set; above the lowest such one others may have too.
    let below = |word: u64, least: u64| word.wrapping_sub(ONES * least) & !word & HIGH;
    let (words, rest) = bytes.as_chunks();
    for (index, word) in words.iter().enumerate() {
        let word = u64::from_le_bytes(*word);
        let found = below(word, 0x20) | below(word ^ (ONES * u64::from(b'"')), 1) | below(word ^ (ONES * u64::from(b'\\')), 1);
        if found != 0 {
            return index * 8 + found.trailing_zeros() as usize / 8;
        }
    }
    let is_special = |byte: &u8| *byte < 0x20 || *byte == b'"' || *byte == b'\\';
    words.len() * 8 + rest.iter().position(is_special).unwrap_or(rest.len())
}

#[cfg(test)]
mod tests {
    use super::{
        super::feature::{self, Parsed},
        *,
    };
    use proptest::prelude::*;

    fn blank() -> impl Strategy<Value = String> {
        prop_oneof![5 => Just(String::new()), 1 => "[ \t\r\n]{1,2}"]
    }

    fn number() -> impl Strategy<Value = String> {
        prop_oneof![
            "-?[0-9]{1,3}(\\.[0-9]{1,7})?",
            "-?(0|[1-9][0-9]{0,20})(\\.[0-9]{0,25})?([eE][+-]?[0-9]{1,3})?",
            any::<f64>().prop_map(|number| number.to_string()),
            any::<i64>().prop_map(|number| number.to_string()),
        ]
    }

    fn string() -> impl Strategy<Value = String> {
        prop_oneof!["[a-zé\" /\\\\]{0,20}", "\\PC{0,30}", any::<String>()]
            .prop_flat_map(
                |text| prop_oneof![4 => Just(serde_json::Value::from(text.as_str()).to_string()), 1 => Just(format!("\"{text}\""))],
            )
            .boxed()
    }

    fn value() -> impl Strategy<Value = String> {
        prop_oneof![4 => number(), 4 => string(), 2 => prop::sample::select(vec!["null", "true", "false", "[1]", "{}", "nul", ""]).prop_map(str::to_owned)]
    }

    fn object(members: Vec<(String, String)>, blank: &str) -> String {
        let members = members.iter().map(|(name, value)| format!("{blank}{name}{blank}:{blank}{value}{blank}")).collect::<Vec<_>>();
        format!("{{{blank}{}}}", members.join(","))
    }

    fn feature() -> impl Strategy<Value = String> {
        let name = prop_oneof![4 => "[a-c]{1,2}".prop_map(|name| format!("\"{name}\"")), 1 => string()];
        let properties = prop::collection::vec((name, value()), 0..5);
        let kind = prop::sample::select(vec!["Point", "Point", "Point", "LineString"]);
        let position = prop::collection::vec(prop_oneof![4 => "-?[0-9]{1,2}(\\.[0-9]{1,6})?", 1 => number()], 2..4);
        let order = Just((0..4_usize).collect::<Vec<_>>()).prop_shuffle();
        (value(), kind, position, properties, order, prop::collection::vec(0..6_usize, 0..3), blank()).prop_map(
            |(id, kind, position, properties, order, odd, blank)| {
                let quoted = |text: &str| format!("\"{text}\"");
                let position = format!("[{}]", position.join(&format!("{blank},")));
                let geometry = object(vec![(quoted("type"), quoted(kind)), (quoted("coordinates"), position)], &blank);
                let all = [
                    (quoted("type"), quoted("Feature")),
                    (quoted("id"), id),
                    (quoted("geometry"), geometry),
                    (quoted("properties"), object(properties, &blank)),
                ];
                let mut members = order.into_iter().map(|at| all[at].clone()).collect::<Vec<_>>();
                for odd in odd {
                    match odd {
                        0 => members.push(all[odd].clone()),
                        1 => members.push(("\"geometry\"".into(), "null".into())),
                        2 => members.push(("\"bbox\"".into(), "[1,2]".into())),
                        3 => drop(members.pop()),
                        _ => {}
                    }
                }
                format!("{}{blank}", object(members, &blank))
            },
        )
    }

    /// What the other reader makes of a text.
    fn slowly(text: &str) -> Option<Record<'_>> {
        match feature::parse_any(text, Spot::default(), None) {
            Ok(Parsed::Record(record)) => Some(record),
            _ => None,
        }
    }

    fn bits(record: &Record<'_>) -> String {
        // Minus zero is equal to zero, and is another number.
        format!("{record:?}")
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]
        #[test]
        fn what_is_read_here_is_what_the_other_reader_reads(
            text in feature(),
            change in prop::option::of((any::<prop::sample::Index>(), prop::sample::select(b"{}[]:,\"\\ 0-9e.nx\x01".to_vec()))),
        ) {
            let mut bytes = text.into_bytes();
            if let Some((at, byte)) = change && !bytes.is_empty() {
                let at = at.index(bytes.len());
                bytes[at] = byte;
            }
            if let Ok(text) = std::str::from_utf8(&bytes)
                && let Some(record) = read(text, Spot::default())
            {
                prop_assert_eq!(slowly(text).as_ref().map(bits), Some(bits(&record)), "{}", text);
            }
        }

        #[test]
        fn numbers_are_read_to_the_bit(number in number()) {
            let text = format!(r#"{{"type":"Feature","geometry":null,"properties":{{"n":{number}}}}}"#);
            if let Some(record) = read(&text, Spot::default()) {
                prop_assert_eq!(slowly(&text).as_ref().map(bits), Some(bits(&record)), "{}", number);
            }
        }

        #[test]
        fn strings_end_at_the_first_byte_that_is_not_itself(bytes in prop::collection::vec(prop_oneof![4 => 0x20..=255_u8, 1 => any::<u8>()], 0..40)) {
            let expected = bytes.iter().position(|byte| *byte < 0x20 || *byte == b'"' || *byte == b'\\').unwrap_or(bytes.len());
            prop_assert_eq!(plain_bytes(&bytes), expected);
        }
    }

    #[test]
    fn what_most_programs_write_is_read_here() {
        for text in [
            r#"{"type":"Feature","id":"0000001","geometry":{"type":"Point","coordinates":[-88.092344,59.159663]},"properties":{"a":1,"b":"x","c":1.5}}"#,
            r#"{ "type": "Feature", "properties": { "a": null, "b": "\u00e9\n", "c": -7, "d": true }, "geometry": { "type": "Point", "coordinates": [ 1, -2.5 ] } }"#,
            r#"{"type":"Feature","id":7,"properties":null,"geometry":null}"#,
            "{\"type\":\"Feature\",\"geometry\":null,\"properties\":{}}\r",
        ] {
            let record = read(text, Spot::default());
            assert!(record.is_some(), "{text}");
            assert_eq!(record, slowly(text), "{text}");
        }
    }
}
