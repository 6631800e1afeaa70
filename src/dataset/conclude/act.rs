//! The acts of an ending, each by itself (rules 2 and 7).

use jiff::civil::Date;

use super::{Agreement, Said, group::group, voices};
use crate::model::{
    Act,
    when::{Bounds, When},
};

/// One act of an ending, by those who report it.
#[derive(Debug, Clone, PartialEq)]
pub struct Ending {
    /// Which.
    pub act: Act,
    /// Its date as shown first.
    pub value: When,
    /// All dates that contradict each other, the one shown first in front; empty where there is no dispute.
    pub alternatives: Vec<When>,
    /// How far sources agree on it.
    pub agreement: Agreement,
    /// Ids of the claims, in order of rank.
    pub claims: Vec<String>,
}

impl Ending {
    fn bounds(&self) -> Bounds {
        self.alternatives.iter().map(When::bounds).fold(self.value.bounds(), |hull, bounds| hull.hull(&bounds))
    }

    /// The first possible day; `None` without bound.
    pub fn earliest(&self) -> Option<Date> {
        self.bounds().earliest_start.day()
    }

    /// The last possible day; `None` without bound.
    pub fn latest(&self) -> Option<Date> {
        self.bounds().latest_end.day()
    }
}

/// The acts that claims, given in order of rank, speak of, in the order of their best claims; claims on what is no ending
/// have none.
pub(super) fn in_order(ranked: &[Said<'_>]) -> Vec<Option<Act>> {
    let mut acts: Vec<Option<Act>> = Vec::new();
    for said in ranked {
        if !acts.contains(&said.claim.act) {
            acts.push(said.claim.act);
        }
    }
    acts
}

/// The claims on one act, in the order given.
pub(super) fn claims<'a>(ranked: &[Said<'a>], act: Option<Act>) -> Vec<Said<'a>> {
    ranked.iter().copied().filter(|said| said.claim.act == act).collect()
}

/// Each act of claims, given in order of rank, with its own date.
pub(super) fn endings(ranked: &[Said<'_>]) -> Vec<Ending> {
    let mut endings = Vec::new();
    for act in in_order(ranked).into_iter().flatten() {
        let claims = claims(ranked, Some(act));
        let values: Vec<When> = group(&claims).into_iter().map(|group| group.value).collect();
        let Some(value) = values.first().cloned() else { continue };
        let agreement = match (values.len(), voices(&claims, Some(&value))) {
            (2.., _) => Agreement::Disputed,
            (_, 1) => Agreement::Single,
            _ => Agreement::Agreed,
        };
        endings.push(Ending {
            act,
            value,
            alternatives: if values.len() > 1 { values } else { Vec::new() },
            agreement,
            claims: claims.iter().map(|said| said.claim.id.clone()).collect(),
        });
    }
    endings
}
