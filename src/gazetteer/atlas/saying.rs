//! Names that say some words: what `q` of a collection asks.

use bytes::Bytes;
use fst::{IntoStreamer, Streamer, raw::Fst};

use super::{
    Atlas, list,
    needle::{Fit, Needle},
};
use crate::gazetteer::{
    fold,
    pack::{Section, encode},
};

impl Atlas {
    /// The places one of whose names, of those that people use, says `phrase`: its words stand together in this order, the last may be
    /// the beginning of one. Every one of them, most important first.
    ///
    /// Cost: O(n) for n names or words that begin with the last word of the phrase, or that have the others.
    ///
    /// # Example
    /// ```
    /// use harmattan::gazetteer::Atlas;
    /// let atlas = Atlas::embedded();
    /// let names = |phrase| atlas.saying(phrase).len();
    /// assert!(names("bel abb") > 0 && names("abb bel") == 0);
    /// ```
    pub fn saying(&self, phrase: &str) -> Vec<u32> {
        let phrase = fold(phrase);
        if phrase.is_empty() {
            return Vec::new();
        }
        let mut places = Set::new(self.len());
        let postings = self.section(Section::Postings);
        each_below(&self.keys, &encode(&phrase), |at| list::visit(postings, at, |place, junk| !junk && places.add(place)));
        match phrase.rsplit_once(' ') {
            None => {
                let postings = self.section(Section::WordPostings);
                each_below(&self.words, &encode(&phrase), |at| {
                    list::of_word(postings, at, usize::MAX).into_iter().for_each(|place| {
                        places.add(place);
                    })
                });
            }
            Some((whole, _)) => {
                let needle = Needle::new(&phrase);
                let says = |place: &u32| self.spot(*place).named(&needle, Fit::Within, true).is_some();
                let candidates = self.with_words(&whole.split(' ').collect::<Vec<_>>()).unwrap_or_default();
                candidates.into_iter().filter(says).for_each(|place| {
                    places.add(place);
                });
            }
        }
        places.into_sorted()
    }
}

/// Shows the output of every key that begins with `prefix`.
fn each_below(index: &Fst<Bytes>, prefix: &[u8], mut show: impl FnMut(u64)) {
    let mut keys = index.range().ge(prefix).into_stream();
    while let Some((key, output)) = keys.next() {
        if !key.starts_with(prefix) {
            return;
        }
        show(output.value());
    }
}

/// Places, a bit for each.
struct Set(Vec<u64>);

impl Set {
    fn new(places: usize) -> Self {
        Self(vec![0; places.div_ceil(64)])
    }

    /// Always `true`: more are wanted.
    fn add(&mut self, place: u32) -> bool {
        if let Some(word) = self.0.get_mut(place as usize / 64) {
            *word |= 1 << (place % 64);
        }
        true
    }

    fn into_sorted(self) -> Vec<u32> {
        let bits = |(word, start): (u64, u32)| (0..64).filter(move |bit| word >> bit & 1 == 1).map(move |bit| start + bit);
        self.0.into_iter().zip((0..).step_by(64)).filter(|(word, _)| *word != 0).flat_map(bits).collect()
    }
}
