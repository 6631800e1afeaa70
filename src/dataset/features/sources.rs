//! `sources`: the documents and pages; the time of each is that of its publication.

use super::{Draft, Knowledge, View, edtf};
use crate::model::Kind::{self, Date, Edtf, Integer, Text, Uri};

pub(super) const COLUMNS: &[(&str, Kind)] = &[
    ("title", Text),
    ("publisher", Text),
    ("author", Text),
    ("published", Edtf),
    ("published_earliest", Date),
    ("published_latest", Date),
    ("published_note", Text),
    ("address", Uri),
    ("language", Text),
    ("rights", Text),
    ("retrieved", Edtf),
    ("basis", Text),
    ("sha256", Text),
    ("characters", Integer),
    ("claims", Integer),
];

pub(super) fn drafts(knowledge: &Knowledge<'_>, _: View) -> Vec<Draft> {
    let draft = |(source, claims): &(crate::model::Source, Vec<_>)| {
        let published = source.published.as_ref();
        let values = vec![
            ("title", source.title.as_deref().into()),
            ("publisher", source.publisher.as_deref().into()),
            ("author", source.author.as_deref().into()),
            ("published", edtf(published)),
            ("published_earliest", published.and_then(|when| when.first_day()).into()),
            ("published_latest", published.and_then(|when| when.last_day()).into()),
            ("published_note", source.published_note.as_deref().into()),
            ("address", source.address.as_deref().into()),
            ("language", source.language.as_deref().into()),
            ("rights", source.rights.as_deref().into()),
            ("retrieved", edtf(source.retrieved.as_ref())),
            ("basis", source.basis.as_str().into()),
            ("sha256", source.sha256.as_deref().into()),
            ("characters", source.characters.into()),
            ("claims", (claims.len() as i64).into()),
        ];
        Draft { id: source.id.clone(), geometry: None, time: published.map(|when| when.bounds()), values }
    };
    knowledge.sources.iter().map(draft).collect()
}
