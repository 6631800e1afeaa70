//! How a record's values follow from the claims on it: what pages tell step by step, and what `/conflicts` lists.
//!
//! The steps are not told from memory: the claims are read back from their collection and the rule is applied to them again. Where
//! that does not lead to the value that the record has, nothing is told.

use crate::{
    dataset::conclude::{Conclusion, Reason, Said, Step, explain, preferred},
    model::{Bound, ClaimValue, when::When},
    store::Cell,
};

/// Properties of claims that are dates.
pub(super) const DATED: [&str; 4] = ["closed", "opened", "when", "liquidation"];
/// Properties of which one value is taken.
pub(super) const TAKEN: [&str; 4] = ["kind", "region", "phase", "order"];

/// How one value follows.
#[derive(Debug)]
pub(super) enum Followed<'a> {
    /// A date, and the steps to it.
    Date(Box<Conclusion>, Vec<Step>),
    /// The value of the first of some claims; each other with what puts the first one before it.
    Taken(Vec<(Said<'a>, Option<Reason>)>),
}

impl<'a> Followed<'a> {
    /// How the value of a property that is dated or taken follows from the claims on it; `None` where they do not lead to the one shown.
    pub(super) fn of(property: &str, said: &[Said<'a>], shown: Cell<'_>) -> Option<Self> {
        if said.is_empty() {
            None
        } else if DATED.contains(&property) {
            Self::date(said, shown)
        } else {
            Self::taken(said, shown)
        }
    }

    fn date(said: &[Said<'a>], shown: Cell<'_>) -> Option<Self> {
        let (conclusion, steps) = explain(said);
        let shown = match shown {
            Cell::Text(text) => Some(text),
            _ => None,
        };
        // A property may rest on its plan alone.
        let value = conclusion.value.as_ref().or(conclusion.planned.as_ref());
        let is_shown = value.map(When::as_str) == shown || conclusion.value.as_ref().map(When::as_str) == shown;
        is_shown.then(|| Self::Date(Box::new(conclusion), steps))
    }

    fn taken(said: &[Said<'a>], shown: Cell<'_>) -> Option<Self> {
        let exact = said.iter().copied().filter(|said| said.claim.bound == Bound::Exactly).collect::<Vec<_>>();
        let order = preferred(&exact);
        let is_shown = match (&order.first()?.0.claim.value, shown) {
            (ClaimValue::Text(text), Cell::Text(shown)) => text == shown,
            (ClaimValue::Integer(number), Cell::Integer(shown)) => *number == shown,
            _ => false,
        };
        is_shown.then_some(Self::Taken(order))
    }

    /// Whether claims disagree on the value.
    pub(super) fn in_conflict(&self) -> bool {
        match self {
            Self::Date(_, steps) => {
                steps.iter().any(|step| matches!(step, Step::Against { .. } | Step::SetAside { .. } | Step::NotBefore { value: None, .. }))
            }
            Self::Taken(order) => order.iter().any(|(said, _)| said.claim.value != order[0].0.claim.value),
        }
    }
}
