//! The names of one place, one after the other.

use super::{
    code::{decode, encode},
    put_varint, take_varint,
};

/// How a name came to be one, as `NameKind` has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum NameCode {
    /// The usual name in its language.
    Preferred,
    /// Another name or spelling.
    #[default]
    Alternate,
    /// A machine's romanization.
    Transliteration,
    /// An airport's code.
    Code,
}

impl NameCode {
    /// Whether only machines use it.
    pub fn is_junk(self) -> bool {
        self >= Self::Transliteration
    }

    fn of(bits: u8) -> Self {
        [Self::Preferred, Self::Alternate, Self::Transliteration, Self::Code][usize::from(bits & 3)]
    }
}

/// Most bytes that a name shares with the one before: the header byte has five bits for them.
const MOST_SHARED: usize = 31;

/// Appends a name; `before` is the code of the one before it and becomes that of this one. Header byte: kind (2 bits), whether a
/// language follows (1), bytes shared (5); then the number of further bytes, the language's index, the bytes.
pub(super) fn put(out: &mut Vec<u8>, before: &mut Vec<u8>, text: &str, kind: NameCode, language: Option<u32>) {
    let code = encode(text);
    let shared = before.iter().zip(&code).take(MOST_SHARED).take_while(|(a, b)| a == b).count();
    out.push(kind as u8 | u8::from(language.is_some()) << 2 | (shared as u8) << 3);
    put_varint(out, (code.len() - shared) as u64);
    if let Some(language) = language {
        put_varint(out, language.into());
    }
    out.extend_from_slice(&code[shared..]);
    *before = code;
}

/// A name as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    /// As the source spells it.
    pub text: String,
    /// How it came to be a name.
    pub kind: NameCode,
    /// Index of its language.
    pub language: Option<usize>,
}

/// Walks over the names of one place.
#[derive(Debug)]
pub struct Names<'a> {
    rest: &'a [u8],
    code: Vec<u8>,
}

impl<'a> Names<'a> {
    /// The names in these bytes.
    pub fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes, code: Vec::new() }
    }

    /// The first name from the one at hand on that `wanted` takes by its code, and how many were passed over.
    pub fn find(&mut self, mut wanted: impl FnMut(NameCode, &[u8]) -> bool) -> Option<(usize, Stored)> {
        for passed in 0.. {
            let (kind, language) = self.step()?;
            if wanted(kind, &self.code) {
                return Some((passed, Stored { text: decode(&self.code), kind, language }));
            }
        }
        None
    }

    /// Goes on to the next name: whether `wanted` takes its code.
    pub fn next_is(&mut self, wanted: impl FnOnce(&[u8]) -> bool) -> bool {
        self.step().is_some() && wanted(&self.code)
    }

    /// Goes on to the next name without decoding it.
    fn step(&mut self) -> Option<(NameCode, Option<usize>)> {
        let (&head, rest) = self.rest.split_first()?;
        self.rest = rest;
        let length = take_varint(&mut self.rest)? as usize;
        let language = if head & 4 == 0 { None } else { Some(take_varint(&mut self.rest)? as usize) };
        let (code, rest) = self.rest.split_at_checked(length)?;
        self.rest = rest;
        self.code.truncate(usize::from(head >> 3));
        self.code.extend_from_slice(code);
        Some((NameCode::of(head), language))
    }
}

impl Iterator for Names<'_> {
    type Item = Stored;

    fn next(&mut self) -> Option<Stored> {
        let (kind, language) = self.step()?;
        Some(Stored { text: decode(&self.code), kind, language })
    }

    fn nth(&mut self, skip: usize) -> Option<Stored> {
        for _ in 0..skip {
            self.step()?;
        }
        self.next()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn names_come_back(names in proptest::collection::vec(("[aé京ж]{0,40}", 0u8..4, proptest::option::of(0u32..300)), 0..8)) {
            let (mut bytes, mut before) = (Vec::new(), Vec::new());
            for (text, kind, language) in &names {
                put(&mut bytes, &mut before, text, NameCode::of(*kind), *language);
            }
            let stored = |(text, kind, language): &(String, u8, Option<u32>)| Stored {
                text: text.clone(),
                kind: NameCode::of(*kind),
                language: language.map(|index| index as usize),
            };
            let all = names.iter().map(stored).collect::<Vec<_>>();
            prop_assert_eq!(Names::new(&bytes).collect::<Vec<_>>(), all.clone());
            prop_assert_eq!(Names::new(&bytes).nth(1), all.get(1).cloned());
        }

        #[test]
        fn any_bytes_are_read_without_a_panic(bytes in proptest::collection::vec(any::<u8>(), 0..60)) {
            Names::new(&bytes).count();
        }
    }
}
