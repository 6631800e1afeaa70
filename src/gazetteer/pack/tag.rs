//! What is known of a name besides its text.

/// How a name is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum NameUse {
    /// As names are.
    #[default]
    Usual,
    /// For short.
    Short,
    /// In talk.
    Colloquial,
    /// No longer.
    Historic,
}

impl NameUse {
    /// The word for it; none for the usual one.
    pub fn as_str(self) -> Option<&'static str> {
        match self {
            Self::Usual => None,
            Self::Short => Some("short"),
            Self::Colloquial => Some("colloquial"),
            Self::Historic => Some("historic"),
        }
    }
}

/// Language, first and last year, and use: names with the same ones share one entry of the table of languages.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Tag<'a> {
    /// BCP 47 code; empty where not known.
    pub language: &'a str,
    /// First and last year in which the place was called so; an end that is not known is the least or greatest `i16`.
    pub years: Option<(i16, i16)>,
    /// How it is used.
    pub usage: NameUse,
}

impl<'a> Tag<'a> {
    /// As the table has it: the language alone where nothing else is known.
    pub fn to_text(&self) -> String {
        match (self.years, self.usage) {
            (None, NameUse::Usual) => self.language.to_owned(),
            (years, usage) => {
                let (first, last) = years.unwrap_or((i16::MIN, i16::MAX));
                format!("{}\t{first}\t{last}\t{}", self.language, usage as u8)
            }
        }
    }

    /// Reads what [`Self::to_text`] wrote.
    pub fn of(text: &'a str) -> Self {
        let mut parts = text.split('\t');
        let language = parts.next().unwrap_or_default();
        let mut year = |unknown: i16| parts.next().and_then(|text| text.parse().ok()).unwrap_or(unknown);
        let years = (year(i16::MIN), year(i16::MAX));
        let usage = match parts.next() {
            Some("1") => NameUse::Short,
            Some("2") => NameUse::Colloquial,
            Some("3") => NameUse::Historic,
            _ => NameUse::Usual,
        };
        Self { language, years: Some(years).filter(|years| *years != (i16::MIN, i16::MAX)), usage }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_come_back() {
        for tag in [
            Tag::default(),
            Tag { language: "fr", ..Tag::default() },
            Tag { language: "", years: Some((-44, i16::MAX)), usage: NameUse::Usual },
            Tag { language: "ru", years: Some((1924, 1991)), usage: NameUse::Historic },
            Tag { language: "en", years: None, usage: NameUse::Short },
            Tag { language: "en", years: None, usage: NameUse::Colloquial },
        ] {
            assert_eq!(Tag::of(&tag.to_text()), tag);
        }
        assert_eq!(Tag { language: "fr", ..Tag::default() }.to_text(), "fr");
    }
}
