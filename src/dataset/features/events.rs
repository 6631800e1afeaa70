//! `events`: one feature is any other dated happening.

use super::{Draft, Knowledge, View, base::on, edtf};
use crate::{
    dataset::{conclude::conclude, record::SubjectKind},
    model::Kind::{self, Date, Edtf, Integer, Text},
};

pub(super) const COLUMNS: &[(&str, Kind)] = &[
    ("title", Text),
    ("title_fr", Text),
    ("description", Text),
    ("description_fr", Text),
    ("type", Text),
    ("when", Edtf),
    ("when_earliest", Date),
    ("when_latest", Date),
    ("agreement", Text),
    ("place", Text),
    ("place_name", Text),
    ("claims", Integer),
];

pub(super) fn drafts(knowledge: &Knowledge<'_>, view: View) -> Vec<Draft> {
    let draft = |subject: &crate::dataset::record::Subject| {
        let said = knowledge.said(&subject.id, view);
        let conclusion = conclude(&on(&said, "when"));
        let place = knowledge.placed(&subject.id).map(|placed| placed.place);
        let description = subject.description.as_ref();
        let values = vec![
            ("title", subject.name.en.as_str().into()),
            ("title_fr", subject.name.fr.as_deref().into()),
            ("description", description.map(|text| text.en.as_str()).into()),
            ("description_fr", description.and_then(|text| text.fr.as_deref()).into()),
            ("type", subject.sort.as_deref().into()),
            ("when", edtf(conclusion.value.as_ref())),
            ("when_earliest", conclusion.earliest().into()),
            ("when_latest", conclusion.latest().into()),
            ("agreement", conclusion.agreement.as_str().into()),
            ("place", place.map(|place| place.id.as_str()).into()),
            ("place_name", place.map(|place| place.name.as_str()).into()),
            ("claims", (said.len() as i64).into()),
        ];
        Draft { id: subject.id.clone(), geometry: knowledge.point(&subject.id), time: conclusion.bounds(), values }
    };
    knowledge.of_kind(SubjectKind::Event).map(draft).collect()
}
