//! When two spellings are one name.

use std::{ops::Range, sync::LazyLock};

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::canonical_combining_class;

use crate::model::fold::{ascii_like, is_diacritic};

/// Longest folded name, in characters: names are shorter, and a request cannot ask for more work than this.
pub const MAX_FOLDED: usize = 256;

/// The form under which names are compared: two spellings are one name exactly when they fold to the same text.
///
/// Folded away are case, compatibility forms (NFKD), diacritics (accents, Arabic and Hebrew points; not the vowel signs
/// of Indic scripts, which are letters), apostrophes of all kinds, and the spelling of what keeps words apart (spaces,
/// hyphens, other punctuation: one space). Letters that do not decompose but are commonly written as others in ASCII
/// become those: `ɛ` e, `ɔ` o, `ŋ` ng, `ɲ` ny, `ɓ` b, `ɗ` d, `ƴ` y, `ß` ss, `æ` ae, `œ` oe, `ø` o, `ł` l, `ı` i and the
/// like. Persian letters become the Arabic ones.
///
/// `fold(fold(x)) = fold(x)`. The result has at most [`MAX_FOLDED`] characters; it is empty for text with no letter or digit.
/// Time and memory grow with that bound, not with the length of `text`.
///
/// # Example
/// ```
/// use harmattan::gazetteer::fold;
/// assert_eq!(fold("  Mopti–SÉVARÉ "), "mopti sevare");
/// assert_eq!(fold("N’Djaména"), "ndjamena");
/// assert_eq!(fold("Agɛlihɔki"), "agelihoki");
/// assert_eq!(fold("***"), "");
/// ```
pub fn fold(text: &str) -> String {
    fold_to(text, MAX_FOLDED)
}

/// The same form of a text of any length, as it is searched for words.
pub fn fold_whole(text: &str) -> String {
    fold_to(text, usize::MAX)
}

fn fold_to(text: &str, most: usize) -> String {
    if text.is_ascii() { fold_ascii(text, most) } else { fold_alone(text, most).unwrap_or_else(|| fold_any(text, most)) }
}

/// What each letter of [`ALONE`] becomes between two letters: nothing, a space, or letters; `None` for all others.
static FOLDED: LazyLock<Vec<Option<Box<str>>>> = LazyLock::new(|| {
    let mut known = vec![None; ALONE[ALONE.len() - 1].end as usize];
    for (code, c) in ALONE.into_iter().flatten().filter_map(|code| Some((code, char::from_u32(code)?))) {
        let between = fold_any(&format!("a{c}a"), MAX_FOLDED);
        known[code as usize] = Some(between[1..between.len() - 1].into());
    }
    known
});

/// Latin-1 to the letters for modifiers; Greek, Cyrillic, Armenian, Hebrew, Arabic and Georgian letters; Latin and Greek Extended; marks
/// of punctuation; kana. None of them stands on the letter before it, so that each folds alone.
const ALONE: [Range<u32>; 13] = [
    0x80..0x300,
    0x370..0x483,
    0x48a..0x530,
    0x531..0x58b,
    0x5d0..0x5eb,
    0x620..0x64b,
    0x66e..0x670,
    0x671..0x6d6,
    0x10a0..0x1100,
    0x1e00..0x2000,
    0x2000..0x2070,
    0x3041..0x3097,
    0x30a1..0x30fb,
];
/// Ideographs that fold to themselves.
const IDEOGRAPHS: Range<char> = '\u{4e00}'..'\u{a000}';

/// What [`fold_any`] does, for text in which every letter folds alone: most other names, at a tenth of the cost. `None` where one does not.
fn fold_alone(text: &str, most: usize) -> Option<String> {
    let known = &**FOLDED;
    let mut folded = String::with_capacity(text.len().min(most));
    let (mut length, mut gap) = (0, false);
    let mut buffer = [0; 4];
    for c in text.chars() {
        let letters = match c {
            '\'' | '`' => continue,
            c if c.is_ascii_alphanumeric() => &*c.to_ascii_lowercase().encode_utf8(&mut buffer),
            c if c.is_ascii() => " ",
            c if IDEOGRAPHS.contains(&c) => &*c.encode_utf8(&mut buffer),
            c => known.get(c as usize)?.as_deref()?,
        };
        for letter in letters.chars() {
            if letter == ' ' {
                gap = length > 0;
                continue;
            }
            let needed = 1 + usize::from(gap);
            if length + needed > most {
                return Some(folded);
            }
            if std::mem::take(&mut gap) {
                folded.push(' ');
            }
            folded.push(letter);
            length += needed;
        }
    }
    Some(folded)
}

/// What [`fold_any`] does, for text in which nothing decomposes: most names, at a tenth of the cost.
fn fold_ascii(text: &str, most: usize) -> String {
    let mut folded = String::with_capacity(text.len().min(most));
    let mut gap = false;
    for byte in text.bytes().filter(|byte| !matches!(byte, b'\'' | b'`')) {
        if !byte.is_ascii_alphanumeric() {
            gap = !folded.is_empty();
            continue;
        }
        if folded.len() + 1 + usize::from(gap) > most {
            break;
        }
        if std::mem::take(&mut gap) {
            folded.push(' ');
        }
        folded.push(byte.to_ascii_lowercase().into());
    }
    folded
}

fn fold_any(text: &str, most: usize) -> String {
    let mut folded = String::new();
    let mut length = 0;
    let mut gap = false;
    // What is dropped goes before normalization, since NFKD turns `´` into a space and an accent, and after it, since NFKD
    // makes new ones. Some letters decompose only once they are lower-case, and marks that met when something between
    // them was dropped must be put in order, hence the second pass.
    let kept = |c: &char| !is_apostrophe(*c) && !is_invisible(*c);
    let lower = text.chars().filter(kept).nfkd().flat_map(char::to_lowercase).filter(kept);
    for c in lower.nfkd().filter(|&c| !is_diacritic(c)) {
        if !is_part_of_word(c) {
            gap = length > 0;
            continue;
        }
        for letter in ascii_like(c).chars(c) {
            let needed = 1 + usize::from(gap);
            if length + needed > most {
                return folded;
            }
            if gap {
                folded.push(' ');
                gap = false;
            }
            folded.push(letter);
            length += needed;
        }
    }
    folded
}

/// Apostrophes, quotation marks used as such, the modifier letters for glottal stops, and the accents that are typed
/// for them.
fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '`' | '´' | '‘' | '’' | '‛' | '′' | '＇' | 'ʹ' | 'ʻ' | 'ʼ' | 'ʽ' | 'ʾ' | 'ʿ' | 'ˈ' | 'ˊ' | 'ˋ' | 'ꞌ')
}

/// Soft hyphen, joiners, directional marks, the tatweel: there for typesetting only.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{640}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}' | '\u{feff}')
}

fn is_part_of_word(c: char) -> bool {
    c.is_alphanumeric() || canonical_combining_class(c) > 0
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn spellings_of_one_name() {
        for (a, b) in [
            ("Ménaka", "MENAKA"),
            ("Sévaré", "Se\u{301}vare\u{301}"),
            ("N'Débougou", "N’Debougou"),
            ("Anéfis In-Daran", "anefis in daran"),
            ("Mopti–Sévaré", "Mopti - Sevare"),
            ("Bamakɔ", "bamako"),
            ("Tomiɲan", "Tominyan"),
            ("ƊIŊA", "dinga"),
            ("Łódź", "lodz"),
            ("Straße", "STRASSE"),
            ("Şırnak", "sirnak"),
            ("تَوْدِنّي", "تودنی"),
            ("Saint\u{a0}Louis", "saint louis"),
            ("ﬁ", "fi"),
        ] {
            assert_eq!(fold(a), fold(b), "{a} {b}");
        }
    }

    #[test]
    fn different_names_stay_different() {
        for (a, b) in [("Gao", "Gaō 2"), ("カ", "ガ"), ("कि", "का"), ("Ber", "Bère r")] {
            assert_ne!(fold(a), fold(b), "{a} {b}");
        }
    }

    #[test]
    fn every_character_folds_once() {
        for c in '\0'..=char::MAX {
            let once = fold(&format!("a{c}b"));
            assert_eq!(fold(&once), once, "{c:?} U+{:04X}", c as u32);
        }
    }

    #[test]
    fn every_letter_that_is_said_to_folds_alone() {
        let ideographs = IDEOGRAPHS.clone().map(u32::from);
        for c in ALONE.into_iter().flatten().chain(ideographs).filter_map(char::from_u32) {
            for text in [format!("{c}"), format!("{c}{c}"), format!("a{c}é {c}b"), format!("{c} ¨{c}"), format!("が{c}京{c}ὦ{c}й")] {
                assert_eq!(fold_alone(&text, MAX_FOLDED), Some(fold_any(&text, MAX_FOLDED)), "{c:?}");
            }
        }
    }

    #[test]
    fn long_text_is_cut() {
        let folded = fold(&"é ".repeat(10_000));
        assert!(folded.chars().count() <= MAX_FOLDED && folded.ends_with('e'));
        assert_eq!(fold(&folded), folded);
        assert!(fold(&"ﷺ".repeat(1_000)).chars().count() >= MAX_FOLDED - 1);
    }

    proptest! {
        #[test]
        fn ascii_is_folded_as_any_text(text in "[ -~\\n\\t]{0,40}|[a-zA-Z '-]{250,300}") {
            prop_assert_eq!(fold_ascii(&text, MAX_FOLDED), fold_any(&text, MAX_FOLDED));
        }

        #[test]
        fn letters_that_fold_alone_are_folded_as_any_text(
            text in "[ -~\u{80}-\u{2ff}\u{370}-\u{482}\u{48a}-\u{52f}\u{5d0}-\u{5ea}\u{620}-\u{64a}\u{10a0}-\u{10ff}\u{1e00}-\u{206f}\u{3041}-\u{3096}\u{30a1}-\u{30fa}一-龥]{0,40}|[a-zéжが '-½]{250,300}",
        ) {
            prop_assert_eq!(fold_alone(&text, MAX_FOLDED), Some(fold_any(&text, MAX_FOLDED)));
        }

        #[test]
        fn what_stands_on_a_letter_is_left_to_the_long_way(text in "[aé京жが\u{301}\u{3099}\u{93c}]{0,8}") {
            prop_assert_eq!(fold(&text), fold_any(&text, MAX_FOLDED));
        }

        #[test]
        fn idempotent_and_bounded(text in "\\PC{0,300}", more in proptest::collection::vec(any::<char>(), 0..40)) {
            let text = text + &more.into_iter().collect::<String>();
            let once = fold(&text);
            prop_assert_eq!(fold(&once), once.clone());
            prop_assert!(once.chars().count() <= MAX_FOLDED);
            prop_assert!(!once.starts_with(' ') && !once.ends_with(' ') && !once.contains("  "));
        }

        #[test]
        fn ascii_has_a_short_cut(text in "[ -~]{0,60}") {
            prop_assert_eq!(fold_ascii(&text, usize::MAX), fold_any(&text, usize::MAX));
        }

        #[test]
        fn case_and_accents_do_not_matter(text in "[a-zA-Zéèôïüç '-]{0,40}") {
            let plain: String = text.nfd().filter(|&c| !is_diacritic(c)).collect();
            prop_assert_eq!(fold(&text), fold(&plain.to_uppercase()));
        }
    }
}
