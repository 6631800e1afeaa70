//! A filter that is valid: every name is a queryable of its collection and every operand has the type that its operator takes.

use jiff::civil::Date;

use super::{
    function::Function,
    num::{Arithmetic, Num},
    pattern::Pattern,
    queryable::Field,
    shape::Shape,
};
use crate::model::when::{Instant, Relation};

/// A condition, which is true, false or unknown of a feature. Only what is true of it makes it match.
#[derive(Debug, Clone, PartialEq)]
pub enum Expr {
    /// Always so.
    Constant(bool),
    /// A boolean value.
    Truth(Term),
    /// All hold.
    And(Vec<Expr>),
    /// At least one holds.
    Or(Vec<Expr>),
    /// It does not hold.
    Not(Box<Expr>),
    /// Two values compared.
    Compare(Comparison, Term, Term),
    /// A text is like a pattern.
    Like(Term, Pattern),
    /// A value lies between two others, or is one of them.
    Between(Box<[Term; 3]>),
    /// A value is one of a list.
    In(Term, Vec<Term>),
    /// A value is not known.
    IsNull(Term),
    /// Two geometries lie so to each other.
    Spatial(Spatial, Term, Term),
    /// Two times possibly lie so to each other.
    Temporal(Relation, Term, Term),
    /// Two sets relate so.
    Array(Array, Term, Term),
}

impl Expr {
    /// Calls `look` with everything of the feature that is named, each time that it is.
    pub fn each_field(&self, look: &mut impl FnMut(Field)) {
        match self {
            Self::Constant(_) => {}
            Self::Truth(term) | Self::Like(term, _) | Self::IsNull(term) => term.each_field(look),
            Self::And(parts) | Self::Or(parts) => parts.iter().for_each(|part| part.each_field(look)),
            Self::Not(part) => part.each_field(look),
            Self::Compare(_, left, right)
            | Self::Spatial(_, left, right)
            | Self::Temporal(_, left, right)
            | Self::Array(_, left, right) => {
                left.each_field(look);
                right.each_field(look);
            }
            Self::Between(terms) => terms.iter().for_each(|term| term.each_field(look)),
            Self::In(value, list) => {
                value.each_field(look);
                list.iter().for_each(|term| term.each_field(look));
            }
        }
    }
}

impl Term {
    /// Calls `look` with everything of the feature that is named, each time that it is.
    fn each_field(&self, look: &mut impl FnMut(Field)) {
        match self {
            Self::Field(field, _) => look(*field),
            Self::Text(_) | Self::Number(_) | Self::Boolean(_) | Self::Time(_) | Self::Shape(_) => {}
            Self::Interval(ends) => ends.iter().flatten().for_each(|term| term.each_field(look)),
            Self::Fold(_, term) => term.each_field(look),
            Self::Arithmetic(_, terms) => terms.iter().for_each(|term| term.each_field(look)),
            Self::Call(_, terms) | Self::Array(terms) => terms.iter().for_each(|term| term.each_field(look)),
            Self::Condition(condition) => condition.each_field(look),
        }
    }
}

/// A value.
#[derive(Debug, Clone, PartialEq)]
pub enum Term {
    /// Something of the feature, and its name.
    Field(Field, String),
    /// A text.
    Text(String),
    /// A number.
    Number(Num),
    /// True or false.
    Boolean(bool),
    /// A time.
    Time(Time),
    /// From one time to another.
    Interval(Box<[Option<Term>; 2]>),
    /// A geometry.
    Shape(Box<Shape>),
    /// A text whose letters count as the same without regard to something.
    Fold(Fold, Box<Term>),
    /// Two numbers computed with.
    Arithmetic(Arithmetic, Box<[Term; 2]>),
    /// A function's result.
    Call(Function, Vec<Term>),
    /// A set.
    Array(Vec<Term>),
    /// Whether a condition holds.
    Condition(Box<Expr>),
}

/// A time as a filter writes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Time {
    /// A whole day, UTC.
    Day(Date),
    /// A moment.
    Moment(Instant),
}

impl Time {
    /// Its first moment.
    pub fn first(self) -> Instant {
        match self {
            Self::Day(day) => Instant::start_of(day),
            Self::Moment(moment) => moment,
        }
    }

    /// Its last moment.
    pub fn last(self) -> Instant {
        match self {
            Self::Day(day) => Instant::end_of(day),
            Self::Moment(moment) => moment,
        }
    }
}

/// An operator that compares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparison {
    /// `=`
    Equal,
    /// `<>`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
}

impl Comparison {
    /// Every operator with its sign.
    pub const ALL: [(Self, &'static str); 6] = [
        (Self::Equal, "="),
        (Self::NotEqual, "<>"),
        (Self::Less, "<"),
        (Self::LessOrEqual, "<="),
        (Self::Greater, ">"),
        (Self::GreaterOrEqual, ">="),
    ];

    /// Its sign.
    pub fn sign(self) -> &'static str {
        Self::ALL[self as usize].1
    }

    /// The operator that holds for swapped operands where this one does.
    #[must_use]
    pub fn swapped(self) -> Self {
        match self {
            Self::Equal | Self::NotEqual => self,
            Self::Less => Self::Greater,
            Self::LessOrEqual => Self::GreaterOrEqual,
            Self::Greater => Self::Less,
            Self::GreaterOrEqual => Self::LessOrEqual,
        }
    }

    /// Whether it holds of two values in this order.
    pub fn holds(self, order: std::cmp::Ordering) -> bool {
        match self {
            Self::Equal => order.is_eq(),
            Self::NotEqual => order.is_ne(),
            Self::Less => order.is_lt(),
            Self::LessOrEqual => order.is_le(),
            Self::Greater => order.is_gt(),
            Self::GreaterOrEqual => order.is_ge(),
        }
    }
}

/// A relation of two geometries (OGC 06-103r4, clause 6.1.15).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spatial {
    /// They share a point.
    Intersects,
    /// They share none.
    Disjoint,
    /// They are the same set of points.
    Equals,
    /// They share points of their boundaries only.
    Touches,
    /// They share some interior, of a lower dimension than the greater of them.
    Crosses,
    /// The first lies in the second.
    Within,
    /// The second lies in the first.
    Contains,
    /// They share some interior of their own dimension, and each has more.
    Overlaps,
}

impl Spatial {
    /// Every relation with its name.
    pub const ALL: [(Self, &'static str); 8] = [
        (Self::Intersects, "s_intersects"),
        (Self::Disjoint, "s_disjoint"),
        (Self::Equals, "s_equals"),
        (Self::Touches, "s_touches"),
        (Self::Crosses, "s_crosses"),
        (Self::Within, "s_within"),
        (Self::Contains, "s_contains"),
        (Self::Overlaps, "s_overlaps"),
    ];

    /// The relation that holds of swapped geometries where this one does.
    #[must_use]
    pub fn reversed(self) -> Self {
        match self {
            Self::Within => Self::Contains,
            Self::Contains => Self::Within,
            same => same,
        }
    }
}

/// The names of the temporal relations, in the order of [`Relation::ALL`].
pub(super) const RELATIONS: [&str; 15] = [
    "t_after",
    "t_before",
    "t_contains",
    "t_disjoint",
    "t_during",
    "t_equals",
    "t_finishedby",
    "t_finishes",
    "t_intersects",
    "t_meets",
    "t_metby",
    "t_overlappedby",
    "t_overlaps",
    "t_startedby",
    "t_starts",
];

/// A relation of two sets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Array {
    /// They have the same members.
    Equals,
    /// The first has all members of the second.
    Contains,
    /// The second has all members of the first.
    ContainedBy,
    /// They share a member.
    Overlaps,
}

impl Array {
    /// Every relation with its name.
    pub const ALL: [(Self, &'static str); 4] =
        [(Self::Equals, "a_equals"), (Self::Contains, "a_contains"), (Self::ContainedBy, "a_containedby"), (Self::Overlaps, "a_overlaps")];
}

/// What letters are compared without regard to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fold {
    /// Case.
    Case,
    /// Accents.
    Accents,
}

impl Fold {
    /// The folded text.
    pub fn of(self, text: &str) -> String {
        match self {
            Self::Case => crate::model::fold::fold_case(text),
            Self::Accents => crate::model::fold::fold_accents(text),
        }
    }
}
