//! Beginnings of few letters, kept once they were searched.
//!
//! Everybody types those, they have the most below them, and what stands there are the cities with a hundred names in forty scripts:
//! which of those names it was costs more to find than the places.

use std::{
    collections::HashMap,
    sync::{Arc, OnceLock, PoisonError, RwLock},
};

use super::{
    Atlas, AtlasName, Spot,
    needle::{Fit, Needle},
    prefix::Below,
};

/// Beginnings that are kept: of so many letters at the most, so many places of each, so many in all (four megabytes).
const KEPT_LETTERS: usize = 4;
const KEPT_PLACES: usize = 10;
const MOST_KEPT: usize = 16_384;
/// Of so many letters they are kept though there are fewer places below: other scripts than Latin have many letters, and names of two.
const KEPT_IF_FEW: usize = 2;
/// Places with a word that begins so, for each one that is wanted.
const WITHIN: usize = 2;
/// Places among which those are looked for whose shown name begins so, where there are so few letters that the large cities' names in
/// other languages would hide them.
const WIDE: usize = 50;

/// All that is kept.
pub(super) type Kept = RwLock<HashMap<Box<str>, Arc<Begun>>>;

/// What was found below a beginning, the most important first.
#[derive(Debug, Default)]
pub(super) struct Begun {
    /// Places with a name that people use and that begins so.
    pub(super) real: Vec<Known>,
    /// Those among the [`WIDE`] most important whose shown name does.
    pub(super) first: Vec<Known>,
    /// Places that only machines call so, or of which it is an abbreviation.
    pub(super) junk: Vec<Known>,
    /// Places in one of whose names another word than the first begins so; searched when they are first asked for.
    within: OnceLock<Vec<Known>>,
}

/// A place, and which of its names it was.
#[derive(Debug, Clone, Copy)]
pub(super) struct Known {
    /// The place.
    pub(super) place: u32,
    which: Which,
}

#[derive(Debug, Clone, Copy)]
enum Which {
    /// Nobody has looked.
    Open,
    /// None that is stored.
    Missing,
    /// The one with this index.
    At(u8),
}

impl Known {
    /// A place whose name nobody has looked for.
    pub(super) fn open(place: u32) -> Self {
        Self { place, which: Which::Open }
    }

    fn looked_up(self, atlas: &Atlas, needle: &Needle<'_>, fit: Fit, real: bool) -> Self {
        let index = atlas.spot(self.place).named(needle, fit, real).and_then(|(index, _)| u8::try_from(index).ok());
        Self { which: index.map_or(Which::Missing, Which::At), ..self }
    }

    /// The name and its index, as [`Spot::named`] finds it.
    pub(super) fn named<'a>(self, spot: Spot<'a>, needle: &Needle<'_>, fit: Fit, real: bool) -> Option<(usize, AtlasName<'a>)> {
        match self.which {
            Which::Open => spot.named(needle, fit, real),
            Which::Missing => None,
            Which::At(index) => Some((index.into(), spot.name_at(index.into())?)),
        }
    }
}

impl Atlas {
    /// The most important places one of whose names begins with `folded`: `limit` of them and perhaps more.
    pub(super) fn begun(&self, folded: &str, limit: usize) -> Arc<Begun> {
        if folded.chars().nth(KEPT_LETTERS).is_some() {
            return Arc::new(Begun::of(self.below(folded, limit, limit, |_| true)));
        }
        if limit > KEPT_PLACES {
            return Arc::new(Begun::of(self.below(folded, limit, WIDE, |_| true)));
        }
        // Nothing is half-changed where a panic poisons the lock: values are whole before they are put in.
        if let Some(begun) = self.kept.read().unwrap_or_else(PoisonError::into_inner).get(folded) {
            return Arc::clone(begun);
        }
        let mut begun = Begun::of(self.below(folded, KEPT_PLACES, WIDE, |_| true));
        let few = folded.chars().nth(KEPT_IF_FEW).is_none() && begun.real.len() + begun.junk.len() > 0;
        if begun.real.len() < KEPT_PLACES && !few {
            return Arc::new(begun);
        }
        let needle = Needle::new(folded);
        for (places, real) in [(&mut begun.real, true), (&mut begun.junk, false)] {
            places.iter_mut().for_each(|known| *known = known.looked_up(self, &needle, Fit::Begins, real));
        }
        let begun = Arc::new(begun);
        let mut kept = self.kept.write().unwrap_or_else(PoisonError::into_inner);
        if kept.len() < MOST_KEPT {
            kept.insert(folded.into(), Arc::clone(&begun));
        }
        begun
    }

    /// The most important places in one of whose names a word begins with `folded`, a word.
    pub(super) fn begun_within(&self, folded: &str, limit: usize) -> Vec<Known> {
        let search = |limit: usize| self.below_word(folded, limit * WITHIN).into_iter().map(Known::open);
        let kept = || self.kept.read().unwrap_or_else(PoisonError::into_inner).get(folded).map(Arc::clone);
        match Some(limit).filter(|&limit| limit <= KEPT_PLACES).and_then(|_| kept()) {
            None => search(limit).collect(),
            Some(begun) => {
                let needle = Needle::new(folded);
                let all = begun
                    .within
                    .get_or_init(|| search(KEPT_PLACES).map(|known| known.looked_up(self, &needle, Fit::Within, true)).collect());
                all.iter().take(limit * WITHIN).copied().collect()
            }
        }
    }
}

impl Begun {
    fn of(below: Below) -> Self {
        let open = |places: Vec<u32>| places.into_iter().map(Known::open).collect();
        let first = below.first.into_iter().map(|place| Known { place, which: Which::At(0) }).collect();
        Self { real: open(below.real), first, junk: open(below.junk), within: OnceLock::new() }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::{
        Hit, Wish,
        hit::{Found, Hits},
        laws::entries,
        tests::packed,
    };
    use super::*;
    use crate::{
        gazetteer::{
            Method,
            candidate::score,
            fold,
            pack::{Entry, EntryName, NameCode, abbreviates},
        },
        model::{Bbox, Level, Position},
    };

    /// What sort of name fits.
    #[derive(Clone, Copy, PartialEq)]
    enum Sort {
        /// One that people use.
        Real,
        /// One that people use for the beginning of it too: no abbreviation of a country.
        Long,
        /// A code.
        Code,
        /// A code, or an abbreviation of a country that has no longer name that fits.
        Short,
    }

    impl Sort {
        fn takes(self, spot: Spot<'_>, name: &AtlasName<'_>) -> bool {
            let is_short = spot.level() == Level::Country && abbreviates(&name.text);
            match self {
                Self::Real => name.kind.is_real(),
                Self::Long => name.kind.is_real() && !is_short,
                Self::Code => !name.kind.is_real(),
                Self::Short => !name.kind.is_real() || is_short,
            }
        }
    }

    fn bears(spot: Spot<'_>, sort: Sort, fits: &dyn Fn(&str) -> bool) -> bool {
        spot.names().any(|name| sort.takes(spot, &name) && fits(&fold(&name.text)))
    }

    /// Places one of whose names of a sort folds to what `fits` takes, most important first.
    fn scan<'a>(atlas: &'a Atlas, sort: Sort, fits: &dyn Fn(&str) -> bool) -> Vec<Spot<'a>> {
        let is_code = |spot: Spot<'_>| bears(spot, Sort::Code, fits) || !bears(spot, Sort::Long, fits);
        atlas.iter().filter(|&spot| bears(spot, sort, fits) && (sort != Sort::Short || is_code(spot))).collect()
    }

    /// Adds a hit for each of these places, by the first of its names that fits.
    fn add<'a>(
        found: &mut Found<'a>,
        wish: &Wish<'_>,
        spots: &[Spot<'a>],
        sort: Sort,
        fits: &dyn Fn(&str) -> bool,
        score: &dyn Fn(usize, &AtlasName<'_>) -> (Method, f64),
    ) {
        for &spot in spots {
            let named = spot.names().enumerate().find(|(_, name)| sort.takes(spot, name) && fits(&fold(&name.text)));
            let (index, name) = named.expect("it was found by one");
            let (method, score) = score(index, &name);
            found.add(Hit::new(spot, name, method, score, String::new()).weighed(wish));
        }
    }

    /// What a suggestion is, without an index: the places of that name, those with names that begin so, more of those whose shown name
    /// does, then, where these are few, those in whose names a word does. `None` where slips of the pen are looked for.
    fn naive<'a>(atlas: &'a Atlas, text: &str, wish: &Wish<'_>, limit: usize) -> Option<Vec<(Spot<'a>, String, f64)>> {
        let folded = fold(text);
        let mut found = Found::default();
        let whole = |name: &str| name == folded;
        let begins = |name: &str| name.starts_with(&folded);
        let within = |name: &str| name.match_indices(&folded).any(|(at, _)| at > 0 && name.as_bytes()[at - 1] == b' ');
        let mut homonyms = scan(atlas, Sort::Real, &whole);
        if *wish != Wish::default() {
            homonyms.sort_by(|a, b| wish.weigh(*b, |_| {}).total_cmp(&wish.weigh(*a, |_| {})));
        }
        homonyms.truncate(limit * 5);
        add(&mut found, wish, &homonyms, Sort::Real, &whole, &|index, name| match (index, name.text == text.trim()) {
            (0, true) => (Method::Name, score::NAME),
            (0, false) => (Method::Folded, score::FOLDED),
            (_, true) => (Method::Alias, score::ALIAS),
            (_, false) => (Method::Alias, score::FOLDED_ALIAS),
        });
        let codes = scan(atlas, Sort::Code, &whole);
        add(&mut found, wish, &codes[..codes.len().min(limit * 5)], Sort::Code, &whole, &|_, _| (Method::Alias, score::CODE));
        let beginning = |index: usize, _: &AtlasName<'_>| (Method::Prefix, if index == 0 { score::PREFIX } else { score::PREFIX * 0.85 });
        let all = scan(atlas, Sort::Long, &begins);
        if wish.is_somewhere() {
            let there = all.iter().copied().filter(|spot| wish.holds(*spot)).take(limit).collect::<Vec<_>>();
            add(&mut found, wish, &there, Sort::Long, &begins, &beginning);
        }
        add(&mut found, wish, &all[..all.len().min(limit)], Sort::Long, &begins, &beginning);
        if all.len() < limit {
            let codes = scan(atlas, Sort::Short, &begins);
            let score =
                |_, name: &AtlasName<'_>| (Method::Prefix, if name.kind.is_real() { score::SHORT_PREFIX } else { score::JUNK_PREFIX });
            add(&mut found, wish, &codes[..codes.len().min(limit)], Sort::Short, &begins, &score);
        }
        let shown = |spot: &Spot<'_>| spot.names().next().is_some_and(|name| Sort::Long.takes(*spot, &name) && begins(&fold(&name.text)));
        let wide = if folded.chars().count() > KEPT_LETTERS { 0 } else { WIDE };
        let shown = all.iter().copied().take(wide).filter(shown).take(limit).collect::<Vec<_>>();
        add(&mut found, wish, &shown, Sort::Long, &begins, &beginning);
        if found.len() < limit {
            let of_words = scan(atlas, Sort::Real, &|name| name.contains(' ') && name.split(' ').any(|word| word.starts_with(&folded)));
            let mut spots = of_words[..of_words.len().min(limit * 2)].to_vec();
            spots.retain(|spot| spot.names().any(|name| name.kind.is_real() && within(&fold(&name.text))));
            add(&mut found, wish, &spots, Sort::Real, &within, &|_, _| (Method::Prefix, score::WORD_PREFIX));
        }
        if found.len() == 0 {
            return None;
        }
        found.each(|hit| hit.score = super::super::suggest::Whole::of(&folded).score(hit));
        Some(found.best(limit).into_iter().map(|hit| (hit.spot, hit.matched_name, hit.score)).collect())
    }

    fn wishes() -> impl Strategy<Value = Wish<'static>> {
        let somewhere = Wish { bbox: Bbox::new(-90.0, -45.0, 90.0, 45.0).ok(), ..Wish::default() };
        prop_oneof![
            Just(Wish::default()),
            Just(Wish { country: Some("ML"), ..Wish::default() }),
            Just(somewhere),
            Just(Wish { near: Some(Position { lon: 0.0, lat: 10.0 }), lang: Some("fr"), ..Wish::default() }),
        ]
    }

    /// The same as a country, with abbreviations.
    fn country(mut entry: Entry) -> Entry {
        entry.level = 3;
        entry.names.extend(["AB", "ÁBA", "ba ÁÁ"].map(|text| EntryName::new(text, NameCode::Preferred)));
        entry
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 256, ..ProptestConfig::default() })]

        /// Asked anew and again, with any context and limit, one after the other: what is kept changes no answer.
        #[test]
        fn suggestions_equal_the_naive_answer(
            entries in entries(),
            asked in proptest::collection::vec(("[abÁ京]{1,6}", wishes(), prop_oneof![1usize..5, Just(10), Just(11)]), 1..8),
        ) {
            let atlas = packed(entries.into_iter().enumerate().map(|(id, entry)| if id % 4 == 0 { country(entry) } else { entry }).collect());
            for (text, wish, limit) in asked.iter().chain(&asked) {
                let Some(expected) = naive(&atlas, text, wish, *limit) else { continue };
                let hits = atlas.suggest(text, wish, *limit);
                let found = hits.into_iter().map(|hit| (hit.spot, hit.matched_name, hit.score)).collect::<Vec<_>>();
                prop_assert_eq!(found, expected, "{} {:?} {}", text, wish, limit);
            }
        }
    }

    #[test]
    fn letters_of_every_script_are_kept_and_answer_as_before() {
        let atlas = super::super::shared();
        let anywhere = Wish::default();
        for letter in ["a", "é", "м", "Ω", "京", "ا", "바", "カ", "ა", "ก", "ሀ"] {
            let first = atlas.suggest(letter, &anywhere, 10);
            assert!(!first.is_empty(), "{letter}");
            assert!(atlas.kept.read().unwrap().contains_key(fold(letter).as_str()), "{letter}");
            assert_eq!(atlas.suggest(letter, &anywhere, 10), first);
            // More than are kept are searched.
            let more = atlas.suggest(letter, &anywhere, 11);
            assert!(first.iter().all(|hit| more.iter().any(|other| other.spot == hit.spot)), "{letter}");
        }
    }
}
