//! What the `filter` of a page's address asks, as far as a form can show it.

use super::Frame;
use crate::{
    model::{Collection, Property},
    query::filter::{Bound, Simple, all_of, conjuncts},
};

/// A filter in parts: conditions on one property, and what else it asks.
#[derive(Debug, Default)]
pub(super) struct Asked {
    /// Each as it is written, with what it says where a form can say it; of each property each bound once.
    parts: Vec<(String, Option<Simple>)>,
    /// Whether the filter is in another language or of another reference system than a form's conditions would be.
    is_foreign: bool,
}

impl Asked {
    /// What the address of a page asks of the properties of a collection.
    pub(super) fn of(frame: &Frame, collection: &Collection) -> Self {
        let text = frame.asked("filter").filter(|text| !text.is_empty()).unwrap_or_default();
        if frame.asked("filter-lang").is_some_and(|language| language == "cql2-json") {
            return Self { parts: vec![(text, None)], is_foreign: true };
        }
        let mut parts = Vec::<(String, Option<Simple>)>::new();
        for part in conjuncts(&text).unwrap_or_else(|| vec![&text]) {
            let simple = Simple::parse(part).filter(|simple| {
                let property = collection.schema.properties.iter().find(|property| property.name == simple.property);
                let is_known = |(_, known): &(String, Option<Simple>)| {
                    known.as_ref().is_some_and(|known| known.property == simple.property && known.bound == simple.bound)
                };
                property.is_some_and(|property| offers(property) && Simple::bounds(property.kind).contains(&simple.bound))
                    && !parts.iter().any(is_known)
            });
            parts.push((part.to_owned(), simple));
        }
        Self { parts, is_foreign: false }
    }

    /// Whether a form has a field for each bound of a property.
    pub(super) fn offers(&self, property: &Property) -> bool {
        !self.is_foreign && offers(property)
    }

    /// Whether anything is asked of a property that a form can show.
    pub(super) fn is_of(&self, property: &str) -> bool {
        self.parts.iter().any(|(_, simple)| simple.as_ref().is_some_and(|simple| simple.property == property))
    }

    /// The value of a bound.
    pub(super) fn value(&self, property: &str, bound: Bound) -> Option<&str> {
        let mut simple = self.parts.iter().filter_map(|(_, simple)| simple.as_ref());
        simple.find(|simple| simple.property == property && simple.bound == bound).map(|simple| simple.value.as_str())
    }

    /// What else is asked.
    pub(super) fn rest(&self) -> String {
        all_of(self.parts.iter().filter(|(_, simple)| simple.is_none()).map(|(text, _)| text.as_str()))
    }

    /// What is left without that.
    pub(super) fn without_rest(&self) -> String {
        all_of(self.parts.iter().filter(|(_, simple)| simple.is_some()).map(|(text, _)| text.as_str()))
    }

    /// What a form can show, each with the filter that is left without it.
    pub(super) fn shown(&self) -> impl Iterator<Item = (&Simple, String)> {
        let without =
            |at: usize| all_of(self.parts.iter().enumerate().filter(|(other, _)| *other != at).map(|(_, (text, _))| text.as_str()));
        self.parts.iter().enumerate().filter_map(move |(at, (_, simple))| Some((simple.as_ref()?, without(at))))
    }
}

/// Where the values of a property are few and known, they are chosen rather than bounded.
fn offers(property: &Property) -> bool {
    property.codes.is_empty() && !Simple::bounds(property.kind).is_empty()
}
