//! Subjects → places: by name in the data set's country, or by id where a name is a homonym.

use super::{
    check::{Rule, Violation},
    record::{Subject, Subjects},
};
use crate::{
    gazetteer::{Context, Gazetteer, Outcome},
    model::Place,
};

/// How a subject got its position.
#[derive(Debug, Clone, Copy)]
pub(super) struct Placed<'a> {
    /// Where it is.
    pub(super) place: &'a Place,
    /// `name`, `alias` or `folded` as the gazetteer matched it, or `id`.
    pub(super) method: &'static str,
    /// From 0 to 1.
    pub(super) score: f64,
    /// Radius in metres around the position within which the subject lies.
    pub(super) accuracy_m: Option<u32>,
}

/// The place of each subject, in their order; `None` for one that has none or whose place is not found, which is reported.
pub(super) fn place<'a>(subjects: &Subjects, gazetteer: &'a Gazetteer, found: &mut Vec<Violation>) -> Vec<Option<Placed<'a>>> {
    let country = subjects.country.as_deref();
    let mut each = |subject: &Subject| {
        let name = subject.place.as_deref()?;
        let placed = match &subject.place_id {
            Some(id) => by_id(name, id, gazetteer).map_err(|rule| ("place_id", rule)),
            None => by_name(name, country, gazetteer).map_err(|rule| ("place", rule)),
        };
        match placed {
            Ok(placed) => Some(Placed { accuracy_m: subject.accuracy_m.or(placed.place.accuracy_m), ..placed }),
            Err((field, rule)) => {
                found.push(subject.origin.breaks(field, rule));
                None
            }
        }
    };
    subjects.list.iter().map(&mut each).collect()
}

fn by_name<'a>(name: &str, country: Option<&str>, gazetteer: &'a Gazetteer) -> Result<Placed<'a>, Rule> {
    let resolution = gazetteer.resolve(name, Context { country, ..Context::default() });
    match resolution.outcome() {
        Outcome::One(best) => Ok(Placed { place: best.place, method: best.method.as_str(), score: best.score, accuracy_m: None }),
        Outcome::None => Err(Rule::UnknownPlace(name.to_owned())),
        Outcome::Ambiguous(_) => {
            let each = resolution.candidates.iter().map(|candidate| {
                let Place { id, name, country, level, .. } = candidate.place;
                format!("{id} ({name}, {country}, {})", level.as_str())
            });
            Err(Rule::AmbiguousPlace { name: name.to_owned(), candidates: each.collect::<Vec<_>>().join("; ") })
        }
    }
}

/// An id decides between homonyms, so the place must bear the name: a slip of a digit is found here.
fn by_id<'a>(name: &str, id: &str, gazetteer: &'a Gazetteer) -> Result<Placed<'a>, Rule> {
    let place = gazetteer.get(id).ok_or_else(|| Rule::UnknownPlaceId(id.to_owned()))?;
    let resolution = gazetteer.resolve(name, Context::default());
    if !resolution.candidates.iter().any(|candidate| candidate.place.id == id) {
        return Err(Rule::PlaceOfOtherName { id: id.to_owned(), name: place.name.clone(), expected: name.to_owned() });
    }
    Ok(Placed { place, method: "id", score: 1.0, accuracy_m: None })
}
