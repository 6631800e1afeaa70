//! Conditions on one property that a form can ask and show again: no less than a value, no more than it, a text within a text. Of an
//! instant and of an uncertain date a day is asked: the whole of it, and whether it is possible.
//!
//! The form's fields become conditions of an ordinary `filter`, and the filter of an address becomes fields again: what is written here
//! is what is recognized, whoever wrote it. Everything else in the filter stays as it is written.

use super::{
    lexer::{Token, words},
    print::Quoted,
};
use crate::model::Kind;

/// Words that are no name of a property unless they are quoted.
const KEYWORDS: [&str; 10] = ["and", "or", "not", "like", "between", "in", "is", "null", "true", "false"];

/// What a condition says of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Bound {
    /// It is no less.
    From,
    /// It is no more.
    To,
    /// It holds a text, in whatever case and with whatever accents.
    Within,
}

/// A condition on one property.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Simple {
    /// The property's name.
    pub property: String,
    /// What is said of it.
    pub bound: Bound,
    /// A number, a day or a text, as a reader writes it.
    pub value: String,
}

impl Simple {
    /// The bounds that a form can ask of properties of a type.
    pub fn bounds(kind: Kind) -> &'static [Bound] {
        match kind {
            Kind::Integer | Kind::Number | Kind::Date | Kind::Timestamp | Kind::Edtf => &[Bound::From, Bound::To],
            Kind::Text => &[Bound::Within],
            Kind::Boolean | Kind::Uri | Kind::List | Kind::Json => &[],
        }
    }

    /// The condition in CQL2 text; what is no value of the property's type stays a text, of which the filter says what is wrong with it.
    pub fn write(&self, kind: Kind) -> String {
        let name = named(&self.property);
        let value = match kind {
            Kind::Edtf => {
                let quoted = Quoted(&self.value);
                return match self.bound {
                    Bound::To => format!("T_INTERSECTS({name}, INTERVAL('..', {quoted}))"),
                    _ => format!("T_INTERSECTS({name}, INTERVAL({quoted}, '..'))"),
                };
            }
            Kind::Timestamp => {
                let instant = if is_day(&self.value) { format!("{}{}", self.value, edge(self.bound)) } else { self.value.clone() };
                format!("TIMESTAMP({})", Quoted(&instant))
            }
            Kind::Date => format!("DATE({})", Quoted(&self.value)),
            Kind::Integer | Kind::Number if is_number(&self.value) => self.value.clone(),
            _ => Quoted(&self.value).to_string(),
        };
        match self.bound {
            Bound::From => format!("{name} >= {value}"),
            Bound::To => format!("{name} <= {value}"),
            Bound::Within => {
                let escaped = self.value.chars().flat_map(|c| matches!(c, '%' | '_' | '\\').then_some('\\').into_iter().chain([c]));
                let pattern = format!("%{}%", escaped.collect::<String>());
                format!("CASEI(ACCENTI({name})) LIKE CASEI(ACCENTI({}))", Quoted(&pattern))
            }
        }
    }

    /// The condition that a text is; `None` where it is another one.
    pub fn parse(text: &str) -> Option<Self> {
        let words = words(text).ok()?;
        let tokens = words.iter().map(|(_, token)| token).collect::<Vec<_>>();
        let (property, bound, value) = match *tokens.as_slice() {
            [name, sign, Token::Number(number), Token::End] => (name, bound(sign)?, number.to_string()),
            [name, sign, Token::Sign("-"), Token::Number(number), Token::End] => (name, bound(sign)?, format!("-{number}")),
            [name, sign, date, Token::Sign("("), Token::Text(day), Token::Sign(")"), Token::End] if is(date, "date") => {
                (name, bound(sign)?, day.clone())
            }
            [name, sign, timestamp, Token::Sign("("), Token::Text(instant), Token::Sign(")"), Token::End] if is(timestamp, "timestamp") => {
                let bound = bound(sign)?;
                (name, bound, instant.strip_suffix(edge(bound)).filter(|day| is_day(day))?.to_owned())
            }
            [
                intersects,
                Token::Sign("("),
                name,
                Token::Sign(","),
                interval,
                Token::Sign("("),
                Token::Text(from),
                Token::Sign(","),
                Token::Text(to),
                Token::Sign(")"),
                Token::Sign(")"),
                Token::End,
            ] if is(intersects, "t_intersects") && is(interval, "interval") => match (from.as_str(), to.as_str()) {
                (day, "..") if is_day(day) => (name, Bound::From, day.to_owned()),
                ("..", day) if is_day(day) => (name, Bound::To, day.to_owned()),
                _ => return None,
            },
            [
                fold,
                Token::Sign("("),
                accents,
                Token::Sign("("),
                name,
                Token::Sign(")"),
                Token::Sign(")"),
                like,
                fold_too,
                Token::Sign("("),
                accents_too,
                Token::Sign("("),
                Token::Text(pattern),
                Token::Sign(")"),
                Token::Sign(")"),
                Token::End,
            ] if [fold, fold_too].iter().all(|word| is(word, "casei"))
                && [accents, accents_too].iter().all(|word| is(word, "accenti"))
                && is(like, "like") =>
            {
                (name, Bound::Within, within(pattern)?)
            }
            _ => return None,
        };
        let property = match property {
            Token::Quoted(name) => name.clone(),
            Token::Name(name) if !is_keyword(name) => name.clone(),
            _ => return None,
        };
        Some(Self { property, bound, value })
    }
}

/// The conditions that a filter in CQL2 text asks for together, each as it is written; `None` where it has no words.
pub fn conjuncts(text: &str) -> Option<Vec<&str>> {
    let words = words(text).ok()?;
    let places = text.char_indices().map(|(place, _)| place).chain([text.len()]).collect::<Vec<_>>();
    let (mut parts, mut start, mut depth, mut betweens) = (Vec::new(), 0, 0_usize, 0_usize);
    for (at, token) in &words {
        match token {
            Token::Sign("(") => depth += 1,
            Token::Sign(")") => depth = depth.saturating_sub(1),
            _ if depth > 0 => {}
            word if is(word, "or") => return Some(vec![text.trim()]),
            word if is(word, "between") => betweens += 1,
            // Its second value comes after an AND of its own.
            word if is(word, "and") && betweens > 0 => betweens -= 1,
            word if is(word, "and") => {
                parts.push(text[start..places[*at]].trim());
                start = places[*at + "and".len()];
            }
            _ => {}
        }
    }
    parts.push(text[start..].trim());
    Some(parts)
}

/// Conditions as one filter that asks for all of them.
pub fn all_of<'a>(parts: impl IntoIterator<Item = &'a str>) -> String {
    let parts = parts.into_iter().map(str::trim).filter(|part| !part.is_empty()).collect::<Vec<_>>();
    let is_only = parts.len() == 1;
    let has_or = |part: &str| words(part).is_ok_and(|words| words.iter().any(|(_, word)| is(word, "or")));
    // Brackets too many do no harm, one too few does.
    let bracketed = parts.into_iter().map(|part| if !is_only && has_or(part) { format!("({part})") } else { part.to_owned() });
    bracketed.collect::<Vec<_>>().join(" AND ")
}

fn is(token: &Token, word: &str) -> bool {
    matches!(token, Token::Name(name) if name.eq_ignore_ascii_case(word))
}

fn is_keyword(name: &str) -> bool {
    KEYWORDS.iter().any(|word| name.eq_ignore_ascii_case(word))
}

fn bound(sign: &Token) -> Option<Bound> {
    match sign {
        Token::Sign(">=") => Some(Bound::From),
        Token::Sign("<=") => Some(Bound::To),
        _ => None,
    }
}

/// What makes a day the instant with which it begins or ends; instants are known to the millisecond.
fn edge(bound: Bound) -> &'static str {
    if bound == Bound::To { "T23:59:59.999Z" } else { "T00:00:00Z" }
}

/// Whether a text has the form of a day, as a browser's field gives it.
pub fn is_day(text: &str) -> bool {
    let digits = text.bytes().enumerate().all(|(at, byte)| if at == 4 || at == 7 { byte == b'-' } else { byte.is_ascii_digit() });
    text.len() == 10 && digits
}

fn is_number(text: &str) -> bool {
    text.starts_with(|c: char| c == '-' || c.is_ascii_digit()) && text.parse::<f64>().is_ok_and(f64::is_finite)
}

/// A name as a filter writes it.
fn named(name: &str) -> String {
    let is_plain = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
        && !is_keyword(name);
    if is_plain { name.to_owned() } else { format!("\"{}\"", name.replace('"', "\"\"")) }
}

/// The text that a pattern asks for anywhere; `None` where it asks for more than that.
fn within(pattern: &str) -> Option<String> {
    let inner = pattern.strip_prefix('%')?.strip_suffix('%')?;
    let (mut text, mut chars) = (String::new(), inner.chars());
    while let Some(c) = chars.next() {
        match c {
            '%' | '_' => return None,
            '\\' => text.push(chars.next().filter(|next| matches!(next, '%' | '_' | '\\'))?),
            c => text.push(c),
        }
    }
    Some(text)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn simple(property: &str, bound: Bound, value: &str) -> Simple {
        Simple { property: property.into(), bound, value: value.into() }
    }

    #[test]
    fn a_condition_reads_as_it_is_meant() {
        for (condition, kind, text) in [
            (simple("people", Bound::From, "10"), Kind::Integer, "people >= 10"),
            (simple("height", Bound::To, "-1.5"), Kind::Number, "height <= -1.5"),
            (simple("opened", Bound::From, "2023-08-01"), Kind::Date, "opened >= DATE('2023-08-01')"),
            (simple("at", Bound::From, "2023-08-01"), Kind::Timestamp, "at >= TIMESTAMP('2023-08-01T00:00:00Z')"),
            (simple("at", Bound::To, "2023-08-01"), Kind::Timestamp, "at <= TIMESTAMP('2023-08-01T23:59:59.999Z')"),
            (simple("closed", Bound::From, "2023-08-01"), Kind::Edtf, "T_INTERSECTS(closed, INTERVAL('2023-08-01', '..'))"),
            (simple("a b", Bound::To, "2023-08-01"), Kind::Edtf, "T_INTERSECTS(\"a b\", INTERVAL('..', '2023-08-01'))"),
            (simple("a b", Bound::To, "3"), Kind::Integer, "\"a b\" <= 3"),
            (simple("or", Bound::To, "3"), Kind::Integer, "\"or\" <= 3"),
            (simple("name", Bound::Within, "50% d'or"), Kind::Text, r"CASEI(ACCENTI(name)) LIKE CASEI(ACCENTI('%50\% d''or%'))"),
        ] {
            assert_eq!(condition.write(kind), text);
            assert_eq!(Simple::parse(text), Some(condition), "{text}");
        }
        assert_eq!(simple("people", Bound::From, "ten").write(Kind::Integer), "people >= 'ten'");
        assert_eq!(simple("at", Bound::To, "noon').write()").write(Kind::Timestamp), "at <= TIMESTAMP('noon'').write()')");
        assert_eq!(simple("people", Bound::From, "1 OR 1=1").write(Kind::Integer), "people >= '1 OR 1=1'");
    }

    #[test]
    fn another_condition_is_left_alone() {
        for text in [
            "",
            "people > 10",
            "people >= 10 AND x = 1",
            "people >= height",
            "10 <= people",
            "people >= 10)",
            "CASEI(name) LIKE CASEI('%a%')",
            "CASEI(ACCENTI(name)) LIKE CASEI(ACCENTI('%a_b%'))",
            "CASEI(ACCENTI(name)) LIKE CASEI(ACCENTI('%a\\'))",
            "and >= 3",
            "people >= 'x",
            "at >= TIMESTAMP('2023-08-01T12:00:00Z')",
            "at <= TIMESTAMP('2023-08-01T00:00:00Z')",
            "T_INTERSECTS(closed, INTERVAL('2023-08-01', '2023-08-02'))",
            "T_INTERSECTS(closed, INTERVAL('..', '..'))",
            "T_DURING(closed, INTERVAL('..', '2023-08-01'))",
        ] {
            assert_eq!(Simple::parse(text), None, "{text}");
        }
    }

    #[test]
    fn a_filter_falls_into_what_it_asks_for_together() {
        for (text, parts) in [
            ("a = 1", vec!["a = 1"]),
            ("é = 'x AND y' and  b BETWEEN 1 AND 2 AND (c = 1 AND d = 2)", vec!["é = 'x AND y'", "b BETWEEN 1 AND 2", "(c = 1 AND d = 2)"]),
            (" a = 1 AND b = 2 OR c = 3 ", vec!["a = 1 AND b = 2 OR c = 3"]),
            ("a = 1 AND ((b = 2 OR c = 3))", vec!["a = 1", "((b = 2 OR c = 3))"]),
        ] {
            assert_eq!(conjuncts(text), Some(parts), "{text}");
        }
        assert_eq!(conjuncts("a = 'x"), None);
        assert_eq!(all_of(["a = 1 OR b = 2", "", "c = 3"]), "(a = 1 OR b = 2) AND c = 3");
        assert_eq!(all_of(["a = 1 OR b = 2", " "]), "a = 1 OR b = 2");
    }

    proptest! {
        #[test]
        fn what_is_written_is_recognized(property in ".{1,8}", value in ".{0,12}", number in -1e9..1e9_f64) {
            let within = simple(&property, Bound::Within, &value);
            prop_assert_eq!(Simple::parse(&within.write(Kind::Text)), Some(within.clone()));
            let from = simple(&property, Bound::From, &number.to_string());
            let both = all_of([from.write(Kind::Number).as_str(), within.write(Kind::Text).as_str()]);
            let read = conjuncts(&both).into_iter().flatten().map(Simple::parse).collect::<Vec<_>>();
            prop_assert_eq!(read, [Some(from), Some(within)]);
        }
    }
}
