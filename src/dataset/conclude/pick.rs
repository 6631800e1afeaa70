//! Values without a date: names, words, ranks.

use super::{
    Reason, Said,
    rank::{ranked, reason},
};
use crate::model::{ClaimValue, Modality};

/// The value that is shown of claims on a property without dates: what is reported before what is planned (rule 1), then by
/// the order of rule 3, in which precision decides nothing.
pub fn pick<'a>(said: &[Said<'a>]) -> Option<&'a ClaimValue> {
    preferred(said).first().map(|(said, _)| &said.claim.value)
}

/// The same claims in the order in which they are taken, each with what puts the first before it.
pub fn preferred<'a>(said: &[Said<'a>]) -> Vec<(Said<'a>, Option<Reason>)> {
    let of = |modality| said.iter().copied().filter(move |said| said.claim.modality == modality).collect::<Vec<_>>();
    let reported = of(Modality::Reported);
    let counted = if reported.is_empty() { of(Modality::Planned) } else { reported };
    let order = ranked(counted.clone());
    let first = order.first().copied();
    let behind = |said: Said<'a>| first.filter(|first| first.claim.id != said.claim.id).map(|first| reason(first, said, &counted));
    order.into_iter().map(|said| (said, behind(said))).collect()
}
