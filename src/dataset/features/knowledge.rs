//! Everything that is known, ready to be asked by subject and view.

use std::collections::HashMap;

use jiff::civil::Date;

use super::View;
use crate::{
    dataset::{
        conclude::Said,
        place::Placed,
        record::{Subject, SubjectKind},
    },
    gazetteer::Gazetteer,
    model::{Basis, Claim, Geometry, Source},
};

/// What the features are made of; all records in it have been checked.
pub(in crate::dataset) struct Knowledge<'a> {
    /// In the order of the files.
    pub(super) sources: &'a [(Source, Vec<Claim>)],
    pub(super) subjects: &'a [Subject],
    pub(super) gazetteer: &'a Gazetteer,
    /// The day on which states are computed.
    pub(super) as_of: Date,
    placed: HashMap<&'a str, Placed<'a>>,
    by_subject: HashMap<&'a str, Vec<Said<'a>>>,
}

impl<'a> Knowledge<'a> {
    /// `places` holds the place of each subject, in their order.
    pub(in crate::dataset) fn new(
        sources: &'a [(Source, Vec<Claim>)],
        subjects: &'a [Subject],
        places: Vec<Option<Placed<'a>>>,
        gazetteer: &'a Gazetteer,
        as_of: Date,
    ) -> Self {
        let placed = subjects.iter().zip(places).filter_map(|(subject, place)| Some((subject.id.as_str(), place?))).collect();
        let mut by_subject: HashMap<&str, Vec<Said<'_>>> = HashMap::new();
        for (source, claims) in sources {
            for claim in claims {
                by_subject.entry(&claim.subject).or_default().push(Said { claim, source });
            }
        }
        Self { sources, subjects, gazetteer, as_of, placed, by_subject }
    }

    /// The subjects of one kind, in their order.
    pub(super) fn of_kind(&self, kind: SubjectKind) -> impl Iterator<Item = &'a Subject> {
        self.subjects.iter().filter(move |subject| subject.kind == kind)
    }

    /// The claims on a subject that a view rests on, in the order of the files.
    pub(super) fn said(&self, subject: &str, view: View) -> Vec<Said<'a>> {
        let all = self.by_subject.get(subject).into_iter().flatten();
        all.copied().filter(|said| admits(view, said.source)).collect()
    }

    /// Where a subject is.
    pub(super) fn placed(&self, subject: &str) -> Option<&Placed<'a>> {
        self.placed.get(subject)
    }

    /// The point at which a subject is drawn.
    pub(super) fn point(&self, subject: &str) -> Option<Geometry> {
        self.placed(subject).map(|placed| Geometry::point(placed.place.position))
    }

    /// The region that a subject lies in, by the gazetteer.
    pub(in crate::dataset) fn region(&self, subject: &str) -> Option<&str> {
        let placed = self.placed(subject)?;
        self.gazetteer.region(placed.place).map(|region| region.name.as_str())
    }

    /// Whether any claim gives the region of a subject.
    pub(in crate::dataset) fn names_region(&self, subject: &str) -> bool {
        self.said(subject, View::All).iter().any(|said| said.claim.property == "region")
    }
}

/// Whether a view rests on a source.
pub(super) fn admits(view: View, source: &Source) -> bool {
    view == View::All || source.basis == Basis::Documents
}
