//! From claims to values: the written rule of `seeds/README.md`, as pure functions.
//!
//! [`conclude`] takes what sources say about one dated property of one subject and says what follows. The rule's numbers are
//! named where they are applied; the order of the claims never matters.

mod act;
mod group;
#[cfg(test)]
mod laws;
mod pick;
mod rank;
mod set_aside;
mod step;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use jiff::civil::Date;

pub use act::Ending;
pub use pick::{pick, preferred};
pub use step::{Reason, Step};

use group::{Group, group, group_telling};
use rank::ranked;

use crate::model::{
    Act, Claim, Modality, Source,
    when::{Bounds, When},
};

/// A claim with the source that makes it.
#[derive(Debug, Clone, Copy)]
pub struct Said<'a> {
    /// What is said.
    pub claim: &'a Claim,
    /// Who says it.
    pub source: &'a Source,
}

impl<'a> Said<'a> {
    fn when(&self) -> Option<&'a When> {
        self.claim.when()
    }
}

/// How far sources agree (rule 4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Agreement {
    /// No source reports it.
    None,
    /// One source does.
    Single,
    /// Two or more independent sources do, and can all be right.
    Agreed,
    /// Sources contradict each other.
    Disputed,
}

impl Agreement {
    /// The word used in answers.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Single => "single",
            Self::Agreed => "agreed",
            Self::Disputed => "disputed",
        }
    }
}

/// What the claims on a dated property come to.
#[derive(Debug, Clone, PartialEq)]
pub struct Conclusion {
    /// The value shown first.
    pub value: Option<When>,
    /// All values that contradict each other, the one shown first in front; empty where there is no dispute.
    pub alternatives: Vec<When>,
    /// How far sources agree on the value.
    pub agreement: Agreement,
    /// Of an ending: each act with its own date, the one shown first in front, the lowering of a flag last.
    pub endings: Vec<Ending>,
    /// What was planned; it agrees with nothing.
    pub planned: Option<When>,
    /// The day from which the plan was known.
    pub planned_since: Option<Date>,
    /// Ids of the claims that are set aside (rule 6).
    pub set_aside: Vec<String>,
}

impl Conclusion {
    /// Between which moments it happened: the value's bounds, or those that hold every value in dispute (rule 3).
    pub fn bounds(&self) -> Option<Bounds> {
        let alternatives = self.alternatives.iter().map(When::bounds).reduce(|hull, bounds| hull.hull(&bounds));
        alternatives.or_else(|| self.value.as_ref().map(When::bounds))
    }

    /// The first possible day; `None` without bound.
    pub fn earliest(&self) -> Option<Date> {
        self.bounds()?.earliest_start.day()
    }

    /// The last possible day; `None` without bound.
    pub fn latest(&self) -> Option<Date> {
        self.bounds()?.latest_end.day()
    }
}

/// What follows from the claims on one dated property of one subject; claims without a date are passed over.
///
/// Cost: O(n²) in the number of claims.
pub fn conclude(said: &[Said<'_>]) -> Conclusion {
    conclude_telling(said, &mut |_| {})
}

/// The same, with the steps that led to it.
pub fn explain(said: &[Said<'_>]) -> (Conclusion, Vec<Step>) {
    let mut steps = Vec::new();
    let conclusion = conclude_telling(said, &mut |step| steps.push(step));
    (conclusion, steps)
}

fn conclude_telling(said: &[Said<'_>], tell: &mut dyn FnMut(Step)) -> Conclusion {
    let of = |modality| said.iter().copied().filter(move |said| said.claim.modality == modality && said.when().is_some());
    let reported: Vec<Said<'_>> = of(Modality::Reported).collect();
    let set_aside = set_aside::set_aside(&reported);
    let kept = reported.iter().copied().filter(|said| !set_aside.contains(said.claim.id.as_str()));
    // Rule 2: the lowering of a flag is shown and closes nothing.
    let (flags, counted): (Vec<_>, Vec<_>) = kept.partition(|said| said.claim.act == Some(Act::FlagLowered));
    let (flags, counted) = (ranked(flags), ranked(counted));
    let planned = ranked(of(Modality::Planned).collect());
    for claim in planned.iter().map(|said| said.claim.id.clone()) {
        tell(Step::Planned { claim });
    }
    for claim in &set_aside {
        tell(Step::SetAside { claim: (*claim).to_owned() });
    }
    for claim in flags.iter().map(|said| said.claim.id.clone()) {
        tell(Step::Flag { claim });
    }
    let mut endings = act::endings(&counted);
    endings.extend(act::endings(&flags));
    let mut values = across_acts(&counted, tell);
    let not_yet = of(Modality::NotYet).filter_map(|said| Some((said.when()?.first_day()?, said.claim.id.as_str()))).max();
    if let Some((day, claim)) = not_yet {
        let before = values.first().cloned();
        narrow(&mut values, When::not_before(day));
        let fits = before.as_ref().is_none_or(|before| before.intersect(&When::not_before(day)).is_some());
        tell(Step::NotBefore { claim: claim.to_owned(), value: values.first().filter(|_| fits).cloned() });
    }
    let value = values.first().cloned();
    let count = voices(&counted, value.as_ref());
    tell(Step::Voices { count });
    let agreement = match (values.len(), count) {
        (2.., _) => Agreement::Disputed,
        (_, 0) => Agreement::None,
        (_, 1) => Agreement::Single,
        _ => Agreement::Agreed,
    };
    let plan = group(&planned).into_iter().next();
    Conclusion {
        value,
        alternatives: if values.len() > 1 { values } else { Vec::new() },
        agreement,
        endings,
        planned_since: plan.as_ref().and_then(known_since),
        planned: plan.map(|plan| plan.value),
        set_aside: set_aside.into_iter().map(str::to_owned).collect(),
    }
}

/// Rule 7: each act by itself first; then acts that can share a day narrow each other, and those that cannot are acts on
/// different days, of which the first in rank gives the value. More than one value is a dispute.
fn across_acts(counted: &[Said<'_>], tell: &mut dyn FnMut(Step)) -> Vec<When> {
    let mut values: Vec<When> = Vec::new();
    for act in act::in_order(counted) {
        let mut groups = group_telling(&act::claims(counted, act), counted, tell).into_iter().map(|group| group.value);
        let Some(first) = groups.next() else { continue };
        match values.first_mut() {
            None => values.push(first),
            Some(shown) => match shown.intersect(&first) {
                Some(shared) => {
                    act.into_iter().for_each(|act| tell(Step::ActsMeet { act, value: shared.clone() }));
                    *shown = shared;
                }
                None => {
                    act.into_iter().for_each(|act| tell(Step::ActApart { act, value: first.clone() }));
                    continue;
                }
            },
        }
        for other in groups {
            let same = values.iter_mut().skip(1).find_map(|value| value.intersect(&other).map(|shared| (value, shared)));
            match same {
                Some((value, shared)) => *value = shared,
                None => values.push(other),
            }
        }
    }
    values
}

/// Rule 1: `[t..]` narrows what it can; where it fits no value, it contradicts them.
fn narrow(values: &mut Vec<When>, bound: When) {
    let mut fits = false;
    for value in values.iter_mut() {
        if let Some(narrower) = value.intersect(&bound) {
            *value = narrower;
            fits = true;
        }
    }
    if !fits {
        values.push(bound);
    }
}

/// Rule 8: how many independent sources make a counted claim that fits the value.
fn voices(counted: &[Said<'_>], value: Option<&When>) -> usize {
    let Some(value) = value else { return 0 };
    let fit = counted.iter().filter(|said| said.when().is_some_and(|when| when.intersect(value).is_some()));
    fit.map(|said| said.source.voice()).collect::<BTreeSet<_>>().len()
}

/// A plan is known from the day that its first claim speaks from, at the latest that this can be; where the claim does not
/// say, from the day of its source.
fn known_since(plan: &Group<'_>) -> Option<Date> {
    let day = |said: &Said<'_>| {
        let when = said.claim.as_of.as_ref().or(said.source.published.as_ref())?;
        when.last_day().or_else(|| when.first_day())
    };
    plan.claims.iter().filter_map(day).min()
}
