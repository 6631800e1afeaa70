//! The words of CQL2 text.

use super::{
    error::{At, FilterError},
    num::Num,
};

/// A word.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Token {
    /// A name or a keyword.
    Name(String),
    /// A name in double quotation marks, which is never a keyword.
    Quoted(String),
    /// A text in single quotation marks.
    Text(String),
    /// A number without sign.
    Number(Num),
    /// Anything else.
    Sign(&'static str),
    /// The end.
    End,
}

impl Token {
    /// The word as an error shows it.
    pub(super) fn shown(&self) -> String {
        match self {
            Self::Name(name) => name.clone(),
            Self::Quoted(name) => format!("{name:?}"),
            Self::Text(text) => format!("'{}'", text.chars().take(20).collect::<String>()),
            Self::Number(number) => number.to_string(),
            Self::Sign(sign) => format!("'{sign}'"),
            Self::End => "the end".to_owned(),
        }
    }
}

/// Longer signs first.
const SIGNS: [&str; 15] = ["<>", "<=", ">=", "=", "<", ">", "(", ")", ",", "+", "-", "*", "/", "%", "^"];

/// Splits a text into words, each with the number of its first character.
///
/// # Errors
/// Where a character starts no word, a text does not end, or a number cannot be read.
pub(super) fn words(text: &str) -> Result<Vec<(usize, Token)>, FilterError> {
    let mut lexer = Lexer { rest: text, at: 0 };
    let mut words = Vec::new();
    loop {
        lexer.skip(char::is_whitespace);
        let at = lexer.at;
        let token = lexer.word()?;
        let is_end = token == Token::End;
        words.push((at, token));
        if is_end {
            return Ok(words);
        }
    }
}

struct Lexer<'a> {
    rest: &'a str,
    /// How many characters stand before the rest.
    at: usize,
}

impl<'a> Lexer<'a> {
    fn peek(&self) -> Option<char> {
        self.rest.chars().next()
    }

    fn bump(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.rest = &self.rest[c.len_utf8()..];
        self.at += 1;
        Some(c)
    }

    /// The characters that `is` holds for.
    fn skip(&mut self, is: impl Fn(char) -> bool) -> &'a str {
        let (all, start) = (self.rest, self.rest.len());
        while self.peek().is_some_and(&is) {
            self.bump();
        }
        &all[..start - self.rest.len()]
    }

    fn expected(&self, at: usize, expected: &str) -> FilterError {
        let found = self.peek().map_or_else(|| "the end".to_owned(), |c| format!("{c:?}"));
        FilterError::Expected { at: At::Character(at), expected: expected.to_owned(), found }
    }

    fn word(&mut self) -> Result<Token, FilterError> {
        let at = self.at;
        match self.peek() {
            None => Ok(Token::End),
            Some('\'') => self.quoted('\'').map(Token::Text),
            Some('"') => self.quoted('"').map(Token::Quoted),
            Some(c) if starts_name(c) => Ok(Token::Name(self.skip(continues_name).to_owned())),
            Some(c) if c.is_ascii_digit() || c == '.' => self.number(),
            Some('!') => Err(self.expected(at, "'<>', which is how CQL2 writes not equal")),
            Some(_) => match SIGNS.iter().find(|sign| self.rest.starts_with(**sign)) {
                Some(sign) => {
                    self.rest = &self.rest[sign.len()..];
                    self.at += sign.len();
                    Ok(Token::Sign(sign))
                }
                None => Err(self.expected(at, "a name, a value or an operator")),
            },
        }
    }

    /// What stands between two marks; a doubled mark stands for one, and in texts `\'` does too. The grammar has no way to write a
    /// `\` before a mark: here `\\'` is one, and the mark.
    fn quoted(&mut self, mark: char) -> Result<String, FilterError> {
        let start = self.at;
        self.bump();
        let mut text = String::new();
        loop {
            if mark == '\'' && self.rest.starts_with(r"\\'") {
                self.bump();
                text.extend(self.bump());
                if self.rest.starts_with("''") {
                    self.bump();
                    text.extend(self.bump());
                    continue;
                }
            }
            let Some(c) = self.bump() else { break };
            match (c, self.peek()) {
                (c, Some(next)) if c == mark && next == mark => text.extend(self.bump()),
                ('\\', Some('\'')) if mark == '\'' => text.extend(self.bump()),
                (c, _) if c == mark => return Ok(text),
                _ => text.push(c),
            }
        }
        let expected = format!("another {mark} to end what starts here");
        Err(FilterError::Expected { at: At::Character(start), expected, found: "the end".to_owned() })
    }

    fn number(&mut self) -> Result<Token, FilterError> {
        let (start, all) = (self.at, self.rest);
        let whole = self.skip(|c| c.is_ascii_digit());
        let mut is_whole = true;
        let mut digits = whole.len();
        if self.peek() == Some('.') {
            self.bump();
            is_whole = false;
            digits += self.skip(|c| c.is_ascii_digit()).len();
        }
        if digits == 0 {
            return Err(self.expected(self.at, "digits of a number"));
        }
        if matches!(self.peek(), Some('e' | 'E')) {
            self.bump();
            is_whole = false;
            if matches!(self.peek(), Some('+' | '-')) {
                self.bump();
            }
            if self.skip(|c| c.is_ascii_digit()).is_empty() {
                return Err(self.expected(self.at, "digits of an exponent"));
            }
        }
        if self.peek().is_some_and(starts_name) {
            return Err(self.expected(self.at, "an operator or a space after a number"));
        }
        let text = &all[..all.len() - self.rest.len()];
        let number = match text.parse::<i64>() {
            Ok(number) if is_whole => Some(Num::Int(number)),
            _ => text.parse().ok().and_then(Num::from_f64),
        };
        number.map(Token::Number).ok_or_else(|| FilterError::Expected {
            at: At::Character(start),
            expected: "a number that a double holds".to_owned(),
            found: text.chars().take(20).collect(),
        })
    }
}

/// Whether a name may start with it (OGC 21-065r2, annex B, `identifierStart`).
fn starts_name(c: char) -> bool {
    matches!(c, ':' | '_' | 'A'..='Z' | 'a'..='z' | '\u{C0}'..='\u{D6}' | '\u{D8}'..='\u{F6}' | '\u{F8}'..='\u{2FF}'
        | '\u{370}'..='\u{37D}' | '\u{37F}'..='\u{1FFE}' | '\u{200C}'..='\u{200D}' | '\u{2070}'..='\u{218F}' | '\u{2C00}'..='\u{2FEF}'
        | '\u{3001}'..='\u{D7FF}' | '\u{F900}'..='\u{FDCF}' | '\u{FDF0}'..='\u{FFFD}' | '\u{10000}'..='\u{EFFFF}')
        && !c.is_whitespace()
}

/// Whether a name may go on with it (`identifierPart`).
fn continues_name(c: char) -> bool {
    starts_name(c) || matches!(c, '.' | '0'..='9' | '\u{300}'..='\u{36F}' | '\u{203F}'..='\u{2040}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokens(text: &str) -> Vec<Token> {
        words(text).unwrap().into_iter().map(|(_, token)| token).collect()
    }

    #[test]
    fn texts_are_unescaped() {
        for (written, text) in [
            ("'abcdef'", "abcdef"),
            ("'abc''def'", "abc'def"),
            (r"'abc\'def'", "abc'def"),
            ("'\u{7}\u{8}\t\n\u{b}\u{c}\r'", "\u{7}\u{8}\t\n\u{b}\u{c}\r"),
            (r"'a\%b\\'", r"a\%b\"),
            (r"'a\\''b'", r"a\'b"),
            ("''", ""),
        ] {
            assert_eq!(tokens(written)[0], Token::Text(text.to_owned()), "{written}");
        }
    }

    #[test]
    fn names_and_numbers() {
        let name = |name: &str| Token::Name(name.to_owned());
        assert_eq!(tokens("eo:cloud_cover<.5e1")[..3], [name("eo:cloud_cover"), Token::Sign("<"), Token::Number(Num::Int(5))]);
        assert_eq!(tokens("été.x1\"a \"\"b\"")[..2], [name("été.x1"), Token::Quoted("a \"b".to_owned())]);
        assert_eq!(tokens("9223372036854775807")[0], Token::Number(Num::Int(i64::MAX)));
        assert_eq!(tokens("1-2").len(), 4);
    }

    #[test]
    fn errors_say_the_character() {
        for (text, at) in [("é = 'x", 4), ("a != 1", 2), ("a = 5b", 5), ("a ; b", 2), ("1e", 2), ("1e999", 0), (".", 1)] {
            let message = words(text).unwrap_err().to_string();
            assert!(message.starts_with(&format!("at character {at}:")), "{text}: {message}");
        }
    }
}
