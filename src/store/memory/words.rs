//! The words of a table: every text of every feature in the form under which spellings are one.

use std::{
    ops::Range,
    sync::{Arc, OnceLock},
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
    /// In a copy of all texts.
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
    /// The positions of some runs whose features say one of the phrases, as ascending runs.
    pub(super) fn find(&self, runs: &[Range<u32>], query: &TextQuery, budget: &Budget) -> Vec<u32> {
        match self {
            Self::Texts(texts) => texts.find(runs, query, budget),
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
        Self { words: OnceLock::from(Words::Names { atlas, positions }), ..self }
    }
}

/// Folded texts, one after another in the order of the table.
///
/// It takes about as much room as the texts themselves, and is made when words are looked for the first time.
#[derive(Debug)]
pub(super) struct Texts {
    /// Each text and each feature ends with a line feed, which no folded text holds.
    text: String,
    /// One past the last byte of each feature.
    ends: Vec<u64>,
}

impl Texts {
    /// Folds the texts and lists of texts of every feature. O(n) in their length.
    pub(super) fn build<'a>(rows: impl Iterator<Item = Row<'a>>) -> Self {
        let (mut text, mut ends) = (String::new(), Vec::new());
        for row in rows {
            for (property, cell) in row.cells() {
                match (property.kind, cell) {
                    (Kind::Text, Cell::Text(value)) => push(&mut text, value),
                    (Kind::List, Cell::Json(list)) => {
                        let values = serde_json::from_str::<Vec<String>>(list).unwrap_or_default();
                        values.iter().for_each(|value| push(&mut text, value));
                    }
                    _ => {}
                }
            }
            ends.push(text.len() as u64);
        }
        text.shrink_to_fit();
        Self { text, ends }
    }

    /// The positions of some runs whose features say one of the phrases, as ascending runs. O(length of their text) for each phrase.
    pub(super) fn find(&self, runs: &[Range<u32>], query: &TextQuery, budget: &Budget) -> Vec<u32> {
        let mut found = Vec::new();
        for run in runs {
            // Whole runs go by at the speed of memory.
            for phrase in query.phrases.iter().take_while(|_| budget.allows((run.end - run.start).into())) {
                self.find_in(run, phrase, &mut found);
            }
        }
        found.sort_unstable();
        found.dedup();
        found
    }

    fn find_in(&self, run: &Range<u32>, phrase: &str, found: &mut Vec<u32>) {
        let (start, end) = (self.start(run.start), self.start(run.end));
        let mut position = run.start;
        let mut from = start;
        while let Some(at) = self.text[from..end].find(phrase).map(|at| from + at) {
            if !self.begins_word(at) {
                // The next character, wherever it starts.
                from = at + phrase.chars().next().map_or(1, char::len_utf8);
                continue;
            }
            let ahead = self.ends[position as usize..run.end as usize].partition_point(|end| *end as usize <= at);
            position += u32::try_from(ahead).expect("within a run of u32 positions");
            found.push(position);
            position += 1;
            from = self.start(position);
            if position >= run.end {
                break;
            }
        }
    }

    /// Whether a word begins here: nothing stands before, or a space, or a letter of a script that writes no spaces.
    fn begins_word(&self, at: usize) -> bool {
        self.text[..at].chars().next_back().is_none_or(|before| matches!(before, ' ' | '\n') || is_unspaced(before))
    }

    fn start(&self, position: u32) -> usize {
        if position == 0 { 0 } else { self.ends[position as usize - 1] as usize }
    }
}

fn push(text: &mut String, value: &str) {
    text.push_str(&fold_whole(value));
    text.push('\n');
}

/// Thai, Lao, Burmese, Khmer, and the scripts of East Asia but for Hangul.
fn is_unspaced(letter: char) -> bool {
    matches!(letter, '\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}' | '\u{2e80}'..='\u{a4cf}' | '\u{20000}'..='\u{3ffff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn find(texts: &[&[&str]], runs: &[Range<u32>], phrases: &[&str]) -> Vec<u32> {
        let (mut text, mut ends) = (String::new(), Vec::new());
        for values in texts {
            values.iter().for_each(|value| push(&mut text, value));
            ends.push(text.len() as u64);
        }
        Texts { text, ends }.find(
            runs,
            &TextQuery { phrases: phrases.iter().map(|phrase| fold_whole(phrase)).collect() },
            &Budget::default(),
        )
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
}
