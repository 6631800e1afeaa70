//! What could be meant by what has been typed so far?
//!
//! How well a name fits is one half, how much its place matters the other (`pack::weight`: people times names, countries measured as
//! cities are). Looked at are the most important places with any name that begins so, and of more of them those that are shown by such a
//! name: of Latin letters every great city has some name in some language, and those alone would hide all others. The tables in the tests
//! below say for one, two and more letters of several scripts what has to stand among the first.

use std::{cmp::Reverse, collections::BinaryHeap};

use super::{
    Atlas, Hit, Spot, Wish,
    begun::{Begun, Known},
    fuzzy::most_slips,
    hit::{Found, Hits},
    needle::{Fit, Needle},
    phrase::readings,
    search::{BEGINNING, PART},
};
use crate::{
    gazetteer::{Method, candidate::score, fold, pack::abbreviates},
    model::Level,
};

/// What part of a suggestion's score its place's importance decides: who types "lon" means London rather than Lognes, which some call
/// Lon; less where the place's own name is typed whole, so that a hamlet called Lon is found at all.
const IMPORTANCE: f64 = 0.5;
const IMPORTANCE_OF_OWN: f64 = 0.3;
/// The weight of the most important places, as a power of ten: nearly three billion people times names. Moscow has 8.9, Norway 8.2, a
/// town of ten thousand with five names 4.8.
const MOST_WEIGHT: f64 = 9.5;
/// Where more is said than a name, what part of the best one's score shows that a place is not in another country.
const AS_SAID: f64 = 0.6;
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
        let whole = Whole::of(&folded);
        let mut all = Ranked { found: Found::default(), best: BinaryHeap::new(), limit, whole };
        self.each_whole(text.trim(), &folded, wish, limit.saturating_mul(MOST_WHOLE), &mut all);
        let begun = self.begun(&folded, limit);
        self.beginnings(&folded, wish, limit, &begun, &mut all);
        self.shown_so(&begun, wish, limit, &mut all);
        if all.found.len() < limit {
            self.inner(&folded, wish, limit, &mut all);
        }
        if all.found.len() == 0 {
            self.said_around(text, wish, &mut all);
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
        found.each(|hit| hit.score = whole.score(hit));
        found.best(limit)
    }

    /// The places that are meant by more than their name: "Gao, Mali", "camp de Gao".
    fn said_around<'a>(&'a self, text: &str, wish: &Wish<'_>, all: &mut Ranked<'a>) {
        let mut found = Found::default();
        readings(text).iter().skip(1).for_each(|reading| self.read(reading, PART, wish, &mut found));
        let hits = found.best(all.limit);
        let least = hits.first().map_or(0.0, |best| best.score * AS_SAID);
        hits.into_iter().filter(|hit| hit.score >= least).for_each(|hit| all.add(hit));
    }

    /// The places whose shown name begins so: what is best known for another name, in whatever language, may matter more than all of them.
    fn shown_so<'a>(&'a self, begun: &Begun, wish: &Wish<'_>, limit: usize, all: &mut Ranked<'a>) {
        for &Known { place, .. } in begun.first.iter().take(limit) {
            let spot = self.spot(place);
            if all.wants(spot, score::PREFIX)
                && let Some(name) = spot.name_at(0)
            {
                all.add(Hit::new(spot, name, Method::Prefix, score::PREFIX, BEGINNING.to_owned()).weighed(wish));
            }
        }
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
        let below = self.below(folded, limit, limit, |place| wish.holds(self.spot(place)));
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
    whole: Whole,
}

impl<'a> Hits<'a> for Ranked<'a> {
    fn wants(&self, spot: Spot<'_>, most: f64) -> bool {
        let method = if most >= score::FOLDED { Method::Name } else { Method::Prefix };
        self.best.len() < self.limit || self.best.peek().is_none_or(|least| (most * self.whole.part(spot, method)).to_bits() >= least.0)
    }

    fn add(&mut self, hit: Hit<'a>) {
        if !self.found.holds(hit.spot.rank()) {
            self.best.push(Reverse(self.whole.score(&hit).to_bits()));
            if self.best.len() > self.limit {
                self.best.pop();
            }
        }
        self.found.add(hit);
    }
}

/// How much a name counts that is typed whole, by how many letters that is: of a letter or two almost every one is the name of a hamlet,
/// or some city's in some language, and the beginning of what was meant.
#[derive(Debug, Clone, Copy)]
pub(super) struct Whole {
    /// What part of the score importance decides where it is the shown name.
    own: f64,
    /// What another name keeps of its score.
    other: f64,
}

impl Whole {
    pub(super) fn of(folded: &str) -> Self {
        // A character of Han or Hangul stands for a syllable or a word.
        let letters = folded.chars().map(|c| if matches!(c, '\u{3400}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}') { 2 } else { 1 });
        match letters.sum() {
            // The other name still scores what its beginning would.
            0..=2 => Self { own: 0.6, other: 0.82 },
            3 => Self { own: 0.45, other: 0.85 },
            _ => Self { own: IMPORTANCE_OF_OWN, other: 1.0 },
        }
    }

    /// What a suggestion keeps of its score; of an abbreviation that stands for a country, all but what importance decides.
    pub(super) fn score(self, hit: &Hit<'_>) -> f64 {
        let is_short = || hit.spot.level() == Level::Country && abbreviates(&hit.matched_name);
        let other = if hit.method == Method::Alias && hit.kind.is_real() && !is_short() { self.other } else { 1.0 };
        hit.score * other * self.part(hit.spot, hit.method)
    }

    fn part(self, spot: Spot<'_>, method: Method) -> f64 {
        let decided = if matches!(method, Method::Name | Method::Folded) { self.own } else { IMPORTANCE };
        1.0 - decided + decided * importance(spot)
    }
}

/// From 0 to 1, by weight.
fn importance(spot: Spot<'_>) -> f64 {
    (spot.weight().value() / std::f64::consts::LN_10 / MOST_WEIGHT).min(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gazetteer::atlas::shared;

    /// The first `limit` suggestions for what was typed, as `name country`; a country has a star in place of its code.
    fn suggested(typed: &str, limit: usize) -> Vec<String> {
        let name = |hit: Hit<'_>| {
            let country = if hit.spot.level() == Level::Country { "*" } else { hit.spot.country() };
            format!("{} {country}", hit.spot.name())
        };
        shared().suggest(typed, &Wish::default(), 10).into_iter().take(limit).map(name).collect()
    }

    /// What was typed, among how many, what has to stand there.
    type Expected = (&'static str, usize, &'static [&'static str]);

    /// One letter: the largest countries and the cities that everybody knows, neither kind before all of the other.
    const ONE_LETTER: [Expected; 22] = [
        ("a", 10, &["Argentina *", "Australia *", "Algeria *", "Alexandria EG"]),
        ("b", 10, &["Brazil *", "Bangladesh *", "Beijing CN", "Bangkok TH", "Belgium *"]),
        ("c", 10, &["China *", "Canada *", "Cairo EG"]),
        ("d", 10, &["Delhi IN", "Dhaka BD", "Dubai AE", "Denmark *"]),
        ("k", 10, &["Kenya *", "Karachi PK", "Kyiv UA"]),
        ("l", 5, &["London GB", "Lagos NG", "Los Angeles US"]),
        ("m", 10, &["Mexico *", "Mumbai IN", "Moscow RU", "Morocco *"]),
        ("n", 10, &["Nigeria *", "New York City US", "Nairobi KE", "Norway *"]),
        ("p", 10, &["Pakistan *", "Poland *", "Paris FR"]),
        ("s", 10, &["Shanghai CN", "Spain *", "São Paulo BR", "Seoul KR"]),
        ("t", 10, &["Turkey *", "Tokyo JP", "Tehran IR"]),
        ("u", 4, &["United States *", "United Kingdom *", "Ukraine *"]),
        ("v", 4, &["Vietnam *", "Venezuela *", "Vienna AT"]),
        // Moscow and Mexico in Russian, Kinshasa and China, Pakistan and Saint Petersburg by another of its names.
        ("м", 10, &["Moscow RU", "Mexico *", "Mumbai IN"]),
        ("с", 10, &["United States *", "Istanbul TR", "Seoul KR"]),
        ("к", 10, &["China *", "Kenya *", "Karachi PK"]),
        // Most countries have the article in Arabic.
        ("ا", 10, &["China *", "India *", "United States *"]),
        ("م", 10, &["Egypt *", "Mexico *", "Mumbai IN"]),
        ("中", 10, &["China *", "Zhongshan CN"]),
        ("北", 5, &["Beijing CN", "North Korea *"]),
        ("ニ", 3, &["New York City US", "Niger *"]),
        ("α", 6, &["Alexandria EG", "Saint Petersburg RU"]),
    ];

    /// Two letters: hamlets that are called so (Ål, Ba, Lo, Me) are no more likely meant than by one.
    const TWO_LETTERS: [Expected; 22] = [
        ("al", 4, &["Algeria *", "Alexandria EG", "Algiers DZ"]),
        ("ba", 3, &["Bangladesh *", "Bangkok TH", "Baghdad IQ"]),
        ("be", 8, &["Beijing CN", "Belgium *", "Berlin DE"]),
        ("ch", 4, &["China *", "Chile *"]),
        ("in", 2, &["India *", "Indonesia *"]),
        ("lo", 2, &["London GB", "Los Angeles US"]),
        ("ma", 3, &["Malaysia *", "Madagascar *", "Mali *"]),
        ("me", 3, &["Mexico *", "Mexico City MX", "Melbourne AU"]),
        ("mo", 3, &["Moscow RU", "Morocco *", "Mozambique *"]),
        ("ne", 3, &["Nepal *", "New York City US", "New Zealand *"]),
        ("no", 2, &["North Korea *", "Norway *"]),
        ("pa", 5, &["Pakistan *", "Paris FR"]),
        ("si", 3, &["Singapore *", "Singapore SG"]),
        ("sw", 2, &["Sweden *", "Switzerland *"]),
        ("ма", 4, &["Moscow RU", "Malaysia *", "Morocco *"]),
        ("мо", 2, &["Moscow RU", "Mozambique *"]),
        ("ге", 2, &["Germany *", "Helsinki FI"]),
        ("北京", 1, &["Beijing CN"]),
        ("東京", 1, &["Tokyo JP"]),
        ("کا", 3, &["Canada *"]),
        ("मु", 1, &["Mumbai IN"]),
        ("ته", 1, &["Tehran IR"]),
    ];

    /// More: the whole name of the place that is meant is not yet there, and short names of others are.
    const MORE_LETTERS: [Expected; 12] = [
        ("cai", 2, &["Cairo EG"]),
        ("cop", 1, &["Copenhagen DK"]),
        ("mun", 1, &["Munich DE"]),
        ("rom", 2, &["Rome IT", "Romania *"]),
        ("lon", 1, &["London GB"]),
        ("neth", 1, &["The Netherlands *"]),
        ("gao", 1, &["Gao ML"]),
        ("kidal", 1, &["Kidal ML"]),
        ("моск", 1, &["Moscow RU"]),
        ("герм", 1, &["Germany *"]),
        ("allema", 1, &["Germany *"]),
        ("القاهر", 1, &["Cairo EG"]),
    ];

    #[test]
    fn countries_and_cities_come_in_the_order_of_their_weight() {
        let mut missing = Vec::new();
        for (typed, limit, expected) in ONE_LETTER.into_iter().chain(TWO_LETTERS).chain(MORE_LETTERS) {
            let found = suggested(typed, limit);
            let absent = expected.iter().filter(|name| !found.iter().any(|found| found == *name)).collect::<Vec<_>>();
            if !absent.is_empty() {
                missing.push(format!("{typed}: no {absent:?} among {:?}", suggested(typed, 10)));
            }
        }
        assert!(missing.is_empty(), "{}", missing.join("\n"));
    }

    #[test]
    fn what_stands_around_a_name_is_understood() {
        for (typed, name) in [
            ("Gao, Mali", "Gao ML"),
            ("paris france", "Paris FR"),
            ("Paris, Texas", "Paris US"),
            ("Springfield, Illinois", "Springfield US"),
            ("camp de Gao", "Gao ML"),
            ("Лион, Франция", "Lyon FR"),
        ] {
            assert_eq!(suggested(typed, 1), [name], "{typed}");
        }
        assert_eq!(suggested("Gao, Mali", 10), ["Gao ML", "Gao ML"], "the town, its region, and nothing elsewhere");
    }

    #[test]
    fn abbreviations_of_countries_are_found_whole_and_by_nothing_less() {
        for (typed, name) in [
            ("USA", "United States *"),
            ("usa", "United States *"),
            ("US", "United States *"),
            ("uk", "United Kingdom *"),
            ("UAE", "United Arab Emirates *"),
            ("ABD", "United States *"),
            ("EEUU", "United States *"),
            ("сша", "United States *"),
            ("КНДР", "North Korea *"),
            ("RDC", "Democratic Republic of the Congo *"),
        ] {
            assert_eq!(suggested(typed, 1), [name], "{typed}");
            let hit = &shared().search(typed, &Wish::default(), 1)[0];
            assert_eq!((hit.spot.level(), hit.matched_name.to_lowercase()), (Level::Country, typed.to_lowercase()));
        }
        for typed in ["a", "ab", "u", "us", "e", "ee", "с", "сш", "k", "ks", "к", "v", "va"] {
            let short = |hit: &Hit<'_>| abbreviates(&hit.matched_name) && fold(&hit.matched_name) != typed;
            let hits = shared().suggest(typed, &Wish::default(), 10);
            let first = hits.iter().position(short).unwrap_or(hits.len());
            assert!(hits[first..].iter().all(|hit| short(hit) || !hit.kind.is_real()), "{typed}: {:?}", suggested(typed, 10));
        }
    }
}
