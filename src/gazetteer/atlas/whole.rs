//! Names that fold to what was typed.

use super::{
    Atlas, AtlasName, Hit, Spot, Wish,
    hit::Hits,
    list,
    needle::{Fit, Needle},
};
use crate::{
    gazetteer::{
        Method,
        candidate::score,
        fold,
        pack::{NameUse, Section, encode},
    },
    model::NameKind,
};

/// Most homonyms whose names are looked into; the others rank lower, since they fit the context less or matter less.
const MOST_EXAMINED: usize = 1_000;

impl Atlas {
    /// The places with a name that people use and that folds to the same as `name`, most important first: one look-up, no ranking.
    ///
    /// # Example
    /// ```
    /// use harmattan::gazetteer::Atlas;
    /// let atlas = Atlas::embedded();
    /// assert_eq!(atlas.named("TOMBOUCTOU").next().map(|spot| spot.country()), Some("ML"));
    /// ```
    pub fn named(&self, name: &str) -> impl Iterator<Item = Spot<'_>> {
        self.bearers(&fold(name)).real.into_iter().map(|place| self.spot(place))
    }

    /// Who bears a folded name.
    pub(super) fn bearers(&self, folded: &str) -> list::Bearers {
        match self.keys.get(encode(folded)) {
            Some(at) => list::bearers(self.section(Section::Postings), at.value(), list::MOST_HOMONYMS),
            None => list::Bearers::default(),
        }
    }

    /// The places with a name that folds to `folded`; `typed` is what was typed, for letter-for-letter matches.
    pub(super) fn whole(&self, typed: &str, folded: &str, wish: &Wish<'_>) -> Vec<Hit<'_>> {
        let mut hits = Vec::new();
        self.each_whole(typed, folded, wish, MOST_EXAMINED, &mut hits);
        hits
    }

    /// At most so many of them, those that fit the context best, or else matter most.
    pub(super) fn each_whole<'a>(&'a self, typed: &str, folded: &str, wish: &Wish<'_>, most: usize, hits: &mut impl Hits<'a>) {
        let found = self.bearers(folded);
        let mut real = found.real;
        if real.len() > most && *wish != Wish::default() {
            let mut parts = real.iter().map(|&place| (wish.weigh(self.spot(place), |_| {}), place)).collect::<Vec<_>>();
            parts.sort_by(|a, b| b.0.total_cmp(&a.0));
            real = parts.into_iter().map(|(_, place)| place).collect();
        }
        real.truncate(most);
        for spot in real.into_iter().map(|place| self.spot(place)) {
            if hits.wants(spot, score::NAME)
                && let Some(hit) = whole_hit(spot, typed, folded)
            {
                hits.add(hit.weighed(wish));
            }
        }
        for spot in found.junk.into_iter().take(most).map(|place| self.spot(place)) {
            if hits.wants(spot, score::TRANSLITERATION) {
                hits.add(junk_hit(spot, folded).weighed(wish));
            }
        }
    }
}

/// The best of a place's names that folds to `folded`.
fn whole_hit<'a>(spot: Spot<'a>, typed: &str, folded: &str) -> Option<Hit<'a>> {
    let (index, name) = spot.named(&Needle::new(folded), Fit::Whole, true)?;
    let literal = name.text == typed;
    let (method, score, reason) = match (index, literal) {
        (0, true) => (Method::Name, score::NAME, "the name as written".to_owned()),
        (0, false) => (Method::Folded, score::FOLDED, "the name but for case, accents or punctuation".to_owned()),
        (_, true) => (Method::Alias, score::ALIAS, format!("another name of {}", spot.name())),
        (_, false) => {
            (Method::Alias, score::FOLDED_ALIAS, format!("another name of {}, but for case, accents or punctuation", spot.name()))
        }
    };
    Some(Hit::new(spot, name, method, score, reason))
}

/// A place that only machines call so; romanizations are not stored, so their folded form is shown.
fn junk_hit<'a>(spot: Spot<'a>, folded: &str) -> Hit<'a> {
    let code = spot.named(&Needle::new(folded), Fit::Whole, false).map(|(_, name)| name);
    let (score, reason) = match &code {
        Some(_) => (score::CODE, "a code, not a name"),
        None => (score::TRANSLITERATION, "a machine's romanization"),
    };
    let romanized =
        AtlasName { text: folded.to_owned(), language: None, kind: NameKind::Transliteration, years: None, usage: NameUse::Usual };
    Hit::new(spot, code.unwrap_or(romanized), Method::Alias, score, reason.to_owned())
}
