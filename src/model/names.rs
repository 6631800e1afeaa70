//! When two spellings are one name.

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
    if text.is_ascii() { fold_ascii(text, most) } else { fold_any(text, most) }
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
