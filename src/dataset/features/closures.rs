//! `closures`: one feature is the closing of one base; its time is the closing's.

use super::{
    Draft, Knowledge, View,
    base::{self, Base},
    edtf,
};
use crate::model::Kind::{self, Date, Edtf, Integer, Json, List, Text};

pub(super) const COLUMNS: &[(&str, Kind)] = &[
    ("base", Text),
    ("name", Text),
    ("name_fr", Text),
    ("closed", Edtf),
    ("closed_earliest", Date),
    ("closed_latest", Date),
    ("agreement", Text),
    ("alternatives", List),
    ("acts", Json),
    ("planned", Edtf),
    ("planned_earliest", Date),
    ("planned_latest", Date),
    ("phase", Text),
    ("order", Integer),
    ("closed_documents", Edtf),
    ("closed_earliest_documents", Date),
    ("closed_latest_documents", Date),
    ("agreement_documents", Text),
];

pub(super) fn drafts(knowledge: &Knowledge<'_>, view: View) -> Vec<Draft> {
    base::bases(knowledge, view).iter().map(|base| draft(knowledge, base)).collect()
}

fn draft(knowledge: &Knowledge<'_>, base: &Base<'_>) -> Draft {
    let id = &base.subject.id;
    let documents = Base::new(knowledge, base.subject, View::Documents).closing;
    let mut values = base.shared();
    values.extend([
        ("base", id.as_str().into()),
        ("closed_documents", edtf(documents.value.as_ref())),
        ("closed_earliest_documents", documents.earliest().into()),
        ("closed_latest_documents", documents.latest().into()),
        ("agreement_documents", documents.agreement.as_str().into()),
    ]);
    Draft { id: id.clone(), geometry: knowledge.point(id), time: base.closing.bounds(), values }
}
