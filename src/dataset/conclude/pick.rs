//! Values without a date: names, words, ranks.

use super::{Said, rank::ranked};
use crate::model::{ClaimValue, Modality};

/// The value that is shown of claims on a property without dates: what is reported before what is planned (rule 1), then by
/// the order of rule 3, in which precision decides nothing.
pub fn pick<'a>(said: &[Said<'a>]) -> Option<&'a ClaimValue> {
    let of = |modality| said.iter().copied().filter(move |said| said.claim.modality == modality).collect();
    let first = |modality| ranked(of(modality)).first().map(|said| &said.claim.value);
    first(Modality::Reported).or_else(|| first(Modality::Planned))
}
