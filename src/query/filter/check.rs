//! From what is written to what is valid: names are looked up, and every operand has the type that its operator takes.

use super::{
    error::{At, FilterError},
    expr::{Array, Comparison, Expr, Fold, RELATIONS, Spatial},
    node::{Kind, Node},
    pattern::Pattern,
    queryable::Queryable,
    typed::{Type, Typed},
};
use crate::model::{Crs, when::Relation};

/// What a filter is checked against.
pub(super) struct Checker<'a> {
    pub(super) queryables: Vec<Queryable<'a>>,
    pub(super) crs: &'a Crs,
}

impl Checker<'_> {
    /// A condition.
    pub(super) fn condition(&self, node: Node) -> Result<Expr, FilterError> {
        let Node { at, kind } = node;
        match kind {
            Kind::Boolean(value) => Ok(Expr::Constant(value)),
            Kind::Group(inner) => self.condition(*inner),
            Kind::Call(name, arguments) => match self.operator(&at, &name, arguments)? {
                Ok(condition) => Ok(condition),
                Err(arguments) => self.truth(Node { at, kind: Kind::Call(name, arguments) }),
            },
            kind => self.truth(Node { at, kind }),
        }
    }

    /// A value that is true or false by itself.
    fn truth(&self, node: Node) -> Result<Expr, FilterError> {
        let typed = self.term(node)?.must(&[Type::Boolean], || "a filter, or each side of AND, OR and NOT,".to_owned())?;
        Ok(Expr::Truth(typed.term))
    }

    /// What an operator of the standard asks; its arguments back where `name` is none.
    pub(super) fn operator(&self, at: &At, name: &str, mut arguments: Vec<Node>) -> Result<Result<Expr, Vec<Node>>, FilterError> {
        if let "and" | "or" = name {
            if arguments.len() < 2 {
                return Err(FilterError::Arguments { at: at.clone(), name: name.to_owned(), expected: 2, found: arguments.len() });
            }
            return self.chain(name == "and", arguments).map(Ok);
        }
        if let Some((comparison, _)) = Comparison::ALL.iter().find(|(_, sign)| *sign == name) {
            let [left, right] = exactly(at, name, arguments)?;
            let (left, right) = self.term(left)?.comparable(self.term(right)?, comparison.sign())?;
            return Ok(Ok(Expr::Compare(*comparison, left.term, right.term)));
        }
        if let Some((relation, _)) = Spatial::ALL.iter().find(|(_, known)| *known == name) {
            let [left, right] = self.two(at, name, arguments, &[Type::Geometry])?;
            return Ok(Ok(Expr::Spatial(*relation, left.term, right.term)));
        }
        if let Some((relation, _)) = Relation::ALL.iter().zip(RELATIONS).find(|(_, known)| *known == name) {
            let [left, right] = self.two(at, name, arguments, &Type::TIMES)?;
            return Ok(Ok(Expr::Temporal(*relation, left.term, right.term)));
        }
        if let Some((relation, _)) = Array::ALL.iter().find(|(_, known)| *known == name) {
            let [left, right] = exactly(at, name, arguments)?;
            let (left, right) = (self.array(left)?, self.array(right)?);
            let operand = |which: &str| format!("the {which} operand of {}", name.to_uppercase());
            let left = left.must(&[Type::Array], || operand("first"))?;
            let right = right.must(&[Type::Array], || operand("second"))?;
            return Ok(Ok(Expr::Array(*relation, left.term, right.term)));
        }
        Ok(Ok(match name {
            "not" => {
                let [negated] = exactly(at, name, arguments)?;
                Expr::Not(Box::new(self.condition(negated)?))
            }
            "isnull" => {
                let [tested] = exactly(at, "IS NULL", arguments)?;
                Expr::IsNull(self.array(tested)?.term)
            }
            "like" => {
                let [text, pattern] = exactly(at, "LIKE", arguments)?;
                let text = self.term(text)?.must(&Type::TEXTS, || "the left side of LIKE".to_owned())?;
                Expr::Like(text.term, pattern_of(pattern, Vec::new())?)
            }
            "between" => {
                let [value, low, high] = exactly(at, "BETWEEN", arguments)?;
                let (value, low) = self.term(value)?.comparable(self.term(low)?, "BETWEEN")?;
                let (value, high) = value.comparable(self.term(high)?, "BETWEEN")?;
                Expr::Between(Box::new([value.term, low.term, high.term]))
            }
            "in" => {
                let found = arguments.len();
                let (Some(list), Some(value), 2) = (arguments.pop(), arguments.pop(), found) else {
                    return Err(FilterError::Arguments { at: at.clone(), name: "IN".to_owned(), expected: 2, found });
                };
                let Kind::Array(items) = list.kind else {
                    let operand = "the right side of IN".to_owned();
                    return Err(FilterError::Type { at: list.at, operand, expected: "a list", found: "another value" });
                };
                let mut value = self.term(value)?;
                let mut terms = Vec::with_capacity(items.len());
                for item in items {
                    let (compared, item) = value.comparable(self.term(item)?, "IN")?;
                    value = compared;
                    terms.push(item.term);
                }
                Expr::In(value.term, terms)
            }
            _ => return Ok(Err(arguments)),
        }))
    }

    /// Conditions that all, or of which one, must hold; a chain in a chain of its kind is one chain.
    fn chain(&self, all: bool, arguments: Vec<Node>) -> Result<Expr, FilterError> {
        let mut parts = Vec::with_capacity(arguments.len());
        for argument in arguments {
            match self.condition(argument)? {
                Expr::And(inner) if all => parts.extend(inner),
                Expr::Or(inner) if !all => parts.extend(inner),
                part => parts.push(part),
            }
        }
        Ok(if all { Expr::And(parts) } else { Expr::Or(parts) })
    }

    /// Two operands of one of some types.
    fn two(&self, at: &At, name: &str, arguments: Vec<Node>, types: &[Type]) -> Result<[Typed; 2], FilterError> {
        let [left, right] = exactly(at, name, arguments)?;
        let operand = |which: &str| format!("the {which} operand of {}", name.to_uppercase());
        let left = self.term(left)?.must(types, || operand("first"))?;
        let right = self.term(right)?.must(types, || operand("second"))?;
        Ok([left, right])
    }
}

/// As many arguments as an operator or function takes.
pub(super) fn exactly<const N: usize>(at: &At, name: &str, arguments: Vec<Node>) -> Result<[Node; N], FilterError> {
    let found = arguments.len();
    let wrong = |_| FilterError::Arguments { at: at.clone(), name: name.to_owned(), expected: N, found };
    <[Node; N]>::try_from(arguments).map_err(wrong)
}

/// The pattern of LIKE: a text, perhaps folded. Folds are listed from the innermost on.
fn pattern_of(node: Node, mut folds: Vec<Fold>) -> Result<Pattern, FilterError> {
    match node.kind {
        Kind::Text(text) => {
            folds.reverse();
            Ok(Pattern::new(&text, &folds))
        }
        Kind::Group(inner) => pattern_of(*inner, folds),
        Kind::Call(name, arguments) if name == "casei" || name == "accenti" => {
            folds.push(if name == "casei" { Fold::Case } else { Fold::Accents });
            let [inner] = exactly(&node.at, &name, arguments)?;
            pattern_of(inner, folds)
        }
        _ => Err(FilterError::Type {
            at: node.at,
            operand: "the pattern of LIKE".to_owned(),
            expected: "a text in single quotation marks, or CASEI or ACCENTI of one",
            found: "another expression",
        }),
    }
}
