//! Which system a definition is of: well-known text of either version (OGC 01-009, ISO 19162 / OGC 18-010r11), or PROJJSON.

use serde_json::Value;

use super::{
    CrsError,
    described::{Described, Meant},
    name::Id,
};

/// Bytes of a definition at the most; the longest of EPSG's have some thousand.
const MOST_BYTES: usize = 64 << 10;
/// Brackets within brackets at the most.
const MOST_NESTED: usize = 32;

/// What a definition is found to say: its identifier, its parameters, or both.
#[derive(Debug, PartialEq)]
pub(super) struct Found {
    pub(super) id: Option<Id>,
    pub(super) meant: Option<Meant>,
    /// What it is called.
    pub(super) name: String,
}

/// Reads a definition.
pub(super) fn read(text: &str) -> Result<Found, CrsError> {
    let shown = || text.chars().take(60).collect::<String>();
    if text.len() > MOST_BYTES {
        return Err(CrsError::Name(shown()));
    }
    let found = if text.starts_with('{') {
        let value: Value = serde_json::from_str(text).map_err(|_| CrsError::Name(shown()))?;
        projjson(&value)
    } else {
        let mut parser = Parser { rest: text };
        let root = parser.node(MOST_NESTED).filter(|_| parser.rest.trim().is_empty()).ok_or_else(|| CrsError::Name(shown()))?;
        well_known(&root, text)
    };
    if found.id.is_none() && found.meant.is_none() { Err(CrsError::Anonymous(found.name)) } else { Ok(found) }
}

fn called(name: &str) -> String {
    name.chars().take(200).collect()
}

/// The system of a PROJJSON object: of the horizontal part of a compound one, of the source of a bound one.
fn projjson(value: &Value) -> Found {
    let mut system = value;
    for _ in 0..MOST_NESTED {
        let inner = match system["type"].as_str() {
            Some("CompoundCRS") => &system["components"][0],
            Some("BoundCRS") => &system["source_crs"],
            _ => break,
        };
        system = inner;
    }
    let name = system["name"].as_str().unwrap_or_default();
    let ids = system["ids"].as_array().into_iter().flatten();
    let mut known = std::iter::once(&system["id"]).chain(ids).filter_map(|id| {
        let code = id["code"].as_str().map(str::to_owned).or_else(|| id["code"].as_u64().map(|code| code.to_string()))?;
        Id::new(id["authority"].as_str()?, &code)
    });
    let axes = system["coordinate_system"]["axis"].as_array();
    let in_degrees = axes.is_some_and(|axes| axes.iter().take(2).all(|axis| axis["unit"] == "degree"));
    let is_crs84 = is_wgs84(name) && system["type"] == "GeographicCRS" && in_degrees;
    let id = known.next().or(is_crs84.then_some(Id::Crs84));
    Found { id, meant: Described::of_json(system).and_then(|described| described.meant()), name: called(name) }
}

fn well_known(root: &Node<'_>, text: &str) -> Found {
    let mut system = root;
    loop {
        let first = match system.keyword.to_ascii_uppercase().as_str() {
            "COMPD_CS" | "COMPOUNDCRS" | "SOURCECRS" => system.nodes.first(),
            "BOUNDCRS" => system.child(&["SOURCECRS"]),
            _ => break,
        };
        match first {
            Some(first) => system = first,
            None => break,
        }
    }
    let name = system.values.first().copied().unwrap_or_default();
    let mut ids = system.nodes.iter().filter(|node| matches!(node.keyword.to_ascii_uppercase().as_str(), "AUTHORITY" | "ID"));
    let known = ids.find_map(|id| match id.values[..] {
        [authority, code, ..] => Id::new(authority, code),
        _ => None,
    });
    // GDAL writes CRS84, and other programs WGS 84, without an identifier.
    let is_geographic = ["GEOGCS", "GEOGCRS", "GEOGRAPHICCRS", "GEODCRS"].iter().any(|word| system.keyword.eq_ignore_ascii_case(word));
    let in_degrees = text.to_ascii_lowercase().contains("\"degree\",0.01745329251994");
    let id = known.or((is_geographic && is_wgs84(name) && in_degrees).then_some(Id::Crs84));
    Found { id, meant: Described::of_text(system).and_then(|described| described.meant()), name: called(name) }
}

fn is_wgs84(name: &str) -> bool {
    matches!(name, "WGS 84" | "WGS 84 (CRS84)" | "GCS_WGS_1984" | "WGS84")
}

/// `KEYWORD[value, …, NODE[…], …]`
#[derive(Debug)]
pub(super) struct Node<'t> {
    pub(super) keyword: &'t str,
    pub(super) values: Vec<&'t str>,
    pub(super) nodes: Vec<Node<'t>>,
}

impl Node<'_> {
    /// The first node in it that has one of these keywords.
    pub(super) fn child(&self, keywords: &[&str]) -> Option<&Self> {
        self.nodes.iter().find(|node| keywords.iter().any(|keyword| node.keyword.eq_ignore_ascii_case(keyword)))
    }

    /// The numbers after its name.
    pub(super) fn numbers(&self) -> Vec<f64> {
        self.values.iter().skip(1).filter_map(|value| value.parse().ok()).collect()
    }
}

struct Parser<'t> {
    rest: &'t str,
}

impl<'t> Parser<'t> {
    /// A node; `None` where the text is not one or is nested deeper.
    fn node(&mut self, depth: usize) -> Option<Node<'t>> {
        let keyword = self.word();
        if depth == 0 || keyword.is_empty() || !self.take(['[', '(']) {
            return None;
        }
        let (mut values, mut nodes) = (Vec::new(), Vec::new());
        loop {
            self.rest = self.rest.trim_start();
            if let Some(quoted) = self.rest.strip_prefix('"') {
                // A quote within quotes is written twice; no name that matters here has one.
                let end = quoted.find('"')?;
                values.push(&quoted[..end]);
                self.rest = &quoted[end + 1..];
                while let Some(more) = self.rest.strip_prefix('"') {
                    self.rest = &more[more.find('"')? + 1..];
                }
            } else {
                let before = self.rest;
                let word = self.word();
                if self.rest.trim_start().starts_with(['[', '(']) {
                    self.rest = before;
                    nodes.push(self.node(depth - 1)?);
                } else {
                    values.push(word);
                }
            }
            if self.take([']', ')']) {
                return Some(Node { keyword, values, nodes });
            }
            if !self.take([',', ',']) {
                return None;
            }
        }
    }

    fn word(&mut self) -> &'t str {
        self.rest = self.rest.trim_start();
        let end = self.rest.find(|letter: char| !(letter.is_ascii_alphanumeric() || "_.+-".contains(letter))).unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at(end);
        self.rest = rest;
        word
    }

    fn take(&mut self, any: [char; 2]) -> bool {
        self.rest = self.rest.trim_start();
        let taken = self.rest.strip_prefix(any);
        self.rest = taken.unwrap_or(self.rest);
        taken.is_some()
    }
}
