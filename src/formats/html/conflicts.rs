//! `/collections/{id}/conflicts`: every value of a collection on which claims disagree, on one page.

use maud::html;

use super::{Frame, how, shell, values};
use crate::{
    formats::conflicts::{MOST, by_subject},
    store::{Layer, Row, Table},
};

/// Where the claims on a collection's records disagree; `claims` holds them, in the view of the records.
///
/// Cost: one pass over the claims and one over the records.
pub fn conflicts(frame: &Frame, layers: &[Layer], layer: &Layer, table: &Table, claims: &Table) -> String {
    let words = frame.words();
    let collection = &layer.collection;
    let title = words.fill("conflicts.title", &[("collection", collection.title.get(words.lang))]);
    let by_subject = by_subject(claims);
    let mut rows = (0..table.len().min(MOST)).map(|position| table.row(position)).collect::<Vec<_>>();
    rows.sort_by_key(Row::id);
    let found = rows.iter().filter_map(|row| Some((row, how::conflicts(frame, layers, row, by_subject.get(row.id())?)?)));
    let found = found.collect::<Vec<_>>();
    let contents = html! {
        h1 { (title) }
        p .lede { (words.t("conflicts.lede")) }
        p { (if found.is_empty() { words.t("conflicts.none").to_owned() } else { words.count("conflicts.count", found.len() as u64) }) }
        @for (row, steps) in &found {
            section .conflict {
                h2 { a href=(frame.local(&["collections", &collection.id, "items", row.id()], &[])) { (values::label(words, collection, row)) } }
                (steps)
            }
        }
    };
    let mut trail = shell::above_collections(frame);
    trail.push((words.t("collections.title").to_owned(), frame.local(&["collections"], &[])));
    trail.push((collection.title.get(words.lang).to_owned(), frame.local(&["collections", &collection.id], &[])));
    shell::page(frame, &title, words.t("conflicts.lede"), &trail, &contents)
}
