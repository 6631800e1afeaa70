//! `explain`: what became of the features that an answer does not hold.

/// What is to be explained beside the answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Explain {
    /// How many features each filter removed.
    Filters,
    /// That, and what each filter says of the feature with this id.
    Feature(String),
}

impl Explain {
    /// Parses the parameter: `true`, `false`, or the id of a feature.
    pub(super) fn parse(value: &str) -> Option<Self> {
        match value {
            "false" => None,
            "true" => Some(Self::Filters),
            id => Some(Self::Feature(id.to_owned())),
        }
    }
}
