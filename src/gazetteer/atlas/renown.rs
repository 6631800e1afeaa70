//! Another name of a great city, before a hamlet whose own name it is.
//!
//! Whoever types "Roma", "Londres" or "Bombay" and says nothing of where means Rome, London and Mumbai, not the places in Lesotho,
//! Argentina and New Zealand that are so called. Where a country, a box or a point is given, that says what is meant, and the name as
//! written comes first.

use super::{Hit, Wish};
use crate::{gazetteer::Method, model::Level};

/// So many times the people of every place whose first name it is. Places drawn as often as people live there are then found first by
/// another of their names in 0.971 of all cases in place of 0.961, by their own name in 0.985 in place of 0.986 (`tests/data/gazetteer.rs`);
/// thirty times gains half as much again and puts towns of some size behind.
const GREATER: u32 = 100;
/// People that a place is taken to have where nobody counted them.
const UNCOUNTED: u32 = 1_000;
/// How much less its name may fit: as exactly spelt, that is, but not the first.
const AS_WELL_SPELT: f64 = 0.055;

/// Gives the score of a first name to the other names that a greater place bears; the ranks of both then decide their order.
pub(super) fn lift(hits: &mut [Hit<'_>], wish: &Wish<'_>) {
    if wish.is_somewhere() || wish.near.is_some() {
        return;
    }
    let (mut best, mut people) = (0.0_f64, 0);
    for hit in hits.iter().filter(|hit| matches!(hit.method, Method::Name | Method::Folded)) {
        let counted = match hit.spot.level() {
            // Regions and countries are not measured by their people.
            Level::Region | Level::Country => u32::MAX,
            _ if hit.spot.population() == 0 => UNCOUNTED,
            _ => hit.spot.population(),
        };
        best = best.max(hit.score);
        people = people.max(counted);
    }
    let least = people.saturating_mul(GREATER);
    let lesser = |hit: &Hit<'_>| hit.method == Method::Alias && hit.kind.is_real() && hit.score < best && best - hit.score < AS_WELL_SPELT;
    for hit in hits.iter_mut().filter(|hit| least < u32::MAX && lesser(hit) && hit.spot.population() >= least) {
        hit.score = best;
        hit.reason.push_str("; it has a hundred times the people of any place whose first name this is");
    }
}
