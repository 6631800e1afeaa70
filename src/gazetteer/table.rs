//! All names in one sorted table: who bears this name, who bears one that begins so?

use std::sync::OnceLock;

use crate::model::names::fold;
use crate::model::{NameKind, Place};

/// Folded names in sorted order, and the words within them.
///
/// A look-up is a binary search: O(log n) comparisons plus one step for each hit.
#[derive(Debug)]
pub(super) struct NameTable {
    /// All folded names, one after the other.
    arena: String,
    /// Sorted by folded text, then place, then name.
    entries: Vec<Entry>,
    /// Where a word other than the first begins: entry and byte within it, sorted by the text from there on.
    /// Made for the first who asks for words.
    words: OnceLock<Vec<(u32, u16)>>,
}

/// A name of a place.
#[derive(Debug, Clone, Copy)]
pub(super) struct Entry {
    start: u32,
    length: u16,
    /// 0 for the place's `name`, n for `names[n - 1]`.
    name: u16,
    /// Index of the place.
    pub(super) place: u32,
}

impl Entry {
    /// The name itself and its kind.
    pub(super) fn name(self, place: &Place) -> (&str, NameKind) {
        match self.name.checked_sub(1) {
            None => (&place.name, NameKind::Preferred),
            Some(index) => {
                let name = &place.names[usize::from(index)];
                (&name.text, name.kind)
            }
        }
    }

    /// Whether it is the place's `name`.
    pub(super) fn is_first(self) -> bool {
        self.name == 0
    }
}

impl NameTable {
    /// Folds and sorts all names of `places`; O(n log n) in their number.
    pub(super) fn new(places: &[Place]) -> Self {
        let mut arena = String::new();
        let mut entries = Vec::new();
        for (place, index) in places.iter().zip(0u32..) {
            let texts = std::iter::once(&place.name).chain(place.names.iter().map(|name| &name.text));
            for (text, name) in texts.zip(0u16..) {
                let folded = fold(text);
                if folded.is_empty() {
                    continue;
                }
                let start = u32::try_from(arena.len()).expect("the names of an embedded gazetteer take less than 4 GiB");
                let length = u16::try_from(folded.len()).expect("a folded name has at most 256 characters of 4 bytes");
                arena.push_str(&folded);
                entries.push(Entry { start, length, name, place: index });
            }
        }
        let mut table = Self { arena, entries, words: OnceLock::new() };
        let mut entries = std::mem::take(&mut table.entries);
        entries.sort_by(|a, b| (table.text(a), a.place, a.name).cmp(&(table.text(b), b.place, b.name)));
        table.entries = entries;
        table
    }

    fn words_sorted(&self) -> Vec<(u32, u16)> {
        let starts = |entry: &Entry| self.text(entry).match_indices(' ').map(|(at, _)| at as u16 + 1).collect::<Vec<_>>();
        let each = self.entries.iter().zip(0u32..);
        let mut words: Vec<(u32, u16)> = each.flat_map(|(e, index)| starts(e).into_iter().map(move |at| (index, at))).collect();
        words.sort_by(|&a, &b| (self.text_from(a), a).cmp(&(self.text_from(b), b)));
        words
    }

    fn text(&self, entry: &Entry) -> &str {
        let start = entry.start as usize;
        &self.arena[start..start + usize::from(entry.length)]
    }

    fn text_from(&self, (entry, at): (u32, u16)) -> &str {
        &self.text(&self.entries[entry as usize])[usize::from(at)..]
    }

    /// The names that fold to `folded`.
    pub(super) fn exact(&self, folded: &str) -> &[Entry] {
        let start = self.entries.partition_point(|entry| self.text(entry) < folded);
        let length = self.entries[start..].partition_point(|entry| self.text(entry) == folded);
        &self.entries[start..start + length]
    }

    /// The names whose folded text begins with `folded`, the exact ones first.
    pub(super) fn prefix(&self, folded: &str) -> &[Entry] {
        let start = self.entries.partition_point(|entry| self.text(entry) < folded);
        let length = self.entries[start..].partition_point(|entry| self.text(entry).starts_with(folded));
        &self.entries[start..start + length]
    }

    /// The names in which some word other than the first begins with `folded`; a name once for each such word.
    pub(super) fn word_prefix(&self, folded: &str) -> impl Iterator<Item = Entry> {
        let words = self.words.get_or_init(|| self.words_sorted());
        let start = words.partition_point(|&word| self.text_from(word) < folded);
        let length = words[start..].partition_point(|&word| self.text_from(word).starts_with(folded));
        words[start..start + length].iter().map(|&(entry, _)| self.entries[entry as usize])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Level, Name, Position};
    use proptest::prelude::*;

    fn place(names: &[String]) -> Place {
        Place {
            id: String::new(),
            name: names[0].clone(),
            names: names[1..].iter().map(|text| Name { text: text.clone(), language: None, kind: NameKind::Alternate }).collect(),
            position: Position { lon: 0.0, lat: 0.0 },
            accuracy_m: None,
            level: Level::Settlement,
            country: "ML".to_owned(),
            admin1: String::new(),
            population: 0,
            source: String::new(),
            confidence: None,
            note: None,
        }
    }

    proptest! {
        /// The table against the naive answer.
        #[test]
        fn equals_a_linear_scan(
            places in proptest::collection::vec(proptest::collection::vec("[abÁ ]{1,6}", 1..4), 0..20),
            query in "[ab]{1,3}",
        ) {
            let places: Vec<Place> = places.iter().map(|names| place(names)).collect();
            let table = NameTable::new(&places);
            let scan = |test: &dyn Fn(&str) -> usize| {
                let mut hits = Vec::new();
                for (place, index) in places.iter().zip(0u32..) {
                    let texts = std::iter::once(place.name.as_str()).chain(place.names.iter().map(|n| n.text.as_str()));
                    for (text, name) in texts.zip(0u16..) {
                        hits.extend(std::iter::repeat_n((index, name), test(&fold(text))));
                    }
                }
                hits
            };
            let sorted = |entries: Vec<Entry>| {
                let mut keys: Vec<_> = entries.iter().map(|entry| (entry.place, entry.name)).collect();
                keys.sort_unstable();
                keys
            };
            prop_assert_eq!(sorted(table.exact(&query).to_vec()), scan(&|text| usize::from(text == query)));
            prop_assert_eq!(sorted(table.prefix(&query).to_vec()), scan(&|text| usize::from(text.starts_with(&query))));
            let words = |text: &str| text.split(' ').skip(1).filter(|word| word.starts_with(&query)).count();
            prop_assert_eq!(sorted(table.word_prefix(&query).collect()), scan(&words));
        }
    }
}
