//! The patterns of LIKE (OGC 21-065r2, clause 7.1): `%` stands for any characters, `_` for one, `\` before either for itself.

use std::fmt;

use super::expr::Fold;

/// A pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern {
    pieces: Vec<Piece>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    /// `%`
    Any,
    /// `_`
    One,
    Text(String),
}

impl Pattern {
    /// Reads a pattern; its texts are folded in this order.
    pub(super) fn new(text: &str, folds: &[Fold]) -> Self {
        let mut pieces = Vec::new();
        let mut plain = String::new();
        let flush = |plain: &mut String, pieces: &mut Vec<Piece>| {
            if !plain.is_empty() {
                let folded = folds.iter().fold(std::mem::take(plain), |text, fold| fold.of(&text));
                pieces.push(Piece::Text(folded));
            }
        };
        let mut chars = text.chars().peekable();
        while let Some(c) = chars.next() {
            match c {
                '\\' => plain.push(chars.next_if(|next| matches!(next, '%' | '_' | '\\')).unwrap_or('\\')),
                '%' | '_' => {
                    flush(&mut plain, &mut pieces);
                    let piece = if c == '%' { Piece::Any } else { Piece::One };
                    // Several in a row say no more than one, and would cost more.
                    if !(piece == Piece::Any && pieces.last() == Some(&Piece::Any)) {
                        pieces.push(piece);
                    }
                }
                c => plain.push(c),
            }
        }
        flush(&mut plain, &mut pieces);
        Self { pieces }
    }

    /// Whether a text is like it.
    ///
    /// Cost: O(text × pattern), since only the last `%` is ever gone back to.
    pub fn matches(&self, text: &str) -> bool {
        let (mut rest, mut piece) = (text, 0);
        // Where to go on when a piece does not fit: after the last `%`, one character further on.
        let mut retry: Option<(usize, &str)> = None;
        loop {
            let fitted = match self.pieces.get(piece) {
                None if rest.is_empty() => return true,
                None => None,
                Some(Piece::Any) => {
                    retry = Some((piece + 1, rest));
                    Some(rest)
                }
                Some(Piece::One) => after_one(rest),
                Some(Piece::Text(plain)) => rest.strip_prefix(plain.as_str()),
            };
            if let Some(after) = fitted {
                rest = after;
                piece += 1;
                continue;
            }
            let Some((next, from)) = retry else { return false };
            let Some(after) = after_one(from) else { return false };
            retry = Some((next, after));
            (piece, rest) = (next, after);
        }
    }

    /// The text that it stands for, where it stands for only one.
    pub fn only(&self) -> Option<&str> {
        match &self.pieces[..] {
            [] => Some(""),
            [Piece::Text(text)] => Some(text),
            _ => None,
        }
    }
}

fn after_one(text: &str) -> Option<&str> {
    let mut chars = text.chars();
    chars.next().map(|_| chars.as_str())
}

/// Prints a pattern that reads back as this one.
impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for piece in &self.pieces {
            match piece {
                Piece::Any => f.write_str("%")?,
                Piece::One => f.write_str("_")?,
                Piece::Text(text) => text.chars().try_for_each(|c| match c {
                    '%' | '_' | '\\' => write!(f, "\\{c}"),
                    c => write!(f, "{c}"),
                })?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn signs_stand_for_characters() {
        let like = |pattern: &str, text: &str| Pattern::new(pattern, &[]).matches(text);
        for (pattern, text) in
            [("B_r%", "Bern"), ("%", ""), ("%o%o%", "foo"), ("_", "é"), (r"100\%", "100%"), (r"a\\b", r"a\b"), (r"a\b", r"a\b")]
        {
            assert!(like(pattern, text), "{pattern} {text}");
        }
        for (pattern, text) in [("B_r%", "Br"), ("_", ""), ("", "x"), (r"100\%", "1000"), ("%a", "ab"), ("A%", "a")] {
            assert!(!like(pattern, text), "{pattern} {text}");
        }
        assert!(Pattern::new("CHIȘ%", &[Fold::Case, Fold::Accents]).matches("chisinau"));
    }

    /// The meaning, letter by letter.
    fn naive(pattern: &[char], text: &[char]) -> bool {
        match pattern.split_first() {
            None => text.is_empty(),
            Some(('%', rest)) => (0..=text.len()).any(|skipped| naive(rest, &text[skipped..])),
            Some(('_', rest)) => !text.is_empty() && naive(rest, &text[1..]),
            Some((c, rest)) => text.first() == Some(c) && naive(rest, &text[1..]),
        }
    }

    proptest! {
        #[test]
        fn matches_as_its_meaning(pattern in "[ab%_]{0,7}", text in "[ab]{0,8}") {
            let chars = |text: &str| text.chars().collect::<Vec<_>>();
            prop_assert_eq!(Pattern::new(&pattern, &[]).matches(&text), naive(&chars(&pattern), &chars(&text)));
        }

        #[test]
        fn prints_what_reads_back(pattern in "[a%_\\\\']{0,9}") {
            let once = Pattern::new(&pattern, &[]);
            prop_assert_eq!(Pattern::new(&once.to_string(), &[]), once);
        }
    }
}
