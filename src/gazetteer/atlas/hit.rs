//! A place that was found by a name.

use std::{
    cmp::Ordering,
    collections::HashMap,
    hash::{BuildHasherDefault, Hasher},
};

use super::{
    AtlasName, Spot, Wish,
    wish::{OTHER_TIME, span},
};
use crate::{gazetteer::Method, model::NameKind};

/// A place, and how well a name fits it.
#[derive(Debug, Clone, PartialEq)]
pub struct Hit<'a> {
    /// The place.
    pub spot: Spot<'a>,
    /// Which of its names fits.
    pub matched_name: String,
    /// Language of that name, where known.
    pub language: Option<&'a str>,
    /// What sort of name that is.
    pub kind: NameKind,
    /// First and last year in which the place was called so, where known.
    pub name_years: Option<(i16, i16)>,
    /// How it fits.
    pub method: Method,
    /// How well, from 0 to 1: the same match in the same context always has the same score.
    pub score: f64,
    /// The same in words, for people.
    pub reason: String,
}

/// A name in another language than wished keeps this part of its score.
const OTHER_LANGUAGE: f64 = 0.98;

impl<'a> Hit<'a> {
    pub(super) fn new(spot: Spot<'a>, name: AtlasName<'a>, method: Method, score: f64, reason: String) -> Self {
        Self { spot, matched_name: name.text, language: name.language, kind: name.kind, name_years: name.years, method, score, reason }
    }

    /// The hit in the light of the context.
    pub(super) fn weighed(mut self, wish: &Wish<'_>) -> Self {
        let mut reasons = Vec::new();
        self.score *= wish.weigh(self.spot, |why| reasons.push(why));
        if let (Some(wanted), Some(language)) = (wish.lang, self.language)
            && wanted != language
        {
            self.score *= OTHER_LANGUAGE;
        }
        if let (Some(year), Some((first, last))) = (wish.year, self.name_years)
            && !(first..=last).contains(&year)
        {
            self.score *= OTHER_TIME;
            reasons.push(format!("called so {}, not in {year}", span(first, last)));
        }
        for why in reasons {
            self.reason.push_str("; ");
            self.reason.push_str(&why);
        }
        self
    }

    /// Better hits first; where two are alike, the more important place.
    pub(super) fn order(&self, other: &Self) -> Ordering {
        other.score.total_cmp(&self.score).then(self.spot.rank().cmp(&other.spot.rank()))
    }
}

/// Hits so far: each place once, by its best match.
#[derive(Debug, Default)]
pub(super) struct Found<'a> {
    by_place: HashMap<u32, Hit<'a>, BuildHasherDefault<Spread>>,
}

/// Where hits go.
pub(super) trait Hits<'a> {
    /// Whether a match of this score, before the context is weighed, is worth a look at the place's names.
    fn wants(&self, spot: Spot<'_>, most: f64) -> bool;
    /// Takes a hit.
    fn add(&mut self, hit: Hit<'a>);
}

impl<'a> Hits<'a> for Found<'a> {
    fn wants(&self, _: Spot<'_>, _: f64) -> bool {
        true
    }

    fn add(&mut self, hit: Hit<'a>) {
        match self.by_place.get(&hit.spot.rank()) {
            Some(known) if known.score >= hit.score => {}
            _ => {
                self.by_place.insert(hit.spot.rank(), hit);
            }
        }
    }
}

impl<'a> Hits<'a> for Vec<Hit<'a>> {
    fn wants(&self, _: Spot<'_>, _: f64) -> bool {
        true
    }

    fn add(&mut self, hit: Hit<'a>) {
        self.push(hit);
    }
}

/// Spreads ranks over a table (Fibonacci hashing): nobody chooses which ranks the places have that a name leads to.
#[derive(Debug, Default)]
struct Spread(u64);

impl Hasher for Spread {
    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|&byte| self.write_u32(byte.into()));
    }

    fn write_u32(&mut self, rank: u32) {
        self.0 = (self.0.rotate_left(32) ^ u64::from(rank)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }

    fn finish(&self) -> u64 {
        // The table looks at the lowest bits and the highest; the product is mixed best in its upper half.
        self.0 ^ (self.0 >> 32)
    }
}

impl<'a> Found<'a> {
    pub(super) fn len(&self) -> usize {
        self.by_place.len()
    }

    pub(super) fn holds(&self, place: u32) -> bool {
        self.by_place.contains_key(&place)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Hit<'a>> {
        self.by_place.values()
    }

    /// Changes every hit.
    pub(super) fn each(&mut self, change: impl FnMut(&mut Hit<'a>)) {
        self.by_place.values_mut().for_each(change);
    }

    /// The best `limit`, in order.
    pub(super) fn best(self, limit: usize) -> Vec<Hit<'a>> {
        let mut hits = self.by_place.into_values().collect::<Vec<_>>();
        hits.sort_unstable_by(Hit::order);
        hits.truncate(limit);
        hits
    }
}
