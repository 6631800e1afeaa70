//! `q`: words to look for (OGC API – Features Part 9, draft 24-031).

use super::QueryError;
use crate::model::names::fold_whole;

/// Phrases looked for at once, at the most: each is a search of its own.
const MOST: usize = 16;

/// What features must say: at least one of some phrases.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextQuery {
    /// Folded ([`fold_whole`]), none of them empty, each once.
    pub phrases: Vec<String>,
}

impl TextQuery {
    /// Parses phrases separated by commas; the words of a phrase, separated by white space, stand together in this order.
    ///
    /// # Errors
    /// When there is no letter or digit in any phrase, or there are more phrases than are looked for at once.
    pub(super) fn parse(value: &str) -> Result<Self, QueryError> {
        let mut phrases = value.split(',').map(fold_whole).filter(|phrase| !phrase.is_empty()).collect::<Vec<_>>();
        phrases.sort_unstable();
        phrases.dedup();
        match phrases.len() {
            0 => Err(QueryError::NoWords { value: value.to_owned() }),
            1..=MOST => Ok(Self { phrases }),
            given => Err(QueryError::TooMany { parameter: "q", given, most: MOST }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spelling_and_order_do_not_matter() {
        let phrases = |value| TextQuery::parse(value).map(|query| query.phrases);
        assert_eq!(phrases("Ménaka,  GAO  region,,gao-region"), Ok(vec!["gao region".to_owned(), "menaka".to_owned()]));
        assert!(phrases("").is_err() && phrases(", ,-").is_err());
        let many = (0..17).map(|n| n.to_string()).collect::<Vec<_>>().join(",");
        assert_eq!(phrases(&many).unwrap_err().to_string(), "q: 17 given; at most 16 are looked for at once");
    }
}
