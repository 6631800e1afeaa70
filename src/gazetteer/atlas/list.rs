//! Who bears a name: the lists behind the keys and the words.

use crate::gazetteer::pack::take_varint;

/// Most places read of one list; the most important come first, so what is left out ranks last.
pub(super) const MOST_HOMONYMS: usize = 5_000;

/// The places that bear one folded name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Bearers {
    /// Those that people call so, most important first.
    pub(super) real: Vec<u32>,
    /// Those that only machines call so.
    pub(super) junk: Vec<u32>,
}

/// The first place of the list at `at` and whether people call it so: what a list is worth.
pub(super) fn best(postings: &[u8], at: u64) -> Option<(bool, u32)> {
    let mut rest = postings.get(usize::try_from(at).ok()?..)?;
    let head = take_varint(&mut rest)?;
    if head & 1 == 0 {
        return Some((head & 2 != 0, (head >> 2) as u32));
    }
    let real = take_varint(&mut rest)?;
    Some((real == 0, take_varint(&mut rest)? as u32))
}

/// The list at `at`, at most `most` places of each sort.
pub(super) fn bearers(postings: &[u8], at: u64, most: usize) -> Bearers {
    let mut found = Bearers::default();
    let Some(mut rest) = usize::try_from(at).ok().and_then(|at| postings.get(at..)) else { return found };
    let Some(head) = take_varint(&mut rest) else { return found };
    if head & 1 == 0 {
        let place = (head >> 2) as u32;
        if head & 2 == 0 {
            found.real.push(place)
        } else {
            found.junk.push(place)
        }
        return found;
    }
    let Some(real) = take_varint(&mut rest) else { return found };
    let junk = (head >> 1).saturating_sub(real);
    // The second run begins where the first ends, so the first is walked whole.
    found.real = run(&mut rest, real as usize);
    found.junk = run(&mut rest, junk.min(most as u64) as usize);
    found.real.truncate(most);
    found
}

/// Shows the places of the list at `at` one by one, and whether only machines call them so; those that people call so first, as long as
/// `show` wants more of them.
pub(super) fn visit(postings: &[u8], at: u64, mut show: impl FnMut(u32, bool) -> bool) {
    let Some(mut rest) = usize::try_from(at).ok().and_then(|at| postings.get(at..)) else { return };
    let Some(head) = take_varint(&mut rest) else { return };
    if head & 1 == 0 {
        show((head >> 2) as u32, head & 2 != 0);
        return;
    }
    let Some(count) = take_varint(&mut rest) else { return };
    let mut place = 0u32;
    for _ in 0..count {
        let Some(step) = take_varint(&mut rest) else { return };
        place = place.wrapping_add(step as u32);
        if !show(place, false) {
            return;
        }
    }
    let junk = (head >> 1).saturating_sub(count).min(MOST_HOMONYMS as u64) as usize;
    run(&mut rest, junk).into_iter().for_each(|place| {
        show(place, true);
    });
}

/// The places whose names have a word, at most `most`.
pub(super) fn of_word(postings: &[u8], at: u64, most: usize) -> Vec<u32> {
    let Some(mut rest) = usize::try_from(at).ok().and_then(|at| postings.get(at..)) else { return Vec::new() };
    let count = take_varint(&mut rest).unwrap_or(0) as usize;
    run(&mut rest, count.min(most))
}

/// The first place whose names have a word.
pub(super) fn best_of_word(postings: &[u8], at: u64) -> Option<u32> {
    of_word(postings, at, 1).first().copied()
}

fn run(rest: &mut &[u8], count: usize) -> Vec<u32> {
    let mut place = 0u32;
    let next = || {
        place = place.wrapping_add(take_varint(rest)? as u32);
        Some(place)
    };
    std::iter::from_fn(next).take(count).collect()
}
