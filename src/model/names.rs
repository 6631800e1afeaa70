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
    if text.is_ascii() { fold_ascii(text, most) } else { fold_latin(text, most).unwrap_or_else(|| fold_any(text, most)) }
}

/// What each letter of the Latin blocks becomes between two letters: nothing, a space, or letters.
static LATIN: LazyLock<Vec<Box<str>>> = LazyLock::new(|| {
    let folded = |c: char| {
        let between = fold_any(&format!("a{c}a"), MAX_FOLDED);
        between[1..between.len() - 1].into()
    };
    LATIN_BLOCKS.into_iter().flatten().map(|code| char::from_u32(code).map_or("".into(), folded)).collect()
});

/// Latin-1 to the letters for modifiers, Latin Extended Additional, and marks of punctuation: none of them stands on the letter before
/// it, so that each folds alone.
const LATIN_BLOCKS: [Range<u32>; 3] = [0x80..0x300, 0x1e00..0x1f00, 0x2000..0x2070];

/// Where a character stands among those of the blocks.
fn in_latin(code: u32) -> Option<usize> {
    let mut before = 0;
    for block in LATIN_BLOCKS {
        if block.contains(&code) {
            return Some((code - block.start + before) as usize);
        }
        before += block.end - block.start;
    }
    None
}

/// What [`fold_any`] does, for text in letters of ASCII and Latin: most other names. `None` where there is any other letter.
fn fold_latin(text: &str, most: usize) -> Option<String> {
    let latin = &**LATIN;
    let mut folded = String::with_capacity(text.len().min(most));
    let (mut length, mut gap) = (0, false);
    let mut buffer = [0; 4];
    for c in text.chars() {
        let letters = match c {
            '\'' | '`' => continue,
            c if c.is_ascii_alphanumeric() => &*c.to_ascii_lowercase().encode_utf8(&mut buffer),
            c if c.is_ascii() => " ",
            c => latin.get(in_latin(c as u32)?)?,
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
    fn every_latin_letter_folds_alone() {
        for c in LATIN_BLOCKS.into_iter().flatten().filter_map(char::from_u32) {
            for text in [format!("{c}"), format!("{c}{c}"), format!("a{c}é {c}b"), format!("{c} ¨{c}")] {
                assert_eq!(fold_latin(&text, MAX_FOLDED), Some(fold_any(&text, MAX_FOLDED)), "{c:?}");
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
        fn latin_is_folded_as_any_text(text in "[ -~\u{80}-\u{2ff}\u{1e00}-\u{1eff}\u{2000}-\u{206f}]{0,40}|[a-zé '-½]{250,300}") {
            prop_assert_eq!(fold_latin(&text, MAX_FOLDED), Some(fold_any(&text, MAX_FOLDED)));
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
