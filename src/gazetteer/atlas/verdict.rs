//! Is one place meant?

use super::{Hit, Wish};
use crate::gazetteer::{FLOOR, MARGIN, Method};

/// What a ranking comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// The first leads by [`MARGIN`] and reaches [`FLOOR`].
    One,
    /// So many places fit equally well, or nearly so: a person has to say which is meant.
    Homonyms(usize),
    /// Even the best is below [`FLOOR`], or rests on too little: the beginning of a name, or, all the world over, a slip of the pen.
    Weak,
    /// There is none.
    None,
}

/// Whether one place is meant, in the context that was searched with; never a guess among homonyms.
pub fn verdict(hits: &[Hit<'_>], wish: &Wish<'_>) -> Verdict {
    // A word that is no name ("null", "nearby") begins some name of the world, or is a slip away from one.
    let is_guess = |best: &Hit<'_>| match best.method {
        Method::Prefix => true,
        Method::Fuzzy => !wish.is_somewhere() && wish.near.is_none(),
        Method::Name | Method::Folded | Method::Alias | Method::Words => false,
    };
    match hits {
        [] => Verdict::None,
        [best, ..] if best.score < FLOOR || is_guess(best) => Verdict::Weak,
        [best, ..] => match hits.iter().filter(|hit| best.score - hit.score < MARGIN).count() {
            1 => Verdict::One,
            close => Verdict::Homonyms(close),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        gazetteer::atlas::shared,
        model::{Level, Position},
    };

    #[test]
    fn a_word_that_is_no_name_is_not_placed() {
        let anywhere = Wish { level: Some(Level::Settlement), ..Wish::default() };
        let mali = Wish { country: Some("ML"), ..anywhere };
        let near = Wish { near: Some(Position { lon: -3.0, lat: 16.8 }), ..anywhere };
        let of = |text: &str, wish: &Wish<'_>| verdict(&shared().search(text, wish, 50), wish);
        for (text, wish) in [("null", anywhere), ("project", anywhere), ("nearby", anywhere), ("minutes", anywhere), ("mark", mali)] {
            assert_eq!(of(text, &wish), Verdict::Weak, "{text}");
        }
        assert_eq!(of("Tombuoctou", &anywhere), Verdict::Weak);
        for wish in [mali, near] {
            assert_eq!(of("Tombuoctou", &wish), Verdict::One);
        }
        for text in ["Reykjavik", "Tombouctou", "bel sidi abbes"] {
            assert_eq!(of(text, &anywhere), Verdict::One, "{text}");
        }
    }
}
