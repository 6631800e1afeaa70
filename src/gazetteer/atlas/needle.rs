//! Which of a place's names fits: names that cannot are passed over before they are folded, which is what a look at them costs.
//!
//! Large cities have a hundred names in forty scripts, and they stand first in most answers.

use std::sync::atomic::{AtomicU32, Ordering::Relaxed};

use super::{AtlasName, Spot};
use crate::{
    gazetteer::{
        fold,
        pack::{abbreviates, decode, first_letter, may_hold, may_hold_other},
    },
    model::{Level, NameKind},
};

/// How a name is to fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fit {
    /// It folds to the same.
    Whole,
    /// It begins so.
    Begins,
    /// A word in it, other than the first, begins so, and the words after it go on so.
    Within,
}

/// A folded text that names are compared with.
#[derive(Debug, Clone, Copy)]
pub(super) struct Needle<'t> {
    folded: &'t str,
    /// Its first letter, where that is one of ASCII.
    first: Option<u8>,
    /// The same where it is none.
    other: Option<char>,
}

impl<'t> Needle<'t> {
    pub(super) fn new(folded: &'t str) -> Self {
        let first = folded.bytes().next().filter(u8::is_ascii);
        Self { folded, first, other: folded.chars().next().filter(|letter| !letter.is_ascii()) }
    }

    /// Whether a name fits, by its code (see `pack::code`): as if it had been folded.
    pub(super) fn fits(&self, code: &[u8], fit: Fit) -> bool {
        let Some(first) = self.first else { return self.may_begin(code, fit) && self.fits_folded(&fold(&decode(code)), fit) };
        match fit {
            Fit::Whole | Fit::Begins => match first_letter(code) {
                Some(letter) if letter.is_ascii_alphanumeric() => {
                    letter.to_ascii_lowercase() == char::from(first) && self.compare(code, fit)
                }
                Some(letter) if is_elsewhere(letter) => false,
                Some(letter) if first_folded(letter).is_some_and(|other| other != char::from(first)) => false,
                _ => self.fits_folded(&fold(&decode(code)), fit),
            },
            Fit::Within => may_hold(code, first) && self.compare(code, fit),
        }
    }

    /// Whether a name may fit a text that begins with another letter than those of ASCII: it holds one that may be folded to it, and Han
    /// characters are folded to themselves.
    fn may_begin(&self, code: &[u8], fit: Fit) -> bool {
        let Some(other) = self.other else { return true };
        if !may_hold_other(code, other) {
            return false;
        }
        match first_letter(code) {
            _ if fit == Fit::Within => true,
            Some(letter) if letter.is_ascii_alphanumeric() => false,
            Some(letter @ '\u{4e00}'..='\u{9fff}') => letter == other,
            // What a name is folded to begins with what its first letter is, unless that is none.
            Some(letter) => first_folded(letter).is_none_or(|first| first == other),
            None => true,
        }
    }

    fn compare(&self, code: &[u8], fit: Fit) -> bool {
        if !code.is_ascii() || code.iter().any(|byte| *byte < b' ') {
            return self.fits_folded(&fold(&decode(code)), fit);
        }
        let wanted = self.folded.as_bytes();
        match fit {
            Fit::Whole => after(code, wanted).is_some_and(|rest| rest.iter().all(|byte| !byte.is_ascii_alphanumeric())),
            Fit::Begins => after(code, wanted).is_some(),
            Fit::Within => {
                // A word begins after anything that is neither letter, digit nor apostrophe, once there has been a letter.
                let mut seen = false;
                let mut gap = false;
                code.iter().enumerate().any(|(at, byte)| match byte {
                    b'\'' | b'`' => false,
                    byte if !byte.is_ascii_alphanumeric() => {
                        gap = seen;
                        false
                    }
                    _ => {
                        let begins = std::mem::take(&mut gap);
                        seen = true;
                        begins && after(&code[at..], wanted).is_some()
                    }
                })
            }
        }
    }

    fn fits_folded(&self, name: &str, fit: Fit) -> bool {
        match fit {
            Fit::Whole => name == self.folded,
            Fit::Begins => name.starts_with(self.folded),
            Fit::Within => name.match_indices(self.folded).any(|(at, _)| at > 0 && name.as_bytes()[at - 1] == b' '),
        }
    }
}

/// Letters below this one are folded once: they begin nearly all names that are looked at.
const FOLDED_ONCE: usize = 0x3100;

/// What a letter alone is folded to begins with; `None` where it is folded away.
fn first_folded(letter: char) -> Option<char> {
    /// 0 where nobody has asked yet, else the letter plus 1, or [`AWAY`].
    static KNOWN: [AtomicU32; FOLDED_ONCE] = [const { AtomicU32::new(0) }; FOLDED_ONCE];
    const AWAY: u32 = u32::MAX;
    let search = || fold(letter.encode_utf8(&mut [0; 4])).chars().next();
    let Some(known) = KNOWN.get(letter as usize) else { return search() };
    // Whoever comes first or at the same time finds the same.
    match known.load(Relaxed) {
        0 => {
            let found = search();
            known.store(found.map_or(AWAY, |found| found as u32 + 1), Relaxed);
            found
        }
        AWAY => None,
        found => char::from_u32(found - 1),
    }
}

/// What stands after `wanted`, a folded text, at the beginning of a name in ASCII.
fn after<'n>(name: &'n [u8], wanted: &[u8]) -> Option<&'n [u8]> {
    let mut rest = name;
    let (mut gap, mut is_first) = (false, true);
    let mut wanted = wanted.iter();
    let mut next = wanted.next();
    while let Some(&letter) = next {
        let (&byte, more) = rest.split_first()?;
        match byte {
            b'\'' | b'`' => {}
            byte if !byte.is_ascii_alphanumeric() => gap = !is_first,
            byte => {
                if std::mem::take(&mut gap) {
                    if letter != b' ' {
                        return None;
                    }
                    next = wanted.next();
                    gap = false;
                    // The same byte again, against the letter after the space.
                    if next.is_none() {
                        return Some(rest);
                    }
                    if next != Some(&byte.to_ascii_lowercase()) {
                        return None;
                    }
                } else if letter != byte.to_ascii_lowercase() {
                    return None;
                }
                is_first = false;
                next = wanted.next();
            }
        }
        rest = more;
    }
    Some(rest)
}

/// Letters of scripts from which no fold leads to ASCII.
fn is_elsewhere(letter: char) -> bool {
    matches!(letter,
        '\u{391}'..='\u{3c9}' | '\u{400}'..='\u{481}' | '\u{5d0}'..='\u{5ea}' | '\u{621}'..='\u{63a}' | '\u{641}'..='\u{64a}'
        | '\u{904}'..='\u{939}' | '\u{e01}'..='\u{e2e}' | '\u{10d0}'..='\u{10f0}' | '\u{3041}'..='\u{3096}' | '\u{30a1}'..='\u{30fa}'
        | '\u{4e00}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}')
}

impl<'a> Spot<'a> {
    /// The first name that fits, of those that people use or of the others, and its index among all. The beginning of a country's
    /// abbreviation is nothing that people use.
    pub(super) fn named(self, needle: &Needle<'_>, fit: Fit, real: bool) -> Option<(usize, AtlasName<'a>)> {
        let may_abbreviate = fit == Fit::Begins && self.level() == Level::Country;
        let is_real = |kind: NameKind, code: &[u8]| kind.is_real() && !(may_abbreviate && abbreviates(&decode(code)));
        self.find_name(|kind, code| needle.fits(code, fit) && is_real(kind, code) == real)
    }

    /// Whether that is so of the name that is shown.
    pub(super) fn begins_itself(self, needle: &Needle<'_>) -> bool {
        let is_country = self.level() == Level::Country;
        self.is_first_name(|code| needle.fits(code, Fit::Begins) && !(is_country && abbreviates(&decode(code))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gazetteer::pack::encode;
    use proptest::prelude::*;

    fn check(needle: &str, name: &str) -> Result<(), TestCaseError> {
        let (needle, folded) = (fold(needle), fold(name));
        prop_assume!(!needle.is_empty());
        let fits = |fit| Needle::new(&needle).fits(&encode(name), fit);
        prop_assert_eq!(fits(Fit::Whole), folded == needle, "{} {}", needle, name);
        prop_assert_eq!(fits(Fit::Begins), folded.starts_with(&needle), "{} {}", needle, name);
        prop_assert_eq!(fits(Fit::Within), folded.contains(&format!(" {needle}")), "{} {}", needle, name);
        Ok(())
    }

    proptest! {
        #[test]
        fn a_name_fits_as_if_it_had_been_folded(needle in "[aAbé '京高жωกकب서-]{1,5}", name in "[aAbBéÉ '`.京高жبカ서µΩกकბ-]{0,9}") {
            check(&needle, &name)?;
        }

        #[test]
        fn so_does_a_beginning_of_itself(name in "[a-cA-C '`.-]{1,12}|\\PC{1,8}", from in 0usize..4, cut in 1usize..8) {
            let part: String = name.chars().skip(from).take(cut).collect();
            check(&part, &name)?;
        }

        #[test]
        fn any_letter_is_found_by_what_it_is_folded_to(letter in any::<char>().prop_filter("stored as it is", |c| !c.is_control())) {
            for name in [format!("{letter}"), format!("a {letter}b"), format!("Ж 京{letter} {letter}")] {
                for word in fold(&name).split(' ') {
                    check(word, &name)?;
                }
            }
        }

        #[test]
        fn letters_of_all_blocks_are_found(block in 0u32..0x300, more in 0u32..0x100) {
            // Blocks one by one: of all characters most are in the planes of few names.
            if let Some(letter) = char::from_u32(block * 0x100 + more).filter(|c| !c.is_control()) {
                check(&letter.to_string(), &format!("{letter} x-{letter}"))?;
            }
        }

        #[test]
        fn any_letter_may_begin_a_name(first in any::<char>().prop_filter("one that is stored as it is", |c| !c.is_control())) {
            for letter in ["a", "s", "f", "1"] {
                check(letter, &format!("{first}a s f 1"))?;
            }
        }
    }
}
