//! What people decided: a table `name,country,id,who,why`. An empty country decides for every country; an id of `none` says that
//! no place is meant.

use std::{
    collections::HashMap,
    io::{self, BufReader, Read},
};

use crate::{
    gazetteer::{Atlas, fold},
    rows::{Row, RowError, Rows},
};

/// One decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// Id of the place; `none` where no place is meant.
    pub id: String,
    /// Who decided.
    pub who: String,
    /// Why.
    pub why: String,
}

/// Decisions by folded name and country.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Decisions {
    by_name: HashMap<(String, String), Decision>,
}

/// What is wrong with a file of decisions.
#[derive(Debug, thiserror::Error)]
pub enum DecisionError {
    /// It cannot be read.
    #[error("{0}")]
    Io(#[from] io::Error),
    /// The header is another one.
    #[error("line 1: the header is {0:?}, expected \"name,country,id,who,why\"")]
    Header(String),
    /// A row breaks a rule.
    #[error("line {line}: {rule}")]
    Row {
        /// Counted from 1.
        line: u64,
        /// Field, value and rule.
        rule: String,
    },
}

/// Longest row, in bytes.
const MOST_BYTES: usize = 1 << 20;

const HEADER: [&str; 5] = ["name", "country", "id", "who", "why"];

impl Decisions {
    /// Reads a file of decisions.
    ///
    /// # Errors
    /// At the first row that has no name, no person, no reason, an id that the gazetteer does not know, or another decision before it.
    pub fn read(input: impl Read, atlas: &Atlas) -> Result<Self, DecisionError> {
        let mut rows = Rows::new(BufReader::new(input), b',', MOST_BYTES);
        let (mut row, mut all, mut is_header) = (Row::default(), Self::default(), true);
        while next(&mut rows, &mut row)? {
            let line = row.line();
            let texts = row.iter().map(std::str::from_utf8).collect::<Result<Vec<_>, _>>();
            let texts = texts.map_err(|_| DecisionError::Row { line, rule: "is not UTF-8".to_owned() })?;
            if std::mem::take(&mut is_header) {
                if texts != HEADER {
                    return Err(DecisionError::Header(texts.join(",")));
                }
                continue;
            }
            if texts.len() != HEADER.len() {
                return Err(DecisionError::Row { line, rule: format!("has {} cells where the header has {}", texts.len(), HEADER.len()) });
            }
            let field = |index: usize| texts[index].trim().to_owned();
            let fail = |rule: String| DecisionError::Row { line, rule };
            for (index, name) in [(0, "name"), (2, "id"), (3, "who"), (4, "why")] {
                if field(index).is_empty() {
                    return Err(fail(format!("{name}: is empty")));
                }
            }
            let (country, id) = (field(1), field(2));
            let is_code = country.len() == 2 && country.bytes().all(|byte| byte.is_ascii_uppercase());
            if !country.is_empty() && !is_code {
                return Err(fail(format!("country: {country:?} is not a two-letter code in capitals")));
            }
            if id != "none" && atlas.get(&id).is_none() {
                return Err(fail(format!("id: {id:?} is no place of the gazetteer, nor `none`")));
            }
            let decision = Decision { id, who: field(3), why: field(4) };
            if all.by_name.insert((fold(&field(0)), country), decision).is_some() {
                return Err(fail(format!("name: {:?} is decided in an earlier line", field(0))));
            }
        }
        if is_header { Err(DecisionError::Header(String::new())) } else { Ok(all) }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.by_name.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.by_name.is_empty()
    }

    /// The decision on a folded name in the country of this code, or else in all.
    pub fn find(&self, folded: &str, country: &str) -> Option<&Decision> {
        let find = |country: &str| self.by_name.get(&(folded.to_owned(), country.to_owned()));
        find(country).or_else(|| find(""))
    }
}

/// The next row; `false` where there is none.
fn next(rows: &mut Rows<impl io::BufRead>, row: &mut Row) -> Result<bool, DecisionError> {
    rows.next(row).map_err(|error| match error {
        RowError::Io(error) => DecisionError::Io(error),
        RowError::TooLong | RowError::Open => {
            DecisionError::Row { line: row.line(), rule: "a quote that opens in this row is not closed".to_owned() }
        }
    })
}
