//! One ranking out of every way to find a name.

use super::{
    Atlas, Hit, Spot, Wish,
    begun::{Begun, Known},
    fuzzy::most_slips,
    hit::{Found, Hits},
    needle::{Fit, Needle},
    phrase::{Reading, readings},
    renown,
};
use crate::gazetteer::{FLOOR, Method, candidate::score, fold};

/// Why such a place was found.
pub(super) const BEGINNING: &str = "the beginning of a name";
/// The beginning of a name that is not the first of its place keeps this part of its score.
const OTHER_NAME: f64 = 0.85;
/// A name taken out of what was typed keeps this part of its score.
pub(super) const PART: f64 = 0.97;
/// One that is no more than some of the words typed.
const SOME_WORDS: f64 = 0.6;
/// Longest query with several words that is taken apart.
const MOST_WORDS: usize = 8;

impl Atlas {
    /// The places that `text` may mean, best first.
    ///
    /// By score: the name as written (1), folded (0.97), another name (0.95, 0.92), the same words in another order (0.85), slips of the
    /// pen (up to 0.86, by what part of the letters is right), the beginning of a name (0.75), some of its words (0.6), then what only
    /// machines call so; each times what the context leaves of it. Where the context does not say where, another name of a place with a
    /// hundred times the people of any that is called so first scores as its first name would. Slips are looked for only where no name
    /// fits whole. Homonyms all come back; among equal scores the more important place stands first, which decides nothing but that order.
    ///
    /// # Example
    /// ```
    /// use harmattan::gazetteer::{Atlas, Wish};
    /// let atlas = Atlas::embedded();
    /// let mali = Wish { country: Some("ML"), ..Wish::default() };
    /// assert_eq!(atlas.search("Tombouctou", &mali, 1)[0].spot.name(), "Timbuktu");
    /// assert_eq!(atlas.search("Tombuoctou", &mali, 1)[0].spot.name(), "Timbuktu");
    /// assert!(atlas.search("", &mali, 1).is_empty());
    /// ```
    pub fn search(&self, text: &str, wish: &Wish<'_>, limit: usize) -> Vec<Hit<'_>> {
        let readings = readings(text);
        let plain = &readings[0];
        if plain.folded.is_empty() || limit == 0 {
            return Vec::new();
        }
        let mut found = Found::default();
        for (reading, part) in readings.iter().zip(std::iter::once(1.0).chain(std::iter::repeat(PART))) {
            self.read(reading, part, wish, &mut found);
        }
        self.any_order(&plain.folded, wish).into_iter().for_each(|hit| found.add(hit));
        let good = is_good(&found, wish);
        if !good {
            self.misspelt(&readings, wish, &mut found);
        }
        if !good || found.len() < limit {
            self.beginnings(&plain.folded, wish, limit, &self.begun(&plain.folded, limit), &mut found);
        }
        if found.len() == 0 {
            self.some_words(&plain.folded, wish, &mut found);
        }
        found.best(limit)
    }

    /// The places that one way of reading means.
    pub(super) fn read<'a>(&'a self, reading: &Reading, part: f64, wish: &Wish<'_>, found: &mut Found<'a>) {
        let mut wish = Wish { level: reading.level.or(wish.level), ..*wish };
        let country = reading.within.as_deref().map(|within| self.country(within));
        // What stands last may be a region, which only places in it may have; where it is neither region nor country, it is part of the name.
        let region = |spot: Spot<'_>| match &reading.within {
            Some(within) if country == Some(None) && spot.region().is_some_and(|region| fold(region) == *within) => true,
            _ => reading.code.as_deref().is_some_and(|code| code == spot.admin1()),
        };
        if country == Some(None) || reading.code.is_some() {
            let hits = self.whole(&reading.typed, &reading.folded, &wish);
            hits.into_iter().filter(|hit| region(hit.spot)).for_each(|hit| found.add(Hit { score: hit.score * part, ..hit }));
        }
        match country {
            Some(None) => return,
            Some(Some(code)) => wish.country = Some(code),
            None => {}
        }
        let mut hits = self.whole(&reading.typed, &reading.folded, &wish);
        renown::lift(&mut hits, &wish);
        hits.into_iter().for_each(|hit| found.add(Hit { score: hit.score * part, ..hit }));
    }

    /// Slips of the pen: one, and where none leads to a place where it should lie, two.
    fn misspelt<'a>(&'a self, readings: &[Reading], wish: &Wish<'_>, found: &mut Found<'a>) {
        for reading in readings.iter().filter(|reading| reading.within.is_none()) {
            let wish = Wish { level: reading.level.or(wish.level), ..*wish };
            for slips in 1..=most_slips(reading.folded.chars().count()) {
                let hits = self.fuzzy(&reading.folded, slips, &wish);
                let enough = hits.iter().any(|hit| wish.holds(hit.spot));
                hits.into_iter().for_each(|hit| found.add(hit));
                if enough {
                    break;
                }
            }
        }
    }

    /// The places with a name that begins with what was typed.
    pub(super) fn beginnings<'a>(&'a self, folded: &str, wish: &Wish<'_>, limit: usize, begun: &Begun, found: &mut impl Hits<'a>) {
        let needle = Needle::new(folded);
        let mut add = |known: Known, junk: bool| {
            let spot = self.spot(known.place);
            if !found.wants(spot, if junk { score::SHORT_PREFIX } else { score::PREFIX }) {
                return;
            }
            let Some((index, name)) = known.named(spot, &needle, Fit::Begins, !junk) else { return };
            let score = match (junk, index) {
                (true, _) if name.kind.is_real() => score::SHORT_PREFIX,
                (true, _) => score::JUNK_PREFIX,
                (false, 0) => score::PREFIX,
                (false, _) => score::PREFIX * OTHER_NAME,
            };
            found.add(Hit::new(spot, name, Method::Prefix, score, BEGINNING.to_owned()).weighed(wish));
        };
        if wish.is_somewhere() {
            self.below_within(folded, wish, limit).into_iter().for_each(|place| add(Known::open(place), false));
        }
        begun.real.iter().take(limit).for_each(|&known| add(known, false));
        if begun.real.len() < limit {
            begun.junk.iter().take(limit).for_each(|&known| add(known, true));
        }
    }

    /// Where the name as a whole is nowhere: the longest run of its words that is a name.
    fn some_words<'a>(&'a self, folded: &str, wish: &Wish<'_>, found: &mut Found<'a>) {
        let words = folded.split(' ').collect::<Vec<_>>();
        if words.len() > MOST_WORDS {
            return;
        }
        for length in (1..words.len()).rev() {
            for run in words.windows(length).map(|run| run.join(" ")).filter(|run| run.chars().count() > 2) {
                for hit in self.whole("", &run, wish) {
                    let reason = format!("some of the words: {}", hit.reason);
                    found.add(Hit { score: hit.score * SOME_WORDS, reason, method: Method::Words, ..hit });
                }
            }
            if found.len() > 0 {
                return;
            }
        }
    }
}

/// Whether a name that people use fits whole, where it should lie.
fn is_good(found: &Found<'_>, wish: &Wish<'_>) -> bool {
    found.iter().any(|hit| hit.score >= FLOOR && hit.kind.is_real() && wish.holds(hit.spot))
}
