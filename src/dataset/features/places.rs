//! `places`: the gazetteer that the data rest on. The service shows those of the world in their stead ([`super::super::world`]).

use super::{Draft, Knowledge, View};
use crate::model::{
    Geometry,
    Kind::{self, Integer, List, Text},
    Value,
};

pub(super) const COLUMNS: &[(&str, Kind)] = &[
    ("name", Text),
    ("country", Text),
    ("region", Text),
    ("level", Text),
    ("class", Text),
    ("population", Integer),
    ("rank", Integer),
    ("admin1", Text),
    ("other_names", List),
    ("accuracy_m", Integer),
    ("source", Text),
];

pub(super) fn drafts(knowledge: &Knowledge<'_>, _: View) -> Vec<Draft> {
    let mut places = knowledge.gazetteer.iter().collect::<Vec<_>>();
    places.sort_by_key(|place| std::cmp::Reverse(place.population));
    let draft = |(place, rank): (&crate::model::Place, i64)| {
        // GeoNames writes 0 where nobody counted.
        let population = Some(place.population).filter(|people| *people > 0).and_then(|people| i64::try_from(people).ok());
        let values = vec![
            ("name", place.name.as_str().into()),
            ("country", place.country.as_str().into()),
            ("region", knowledge.gazetteer.region(place).map(|region| region.name.as_str()).into()),
            ("level", place.level.as_str().into()),
            ("population", population.into()),
            ("rank", Value::Integer(rank)),
            ("admin1", Some(place.admin1.as_str()).filter(|code| !code.is_empty()).into()),
            ("other_names", place.other_names().map(str::to_owned).collect::<Vec<_>>().into()),
            ("accuracy_m", place.accuracy_m.into()),
            ("source", place.source.as_str().into()),
        ];
        Draft { id: place.id.clone(), geometry: Some(Geometry::point(place.position)), time: None, values }
    };
    places.into_iter().zip(1..).map(draft).collect()
}
