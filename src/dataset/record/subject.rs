//! What the claims speak of.

use super::fields::{Fields, Origin};
use crate::{
    dataset::{
        File,
        check::{Rule, Violation},
    },
    model::Text,
};

/// What sort of thing a subject is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub(in crate::dataset) enum SubjectKind {
    /// A base of the mission.
    Base,
    /// A dated happening.
    Event,
    /// The mission itself.
    Mission,
    /// A place that is only mentioned.
    Place,
}

impl SubjectKind {
    /// The word used in records.
    pub(in crate::dataset) fn as_str(self) -> &'static str {
        match self {
            Self::Base => "base",
            Self::Event => "event",
            Self::Mission => "mission",
            Self::Place => "place",
        }
    }
}

/// One `[[subject]]`.
#[derive(Debug)]
pub(in crate::dataset) struct Subject {
    pub(in crate::dataset) origin: Origin,
    pub(in crate::dataset) id: String,
    pub(in crate::dataset) kind: SubjectKind,
    /// The name, or an event's title.
    pub(in crate::dataset) name: Text,
    pub(in crate::dataset) other_names: Vec<String>,
    pub(in crate::dataset) description: Option<Text>,
    /// What sort of event.
    pub(in crate::dataset) sort: Option<String>,
    pub(in crate::dataset) place: Option<String>,
    pub(in crate::dataset) place_id: Option<String>,
    /// Radius in metres.
    pub(in crate::dataset) accuracy_m: Option<u32>,
}

/// All of `data/subjects.toml`.
#[derive(Debug, Default)]
pub(in crate::dataset) struct Subjects {
    /// ISO 3166-1 alpha-2 code of the country in which names are looked up.
    pub(in crate::dataset) country: Option<String>,
    /// In the order of the file.
    pub(in crate::dataset) list: Vec<Subject>,
}

pub(super) fn read(file: File<'_>, found: &mut Vec<Violation>) -> Subjects {
    let mut top = Fields::of_file(file, found);
    let country = top.text("country");
    let list = top.records("subject", subject).into_iter().flatten().collect();
    top.finish();
    Subjects { country, list }
}

fn subject(mut fields: Fields<'_, '_>) -> Option<Subject> {
    fields.require(&["id", "kind"]);
    let id = fields.id("id");
    fields.name(id.as_deref());
    let kind = fields.take::<SubjectKind>("kind");
    let is_event = kind == Some(SubjectKind::Event);
    let needed: &[&str] = if is_event { &["title", "title_fr", "description", "description_fr", "type"] } else { &["name", "name_fr"] };
    fields.require(needed);
    let other: &[&str] = if is_event { &["name", "name_fr", "other_names"] } else { &["title", "title_fr", "type"] };
    for field in other {
        if fields.has(field) && fields.take::<toml::Value>(field).is_some() {
            fields.breaks(field, Rule::FieldOfOther(kind.map_or("none", SubjectKind::as_str)));
        }
    }
    let name = if is_event { fields.both("title", "title_fr") } else { fields.both("name", "name_fr") };
    let (other_names, description) = (fields.take("other_names").unwrap_or_default(), fields.both("description", "description_fr"));
    let sort = fields.text("type");
    for (field, beside) in [("place_id", "place"), ("place_id", "place_reason"), ("place_reason", "place_id"), ("place", "accuracy_m")] {
        if fields.has(field) && !fields.has(beside) {
            fields.breaks(field, Rule::Needs(beside));
        }
    }
    let (place, place_id) = (fields.text("place"), fields.text("place_id"));
    // The reason is for those who read the file; it only has to be there.
    fields.text("place_reason");
    let accuracy_m = fields.take("accuracy_m");
    let origin = fields.finish();
    Some(Subject { origin, id: id?, kind: kind?, name: name?, other_names, description, sort, place, place_id, accuracy_m })
}
