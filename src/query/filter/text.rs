//! CQL2 text (OGC 21-065r2, clause 8.2 and annex B), by recursive descent.

use super::{
    error::{At, FilterError},
    lexer::{Token, words},
    node::{Budget, Kind, Node},
    num::Num,
    wkt,
};

/// Reads a filter.
///
/// # Errors
/// Where the grammar asks for something else, and beyond the limits of depth and size.
pub(super) fn parse(text: &str) -> Result<Node, FilterError> {
    let mut parser = Parser { words: words(text)?, next: 0, budget: Budget::default() };
    let node = parser.expression()?;
    match parser.peek() {
        Token::End => Ok(node),
        _ => Err(parser.expected("AND, OR or the end")),
    }
}

/// The words not read yet.
pub(super) struct Parser {
    words: Vec<(usize, Token)>,
    next: usize,
    budget: Budget,
}

impl Parser {
    pub(super) fn peek(&self) -> &Token {
        &self.words[self.next].1
    }

    fn after(&self) -> &Token {
        let last = self.words.len() - 1;
        &self.words[(self.next + 1).min(last)].1
    }

    pub(super) fn at(&self) -> At {
        At::Character(self.words[self.next].0)
    }

    pub(super) fn bump(&mut self) -> Token {
        let token = self.words[self.next].1.clone();
        // The end is read again and again.
        self.next = (self.next + 1).min(self.words.len() - 1);
        token
    }

    pub(super) fn expected(&self, expected: &str) -> FilterError {
        FilterError::Expected { at: self.at(), expected: expected.to_owned(), found: self.peek().shown() }
    }

    pub(super) fn is_sign(&self, sign: &str) -> bool {
        matches!(self.peek(), Token::Sign(found) if *found == sign)
    }

    pub(super) fn eat(&mut self, sign: &str) -> bool {
        let found = self.is_sign(sign);
        if found {
            self.bump();
        }
        found
    }

    pub(super) fn need(&mut self, sign: &str) -> Result<(), FilterError> {
        if self.eat(sign) { Ok(()) } else { Err(self.expected(&format!("'{sign}'"))) }
    }

    pub(super) fn is_word(&self, word: &str) -> bool {
        matches!(self.peek(), Token::Name(name) if name.eq_ignore_ascii_case(word))
    }

    pub(super) fn eat_word(&mut self, word: &str) -> bool {
        let found = self.is_word(word);
        if found {
            self.bump();
        }
        found
    }

    /// Whether the next word but one starts the coordinates of a geometry named by the next.
    pub(super) fn is_followed_by_coordinates(&self) -> bool {
        match self.after() {
            Token::Sign(sign) => *sign == "(",
            Token::Name(name) => name.eq_ignore_ascii_case("z") || name.eq_ignore_ascii_case("empty"),
            _ => false,
        }
    }

    fn node(&mut self, at: At, kind: Kind) -> Result<Node, FilterError> {
        self.budget.part(&at)?;
        Ok(Node { at, kind })
    }

    fn call(&mut self, at: At, name: &str, arguments: Vec<Node>) -> Result<Node, FilterError> {
        self.node(at, Kind::Call(name.to_owned(), arguments))
    }

    fn expression(&mut self) -> Result<Node, FilterError> {
        self.budget.enter(&self.at())?;
        let node = self.chain("or", |parser| parser.chain("and", Self::negation))?;
        self.budget.leave();
        Ok(node)
    }

    /// Parts with `word` between each two.
    fn chain(&mut self, word: &str, part: impl Fn(&mut Self) -> Result<Node, FilterError>) -> Result<Node, FilterError> {
        let at = self.at();
        let mut parts = vec![part(self)?];
        while self.eat_word(word) {
            parts.push(part(self)?);
        }
        match parts.pop() {
            Some(only) if parts.is_empty() => Ok(only),
            last => {
                parts.extend(last);
                self.call(at, word, parts)
            }
        }
    }

    fn negation(&mut self) -> Result<Node, FilterError> {
        let at = self.at();
        if !self.eat_word("not") {
            return self.predicate();
        }
        self.budget.enter(&at)?;
        let negated = self.negation()?;
        self.budget.leave();
        self.call(at, "not", vec![negated])
    }

    fn predicate(&mut self) -> Result<Node, FilterError> {
        let at = self.at();
        let left = self.sum()?;
        for sign in ["=", "<>", "<=", ">=", "<", ">"] {
            if self.eat(sign) {
                let right = self.sum()?;
                return self.call(at, sign, vec![left, right]);
            }
        }
        if self.eat_word("is") {
            let negated = self.eat_word("not");
            if !self.eat_word("null") {
                return Err(self.expected("NULL"));
            }
            return self.perhaps_not(negated, at, "isnull", vec![left]);
        }
        let negated = self.is_word("not") && matches!(self.after(), Token::Name(_)) && self.eat_word("not");
        if self.eat_word("like") {
            let pattern = self.primary()?;
            return self.perhaps_not(negated, at, "like", vec![left, pattern]);
        }
        // Not CQL2's, but sent by GDAL: the same whatever the case.
        if self.eat_word("ilike") {
            let pattern = self.primary()?;
            let folded = [left, pattern].map(|text| self.call(at.clone(), "casei", vec![text]));
            let folded = folded.into_iter().collect::<Result<_, _>>()?;
            return self.perhaps_not(negated, at, "like", folded);
        }
        if self.eat_word("between") {
            let low = self.sum()?;
            if !self.eat_word("and") {
                return Err(self.expected("AND and the upper end of BETWEEN"));
            }
            let high = self.sum()?;
            return self.perhaps_not(negated, at, "between", vec![left, low, high]);
        }
        if self.eat_word("in") {
            let place = self.at();
            self.need("(")?;
            let list = self.list()?;
            if list.is_empty() {
                return Err(FilterError::Expected {
                    at: place,
                    expected: "at least one value in the list of IN".into(),
                    found: "none".into(),
                });
            }
            let list = self.node(place, Kind::Array(list))?;
            return self.perhaps_not(negated, at, "in", vec![left, list]);
        }
        if negated { Err(self.expected("LIKE, BETWEEN or IN")) } else { Ok(left) }
    }

    fn perhaps_not(&mut self, negated: bool, at: At, name: &str, arguments: Vec<Node>) -> Result<Node, FilterError> {
        let call = self.call(at.clone(), name, arguments)?;
        if negated { self.call(at, "not", vec![call]) } else { Ok(call) }
    }

    fn sum(&mut self) -> Result<Node, FilterError> {
        self.infix(&["+", "-"], Self::product)
    }

    fn product(&mut self) -> Result<Node, FilterError> {
        self.infix(&["*", "/", "%", "div"], Self::power)
    }

    /// Operators of one rank, from left to right.
    fn infix(&mut self, signs: &[&str], part: impl Fn(&mut Self) -> Result<Node, FilterError>) -> Result<Node, FilterError> {
        let at = self.at();
        let mut left = part(self)?;
        let mut length = 0;
        while let Some(sign) = signs.iter().find(|sign| self.is_sign(sign) || self.is_word(sign)) {
            self.bump();
            let right = part(self)?;
            // A chain nests to the left, so its length is depth too.
            self.budget.enter(&at)?;
            length += 1;
            left = self.call(at.clone(), sign, vec![left, right])?;
        }
        (0..length).for_each(|_| self.budget.leave());
        Ok(left)
    }

    fn power(&mut self) -> Result<Node, FilterError> {
        let at = self.at();
        let base = self.factor()?;
        if !self.eat("^") {
            return Ok(base);
        }
        let exponent = self.factor()?;
        if self.is_sign("^") {
            return Err(self.expected("round brackets about one of two powers in a row"));
        }
        self.call(at, "^", vec![base, exponent])
    }

    /// An operand with its sign. The grammar binds the sign closer than the power: `-2 ^ 2` is 4.
    fn factor(&mut self) -> Result<Node, FilterError> {
        let at = self.at();
        if self.eat("+") {
            return match self.peek() {
                Token::Number(_) => self.primary(),
                _ => Err(self.expected("a number after '+'")),
            };
        }
        if !self.eat("-") {
            return self.primary();
        }
        if let Token::Number(number) = *self.peek() {
            self.bump();
            let negative = match number {
                Num::Int(value) => Num::Int(-value),
                Num::Real(value) => Num::Real(-value),
            };
            return self.node(at, Kind::Number(negative));
        }
        let operand = self.primary()?;
        let minus = self.node(at.clone(), Kind::Number(Num::Int(-1)))?;
        self.call(at, "*", vec![minus, operand])
    }

    fn primary(&mut self) -> Result<Node, FilterError> {
        let at = self.at();
        match self.peek().clone() {
            Token::Text(text) => {
                self.bump();
                self.node(at, Kind::Text(text))
            }
            Token::Number(number) => {
                self.bump();
                self.node(at, Kind::Number(number))
            }
            Token::Quoted(name) => {
                self.bump();
                if self.eat("(") { self.function(at, &name) } else { self.node(at, Kind::Property(name)) }
            }
            Token::Name(name) => self.name(at, &name),
            Token::Sign("(") => {
                self.bump();
                let mut list = self.list()?;
                match list.pop() {
                    Some(only) if list.is_empty() => self.node(at, Kind::Group(Box::new(only))),
                    last => {
                        list.extend(last);
                        self.node(at, Kind::Array(list))
                    }
                }
            }
            _ => Err(self.expected("a property, a value, a function or '('")),
        }
    }

    /// The parts of a list whose opening bracket has been read.
    fn list(&mut self) -> Result<Vec<Node>, FilterError> {
        let mut list = Vec::new();
        if self.eat(")") {
            return Ok(list);
        }
        loop {
            list.push(self.expression()?);
            if self.eat(")") {
                return Ok(list);
            }
            if !self.eat(",") {
                return Err(self.expected("an operator, ',' or ')'"));
            }
        }
    }

    /// What starts with a name that is not quoted.
    fn name(&mut self, at: At, name: &str) -> Result<Node, FilterError> {
        let lower = name.to_ascii_lowercase();
        if let Some(geometry) = wkt::parse(self, &lower)? {
            return self.node(at, geometry);
        }
        match lower.as_str() {
            "true" | "false" => {
                self.bump();
                return self.node(at, Kind::Boolean(lower == "true"));
            }
            "and" | "or" | "not" | "like" | "between" | "in" | "is" | "null" => {
                return Err(self.expected("a property, a value, a function or '(' (a property with the name of a keyword is quoted)"));
            }
            _ => {}
        }
        self.bump();
        if !self.eat("(") {
            return self.node(at, Kind::Property(name.to_owned()));
        }
        match lower.as_str() {
            "date" | "timestamp" => {
                let Token::Text(text) = self.peek().clone() else { return Err(self.expected("a time in single quotation marks")) };
                self.bump();
                self.need(")")?;
                self.node(at, if lower == "date" { Kind::Date(text) } else { Kind::Timestamp(text) })
            }
            "interval" => {
                let list = self.list()?;
                let found = list.len();
                match <[Node; 2]>::try_from(list) {
                    Ok(ends) => self.node(at, Kind::Interval(Box::new(ends))),
                    Err(_) => Err(FilterError::Arguments { at, name: name.to_owned(), expected: 2, found }),
                }
            }
            _ => self.function(at, name),
        }
    }

    /// A call whose opening bracket has been read.
    fn function(&mut self, at: At, name: &str) -> Result<Node, FilterError> {
        let arguments = self.list()?;
        self.call(at, &name.to_ascii_lowercase(), arguments)
    }
}
