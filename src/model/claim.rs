//! What one source says about one property of one subject.

use super::when::When;

/// The act by which a base is said to have ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Deserialize, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Act {
    /// The last troops or the last convoy left.
    Departed,
    /// Handed over to the authorities.
    HandedOver,
    /// Closed, with no further word on how.
    Closed,
    /// The flag was lowered: an event, which never closes a base.
    FlagLowered,
}

/// Whether something is said to have happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, serde::Deserialize, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Modality {
    /// Said to have happened.
    #[default]
    Reported,
    /// Said to be intended.
    Planned,
    /// Said not to have happened by the day given.
    NotYet,
}

/// Whether the source says it outright.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, serde::Deserialize, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Reading {
    /// In so many words.
    #[default]
    Literal,
    /// It follows from what the source says.
    Derived,
}

/// How far the claim is to be trusted; the order is that of trust.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, serde::Deserialize, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Confidence {
    /// Contradicted, or known at third hand.
    Low,
    /// One outlet, or a summary.
    Medium,
    /// Said plainly by a source that would know.
    #[default]
    High,
}

/// How a counted number is bounded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, serde::Deserialize, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Bound {
    /// The number itself.
    #[default]
    Exactly,
    /// "more than", "over".
    AtLeast,
    /// "about": ± half of the last non-zero digit.
    About,
    /// "up to".
    AtMost,
}

/// Gives an enum of unit variants the name that records and answers use.
macro_rules! snake_names {
    ($($kind:ident { $($variant:ident => $name:literal),+ $(,)? })+) => {$(
        impl $kind {
            /// The name used in records and in answers.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $name),+ }
            }
        }
    )+};
}

snake_names! {
    Act { Departed => "departed", HandedOver => "handed_over", Closed => "closed", FlagLowered => "flag_lowered" }
    Modality { Reported => "reported", Planned => "planned", NotYet => "not_yet" }
    Reading { Literal => "literal", Derived => "derived" }
    Confidence { Low => "low", Medium => "medium", High => "high" }
    Bound { Exactly => "exactly", AtLeast => "at_least", About => "about", AtMost => "at_most" }
}

/// A claim's value, typed by its property.
#[derive(Debug, Clone, PartialEq)]
pub enum ClaimValue {
    /// A date, certain or not.
    When(When),
    /// A count.
    Integer(i64),
    /// A name or a word of a code list.
    Text(String),
}

/// Where in the source's text the claim rests.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Locator {
    /// First character, counted from 0 in Unicode code points.
    pub start: u32,
    /// The character after the last.
    pub end: u32,
    /// The text of that span: at most eight words.
    pub anchor: String,
}

/// What one source says about one property of one subject (W3C Web Annotation on output).
#[derive(Debug, Clone)]
pub struct Claim {
    /// `<source id>.<claim id>`, unique over all claims.
    pub id: String,
    /// Id of the source that says it.
    pub source: String,
    /// Id of the subject that it is about.
    pub subject: String,
    /// Which property: `closed`, `personnel_left` ….
    pub property: String,
    /// What it is said to be. For [`Modality::NotYet`], the day by which it had not happened.
    pub value: ClaimValue,
    /// For an ending: by which act.
    pub act: Option<Act>,
    /// Reported, planned, or not yet.
    pub modality: Modality,
    /// Literal or derived.
    pub reading: Reading,
    /// How far it is to be trusted.
    pub confidence: Confidence,
    /// Key of the loose word that widened the value.
    pub loose: Option<String>,
    /// The day that the claim speaks from.
    pub as_of: Option<When>,
    /// Of a number: what is counted.
    pub counted: Option<super::Text>,
    /// Of a number: its unit.
    pub unit: Option<String>,
    /// Of a number: how it is bounded.
    pub bound: Bound,
    /// A remark in our own words.
    pub note: Option<super::Text>,
    /// Where in the text; present exactly where the source has a text hash.
    pub locator: Option<Locator>,
}

impl Claim {
    /// The date it gives, where its value is one.
    pub fn when(&self) -> Option<&When> {
        match &self.value {
            ClaimValue::When(when) => Some(when),
            _ => None,
        }
    }
}
