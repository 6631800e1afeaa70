//! Claims that can all be true, and the narrower value that they leave (rule 3).

use super::{Said, Step, rank::reason};
use crate::model::when::When;

/// Claims that can all be true together.
#[derive(Debug, Clone)]
pub(super) struct Group<'a> {
    /// What they leave together.
    pub(super) value: When,
    /// In order of rank.
    pub(super) claims: Vec<Said<'a>>,
}

/// Puts claims, given in order of rank, into groups: each joins the first whose value it can share, and narrows it. The group
/// of the claim ranked first is the one shown first; more than one is a dispute.
pub(super) fn group<'a>(ranked: &[Said<'a>]) -> Vec<Group<'a>> {
    group_telling(ranked, ranked, &mut |_| {})
}

/// The same, telling each step; `among` are the claims that the ranks were given among.
pub(super) fn group_telling<'a>(ranked: &[Said<'a>], among: &[Said<'a>], tell: &mut dyn FnMut(Step)) -> Vec<Group<'a>> {
    let mut groups: Vec<Group<'a>> = Vec::new();
    let dated = ranked.iter().filter(|said| said.when().is_some()).collect::<Vec<_>>();
    for said in ranked {
        let Some(when) = said.when() else { continue };
        let fit = groups.iter_mut().find_map(|group| group.value.intersect(when).map(|shared| (group, shared)));
        match fit {
            Some((group, shared)) => {
                tell(Step::Fits {
                    claim: said.claim.id.clone(),
                    value: shared.clone(),
                    narrows: shared.span_days() != group.value.span_days(),
                });
                group.value = shared;
                group.claims.push(*said);
            }
            None => {
                let (claim, value) = (said.claim.id.clone(), when.clone());
                tell(match groups.first().map(|group| group.claims[0]) {
                    Some(first) => Step::Against { claim, value, by: reason(first, *said, among) },
                    None => {
                        let over = dated.get(1).map(|next| (next.claim.id.clone(), reason(*said, **next, among)));
                        Step::First { claim, value, act: said.claim.act, over }
                    }
                });
                groups.push(Group { value: when.clone(), claims: vec![*said] });
            }
        }
    }
    groups
}
