//! Words in the languages that the interface speaks.

/// A language of the pages. GeoJSON never varies by language; pages do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Lang {
    /// English, the default.
    #[default]
    En,
    /// French.
    Fr,
}

impl Lang {
    /// Every language served, in the order in which they are offered.
    pub const ALL: [Self; 2] = [Self::En, Self::Fr];

    /// The language of a BCP 47 tag (`fr`, `fr-ML`), by its primary subtag; `None` where it is not served.
    pub fn from_tag(tag: &str) -> Option<Self> {
        let primary = tag.split('-').next().unwrap_or_default();
        Self::ALL.into_iter().find(|lang| lang.tag().eq_ignore_ascii_case(primary))
    }

    /// The BCP 47 tag.
    pub fn tag(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Fr => "fr",
        }
    }
}

impl Lang {
    /// A whole number for people: from five digits on in groups of three, kept apart by a narrow no-break space in French and a
    /// comma in English.
    pub fn integer(self, value: i128) -> String {
        let digits = value.unsigned_abs().to_string();
        let sign = if value < 0 { "\u{2212}" } else { "" };
        if digits.len() < 5 {
            return format!("{sign}{digits}");
        }
        let separator = if self == Self::Fr { "\u{202f}" } else { "," };
        let head = digits.len() % 3;
        let mut groups = (head > 0).then(|| digits[..head].to_owned()).into_iter().collect::<Vec<_>>();
        groups.extend(digits.as_bytes()[head..].chunks(3).map(|group| String::from_utf8_lossy(group).into_owned()));
        format!("{sign}{}", groups.join(separator))
    }
}

/// A text in English and, where it is known, in French.
#[derive(Debug, Clone, PartialEq, Eq, Default, serde::Deserialize, serde::Serialize)]
#[serde(deny_unknown_fields, expecting = "a text, or one for each language: { en = …, fr = … }")]
pub struct Text {
    /// English; the fallback of every other language.
    pub en: String,
    /// French.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fr: Option<String>,
}

impl Text {
    /// A text that is the same in every language, such as a name.
    pub fn plain(text: impl Into<String>) -> Self {
        Self { en: text.into(), fr: None }
    }

    /// The words in `lang`, or in English where there are none.
    pub fn get(&self, lang: Lang) -> &str {
        match (lang, &self.fr) {
            (Lang::Fr, Some(french)) => french,
            _ => &self.en,
        }
    }
}
