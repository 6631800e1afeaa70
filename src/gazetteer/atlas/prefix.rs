//! Best-first search below a prefix.
//!
//! The output of a key is where its list lies, and lists lie in the order of their best place; the fst pushes the least output of a
//! subtree to its root. So a heap of subtrees, least output first, yields keys in the order of their best places, whatever their
//! number: O(limit · depth · log) steps.

use std::{cmp::Reverse, collections::BinaryHeap};

use bytes::Bytes;
use fst::raw::{CompiledAddr, Fst};

use super::{
    Atlas, list,
    needle::{Fit, Needle},
};
use crate::{
    gazetteer::pack::{Section, encode},
    model::Level,
};

/// Most steps of one search: what a filter that lets nothing through may cost.
const MOST_STEPS: usize = 20_000;

/// Places below a prefix, most important first.
#[derive(Debug, Default)]
pub(super) struct Below {
    /// Those that people call so.
    pub(super) real: Vec<u32>,
    /// Those among the more that were looked at whose shown name begins so; none where no more were.
    pub(super) first: Vec<u32>,
    /// Those that only machines call so, or of which it is an abbreviation, found on the way or where there are too few others.
    pub(super) junk: Vec<u32>,
    /// Whether nothing is left that was not looked at.
    pub(super) complete: bool,
}

/// Keys of `index` that begin with `prefix`, by rising output; ends after [`MOST_STEPS`].
struct ByOutput<'f> {
    index: &'f Fst<Bytes>,
    /// Least output below; 0 for a key itself, else the address of a node.
    heap: BinaryHeap<Reverse<(u64, CompiledAddr)>>,
    steps: usize,
}

/// Marks a key: the address of the one node without transitions, which is where every key ends that none goes on from.
const KEY: CompiledAddr = 0;

impl<'f> ByOutput<'f> {
    fn new(index: &'f Fst<Bytes>, prefix: &[u8]) -> Self {
        let mut new = Self { index, heap: BinaryHeap::new(), steps: MOST_STEPS };
        let (mut node, mut output) = (index.root(), 0);
        for &byte in prefix {
            let Some(found) = node.find_input(byte) else { return new };
            let transition = node.transition(found);
            output += transition.out.value();
            node = index.node(transition.addr);
        }
        new.heap.push(Reverse((output, node.addr())));
        new
    }

    /// Puts a node's key and its subtrees into the heap, but for the one whose least output is that of the node: nothing in the heap
    /// is less, so it comes next.
    fn open(&mut self, addr: CompiledAddr, output: u64) -> Option<CompiledAddr> {
        let node = self.index.node(addr);
        let mut next = None;
        let mut put = |more: u64, addr| match next {
            None if more == 0 => next = Some(addr),
            _ => self.heap.push(Reverse((output + more, addr))),
        };
        if node.is_final() {
            put(node.final_output().value(), KEY);
        }
        // A node without transitions is a key and nothing else, and has the address of one.
        node.transitions().for_each(|transition| put(transition.out.value(), transition.addr));
        next
    }
}

impl Iterator for ByOutput<'_> {
    type Item = u64;

    fn next(&mut self) -> Option<u64> {
        while let Some(Reverse((output, mut addr))) = self.heap.pop() {
            loop {
                if addr == KEY {
                    return Some(output);
                }
                self.steps = self.steps.checked_sub(1)?;
                match self.open(addr, output) {
                    Some(next) => addr = next,
                    None => break,
                }
            }
        }
        None
    }
}

impl Atlas {
    /// The `limit` most important places that `keep` lets through and one of whose names begins with `folded`; and, where `wide` is
    /// more, among as many the `limit` most important whose shown name does.
    pub(super) fn below(&self, folded: &str, limit: usize, wide: usize, keep: impl Fn(u32) -> bool) -> Below {
        let postings = self.section(Section::Postings);
        let needle = Needle::new(folded);
        let (mut best, mut first, mut junk) = (Best::new(wide.max(limit)), Best::new(limit), Best::new(limit));
        let mut keys = ByOutput::new(&self.keys, &encode(folded));
        let mut complete = false;
        for at in keys.by_ref() {
            let Some((is_junk, place)) = list::best(postings, at) else { continue };
            if best.is_full_before(place) || first.is_full_before(place) || (is_junk && junk.is_full_before(place)) {
                complete = true;
                break;
            }
            list::visit(postings, at, |place, is_junk| {
                if is_junk {
                    if keep(place) {
                        junk.add(place);
                    }
                    return true;
                }
                // Lists rise: what comes after a place that is too late is later still.
                let wanted = !best.is_full_before(place) && !first.is_full_before(place);
                if !wanted || best.holds(place) || !keep(place) {
                    return wanted;
                }
                let spot = self.spot(place);
                // The key may be an abbreviation of a country, whose beginnings nobody uses.
                if spot.level() == Level::Country && spot.named(&needle, Fit::Begins, true).is_none() {
                    junk.add(place);
                    return true;
                }
                best.add(place);
                if wide > limit && spot.begins_itself(&needle) {
                    first.add(place);
                }
                true
            });
        }
        complete |= keys.heap.is_empty();
        let mut real = best.sorted();
        real.truncate(limit);
        Below { real, first: first.sorted(), junk: junk.sorted(), complete }
    }

    /// Where the lists of the words lie that begin with `folded`, in the order of the best place in each.
    pub(super) fn lists_below_word(&self, folded: &str) -> impl Iterator<Item = u64> {
        ByOutput::new(&self.words, &encode(folded))
    }

    /// The `limit` most important places in one of whose names a word begins with `folded`.
    pub(super) fn below_word(&self, folded: &str, limit: usize) -> Vec<u32> {
        let postings = self.section(Section::WordPostings);
        let mut best = Best::new(limit);
        for at in self.lists_below_word(folded) {
            if list::best_of_word(postings, at).is_none_or(|first| best.is_full_before(first)) {
                break;
            }
            list::of_word(postings, at, limit).into_iter().for_each(|place| best.add(place));
        }
        best.sorted()
    }
}

/// The `limit` least numbers of all that are added.
struct Best {
    heap: BinaryHeap<u32>,
    limit: usize,
}

impl Best {
    fn new(limit: usize) -> Self {
        Self { heap: BinaryHeap::new(), limit }
    }

    fn add(&mut self, place: u32) {
        if self.is_full_before(place) || self.holds(place) {
            return;
        }
        self.heap.push(place);
        if self.heap.len() > self.limit {
            self.heap.pop();
        }
    }

    fn holds(&self, place: u32) -> bool {
        // Among the few that are held a scan is cheaper than a set.
        self.heap.iter().any(|&known| known == place)
    }

    /// Whether nothing from `place` on can come in.
    fn is_full_before(&self, place: u32) -> bool {
        self.heap.len() >= self.limit && self.heap.peek().is_none_or(|&last| place >= last)
    }

    fn sorted(self) -> Vec<u32> {
        self.heap.into_sorted_vec()
    }
}
