//! XML 1.0, as much of it as files for other programs need: elements, attributes and text of which any is well-formed.

use std::{
    borrow::Cow,
    io::{self, Write},
};

/// Attributes: names and values.
pub(super) type Attributes<'a> = &'a [(&'a str, &'a str)];

/// Writes elements one after another.
pub(super) struct Xml<'a> {
    out: &'a mut dyn Write,
}

impl<'a> Xml<'a> {
    /// Starts a document.
    pub(super) fn begin(out: &'a mut dyn Write) -> io::Result<Self> {
        out.write_all(b"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n")?;
        Ok(Self { out })
    }

    /// Goes on without the declaration, which is only needed where the encoding is not UTF-8.
    pub(super) fn new(out: &'a mut dyn Write) -> Self {
        Self { out }
    }

    /// A line as it is.
    pub(super) fn line_of(&mut self, text: &str) -> io::Result<()> {
        writeln!(self.out, "{text}")
    }

    /// Opens an element.
    pub(super) fn open(&mut self, name: &str, attributes: Attributes<'_>) -> io::Result<()> {
        self.tag(name, attributes)?;
        self.out.write_all(b">")
    }

    /// Closes an element.
    pub(super) fn close(&mut self, name: &str) -> io::Result<()> {
        write!(self.out, "</{name}>")
    }

    /// An element with nothing in it.
    pub(super) fn empty(&mut self, name: &str, attributes: Attributes<'_>) -> io::Result<()> {
        self.tag(name, attributes)?;
        self.out.write_all(b"/>")
    }

    /// An element that holds a text.
    pub(super) fn leaf(&mut self, name: &str, attributes: Attributes<'_>, text: &str) -> io::Result<()> {
        self.open(name, attributes)?;
        self.text(text)?;
        self.close(name)
    }

    /// A text.
    pub(super) fn text(&mut self, text: &str) -> io::Result<()> {
        self.out.write_all(escaped(text).as_bytes())
    }

    /// A line break between elements, so that a file can be read by people.
    pub(super) fn line(&mut self) -> io::Result<()> {
        self.out.write_all(b"\n")
    }

    fn tag(&mut self, name: &str, attributes: Attributes<'_>) -> io::Result<()> {
        write!(self.out, "<{name}")?;
        attributes.iter().try_for_each(|(name, value)| write!(self.out, " {name}=\"{}\"", escaped(value)))
    }
}

/// Whether a character may stand in a document at all (XML 1.0, production 2).
fn is_legal(character: char) -> bool {
    matches!(character, '\t' | '\n' | '\r' | '\u{20}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..)
}

/// A text as it stands between tags and in attributes. Control characters have no place in XML: U+FFFD stands for them.
fn escaped(text: &str) -> Cow<'_, str> {
    let plain = |character: char| is_legal(character) && !matches!(character, '<' | '>' | '&' | '"' | '\t' | '\n' | '\r');
    if text.chars().all(plain) {
        return text.into();
    }
    let mut out = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        match character {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '"' => out.push_str("&quot;"),
            // A reader turns these into spaces or drops them where they stand as they are (XML 1.0, clauses 2.11 and 3.3.3).
            '\t' => out.push_str("&#9;"),
            '\n' => out.push_str("&#10;"),
            '\r' => out.push_str("&#13;"),
            other if is_legal(other) => out.push(other),
            _ => out.push('\u{fffd}'),
        }
    }
    out.into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_reader_finds_what_was_written(text in any::<String>(), value in any::<String>()) {
            let mut out = Vec::new();
            let mut xml = Xml::begin(&mut out).unwrap();
            xml.leaf("a", &[("b", &value)], &text).unwrap();
            let read = String::from_utf8(out).unwrap();
            let document = roxmltree::Document::parse(&read).unwrap();
            let legal = |text: &str| text.chars().map(|character| if is_legal(character) { character } else { '\u{fffd}' }).collect::<String>();
            prop_assert_eq!(document.root_element().text().unwrap_or_default(), legal(&text));
            let kept = legal(&value);
            prop_assert_eq!(document.root_element().attribute("b"), Some(kept.as_str()));
        }
    }
}
