//! A cursor over ASCII text, whose index is therefore the index of the character.

use super::error::Spot;

/// Reads a text from left to right; the position never passes the end.
#[derive(Debug, Clone)]
pub(super) struct Scanner<'a> {
    text: &'a str,
    at: usize,
    end: usize,
}

impl<'a> Scanner<'a> {
    /// A cursor at the start, or the first character that is not ASCII and its index.
    pub(super) fn new(text: &'a str) -> Result<Self, (Spot, char)> {
        match text.chars().enumerate().find(|(_, found)| !found.is_ascii()) {
            Some((at, found)) => Err((Spot::new(text, at), found)),
            None => Ok(Self { text, at: 0, end: text.len() }),
        }
    }

    /// The part of the text from `at` to before `end`, with the positions of the whole.
    pub(super) fn part(&self, at: usize, end: usize) -> Self {
        Self { text: self.text, at, end }
    }

    pub(super) fn at(&self) -> usize {
        self.at
    }

    pub(super) fn spot(&self) -> Spot {
        self.spot_at(self.at)
    }

    pub(super) fn spot_at(&self, at: usize) -> Spot {
        Spot::new(self.text, at)
    }

    pub(super) fn rest(&self) -> &'a str {
        &self.text[self.at..self.end]
    }

    pub(super) fn peek(&self) -> Option<u8> {
        self.rest().bytes().next()
    }

    pub(super) fn bump(&mut self) {
        self.at = (self.at + 1).min(self.end);
    }

    /// Passes `wanted` where it comes next.
    pub(super) fn eat(&mut self, wanted: &str) -> bool {
        let here = self.rest().starts_with(wanted);
        if here {
            self.at += wanted.len();
        }
        here
    }

    /// Passes the longest run of bytes that `keep` accepts, at most `most`.
    pub(super) fn take(&mut self, most: usize, keep: impl Fn(u8) -> bool) -> &'a str {
        let rest = self.rest();
        let length = rest.bytes().take(most).take_while(|&byte| keep(byte)).count();
        self.at += length;
        &rest[..length]
    }

    /// Passes two digits; where there are fewer, stops at what is not one.
    pub(super) fn two_digits(&mut self) -> Option<u8> {
        let digits = self.take(2, |byte| byte.is_ascii_digit());
        if digits.len() == 2 { digits.parse().ok() } else { None }
    }

    /// The next character for a message.
    pub(super) fn found(&self) -> String {
        self.rest().chars().next().map_or_else(|| "the end".to_owned(), |next| format!("{next:?}"))
    }
}
