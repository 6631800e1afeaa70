//! How a value follows from its claims, step by step: what [`super::explain`] tells.

use crate::model::{Act, when::When};

/// One step, in the order in which the rule takes them. Claims are named by their ids.
#[derive(Debug, Clone, PartialEq)]
pub enum Step {
    /// The claim is a plan: it agrees with nothing and gives no value (rule 1).
    Planned {
        /// Which.
        claim: String,
    },
    /// The claim is set aside: better ones contradict it (rule 6).
    SetAside {
        /// Which.
        claim: String,
    },
    /// The lowering of a flag: shown, and counted for nothing (rule 2).
    Flag {
        /// Which.
        claim: String,
    },
    /// The best claim on an act, or on what has none: it gives the value to start from (rule 3).
    First {
        /// Which.
        claim: String,
        /// What it says.
        value: When,
        /// The act that it tells of.
        act: Option<Act>,
        /// The claim that comes next, and what puts this one before it; none where there is no other.
        over: Option<(String, Reason)>,
    },
    /// A claim that can be true together with those before it (rule 3).
    Fits {
        /// Which.
        claim: String,
        /// What they leave together.
        value: When,
        /// Whether that is narrower than before.
        narrows: bool,
    },
    /// A claim that cannot be true together with the value so far: they are in dispute (rule 3).
    Against {
        /// Which.
        claim: String,
        /// What it says.
        value: When,
        /// What puts the value so far before it.
        by: Reason,
    },
    /// Another act that can have been on the same day: both narrow each other (rule 7).
    ActsMeet {
        /// Which act.
        act: Act,
        /// What they leave together.
        value: When,
    },
    /// Another act that was on another day: it stands by itself (rule 7).
    ActApart {
        /// Which act.
        act: Act,
        /// Its day.
        value: When,
    },
    /// By a day it had not happened yet: what is later is left (rule 1).
    NotBefore {
        /// Which claim says so.
        claim: String,
        /// What is left of the value; none where the claim contradicts it, or there is none.
        value: Option<When>,
    },
    /// How many independent voices say so (rules 4 and 8).
    Voices {
        /// How many.
        count: usize,
    },
}

/// What puts one claim before another, in the order of rule 3.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Reason {
    /// Higher confidence.
    Confidence,
    /// Greater precision.
    Precision,
    /// More independent publishers.
    Voices,
    /// Later publication.
    Later,
    /// Nothing but the order of the ids.
    Id,
}

impl Reason {
    /// The word that names it in texts.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Confidence => "confidence",
            Self::Precision => "precision",
            Self::Voices => "voices",
            Self::Later => "later",
            Self::Id => "id",
        }
    }
}
