//! Values with their types.

use super::{
    check::{Checker, exactly},
    error::{At, FilterError},
    expr::{Fold, Term, Time},
    function::{Domain, FUNCTIONS},
    node::{Kind, Node},
    num::{Arithmetic, Num},
    queryable::Field,
    shape::Shape,
};
use crate::{
    model::{self, when::rfc3339::parse_instant},
    query::params::nearest,
};

/// The type of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Type {
    Text,
    /// Text that is an uncertain time.
    Edtf,
    Number,
    Boolean,
    Day,
    Moment,
    Interval,
    Geometry,
    Array,
}

impl Type {
    pub(super) const TEXTS: [Self; 2] = [Self::Text, Self::Edtf];
    pub(super) const TIMES: [Self; 4] = [Self::Day, Self::Moment, Self::Interval, Self::Edtf];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Edtf => "an uncertain time",
            Self::Number => "a number",
            Self::Boolean => "true or false",
            Self::Day => "a date",
            Self::Moment => "a timestamp",
            Self::Interval => "an interval of time",
            Self::Geometry => "a geometry",
            Self::Array => "an array",
        }
    }

    fn of(field: Field) -> Self {
        match field {
            Field::Id => Self::Text,
            Field::Geometry => Self::Geometry,
            Field::Time => Self::Interval,
            Field::Property(_, kind) => match kind {
                model::Kind::Text | model::Kind::Uri => Self::Text,
                model::Kind::Edtf => Self::Edtf,
                model::Kind::Integer | model::Kind::Number => Self::Number,
                model::Kind::Boolean => Self::Boolean,
                model::Kind::Date => Self::Day,
                model::Kind::Timestamp => Self::Moment,
                model::Kind::List | model::Kind::Json => Self::Array,
            },
        }
    }
}

/// A value with its type and place.
pub(super) struct Typed {
    pub(super) at: At,
    pub(super) term: Term,
    pub(super) of: Type,
}

impl Typed {
    /// Itself where it has one of some types.
    pub(super) fn must(self, types: &[Type], operand: impl FnOnce() -> String) -> Result<Self, FilterError> {
        if types.contains(&self.of) {
            return Ok(self);
        }
        let expected = match types {
            [Type::Text, ..] => "text",
            [Type::Day, ..] => "a time: DATE(…), TIMESTAMP(…), INTERVAL(…) or a property of time",
            [Type::Boolean] => "true or false",
            [only] => only.name(),
            _ => "another type",
        };
        Err(FilterError::Type { at: self.at, operand: operand(), expected, found: self.of.name() })
    }

    /// Both, where they are of one type; a text beside a date or a timestamp is read as one, and so are 0 and 1 beside what is true or false
    /// (OGC 21-065r2, permission of casts).
    pub(super) fn comparable(self, other: Self, operator: &'static str) -> Result<(Self, Self), FilterError> {
        use Type::{Boolean, Day, Edtf, Moment, Number, Text};
        let cast = |text: Self| match &text.term {
            Term::Text(written) => {
                // GDAL sends a day as 2023-08-01T.
                let day = written.strip_suffix('T').filter(|day| day.len() == 10);
                let time = time(&text.at, day.unwrap_or(written), None)?;
                Ok(Self { of: if matches!(time, Time::Day(_)) { Day } else { Moment }, term: Term::Time(time), at: text.at })
            }
            _ => Ok(text),
        };
        // It sends 1 and 0 for what is true and what is not.
        let truth = |number: Self| match &number.term {
            Term::Number(Num::Int(value @ 0..=1)) => Self { term: Term::Boolean(*value == 1), of: Boolean, at: number.at },
            _ => number,
        };
        let (left, right) = match (self.of, other.of) {
            (Number, Boolean) => (truth(self), other),
            (Boolean, Number) => (self, truth(other)),
            (Text, Day | Moment) => (cast(self)?, other),
            (Day | Moment, Text) => (self, cast(other)?),
            _ => (self, other),
        };
        match (left.of, right.of) {
            (Text | Edtf, Text | Edtf) | (Number, Number) | (Boolean, Boolean) | (Day | Moment | Edtf, Day | Moment | Edtf) => {
                Ok((left, right))
            }
            (a, b) => Err(FilterError::Compare { at: right.at, operator, left: a.name(), right: b.name() }),
        }
    }
}

/// Reads a date or a timestamp; `whole_day` says which of them it must be.
fn time(at: &At, written: &str, whole_day: Option<bool>) -> Result<Time, FilterError> {
    let wrong = |message: String| FilterError::Time { at: at.clone(), message };
    let (first, last) = parse_instant(written).map_err(|error| wrong(error.to_string()))?;
    let time = match first.day() {
        Some(day) if first != last => Time::Day(day),
        _ => Time::Moment(first),
    };
    match (whole_day, time) {
        (Some(true), Time::Moment(_)) => Err(wrong(format!("{written:?} is a timestamp; DATE takes YYYY-MM-DD"))),
        (Some(false), Time::Day(_)) => Err(wrong(format!("{written:?} is a date; TIMESTAMP takes YYYY-MM-DDThh:mm:ssZ"))),
        _ => Ok(time),
    }
}

impl Checker<'_> {
    /// A value.
    pub(super) fn term(&self, node: Node) -> Result<Typed, FilterError> {
        let Node { at, kind } = node;
        let (term, of) = match kind {
            Kind::Text(text) => (Term::Text(text), Type::Text),
            Kind::Number(number) => (Term::Number(number), Type::Number),
            Kind::Boolean(value) => (Term::Boolean(value), Type::Boolean),
            Kind::Date(written) => (Term::Time(time(&at, &written, Some(true))?), Type::Day),
            Kind::Timestamp(written) => (Term::Time(time(&at, &written, Some(false))?), Type::Moment),
            Kind::Interval(ends) => (self.interval(&at, *ends)?, Type::Interval),
            Kind::Geometry(geometry) => (Term::Shape(Box::new(Shape::geometry(&at, &geometry, self.crs)?)), Type::Geometry),
            Kind::Bbox(numbers) => (Term::Shape(Box::new(Shape::bbox(&at, &numbers, self.crs)?)), Type::Geometry),
            Kind::Property(name) => self.property(&at, name)?,
            Kind::Group(inner) => return self.term(*inner),
            Kind::Array(items) => {
                let terms = items.into_iter().map(|item| Ok(self.array(item)?.term));
                (Term::Array(terms.collect::<Result<_, _>>()?), Type::Array)
            }
            Kind::Call(name, arguments) => match self.operator(&at, &name, arguments)? {
                Ok(condition) => (Term::Condition(Box::new(condition)), Type::Boolean),
                Err(arguments) => self.call(&at, &name, arguments)?,
            },
        };
        Ok(Typed { at, term, of })
    }

    /// A value where an array may stand: one part in brackets is an array of one element.
    pub(super) fn array(&self, node: Node) -> Result<Typed, FilterError> {
        match node.kind {
            Kind::Group(inner) => self.term(Node { at: node.at, kind: Kind::Array(vec![*inner]) }),
            kind => self.term(Node { at: node.at, kind }),
        }
    }

    fn property(&self, at: &At, name: String) -> Result<(Term, Type), FilterError> {
        if let Some(queryable) = self.queryables.iter().find(|queryable| queryable.name == name) {
            return Ok((Term::Field(queryable.field, name), Type::of(queryable.field)));
        }
        let known = self.queryables.iter().map(|queryable| queryable.name).collect::<Vec<_>>();
        Err(FilterError::Property { at: at.clone(), nearest: nearest(&name, &known), name })
    }

    /// A function's result, a folded text, or a number computed.
    fn call(&self, at: &At, name: &str, arguments: Vec<Node>) -> Result<(Term, Type), FilterError> {
        if let Some((operation, _)) = Arithmetic::ALL.iter().find(|(_, sign)| *sign == name) {
            let [left, right] = exactly(at, name, arguments)?;
            let operand = |which: &str| format!("the {which} operand of {name}");
            let left = self.term(left)?.must(&[Type::Number], || operand("first"))?.term;
            let right = self.term(right)?.must(&[Type::Number], || operand("second"))?.term;
            // What is written out is computed once.
            if let (Term::Number(a), Term::Number(b)) = (&left, &right)
                && let Some(number) = operation.of(*a, *b)
            {
                return Ok((Term::Number(number), Type::Number));
            }
            return Ok((Term::Arithmetic(*operation, Box::new([left, right])), Type::Number));
        }
        if name == "casei" || name == "accenti" {
            let fold = if name == "casei" { Fold::Case } else { Fold::Accents };
            let [text] = exactly(at, name, arguments)?;
            let text = self.term(text)?.must(&Type::TEXTS, || format!("the operand of {}", name.to_uppercase()))?.term;
            let term = match text {
                Term::Text(text) => Term::Text(fold.of(&text)),
                term => Term::Fold(fold, Box::new(term)),
            };
            return Ok((term, Type::Text));
        }
        let Some(signature) = FUNCTIONS.iter().find(|signature| signature.name == name) else {
            let known = FUNCTIONS.iter().map(|signature| signature.name).collect::<Vec<_>>();
            return Err(FilterError::Function { at: at.clone(), nearest: nearest(name, &known), name: name.to_owned() });
        };
        let (expected, found) = (signature.arguments.len(), arguments.len());
        if expected != found {
            return Err(FilterError::Arguments { at: at.clone(), name: name.to_owned(), expected, found });
        }
        let mut terms = Vec::with_capacity(found);
        for (argument, (title, domain)) in arguments.into_iter().zip(signature.arguments) {
            let types: &[Type] = match domain {
                Domain::Text => &Type::TEXTS,
                Domain::Number => &[Type::Number],
                Domain::Boolean => &[Type::Boolean],
                Domain::Time => &Type::TIMES,
            };
            terms.push(self.term(argument)?.must(types, || format!("the argument {title} of {name}"))?.term);
        }
        let of = match signature.returns {
            Domain::Text => Type::Text,
            Domain::Number => Type::Number,
            Domain::Boolean => Type::Boolean,
            Domain::Time => Type::Interval,
        };
        Ok((Term::Call(signature.function, terms), of))
    }

    fn interval(&self, at: &At, ends: [Node; 2]) -> Result<Term, FilterError> {
        let [start, end] = ends;
        let ends = [self.end(start)?, self.end(end)?];
        if let [Some(Term::Time(start)), Some(Term::Time(end))] = &ends
            && end.last() < start.first()
        {
            return Err(FilterError::Time { at: at.clone(), message: "the interval ends before it starts".to_owned() });
        }
        Ok(Term::Interval(Box::new(ends)))
    }

    /// An end of an interval; `None` where it is open.
    fn end(&self, node: Node) -> Result<Option<Term>, FilterError> {
        match node.kind {
            Kind::Text(text) if text == ".." => Ok(None),
            Kind::Text(text) => time(&node.at, &text, None).map(|time| Some(Term::Time(time))),
            _ => {
                let operand = || "an end of INTERVAL".to_owned();
                self.term(node)?.must(&[Type::Day, Type::Moment, Type::Edtf], operand).map(|typed| Some(typed.term))
            }
        }
    }
}
