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

    /// At least the first `most` of them.
    pub(super) fn first_with_words(&self, words: &[&str], most: usize) -> Option<Vec<u32>> {
        let postings = self.section(Section::WordPostings);
        // What several words have in common is known only of whole lists.
        let most = if words.len() == 1 { most } else { usize::MAX };
        let lists = words.iter().map(|word| Some(list::of_word(postings, self.words.get(encode(word))?.value(), most)));
        let mut lists = lists.collect::<Option<Vec<_>>>()?;
        lists.sort_unstable_by_key(Vec::len);
        let mut places = lists.remove(0);
        for list in lists {
            let mut rest = list.as_slice();
            places.retain(|&place| {
                let at = rest.partition_point(|&other| other < place);
                rest = &rest[at..];
                rest.first() == Some(&place)
            });
        }
        Some(places)
    }
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
