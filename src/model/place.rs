//! Where a name is.

use super::{Confidence, Position};

/// A place of the gazetteer: what it is called and where it is.
#[derive(Debug, Clone, PartialEq)]
pub struct Place {
    /// The GeoNames id in decimal digits, or a word of our own (`ber`) where GeoNames has none; unique, never reused.
    pub id: String,
    /// The name that is shown where no language is asked for.
    pub name: String,
    /// All further names, in the source's order; machine-made ones among them, told apart by their kind.
    pub names: Vec<Name>,
    /// Where it is, or, for a region, where its seat is.
    pub position: Position,
    /// Radius in metres around the position within which the place is taken to lie; `None` where the source gives none.
    pub accuracy_m: Option<u32>,
    /// What sort of place it is.
    pub level: Level,
    /// ISO 3166-1 alpha-2 code, in capitals.
    pub country: String,
    /// GeoNames code of the first-level division within the country; empty where not known.
    pub admin1: String,
    /// People, as the source counts them; 0 where not known.
    pub population: u64,
    /// Who gives the position, for people to read.
    pub source: String,
    /// How far the position is to be trusted, where someone has judged it.
    pub confidence: Option<Confidence>,
    /// What is to be known about the position, in English.
    pub note: Option<String>,
}

/// One of the names of a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name {
    /// As the source spells it.
    pub text: String,
    /// BCP 47 language code (`fr`), where known.
    pub language: Option<String>,
    /// How it came to be a name.
    pub kind: NameKind,
}

/// How a name came to be one: people use the first two, the other two only machines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NameKind {
    /// The usual name in its language.
    Preferred,
    /// Another name or another spelling.
    Alternate,
    /// A machine's romanization of a name in another script (`tmbktw`).
    Transliteration,
    /// An airport's code (`TOM`).
    Code,
}

impl NameKind {
    /// Whether people use it as a name: no other name may ever rank above one of these.
    pub fn is_real(self) -> bool {
        matches!(self, Self::Preferred | Self::Alternate)
    }
}

/// What sort of place it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// A town or a village.
    Settlement,
    /// A camp, a base, an airfield.
    Camp,
    /// A first-level division of a country; its position is that of its seat.
    Region,
    /// A country.
    Country,
    /// Any other thing with a name: a river, a mountain, an airport, a district.
    Other,
}

impl Level {
    /// Every level.
    pub const ALL: [Self; 5] = [Self::Settlement, Self::Camp, Self::Region, Self::Country, Self::Other];

    /// The word used in files and in answers.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Settlement => "settlement",
            Self::Camp => "camp",
            Self::Region => "region",
            Self::Country => "country",
            Self::Other => "other",
        }
    }

    /// The level of a word; `None` for any other word.
    ///
    /// # Example
    /// ```
    /// use harmattan::model::Level;
    /// assert_eq!(Level::parse("region"), Some(Level::Region));
    /// assert_eq!(Level::parse("Region"), None);
    /// ```
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|level| level.as_str() == word)
    }
}

impl Place {
    /// The usual name in `language` (`fr`), or else [`Place::name`].
    pub fn name_in(&self, language: &str) -> &str {
        self.names
            .iter()
            .find(|name| name.kind == NameKind::Preferred && name.language.as_deref() == Some(language))
            .map_or(&self.name, |name| &name.text)
    }

    /// The further names that people use, each once.
    pub fn other_names(&self) -> impl Iterator<Item = &str> {
        let real = self.names.iter().filter(|name| name.kind.is_real());
        real.map(|name| name.text.as_str()).filter(|text| *text != self.name)
    }
}
