//! The functions that filters may call beside those of the standard.

/// A function: what it is called and takes is in its [`Signature`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Function {
    /// Whether two times share a moment whatever the truth is.
    CertainlyIntersects,
    /// Whether the first ended before the second started whatever the truth is.
    CertainlyBefore,
    /// Whether the first started after the second ended whatever the truth is.
    CertainlyAfter,
    /// Text in lower case.
    Lower,
    /// Text in upper case.
    Upper,
    /// Characters of a text.
    Length,
    /// Absolute value.
    Abs,
    /// The next whole number below.
    Floor,
    /// The next whole number above.
    Ceil,
    /// The nearest whole number, halves away from zero.
    Round,
    /// The smaller of two numbers.
    Min,
    /// The greater of two numbers.
    Max,
}

/// The type of an argument or a result, as `/functions` names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Domain {
    /// `string`
    Text,
    /// `number`
    Number,
    /// `boolean`
    Boolean,
    /// `datetime`: a date, a timestamp, an interval or an uncertain time.
    Time,
}

impl Domain {
    /// The name that the standard has for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Text => "string",
            Self::Number => "number",
            Self::Boolean => "boolean",
            Self::Time => "datetime",
        }
    }
}

/// What a function is called, takes and gives.
#[derive(Debug)]
pub struct Signature {
    /// Which function.
    pub function: Function,
    /// Its name, in lower case; it is read in any.
    pub name: &'static str,
    /// What it does.
    pub description: &'static str,
    /// Title and type of each argument.
    pub arguments: &'static [(&'static str, Domain)],
    /// Type of the result.
    pub returns: Domain,
}

const TWO_TIMES: &[(&str, Domain)] = &[("time", Domain::Time), ("other", Domain::Time)];
const TEXT: &[(&str, Domain)] = &[("text", Domain::Text)];
const NUMBER: &[(&str, Domain)] = &[("number", Domain::Number)];
const TWO_NUMBERS: &[(&str, Domain)] = &[("number", Domain::Number), ("other", Domain::Number)];

/// Every function, in the order of the enumeration.
pub const FUNCTIONS: [Signature; 12] = [
    Signature {
        function: Function::CertainlyIntersects,
        name: "certainly_intersects",
        description: "Whether two times share a moment, whichever of their possible values are the true ones. T_INTERSECTS asks whether they possibly do.",
        arguments: TWO_TIMES,
        returns: Domain::Boolean,
    },
    Signature {
        function: Function::CertainlyBefore,
        name: "certainly_before",
        description: "Whether a time ended before the other started, whichever of their possible values are the true ones. T_BEFORE asks whether it possibly did.",
        arguments: TWO_TIMES,
        returns: Domain::Boolean,
    },
    Signature {
        function: Function::CertainlyAfter,
        name: "certainly_after",
        description: "Whether a time started after the other ended, whichever of their possible values are the true ones. T_AFTER asks whether it possibly did.",
        arguments: TWO_TIMES,
        returns: Domain::Boolean,
    },
    Signature { function: Function::Lower, name: "lower", description: "The text in lower case.", arguments: TEXT, returns: Domain::Text },
    Signature { function: Function::Upper, name: "upper", description: "The text in upper case.", arguments: TEXT, returns: Domain::Text },
    Signature {
        function: Function::Length,
        name: "length",
        description: "How many characters the text has.",
        arguments: TEXT,
        returns: Domain::Number,
    },
    Signature {
        function: Function::Abs,
        name: "abs",
        description: "The number without its sign.",
        arguments: NUMBER,
        returns: Domain::Number,
    },
    Signature {
        function: Function::Floor,
        name: "floor",
        description: "The greatest whole number that is not greater.",
        arguments: NUMBER,
        returns: Domain::Number,
    },
    Signature {
        function: Function::Ceil,
        name: "ceil",
        description: "The smallest whole number that is not smaller.",
        arguments: NUMBER,
        returns: Domain::Number,
    },
    Signature {
        function: Function::Round,
        name: "round",
        description: "The nearest whole number; halves are rounded away from zero.",
        arguments: NUMBER,
        returns: Domain::Number,
    },
    Signature {
        function: Function::Min,
        name: "min",
        description: "The smaller of two numbers.",
        arguments: TWO_NUMBERS,
        returns: Domain::Number,
    },
    Signature {
        function: Function::Max,
        name: "max",
        description: "The greater of two numbers.",
        arguments: TWO_NUMBERS,
        returns: Domain::Number,
    },
];

impl Function {
    /// What it is called, takes and gives.
    pub fn signature(self) -> &'static Signature {
        const TABLE: &[Signature] = &FUNCTIONS;
        &TABLE[self as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_in_the_order_of_the_enumeration() {
        for (index, signature) in FUNCTIONS.iter().enumerate() {
            assert_eq!(signature.function as usize, index);
            assert_eq!(signature.function.signature().name, signature.name);
        }
    }
}
