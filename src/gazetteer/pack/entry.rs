//! A place on its way into a packed gazetteer.

use super::{NameCode, NameUse, Tag};

/// One place as an import reads it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Entry {
    /// Decimal digits, or any other text; unique.
    pub id: String,
    /// The name that is shown.
    pub name: String,
    /// Further names; one that folds to an earlier one is dropped.
    pub names: Vec<EntryName>,
    /// Degrees east.
    pub lon: f64,
    /// Degrees north.
    pub lat: f64,
    /// ISO 3166-1 alpha-2 in capitals, or empty.
    pub country: String,
    /// Code of the first-level division within the country, or empty.
    pub admin1: String,
    /// People; 0 where not known.
    pub population: u64,
    /// Index in `Level::ALL`.
    pub level: u8,
    /// The source's own word for its kind (`P.PPL`, `campus`), or empty.
    pub class: String,
    /// First and last year in which it is attested, where known.
    pub years: Option<(i16, i16)>,
    /// Who gives the position.
    pub source: String,
}

/// A further name of a place.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EntryName {
    /// As the source spells it.
    pub text: String,
    /// BCP 47 code, where known.
    pub language: Option<String>,
    /// How it came to be a name.
    pub kind: NameCode,
    /// First and last year in which the place was called so, where known.
    pub years: Option<(i16, i16)>,
    /// How it is used.
    pub usage: NameUse,
}

impl EntryName {
    /// Another name of which nothing else is known.
    pub fn new(text: impl Into<String>, kind: NameCode) -> Self {
        Self { text: text.into(), kind, ..Self::default() }
    }

    /// What is known of it besides, where anything is.
    pub(super) fn tag(&self) -> Option<Tag<'_>> {
        let tag = Tag { language: self.language.as_deref().unwrap_or_default(), years: self.years, usage: self.usage };
        Some(tag).filter(|tag| *tag != Tag::default())
    }
}
