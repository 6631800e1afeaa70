//! The parts of a query string.

use std::borrow::Cow;

use super::{Budget, QueryError};

/// Longest value taken, in bytes; every valid value of the other parameters is far shorter.
const LONGEST_VALUE: usize = 4096;
/// Longest filter taken, in bytes: a polygon of a thousand corners.
const LONGEST_FILTER: usize = 32_768;

/// The parameters of one request, in the order given, each at most once.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Params {
    pairs: Vec<(String, String)>,
    budget: Budget,
}

impl Params {
    /// Splits and decodes a query string (`application/x-www-form-urlencoded`).
    ///
    /// # Errors
    /// When a name or value does not decode to UTF-8, is longer than 4 KiB (`filter`: 32 KiB), or a name stands twice.
    pub fn parse(query: &str) -> Result<Self, QueryError> {
        let mut pairs: Vec<(String, String)> = Vec::new();
        for part in query.split('&').filter(|part| !part.is_empty()) {
            let (name, value) = part.split_once('=').unwrap_or((part, ""));
            let name = decode(name).ok_or_else(|| QueryError::NotUtf8 { parameter: name.into(), value: name.into() })?;
            let value = decode(value).ok_or_else(|| QueryError::NotUtf8 { parameter: name.clone(), value: value.into() })?;
            let most = if name == "filter" { LONGEST_FILTER } else { LONGEST_VALUE };
            if value.len() > most {
                return Err(QueryError::TooLong { parameter: name, length: value.len(), most });
            }
            if pairs.iter().any(|(earlier, _)| *earlier == name) {
                return Err(QueryError::Repeated { parameter: name });
            }
            pairs.push((name, value));
        }
        Ok(Self { pairs, budget: Budget::default() })
    }

    /// The same, with what may be spent on the questions that they ask.
    #[must_use]
    pub fn within(self, budget: Budget) -> Self {
        Self { budget, ..self }
    }

    /// What may be spent on the questions that they ask.
    pub fn budget(&self) -> &Budget {
        &self.budget
    }

    /// The value of a parameter.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.pairs.iter().find(|(given, _)| given == name).map(|(_, value)| value.as_str())
    }

    /// All others, in the order given.
    pub fn without(&self, name: &str) -> Self {
        let pairs = self.pairs.iter().filter(|(given, _)| given != name).cloned().collect();
        Self { pairs, budget: self.budget.clone() }
    }

    /// All of them and one more, which is not among them.
    #[must_use]
    pub fn with(mut self, name: &str, value: String) -> Self {
        self.pairs.push((name.to_owned(), value));
        self
    }

    /// Every parameter, in the order given.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.pairs.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// Checks that only known parameters were given.
    ///
    /// # Errors
    /// [`QueryError::Unknown`] for the first that is not, with the nearest known name.
    pub fn only(&self, known: &[&str]) -> Result<(), QueryError> {
        self.only_where(|name| known.contains(&name), || known.to_vec())
    }

    /// The same of names that it would cost something to list, which is done for those who gave another one.
    ///
    /// # Errors
    /// As [`Params::only`].
    pub fn only_where<'a>(&self, is_known: impl Fn(&str) -> bool, known: impl FnOnce() -> Vec<&'a str>) -> Result<(), QueryError> {
        let Some((name, _)) = self.iter().find(|(name, _)| !is_known(name)) else { return Ok(()) };
        let known = known();
        Err(QueryError::Unknown {
            parameter: name.to_owned(),
            known: if known.is_empty() { "none".to_owned() } else { known.join(", ") },
            nearest: nearest(name, &known),
        })
    }
}

/// The known name that is closest to `name`, where one is close enough to be what was meant (Jaro–Winkler above 0.75).
pub(super) fn nearest(name: &str, known: &[&str]) -> Option<String> {
    let name = name.to_lowercase();
    let scored = known.iter().map(|candidate| (strsim::jaro_winkler(&name, candidate), candidate));
    let (score, best) = scored.max_by(|a, b| a.0.total_cmp(&b.0))?;
    (score > 0.75).then(|| (*best).to_owned())
}

fn decode(text: &str) -> Option<String> {
    // Hardly any value is written with escapes; those that are not are copied as they are.
    if !text.bytes().any(|byte| matches!(byte, b'+' | b'%')) {
        return Some(text.to_owned());
    }
    let spaced: Cow<'_, str> = if text.contains('+') { text.replace('+', " ").into() } else { text.into() };
    percent_encoding::percent_decode_str(&spaced).decode_utf8().ok().map(Cow::into_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(query: &str, known: &[&str]) -> String {
        Params::parse(query).and_then(|params| params.only(known)).unwrap_err().to_string()
    }

    #[test]
    fn pairs_are_decoded_in_order() {
        let params = Params::parse("a=1%2C2&&b=x+y&c").unwrap();
        assert_eq!(params.iter().collect::<Vec<_>>(), [("a", "1,2"), ("b", "x y"), ("c", "")]);
    }

    #[test]
    fn twice_is_an_error_even_with_the_same_value() {
        assert_eq!(message("limit=1&limit=1", &["limit"]), "limit: given more than once; a parameter may stand once");
    }

    #[test]
    fn an_unknown_name_is_met_with_the_nearest_known_one() {
        assert_eq!(message("bboxx=1", &["bbox", "limit"]), "bboxx: unknown parameter; this resource takes bbox, limit; did you mean bbox?");
        assert_eq!(message("zzz=1", &[]), "zzz: unknown parameter; this resource takes none");
    }

    #[test]
    fn what_is_not_utf8_is_refused() {
        assert_eq!(message("a=%ff", &["a"]), "a: %ff does not decode to UTF-8 text");
    }
}
