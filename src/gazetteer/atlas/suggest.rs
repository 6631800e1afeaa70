//! What could be meant by what has been typed so far?

use super::{
    Atlas, Hit, Wish,
    fuzzy::most_slips,
    hit::Found,
    needle::{Fit, Needle},
};
use crate::{
    gazetteer::{Method, candidate::score, fold},
    model::Level,
};

/// What part of a suggestion's score its place's importance decides: who types "lon" means London rather than a hamlet called Lon.
const IMPORTANCE: f64 = 0.3;
/// Below a prefix so popular that its best-first search ends without an answer, most places of the country that are looked at.
const MOST_OF_COUNTRY: usize = 20_000;
/// Places that are looked at for each one that is wanted, where all but the last word typed are known.
const MOST_EXAMINED: usize = 6;
/// Places of that very name that are looked at for each one that is wanted.
const MOST_WHOLE: usize = 5;

impl Atlas {
    /// At most `limit` places for a search box, best first: whole names, beginnings of names and of words in them, each weighed with
    /// the importance of its place; codes and romanizations last; slips of the pen only where nothing else is found.
    ///
    /// # Example
    /// ```
    /// use harmattan::gazetteer::{Atlas, Wish};
    /// let atlas = Atlas::embedded();
    /// assert_eq!(atlas.suggest("timbuk", &Wish::default(), 1)[0].spot.country(), "ML");
    /// ```
    pub fn suggest(&self, text: &str, wish: &Wish<'_>, limit: usize) -> Vec<Hit<'_>> {
        let folded = fold(text);
        if folded.is_empty() || limit == 0 {
            return Vec::new();
        }
        let mut found = Found::default();
        let whole = self.first_whole(text.trim(), &folded, wish, limit.saturating_mul(MOST_WHOLE));
        whole.into_iter().for_each(|hit| found.add(hit));
        self.beginnings(&folded, wish, limit, score::PREFIX, &mut found);
        if found.len() < limit {
            self.inner(&folded, wish, limit, &mut found);
        }
        if found.len() == 0 {
            for slips in 1..=most_slips(folded.chars().count()) {
                self.fuzzy(&folded, slips, wish).into_iter().for_each(|hit| found.add(hit));
                if found.len() > 0 {
                    break;
                }
            }
        }
        found.each(|hit| hit.score *= 1.0 - IMPORTANCE + IMPORTANCE * importance(hit));
        found.best(limit)
    }

    /// The places in one of whose names what was typed begins with a word other than the first.
    fn inner<'a>(&'a self, folded: &str, wish: &Wish<'_>, limit: usize, found: &mut Found<'a>) {
        let most = limit.saturating_mul(MOST_EXAMINED);
        let places = match folded.rsplit_once(' ') {
            None => self.below_word(folded, limit * 2),
            Some((before, _)) => self.first_with_words(&before.split(' ').collect::<Vec<_>>(), most).unwrap_or_default(),
        };
        let needle = Needle::new(folded);
        for spot in places.into_iter().take(most).map(|place| self.spot(place)) {
            let Some((_, name)) = spot.named(&needle, Fit::Within, true) else { continue };
            let reason = "the beginning of a word in a name".to_owned();
            found.add(Hit::new(spot, name, Method::Prefix, score::WORD_PREFIX, reason).weighed(wish));
        }
    }

    /// The `limit` most important places where they should lie one of whose names begins with `folded`.
    pub(super) fn below_within(&self, folded: &str, wish: &Wish<'_>, limit: usize) -> Vec<u32> {
        let below = self.below(folded, limit, |place| wish.holds(self.spot(place)));
        let (true, Some(country)) = (!below.complete && below.real.len() < limit, wish.country) else { return below.real };
        // Many names begin so, few of them there: the country's own places are fewer than those names.
        let needle = Needle::new(folded);
        let begins = |place: &u32| self.spot(*place).named(&needle, Fit::Begins, true).is_some();
        let places = self.in_country(country).take(MOST_OF_COUNTRY).filter(|&place| wish.holds(self.spot(place)));
        places.filter(begins).take(limit).collect()
    }
}

/// From 0 to 1: by population, 1 from thirty million on, and for countries, whose people are not counted here.
fn importance(hit: &Hit<'_>) -> f64 {
    if hit.spot.level() == Level::Country {
        return 1.0;
    }
    (f64::from(hit.spot.population()) + 1.0).log10().min(7.5) / 7.5
}
