//! Names that differ from what was typed by one or two slips: a letter left out, put in, changed, or two neighbours swapped
//! (restricted Damerau–Levenshtein distance; Schulz and Mihov, 2002, for the automaton).

use std::{collections::HashSet, sync::LazyLock};

use levenshtein_automata::{DFA, Distance, LevenshteinAutomatonBuilder, SINK_STATE};

use super::{
    Atlas, Hit, Wish, list,
    needle::{Fit, Needle},
};
use crate::gazetteer::{
    Method,
    pack::{Section, decode, encode},
};

/// Most keys taken of one search, and most nodes walked.
const MOST_KEYS: usize = 2_000;
const MOST_NODES: usize = 500_000;
/// Most places of one misspelt name.
const MOST_BEARERS: usize = 50;
/// Most places whose names are looked into.
const MOST_EXAMINED: usize = 300;

/// Making the tables of an automaton takes milliseconds, once; they are the same for every name.
static SLIPS: [LazyLock<LevenshteinAutomatonBuilder>; 2] =
    [LazyLock::new(|| LevenshteinAutomatonBuilder::new(1, true)), LazyLock::new(|| LevenshteinAutomatonBuilder::new(2, true))];

/// A key and how many slips it is away.
struct Near {
    key: Vec<u8>,
    at: u64,
    slips: u8,
}

/// How many slips a name of so many letters is given: none below 4, one below 8, then two.
pub(super) fn most_slips(letters: usize) -> u8 {
    match letters {
        0..=3 => 0,
        4..=7 => 1,
        _ => 2,
    }
}

/// The score of a name that is `slips` away: what part of its letters is right, a little less where it begins otherwise.
fn score(letters: usize, slips: u8, same_beginning: bool) -> f64 {
    let right = 1.0 - 1.6 * f64::from(slips) / letters as f64;
    right.clamp(0.3, 0.86) - if same_beginning { 0.0 } else { 0.06 }
}

impl Atlas {
    /// The places with a name that is `slips` away from `folded`; 1 or 2.
    pub(super) fn fuzzy(&self, folded: &str, slips: u8, wish: &Wish<'_>) -> Vec<Hit<'_>> {
        let Some(tables) = usize::from(slips).checked_sub(1).and_then(|index| SLIPS.get(index)) else { return Vec::new() };
        let letters = folded.chars().count();
        let postings = self.section(Section::Postings);
        let code = encode(folded);
        let mut found = Vec::new();
        for near in self.near_keys(&tables.build_dfa(&as_letters(&code)), &code) {
            let score = score(letters, near.slips, near.key.first() == code.first());
            let bearers = list::bearers(postings, near.at, list::MOST_HOMONYMS).real;
            let holds = |place: &&u32| wish.is_somewhere() && wish.holds(self.spot(**place));
            // Those that lie where they should, before those that merely matter more.
            let (wanted, others) = (bearers.iter().filter(holds), bearers.iter());
            for &place in wanted.take(MOST_BEARERS).chain(others.take(MOST_BEARERS)) {
                let factor = wish.weigh(self.spot(place), |_| {});
                found.push((score * factor, place, score, near.slips, near.key.clone()));
            }
        }
        found.sort_unstable_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        let mut seen = HashSet::new();
        found.retain(|near| seen.insert(near.1));
        found.truncate(MOST_EXAMINED);
        let hit = |(_, place, score, slips, key): (f64, u32, f64, u8, Vec<u8>)| {
            let (spot, folded) = (self.spot(place), decode(&key));
            let (_, name) = spot.named(&Needle::new(&folded), Fit::Whole, true)?;
            let reason = if slips == 1 { "one letter off".to_owned() } else { format!("{slips} letters off") };
            Some(Hit::new(spot, name, Method::Fuzzy, score, reason).weighed(wish))
        };
        found.into_iter().filter_map(hit).collect()
    }

    /// The keys that the automaton takes, the key itself left out.
    fn near_keys(&self, automaton: &DFA, own: &[u8]) -> Vec<Near> {
        let mut near = Vec::new();
        let mut key = Vec::new();
        let mut nodes = MOST_NODES;
        // Node, next transition to follow, state before it, output so far.
        let mut stack = vec![(self.keys.root().addr(), 0, automaton.initial_state(), 0u64)];
        while let Some((addr, next, state, output)) = stack.pop() {
            let node = self.keys.node(addr);
            if next == 0 {
                if node.is_final()
                    && let Distance::Exact(slips) = automaton.distance(state)
                    && key != own
                {
                    near.push(Near { key: key.clone(), at: output + node.final_output().value(), slips });
                }
                nodes -= 1;
                if nodes == 0 || near.len() == MOST_KEYS {
                    return near;
                }
            }
            let mut follow = None;
            for index in next..node.len() {
                let transition = node.transition(index);
                let state = step(automaton, state, transition.inp);
                if state != SINK_STATE {
                    follow = Some((index, transition, state));
                    break;
                }
            }
            match follow {
                Some((index, transition, below)) => {
                    stack.push((addr, index + 1, state, output));
                    key.push(transition.inp);
                    stack.push((transition.addr, 0, below, output + transition.out.value()));
                }
                None => {
                    key.pop();
                }
            }
        }
        near
    }
}

/// The automaton counts letters in UTF-8; a byte of a key is a letter to it.
fn as_letters(code: &[u8]) -> String {
    code.iter().map(|&byte| char::from(byte)).collect()
}

fn step(automaton: &DFA, state: u32, byte: u8) -> u32 {
    if byte < 0x80 {
        return automaton.transition(state, byte);
    }
    match automaton.transition(state, 0xc0 | byte >> 6) {
        SINK_STATE => SINK_STATE,
        between => automaton.transition(between, 0x80 | byte & 0x3f),
    }
}
