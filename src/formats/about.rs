//! What a file says of its collection where the format has no place of its own for it.

use crate::model::Collection;

/// Names and texts: whom to credit, under which terms, and where the data come from.
pub(super) fn about(collection: &Collection) -> Vec<(&'static str, String)> {
    let licence = collection.licence.as_ref();
    let source = collection.source.as_ref();
    let all = [
        ("keywords", Some(collection.keywords.join(", ")).filter(|words| !words.is_empty())),
        ("attribution", collection.attribution.clone()),
        ("licence", licence.map(|licence| licence.name.clone())),
        ("licence_address", licence.map(|licence| licence.address.clone())),
        ("source", source.map(|source| source.name.clone())),
        ("source_address", source.and_then(|source| source.address.clone())),
    ];
    all.into_iter().filter_map(|(name, text)| Some((name, text?))).collect()
}
