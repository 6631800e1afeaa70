//! `places`: the gazetteer.

use super::{Draft, Knowledge, View};
use crate::model::{
    Geometry,
    Kind::{self, Integer, List, Text},
};

pub(super) const COLUMNS: &[(&str, Kind)] = &[
    ("name", Text),
    ("country", Text),
    ("level", Text),
    ("population", Integer),
    ("admin1", Text),
    ("other_names", List),
    ("accuracy_m", Integer),
    ("source", Text),
];

pub(super) fn drafts(knowledge: &Knowledge<'_>, _: View) -> Vec<Draft> {
    let draft = |place: &crate::model::Place| {
        // GeoNames writes 0 where nobody counted.
        let population = Some(place.population).filter(|people| *people > 0).and_then(|people| i64::try_from(people).ok());
        let values = vec![
            ("name", place.name.as_str().into()),
            ("country", place.country.as_str().into()),
            ("level", place.level.as_str().into()),
            ("population", population.into()),
            ("admin1", Some(place.admin1.as_str()).filter(|code| !code.is_empty()).into()),
            ("other_names", place.other_names().map(str::to_owned).collect::<Vec<_>>().into()),
            ("accuracy_m", place.accuracy_m.into()),
            ("source", place.source.as_str().into()),
        ];
        Draft { id: place.id.clone(), geometry: Some(Geometry::point(place.position)), time: None, values }
    };
    knowledge.gazetteer.iter().map(draft).collect()
}
