//! Names with several words: in any order, and within.

use super::{Atlas, AtlasName, Hit, Spot, Wish, list};
use crate::gazetteer::{
    Method, fold,
    pack::{Section, encode},
};

/// The same words in another order; those words and others.
const ORDER: f64 = 0.85;
const MORE: f64 = 0.6;
/// Most words looked at, and most places whose names are.
const MOST_WORDS: usize = 8;
const MOST_EXAMINED: usize = 1_000;
/// Most places of a word, and of all words that begin as the last one typed, where that is yet to be finished.
const MOST_OF_WORD: usize = 5_000;
const MOST_READ: usize = 2_000;

impl Atlas {
    /// The places with a name that has all words of `folded`, in whatever order.
    pub(super) fn any_order(&self, folded: &str, wish: &Wish<'_>) -> Vec<Hit<'_>> {
        let mut words = folded.split(' ').collect::<Vec<_>>();
        words.sort_unstable();
        if words.len() < 2 || words.len() > MOST_WORDS {
            return Vec::new();
        }
        let Some(mut places) = self.with_words(&words) else { return Vec::new() };
        if wish.is_somewhere() {
            places.sort_by_key(|&place| !wish.holds(self.spot(place)));
        }
        places.truncate(MOST_EXAMINED);
        places.into_iter().filter_map(|place| any_order_hit(self.spot(place), &words)).map(|hit| hit.weighed(wish)).collect()
    }

    /// The places whose names together have all words, most important first; `None` where a word is in no name.
    pub(super) fn with_words(&self, words: &[&str]) -> Option<Vec<u32>> {
        self.first_with_words(words, usize::MAX)
    }

    /// The places whose names together have all words and one that begins so, most important first, at most `most`: as far as they are
    /// found among the places of those words that matter most.
    pub(super) fn with_words_and_beginning(&self, words: &[&str], beginning: &str, most: usize) -> Vec<u32> {
        let mut places = self.first_with_words(words, MOST_OF_WORD).unwrap_or_default();
        if places.len() > most {
            let (mut read, mut both) = (0, Vec::new());
            for list in self.lists_below_word(beginning) {
                let list = list::of_word(self.section(Section::WordPostings), list, MOST_READ - read);
                read += list.len();
                both.extend(common(&places, &list));
                if read == MOST_READ {
                    break;
                }
            }
            both.sort_unstable();
            both.dedup();
            places = both;
            places.truncate(most);
        }
        places
    }

    /// At most the first `most` places of each word are looked at.
    fn first_with_words(&self, words: &[&str], most: usize) -> Option<Vec<u32>> {
        let postings = self.section(Section::WordPostings);
        let lists = words.iter().map(|word| Some(list::of_word(postings, self.words.get(encode(word))?.value(), most)));
        let mut lists = lists.collect::<Option<Vec<_>>>()?;
        lists.sort_unstable_by_key(Vec::len);
        let mut lists = lists.into_iter();
        let first = lists.next()?;
        Some(lists.fold(first, |places, list| common(&places, &list).collect()))
    }
}

/// What two rising lists have in common.
fn common<'l>(a: &'l [u32], b: &'l [u32]) -> impl Iterator<Item = u32> {
    let (few, mut rest) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    few.iter().copied().filter(move |&place| {
        // Steps that double find what is near soon (Bentley and Yao 1976).
        let mut step = 1;
        while rest.get(step).is_some_and(|&other| other < place) {
            step *= 2;
        }
        let end = rest.len().min(step + 1);
        rest = &rest[step / 2 + rest[step / 2..end].partition_point(|&other| other < place)..];
        rest.first() == Some(&place)
    })
}

fn any_order_hit<'a>(spot: Spot<'a>, words: &[&str]) -> Option<Hit<'a>> {
    let mut best: Option<(bool, AtlasName<'a>)> = None;
    for name in spot.names().filter(|name| name.kind.is_real()) {
        let folded = fold(&name.text);
        let mut own = folded.split(' ').collect::<Vec<_>>();
        own.sort_unstable();
        if own == words {
            best = Some((true, name));
            break;
        }
        let mut rest = own.iter();
        if best.is_none() && words.iter().all(|word| rest.any(|other| other == word)) {
            best = Some((false, name));
        }
    }
    best.map(|(same, name)| {
        let (score, reason) = if same { (ORDER, "the same words in another order") } else { (MORE, "all these words and others") };
        Hit::new(spot, name, Method::Words, score, reason.to_owned())
    })
}
