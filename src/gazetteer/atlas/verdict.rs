//! Is one place meant?

use super::Hit;
use crate::gazetteer::{FLOOR, MARGIN};

/// What a ranking comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// The first leads by [`MARGIN`] and reaches [`FLOOR`].
    One,
    /// So many places fit equally well, or nearly so: a person has to say which is meant.
    Homonyms(usize),
    /// Even the best is below [`FLOOR`].
    Weak,
    /// There is none.
    None,
}

/// Whether one place is meant; never a guess among homonyms.
pub fn verdict(hits: &[Hit<'_>]) -> Verdict {
    match hits {
        [] => Verdict::None,
        [best, ..] if best.score < FLOOR => Verdict::Weak,
        [best, ..] => match hits.iter().filter(|hit| best.score - hit.score < MARGIN).count() {
            1 => Verdict::One,
            close => Verdict::Homonyms(close),
        },
    }
}
