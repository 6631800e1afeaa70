//! What could be meant by what has been typed so far?

use std::{cmp::Reverse, collections::BinaryHeap};

use super::{
    Atlas, Hit, Spot, Wish,
    begun::Known,
    fuzzy::most_slips,
    hit::{Found, Hits},
    needle::{Fit, Needle},
};
use crate::{
    gazetteer::{Method, candidate::score, fold},
    model::Level,
};

/// What part of a suggestion's score its place's importance decides: who types "lon" means London rather than Lognes, which some call
/// Lon; less where the place's own name is typed whole, so that a hamlet called Lon is found at all.
const IMPORTANCE: f64 = 0.5;
const IMPORTANCE_OF_OWN: f64 = 0.3;
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
        let mut all = Ranked { found: Found::default(), best: BinaryHeap::new(), limit };
        self.each_whole(text.trim(), &folded, wish, limit.saturating_mul(MOST_WHOLE), &mut all);
        self.beginnings(&folded, wish, limit, score::PREFIX, &mut all);
        if all.found.len() < limit {
            self.inner(&folded, wish, limit, &mut all);
        }
        if all.found.len() == 0 {
            for slips in 1..=most_slips(folded.chars().count()) {
                self.fuzzy(&folded, slips, wish).into_iter().for_each(|hit| all.add(hit));
                if all.found.len() > 0 {
                    break;
                }
            }
        }
        let mut found = all.found;
        found.each(|hit| hit.score *= part(hit.spot, hit.method));
        found.best(limit)
    }

    /// The places in one of whose names what was typed begins with a word other than the first.
    fn inner<'a>(&'a self, folded: &str, wish: &Wish<'_>, limit: usize, all: &mut Ranked<'a>) {
        let most = limit.saturating_mul(MOST_EXAMINED);
        let places = match folded.rsplit_once(' ') {
            None => self.begun_within(folded, limit),
            Some((before, last)) => {
                let places = self.with_words_and_beginning(&before.split(' ').collect::<Vec<_>>(), last, most);
                places.into_iter().map(Known::open).collect()
            }
        };
        let needle = Needle::new(folded);
        for known in places {
            let spot = self.spot(known.place);
            if !all.wants(spot, score::WORD_PREFIX) {
                continue;
            }
            let Some((_, name)) = known.named(spot, &needle, Fit::Within, true) else { continue };
            let reason = "the beginning of a word in a name".to_owned();
            all.add(Hit::new(spot, name, Method::Prefix, score::WORD_PREFIX, reason).weighed(wish));
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

/// Suggestions so far, and how good one must be to be among the best: a look at a place's names costs more than all else.
struct Ranked<'a> {
    found: Found<'a>,
    /// Final scores of the best `limit` places, none of which gets less, as bits: of numbers that are not negative the order is the same.
    best: BinaryHeap<Reverse<u64>>,
    limit: usize,
}

impl<'a> Hits<'a> for Ranked<'a> {
    fn wants(&self, spot: Spot<'_>, most: f64) -> bool {
        let method = if most >= score::FOLDED { Method::Name } else { Method::Prefix };
        self.best.len() < self.limit || self.best.peek().is_none_or(|least| (most * part(spot, method)).to_bits() >= least.0)
    }

    fn add(&mut self, hit: Hit<'a>) {
        if !self.found.holds(hit.spot.rank()) {
            self.best.push(Reverse((hit.score * part(hit.spot, hit.method)).to_bits()));
            if self.best.len() > self.limit {
                self.best.pop();
            }
        }
        self.found.add(hit);
    }
}

/// What a suggestion keeps of its score.
pub(super) fn part(spot: Spot<'_>, method: Method) -> f64 {
    let decided = if matches!(method, Method::Name | Method::Folded) { IMPORTANCE_OF_OWN } else { IMPORTANCE };
    1.0 - decided + decided * importance(spot)
}

/// From 0 to 1: by population, 1 from thirty million on, and for countries, whose people are not counted here.
fn importance(spot: Spot<'_>) -> f64 {
    if spot.level() == Level::Country {
        return 1.0;
    }
    (f64::from(spot.population()) + 1.0).log10().min(7.5) / 7.5
}
