//! The words of a table: every text of every feature in the form under which spellings are one.

use std::{
    ops::Range,
    sync::{
        Arc, OnceLock,
        atomic::{AtomicUsize, Ordering::Relaxed},
    },
};

use super::{Row, Table};
use crate::{
    gazetteer::Atlas,
    model::{Cell, Kind, names::fold_whole},
    query::{Budget, TextQuery},
};

/// Where words are looked for.
#[derive(Debug)]
pub(super) enum Words {
    /// In copies of the texts.
    Texts(Texts),
    /// In the index of a gazetteer, where the features are its places: their names alone.
    Names {
        /// The gazetteer.
        atlas: Arc<Atlas>,
        /// The position of the place of each rank.
        positions: Vec<u32>,
    },
}

impl Words {
    /// Those of a table with so many features.
    pub(super) fn of(features: u32) -> Self {
        Self::Texts(Texts::new(features, MOST))
    }

    /// The positions of some runs of the table whose features say one of the phrases, ascending.
    pub(super) fn find(&self, table: &Table, runs: &[Range<u32>], query: &TextQuery, budget: &Budget) -> Vec<u32> {
        match self {
            Self::Texts(texts) => texts.find(runs, query, budget, |rows| Block::fold(rows.map(|position| table.row(position)))),
            Self::Names { atlas, positions } => {
                // A phrase of one letter finds a part of all places.
                let cost = positions.len() as u64 / 8;
                let ranks = query.phrases.iter().take_while(|_| budget.allows(cost)).flat_map(|phrase| atlas.saying(phrase));
                let mut found = ranks.filter_map(|rank| positions.get(rank as usize).copied()).collect::<Vec<_>>();
                found.sort_unstable();
                found.dedup();
                found.retain(|position| {
                    runs[..runs.partition_point(|run| run.start <= *position)].last().is_some_and(|run| *position < run.end)
                });
                found
            }
        }
    }
}

impl Table {
    /// The same, its features being the places of a gazetteer whose `rank`s they have: words are looked for in its index.
    pub(in crate::store) fn named_by(self, atlas: Arc<Atlas>) -> Self {
        let mut positions = vec![u32::MAX; atlas.len()];
        for position in 0..self.len() {
            if let Cell::Integer(rank) = self.row(position).cell("rank")
                && let Some(known) = usize::try_from(rank - 1).ok().and_then(|rank| positions.get_mut(rank))
            {
                *known = position;
            }
        }
        Self { words: Words::Names { atlas, positions }, ..self }
    }
}

/// Features whose texts are folded at once: about a millisecond's work.
const STEP: u32 = 512;
/// Bytes of folded texts that a table keeps, at the most. What is beyond is folded for each question anew, within its budget.
const MOST: usize = 1 << 30;

/// Folded texts, some hundred features at a time, each made when words are first looked for in it, and kept: it takes about as much room
/// as the texts themselves. Whoever makes one takes leave of their budget; where that is spent, what was made stays, and the next
/// one gets further.
#[derive(Debug)]
pub(super) struct Texts {
    features: u32,
    blocks: Box<[OnceLock<Block>]>,
    kept: AtomicUsize,
    /// Bytes that are kept, at the most.
    most: usize,
}

/// The folded texts of some features in a row.
#[derive(Debug, Default)]
struct Block {
    /// Each text and each feature ends with a line feed, which no folded text holds.
    text: String,
    /// One past the last byte of each feature.
    ends: Vec<u64>,
}

impl Texts {
    fn new(features: u32, most: usize) -> Self {
        let blocks = (0..features.div_ceil(STEP)).map(|_| OnceLock::new()).collect();
        Self { features, blocks, kept: AtomicUsize::new(0), most }
    }

    /// The positions of some runs whose features say one of the phrases, ascending; `fold` makes the block of some features.
    ///
    /// Cost: O(length of their text) for each phrase, at the speed of memory where it is folded.
    fn find(&self, runs: &[Range<u32>], query: &TextQuery, budget: &Budget, fold: impl Fn(Range<u32>) -> Block) -> Vec<u32> {
        let mut found = Vec::new();
        for run in runs {
            let mut start = run.start;
            while start < run.end {
                let number = start / STEP;
                let first = number * STEP;
                let end = run.end.min(first.saturating_add(STEP));
                if !budget.allows((end - start).into()) {
                    return found;
                }
                let before = found.len();
                let look = |block: &Block| {
                    query.phrases.iter().for_each(|phrase| block.find(&(start - first..end - first), phrase, |row| found.push(first + row)))
                };
                self.with(number, || fold(first..self.features.min(first.saturating_add(STEP))), look);
                found[before..].sort_unstable();
                start = end;
            }
        }
        found.dedup();
        found
    }

    /// Looks at a block, which is made where it is not there.
    fn with(&self, number: u32, fold: impl FnOnce() -> Block, look: impl FnOnce(&Block)) {
        let place = &self.blocks[number as usize];
        if place.get().is_none() && self.kept.load(Relaxed) >= self.most {
            return look(&fold());
        }
        look(place.get_or_init(|| {
            let block = fold();
            self.kept.fetch_add(block.text.len() + block.ends.len() * size_of::<u64>(), Relaxed);
            block
        }));
    }
}

impl Block {
    /// Folds the texts and lists of texts of some features. O(n) in their length.
    fn fold<'a>(rows: impl Iterator<Item = Row<'a>>) -> Self {
        let mut block = Self::default();
        for row in rows {
            for (property, cell) in row.cells() {
                match (property.kind, cell) {
                    (Kind::Text, Cell::Text(value)) => block.push(value),
                    (Kind::List, Cell::Json(list)) => {
                        let values = serde_json::from_str::<Vec<String>>(list).unwrap_or_default();
                        values.iter().for_each(|value| block.push(value));
                    }
                    _ => {}
                }
            }
            block.end();
        }
        block.text.shrink_to_fit();
        block
    }

    /// Adds a text to the feature that is being added.
    fn push(&mut self, text: &str) {
        self.text.push_str(&fold_whole(text));
        self.text.push('\n');
    }

    fn end(&mut self) {
        self.ends.push(self.text.len() as u64);
    }

    /// Which of some of its features say a phrase.
    fn find(&self, rows: &Range<u32>, phrase: &str, mut found: impl FnMut(u32)) {
        let end = self.start(rows.end);
        let (mut row, mut from) = (rows.start, self.start(rows.start));
        while let Some(at) = self.text[from..end].find(phrase).map(|at| from + at) {
            if !self.begins_word(at) {
                // The next character, wherever it starts.
                from = at + phrase.chars().next().map_or(1, char::len_utf8);
                continue;
            }
            let ahead = self.ends[row as usize..rows.end as usize].partition_point(|end| *end as usize <= at);
            row += u32::try_from(ahead).expect("a block has few features");
            found(row);
            row += 1;
            from = self.start(row);
            if row >= rows.end {
                break;
            }
        }
    }

    /// Whether a word begins here: nothing stands before, or a space, or a letter of a script that writes no spaces.
    fn begins_word(&self, at: usize) -> bool {
        self.text[..at].chars().next_back().is_none_or(|before| matches!(before, ' ' | '\n') || is_unspaced(before))
    }

    fn start(&self, row: u32) -> usize {
        if row == 0 { 0 } else { self.ends[row as usize - 1] as usize }
    }
}

/// Thai, Lao, Burmese, Khmer, and the scripts of East Asia but for Hangul.
fn is_unspaced(letter: char) -> bool {
    matches!(letter, '\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}' | '\u{2e80}'..='\u{a4cf}' | '\u{20000}'..='\u{3ffff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn block(texts: &[&[&str]]) -> Block {
        let mut block = Block::default();
        for values in texts {
            values.iter().for_each(|value| block.push(value));
            block.end();
        }
        block
    }

    fn find(texts: &[&[&str]], runs: &[Range<u32>], phrases: &[&str]) -> Vec<u32> {
        let query = TextQuery { phrases: phrases.iter().map(|phrase| fold_whole(phrase)).collect() };
        let all = Texts::new(texts.len() as u32, MOST);
        all.find(runs, &query, &Budget::default(), |rows| block(&texts[rows.start as usize..rows.end as usize]))
    }

    #[test]
    fn phrases_stand_together_within_one_text_from_the_beginning_of_a_word() {
        let texts: &[&[&str]] = &[&["Gao Region", "camp"], &[], &["Region", "Gao"], &["Ogao region"], &["la région de Gao"]];
        let all = std::slice::from_ref(&(0..5));
        assert_eq!(find(texts, all, &["gao region"]), [0]);
        assert_eq!(find(texts, all, &["Gao"]), [0, 2, 4]);
        assert_eq!(find(texts, all, &["REG"]), [0, 2, 3, 4]);
        assert_eq!(find(texts, all, &["camp", "ogao"]), [0, 3]);
        assert_eq!(find(texts, &[1..2, 3..5], &["gao", "region"]), [3, 4]);
        assert_eq!(find(texts, all, &["ao"]), [] as [u32; 0]);
    }

    #[test]
    fn scripts_without_spaces_are_found_anywhere() {
        let texts: &[&[&str]] = &[&["東京都"], &["กรุงเทพ"], &["ééé"]];
        let all = std::slice::from_ref(&(0..3));
        assert_eq!(find(texts, all, &["京都"]), [0]);
        assert_eq!(find(texts, all, &["เทพ"]), [1]);
        assert_eq!(find(texts, all, &["éé"]), [2]);
        assert_eq!(find(texts, all, &["é"]), [2]);
    }

    /// A spent budget leaves what was folded; beyond what is kept all is folded each time; neither changes what is found.
    #[test]
    fn folding_goes_on_where_the_budget_before_was_spent() {
        let count = 4 * STEP + 7;
        let words = (0..count).map(|number| if number % 100 == 3 { "Gao" } else { "camp" }).collect::<Vec<_>>();
        let expected = (0..count).filter(|number| number % 100 == 3).collect::<Vec<_>>();
        let query = TextQuery { phrases: vec!["gao".into()] };
        for (most, folds) in [(MOST, [2, 1, 2, 0]), (0, [2, 3, 5, 5]), (STEP as usize, [2, 2, 4, 4])] {
            let texts = Texts::new(count, most);
            for (leave, folds) in [2_u64, 3, 5, 9].into_iter().zip(folds) {
                let folded = std::cell::Cell::new(0);
                let budget = Budget::new(move |looked| looked >= leave * u64::from(STEP));
                let found = texts.find(std::slice::from_ref(&(0..count)), &query, &budget, |rows| {
                    folded.set(folded.get() + 1);
                    block(&words[rows.start as usize..rows.end as usize].iter().map(std::slice::from_ref).collect::<Vec<_>>())
                });
                assert_eq!(folded.get(), folds, "{most} {leave}");
                assert_eq!(budget.is_spent(), leave < 5);
                assert_eq!(found, expected[..found.len()]);
                assert!(budget.is_spent() || found == expected);
            }
        }
        // A part of a block is asked without the others.
        let texts = Texts::new(count, MOST);
        let found = texts.find(&[3..4, 600..704], &query, &Budget::default(), |rows| block(&vec![&["gao"][..]; rows.len()]));
        assert_eq!(found, std::iter::once(3).chain(600..704).collect::<Vec<_>>());
    }
}
