//! The patterns of LIKE (OGC 21-065r2, clause 7.1): `%` stands for any characters, `_` for one, `\` before either for itself.

use std::fmt;

use memchr::memmem;

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
    pub(crate) fn new(text: &str, folds: &[Fold]) -> Self {
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
        // Where to go on when a piece does not fit: at or after the last `%`, one character further on.
        let mut retry: Option<(usize, &str)> = None;
        loop {
            let fitted = match self.pieces.get(piece) {
                None if rest.is_empty() => return true,
                None => None,
                Some(Piece::Any) => match &self.pieces[piece + 1..] {
                    // What follows is the end, or nothing but where the next text is found.
                    [] => return true,
                    [Piece::Text(plain)] => return rest.ends_with(plain.as_str()),
                    [Piece::Text(plain), ..] => {
                        let Some(found) = memmem::find(rest.as_bytes(), plain.as_bytes()) else { return false };
                        retry = Some((piece, &rest[found..]));
                        Some(&rest[found..])
                    }
                    _ => {
                        retry = Some((piece + 1, rest));
                        Some(rest)
                    }
                },
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

    /// What every text like it begins with, and whether all texts that do so are like it; `None` where it begins with a sign.
    pub fn start(&self) -> Option<(&str, bool)> {
        match &self.pieces[..] {
            [Piece::Text(text), rest @ ..] => Some((text, rest == [Piece::Any])),
            _ => None,
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
        fn matches_as_its_meaning(pattern in "[abé%_]{0,7}", text in "[abé]{0,8}") {
            let chars = |text: &str| text.chars().collect::<Vec<_>>();
            let start = Pattern::new(&pattern, &[]);
            if let Some((start, is_all)) = start.start() {
                let (starts, is_like) = (text.starts_with(start), naive(&chars(&pattern), &chars(&text)));
                prop_assert!(starts || !is_like);
                prop_assert!(!is_all || starts == is_like);
            }
            prop_assert_eq!(Pattern::new(&pattern, &[]).matches(&text), naive(&chars(&pattern), &chars(&text)));
        }

        #[test]
        fn prints_what_reads_back(pattern in "[a%_\\\\']{0,9}") {
            let once = Pattern::new(&pattern, &[]);
            prop_assert_eq!(Pattern::new(&once.to_string(), &[]), once);
        }
    }
}
