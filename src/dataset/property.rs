//! The properties that claims can have (`seeds/README.md` says what each means).

use super::record::SubjectKind::{self, Base, Event, Mission, Place};

/// What a property's values are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Takes {
    /// A date, certain or not.
    When,
    /// A name.
    Name,
    /// One word of a list.
    Word(&'static [&'static str]),
    /// A number that counts something, in a unit.
    Count,
    /// A place in an order: it counts nothing and has no unit.
    Rank,
}

impl Takes {
    /// In words, for messages.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::When => "a date as EDTF text",
            Self::Name | Self::Word(_) => "a text",
            Self::Count | Self::Rank => "a whole number",
        }
    }

    /// Whether the values are numbers.
    pub(super) fn is_number(self) -> bool {
        matches!(self, Self::Count | Self::Rank)
    }
}

/// A property that claims can have.
#[derive(Debug)]
pub(super) struct Property {
    pub(super) name: &'static str,
    pub(super) takes: Takes,
    /// Which subjects have it.
    pub(super) of: &'static [SubjectKind],
}

const fn new(name: &'static str, takes: Takes, of: &'static [SubjectKind]) -> Property {
    Property { name, takes, of }
}

const NAMED: Takes = Takes::Word(&["base", "temporary base", "outpost", "camp", "headquarters", "site"]);
const MENTION: Takes = Takes::Word(&["agreements", "patrols", "reconciliation", "stabilized", "violence"]);
const COUNTED: &[SubjectKind] = &[Base, Mission];

const PROPERTIES: [Property; 30] = [
    new("closed", Takes::When, &[Base]),
    new("opened", Takes::When, &[Base]),
    new("liquidation", Takes::When, &[Base]),
    new("when", Takes::When, &[Event]),
    new("named_base", NAMED, &[Base]),
    new("kind", Takes::Word(&["temporary base", "headquarters"]), &[Base]),
    new("region", Takes::Name, &[Base]),
    new("phase", Takes::Word(&["first", "liquidation"]), &[Base]),
    new("contingent", Takes::Name, &[Base]),
    new("conditions", Takes::Word(&["smooth", "contested"]), &[Base]),
    new("mention", MENTION, &[Base, Place]),
    new("order", Takes::Rank, &[Base]),
    new("bases_total", Takes::Count, COUNTED),
    new("positions_left", Takes::Count, COUNTED),
    new("personnel", Takes::Count, COUNTED),
    new("personnel_left", Takes::Count, COUNTED),
    new("deaths", Takes::Count, COUNTED),
    new("injured", Takes::Count, COUNTED),
    new("conflict_deaths", Takes::Count, COUNTED),
    new("displaced", Takes::Count, COUNTED),
    new("sheltered", Takes::Count, COUNTED),
    new("attacks", Takes::Count, COUNTED),
    new("projects", Takes::Count, COUNTED),
    new("agreements", Takes::Count, COUNTED),
    new("agencies", Takes::Count, COUNTED),
    new("battalions", Takes::Count, COUNTED),
    new("cost", Takes::Count, COUNTED),
    new("footprint_reduction", Takes::Count, COUNTED),
    new("duration", Takes::Count, COUNTED),
    new("distance", Takes::Count, COUNTED),
];

/// The property of this name.
pub(super) fn find(name: &str) -> Option<&'static Property> {
    PROPERTIES.iter().find(|property| property.name == name)
}
