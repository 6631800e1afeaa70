//! Claims that can all be true, and the narrower value that they leave (rule 3).

use super::Said;
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
    let mut groups: Vec<Group<'a>> = Vec::new();
    for said in ranked {
        let Some(when) = said.when() else { continue };
        let fit = groups.iter_mut().find_map(|group| group.value.intersect(when).map(|shared| (group, shared)));
        match fit {
            Some((group, shared)) => {
                group.value = shared;
                group.claims.push(*said);
            }
            None => groups.push(Group { value: when.clone(), claims: vec![*said] }),
        }
    }
    groups
}
