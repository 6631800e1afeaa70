//! What people decided: a table `name,country,id,who,why`. An empty country decides for every country; an id of `none` says that
//! no place is meant.

use std::{collections::HashMap, io::Read};

use crate::gazetteer::{Atlas, fold};

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
    /// It is no table.
    #[error("{0}")]
    Csv(#[from] csv::Error),
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

const HEADER: [&str; 5] = ["name", "country", "id", "who", "why"];

impl Decisions {
    /// Reads a file of decisions.
    ///
    /// # Errors
    /// At the first row that has no name, no person, no reason, an id that the gazetteer does not know, or another decision before it.
    pub fn read(input: impl Read, atlas: &Atlas) -> Result<Self, DecisionError> {
        let mut rows = csv::ReaderBuilder::new().from_reader(input);
        let header = rows.headers()?.iter().map(str::to_owned).collect::<Vec<_>>();
        if header != HEADER {
            return Err(DecisionError::Header(header.join(",")));
        }
        let mut all = Self::default();
        for row in rows.records() {
            let row = row?;
            let line = row.position().map_or(0, csv::Position::line);
            let field = |index: usize| row.get(index).unwrap_or_default().trim().to_owned();
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
        Ok(all)
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.by_name.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.by_name.is_empty()
    }

    /// The decision on a folded name in a country, or else in all.
    pub(super) fn find(&self, folded: &str, country: &str) -> Option<&Decision> {
        let find = |country: &str| self.by_name.get(&(folded.to_owned(), country.to_owned()));
        find(country).or_else(|| find(""))
    }
}
