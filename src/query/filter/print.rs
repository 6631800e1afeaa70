//! A filter in one fixed spelling: CQL2 text that reads back as the same filter, so that two that ask the same are written the same.

use std::fmt::{self, Display, Formatter};

use super::expr::{Array, Expr, Fold, RELATIONS, Spatial, Term, Time};

impl Display for Expr {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Constant(value) => f.write_str(if *value { "TRUE" } else { "FALSE" }),
            Self::Truth(term) => term.fmt(f),
            Self::And(parts) => joined(f, parts, " AND "),
            Self::Or(parts) => joined(f, parts, " OR "),
            Self::Not(part) => write!(f, "NOT ({part})"),
            Self::Compare(comparison, left, right) => write!(f, "{left} {} {right}", comparison.sign()),
            Self::Like(text, pattern) => write!(f, "{text} LIKE {}", Quoted(&pattern.to_string())),
            Self::Between(terms) => {
                let [value, low, high] = &**terms;
                write!(f, "{value} BETWEEN {low} AND {high}")
            }
            Self::In(value, list) => {
                write!(f, "{value} IN (")?;
                separated(f, list)?;
                f.write_str(")")
            }
            Self::IsNull(term) => write!(f, "{term} IS NULL"),
            Self::Spatial(relation, left, right) => write!(f, "{}({left},{right})", Spatial::ALL[*relation as usize].1),
            Self::Temporal(relation, left, right) => write!(f, "{}({left},{right})", RELATIONS[*relation as usize]),
            Self::Array(relation, left, right) => write!(f, "{}({left},{right})", Array::ALL[*relation as usize].1),
        }
    }
}

impl Display for Term {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Field(_, name) => write!(f, "\"{}\"", name.replace('"', "\"\"")),
            Self::Text(text) => Quoted(text).fmt(f),
            Self::Number(number) => number.fmt(f),
            Self::Boolean(value) => f.write_str(if *value { "TRUE" } else { "FALSE" }),
            Self::Time(Time::Day(day)) => write!(f, "DATE('{day}')"),
            Self::Time(Time::Moment(moment)) => write!(f, "TIMESTAMP('{moment}')"),
            Self::Interval(ends) => {
                let [start, end] = &**ends;
                write!(f, "INTERVAL({},{})", End(start.as_ref()), End(end.as_ref()))
            }
            Self::Shape(shape) => shape.fmt(f),
            Self::Fold(Fold::Case, term) => write!(f, "CASEI({term})"),
            Self::Fold(Fold::Accents, term) => write!(f, "ACCENTI({term})"),
            Self::Arithmetic(operation, terms) => write!(f, "({} {} {})", terms[0], operation.sign(), terms[1]),
            Self::Call(function, arguments) => {
                write!(f, "{}(", function.signature().name)?;
                separated(f, arguments)?;
                f.write_str(")")
            }
            Self::Array(items) => {
                f.write_str("(")?;
                separated(f, items)?;
                f.write_str(")")
            }
            Self::Condition(condition) => write!(f, "({condition})"),
        }
    }
}

fn joined(f: &mut Formatter<'_>, parts: &[Expr], word: &str) -> fmt::Result {
    for (index, part) in parts.iter().enumerate() {
        let word = if index == 0 { "" } else { word };
        match part {
            Expr::And(_) | Expr::Or(_) => write!(f, "{word}({part})")?,
            _ => write!(f, "{word}{part}")?,
        }
    }
    Ok(())
}

fn separated(f: &mut Formatter<'_>, terms: &[Term]) -> fmt::Result {
    for (index, term) in terms.iter().enumerate() {
        let comma = if index == 0 { "" } else { "," };
        write!(f, "{comma}{term}")?;
    }
    Ok(())
}

/// A text in single quotation marks, as the lexer reads it back.
pub(super) struct Quoted<'a>(pub(super) &'a str);

impl Display for Quoted<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str("'")?;
        let mut chars = self.0.chars().peekable();
        while let Some(c) = chars.next() {
            match c {
                '\'' => f.write_str("''")?,
                '\\' if matches!(chars.peek(), None | Some('\'')) => f.write_str(r"\\")?,
                c => write!(f, "{c}")?,
            }
        }
        f.write_str("'")
    }
}

/// An end of an interval.
struct End<'a>(Option<&'a Term>);

impl Display for End<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self.0 {
            None => f.write_str("'..'"),
            Some(Term::Time(Time::Day(day))) => write!(f, "'{day}'"),
            Some(Term::Time(Time::Moment(moment))) => write!(f, "'{moment}'"),
            Some(term) => term.fmt(f),
        }
    }
}
