//! Source records: what identifies a document or page, and what it says.

use super::{
    claim::ClaimRecord,
    fields::{Fields, Origin},
};
use crate::{
    dataset::{
        File,
        check::{Rule, Violation},
    },
    model::{Basis, Source},
};

/// One file of `seeds/` or `data/facts/`.
#[derive(Debug)]
pub(in crate::dataset) struct SourceRecord {
    pub(in crate::dataset) origin: Origin,
    pub(in crate::dataset) source: Source,
    pub(in crate::dataset) claims: Vec<ClaimRecord>,
}

/// Reads a file; `None` where it has no source that claims could rest on.
pub(super) fn read(file: File<'_>, found: &mut Vec<Violation>) -> Option<SourceRecord> {
    let mut top = Fields::of_file(file, found);
    let head = match top.record("source") {
        Some(fields) => source(fields),
        None => {
            top.breaks("", Rule::NoSource);
            None
        }
    };
    let claims = top.records("claim", ClaimRecord::read);
    top.finish();
    let (origin, source) = head?;
    Some(SourceRecord { origin, source, claims })
}

fn source(mut fields: Fields<'_, '_>) -> Option<(Origin, Source)> {
    fields.require(&["id", "rights", "basis"]);
    let id = fields.id("id");
    fields.name(id.as_deref());
    let (title, publisher, author) = (fields.text("title"), fields.text("publisher"), fields.text("author"));
    let (published, published_note) = (fields.when("published"), fields.text("published_note"));
    let (address, language, rights) = (fields.text("address"), fields.text("language"), fields.text("rights"));
    let (retrieved, basis) = (fields.when("retrieved"), fields.take::<Basis>("basis"));
    let (sha256, characters) = (fields.text("sha256"), fields.take::<u32>("characters"));
    let origin = fields.finish();
    let source = Source {
        // A source without a good id or basis has been reported; its claims are read all the same.
        id: id.unwrap_or_else(|| origin.stem().to_owned()),
        title,
        publisher,
        author,
        published,
        published_note,
        address,
        language,
        rights,
        retrieved,
        basis: basis.unwrap_or(Basis::Public),
        sha256,
        characters,
    };
    Some((origin, source))
}
