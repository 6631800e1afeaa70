//! `/collections/{id}/conflicts`: every value of a collection on which claims disagree, on one page.

use maud::html;

use super::{Frame, how, shell, values};
use crate::store::{Layer, Row};

/// Records looked at, at the most.
const MOST: u32 = 10_000;

/// Where the claims on a collection's records disagree; `claims` is the collection that holds them.
///
/// Cost: one pass over the claims and one over the records.
pub fn conflicts(frame: &Frame, layers: &[Layer], layer: &Layer, claims: &Layer) -> String {
    let words = frame.words();
    let collection = &layer.collection;
    let title = words.fill("conflicts.title", &[("collection", collection.title.get(words.lang))]);
    let by_subject = how::by_subject(frame, claims);
    let view = frame.view(collection).and_then(|(_, name)| collection.views.as_ref()?.names.iter().position(|known| *known == name));
    let table = layer.tables.get(view.unwrap_or(0)).unwrap_or_else(|| layer.table());
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
