//! How well a name fits a place.

use super::table::Entry;
use crate::model::names::fold;
use crate::model::{NameKind, Place};

/// How a name led to a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Method {
    /// It is the place's name, letter for letter.
    Name,
    /// It folds to the place's name.
    Folded,
    /// It is, or folds to, another of the place's names.
    Alias,
    /// One of the place's names has the same words in another order, or some of them.
    Words,
    /// One of the place's names differs by a slip of the pen or two.
    Fuzzy,
    /// One of the place's names, or a word in one, begins with it.
    Prefix,
}

impl Method {
    /// The word used in answers.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Folded => "folded",
            Self::Alias => "alias",
            Self::Words => "words",
            Self::Fuzzy => "fuzzy",
            Self::Prefix => "prefix",
        }
    }
}

/// A place that a name may mean.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate<'a> {
    /// The place.
    pub place: &'a Place,
    /// Which of its names fits.
    pub matched_name: &'a str,
    /// What sort of name that is.
    pub kind: NameKind,
    /// How it fits.
    pub method: Method,
    /// How well it fits, from 0 to 1; the same match always has the same score.
    pub score: f64,
    /// The same in words, for people.
    pub reason: String,
}

/// The scores of a match by itself. Names that people use lie within [`super::MARGIN`] of each other, so that no homonym is
/// beaten by spelling; codes and transliterations lie below every real match, beginnings included.
pub(super) mod score {
    pub(in crate::gazetteer) const NAME: f64 = 1.0;
    pub(in crate::gazetteer) const FOLDED: f64 = 0.97;
    pub(in crate::gazetteer) const ALIAS: f64 = 0.95;
    pub(in crate::gazetteer) const FOLDED_ALIAS: f64 = 0.92;
    pub(in crate::gazetteer) const PREFIX: f64 = 0.75;
    pub(in crate::gazetteer) const WORD_PREFIX: f64 = 0.6;
    pub(in crate::gazetteer) const TRANSLITERATION: f64 = 0.45;
    pub(in crate::gazetteer) const CODE: f64 = 0.4;
    /// The beginning of a country's abbreviation.
    pub(in crate::gazetteer) const SHORT_PREFIX: f64 = 0.28;
    pub(in crate::gazetteer) const JUNK_PREFIX: f64 = 0.2;
}

/// What the query is, as typed and folded.
pub(super) struct Query<'q> {
    pub(super) text: &'q str,
    pub(super) folded: String,
}

impl<'q> Query<'q> {
    pub(super) fn new(text: &'q str) -> Self {
        Self { text: text.trim(), folded: fold(text) }
    }
}

impl<'a> Candidate<'a> {
    /// A name that folds to the query.
    pub(super) fn whole(place: &'a Place, entry: Entry, query: &Query<'_>) -> Self {
        let (matched_name, kind) = entry.name(place);
        let literal = matched_name == query.text;
        let (method, score, reason) = match kind {
            NameKind::Code => (Method::Alias, score::CODE, "an airport's code".to_owned()),
            NameKind::Transliteration => (Method::Alias, score::TRANSLITERATION, "a machine's romanization".to_owned()),
            _ if entry.is_first() && literal => (Method::Name, score::NAME, "the name as written".to_owned()),
            _ if entry.is_first() => (Method::Folded, score::FOLDED, "the name but for case, accents or punctuation".to_owned()),
            _ if literal => (Method::Alias, score::ALIAS, format!("another name of {}", place.name)),
            _ => (Method::Alias, score::FOLDED_ALIAS, format!("another name of {}, but for case, accents or punctuation", place.name)),
        };
        Self { place, matched_name, kind, method, score, reason }
    }

    /// A name that begins with the query.
    pub(super) fn prefix(place: &'a Place, entry: Entry) -> Self {
        Self::beginning(place, entry, score::PREFIX, "the beginning of a name")
    }

    /// A name in which a word begins with the query.
    pub(super) fn word_prefix(place: &'a Place, entry: Entry) -> Self {
        Self::beginning(place, entry, score::WORD_PREFIX, "the beginning of a word in a name")
    }

    fn beginning(place: &'a Place, entry: Entry, score: f64, reason: &str) -> Self {
        let (matched_name, kind) = entry.name(place);
        let score = if kind.is_real() { score } else { score::JUNK_PREFIX };
        Self { place, matched_name, kind, method: Method::Prefix, score, reason: reason.to_owned() }
    }
}

/// One candidate a place, by its best name; best first: by score, then by population, then by id.
pub(super) fn rank(mut candidates: Vec<Candidate<'_>>) -> Vec<Candidate<'_>> {
    candidates.sort_by(|a, b| {
        let better = b.score.total_cmp(&a.score).then(b.place.population.cmp(&a.place.population));
        let further = |c: &Candidate<'_>| c.matched_name != c.place.name;
        better.then_with(|| a.place.id.cmp(&b.place.id)).then_with(|| further(a).cmp(&further(b)))
    });
    let mut seen = std::collections::HashSet::new();
    candidates.retain(|candidate| seen.insert(candidate.place.id.as_str()));
    candidates
}

#[cfg(test)]
mod tests {
    use super::super::MARGIN;
    use super::score::*;

    #[test]
    fn scores_keep_their_order() {
        const { assert!(NAME - FOLDED_ALIAS < MARGIN, "a homonym must never be beaten by spelling") };
        let order = [NAME, FOLDED, ALIAS, FOLDED_ALIAS, PREFIX, WORD_PREFIX, TRANSLITERATION, CODE, SHORT_PREFIX, JUNK_PREFIX];
        assert!(order.is_sorted_by(|a, b| a > b));
    }
}
