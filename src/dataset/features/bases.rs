//! `bases`: one feature is one base of the mission.
//!
//! The time of a base is that of its closing, since that is what `datetime` can ask for: almost no source says when a base
//! was opened. A base whose closing nobody dates has no time.

use super::{Draft, Knowledge, View, base, edtf};
use crate::model::Kind::{self, Boolean, Date, Edtf, Integer, Json, List, Number, Text};

pub(super) const COLUMNS: &[(&str, Kind)] = &[
    ("name", Text),
    ("name_fr", Text),
    ("other_names", List),
    ("kind", Text),
    ("region", Text),
    ("opened", Edtf),
    ("opened_earliest", Date),
    ("opened_latest", Date),
    ("closed", Edtf),
    ("closed_earliest", Date),
    ("closed_latest", Date),
    ("agreement", Text),
    ("alternatives", List),
    ("acts", Json),
    ("planned", Edtf),
    ("planned_earliest", Date),
    ("planned_latest", Date),
    ("planned_since", Date),
    ("liquidation", Edtf),
    ("liquidation_from", Date),
    ("phase", Text),
    ("order", Integer),
    ("contingents", List),
    ("state", Text),
    ("documented", Boolean),
    ("place", Text),
    ("place_name", Text),
    ("match", Text),
    ("match_score", Number),
    ("accuracy_m", Integer),
    ("claims", Integer),
];

pub(super) fn drafts(knowledge: &Knowledge<'_>, view: View) -> Vec<Draft> {
    base::bases(knowledge, view).iter().map(|base| draft(knowledge, base)).collect()
}

fn draft(knowledge: &Knowledge<'_>, base: &base::Base<'_>) -> Draft {
    let subject = base.subject;
    let placed = knowledge.placed(&subject.id);
    let opening = &base.opening;
    let liquidation = base.liquidation.value.as_ref().or(base.liquidation.planned.as_ref());
    let days = base.days();
    let mut values = base.shared();
    values.extend([
        ("other_names", subject.other_names.clone().into()),
        ("kind", base.kind().into()),
        ("region", base.text("region").or_else(|| knowledge.region(&subject.id)).into()),
        ("opened", edtf(opening.value.as_ref())),
        ("opened_earliest", opening.earliest().into()),
        ("opened_latest", opening.latest().into()),
        ("planned_since", base.closing.planned_since.into()),
        ("liquidation", edtf(liquidation)),
        ("liquidation_from", days.liquidation_from.into()),
        ("contingents", base.contingents().into()),
        ("state", days.state(knowledge.as_of).as_str().into()),
        ("documented", base.is_documented().into()),
        ("place", placed.map(|placed| placed.place.id.as_str()).into()),
        ("place_name", placed.map(|placed| placed.place.name.as_str()).into()),
        ("match", placed.map(|placed| placed.method).into()),
        ("match_score", placed.map(|placed| placed.score).into()),
        ("accuracy_m", placed.and_then(|placed| placed.accuracy_m).into()),
        ("claims", (base.said.len() as i64).into()),
    ]);
    Draft { id: subject.id.clone(), geometry: knowledge.point(&subject.id), time: base.closing.bounds(), values }
}
