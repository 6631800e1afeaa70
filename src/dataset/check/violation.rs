//! What can be wrong with a data set: one variant for each rule.

use crate::{
    gazetteer,
    model::{BboxError, when::WhenError},
};

/// A rule that is broken, and where.
///
/// # Example
/// ```
/// use harmattan::dataset::{Rule, Violation};
/// let violation = Violation {
///     file: "seeds/x.toml".into(),
///     line: Some(12),
///     record: "claim menaka-closed".into(),
///     field: "act".into(),
///     rule: Rule::Missing,
/// };
/// assert_eq!(violation.to_string(), "seeds/x.toml:12: claim menaka-closed: act: is missing");
/// ```
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("{}{rule}", self.place())]
pub struct Violation {
    /// The file.
    pub file: String,
    /// The line in it, counted from 1; `None` where the file as a whole is meant.
    pub line: Option<usize>,
    /// The record, such as `claim menaka-closed`; empty where the file as a whole is meant.
    pub record: String,
    /// The field; empty where the record as a whole is meant.
    pub field: String,
    /// What is broken.
    pub rule: Rule,
}

/// The one of `known` that is closest to `name`, where one is close enough to be what was meant (Jaro–Winkler above 0.8).
pub(in crate::dataset) fn nearest(name: &str, known: &[&str]) -> Option<String> {
    let name = name.to_lowercase();
    let scored = known.iter().map(|candidate| (strsim::jaro_winkler(&name, &candidate.to_lowercase()), candidate));
    let (score, best) = scored.max_by(|a, b| a.0.total_cmp(&b.0))?;
    (score > 0.8).then(|| (*best).to_owned())
}

impl Violation {
    pub(in crate::dataset) fn of_file(file: &str, rule: Rule) -> Self {
        Self { file: file.to_owned(), line: None, record: String::new(), field: String::new(), rule }
    }

    fn place(&self) -> String {
        let line = self.line.map(|line| format!(":{line}")).unwrap_or_default();
        let parts = [self.record.as_str(), self.field.as_str()].into_iter().filter(|part| !part.is_empty());
        parts.fold(format!("{}{line}: ", self.file), |place, part| place + part + ": ")
    }
}

/// The rules, in the order in which a record meets them.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum Rule {
    // Files
    /// Not TOML.
    #[error("not valid TOML: {0}")]
    Syntax(String),
    /// A file that no part of the data path reads.
    #[error("no file of this name belongs to a data set")]
    UnknownFile,
    /// Two files of one name.
    #[error("stands twice among the files")]
    DuplicateFile,
    /// A file that every data set needs.
    #[error("the file is missing")]
    MissingFile,
    /// Claims that nobody makes.
    #[error("has no [source], so its claims have none")]
    NoSource,
    /// A file named otherwise than its source.
    #[error("{id:?} does not name the file: expected {expected:?}")]
    FileStem {
        /// As found.
        id: String,
        /// The file's stem.
        expected: String,
    },

    // Fields
    /// A field or table that the format does not have.
    #[error("no such field")]
    UnknownField,
    /// One that is close to a field that the format has.
    #[error("no such field; did you mean {0}?")]
    UnknownNear(String),
    /// A field that must be there.
    #[error("is missing")]
    Missing,
    /// Nothing in it.
    #[error("is empty")]
    Empty,
    /// A value of another type, or a word that is not one of the list: the reader's own words.
    #[error("{0}")]
    Type(String),
    /// An id of another form.
    #[error("{0:?} is not an id (a-z, 0-9 and -)")]
    Id(String),
    /// An id of a collection of another form.
    #[error("{0:?} is not an id of a collection (a-z, 0-9, - and _)")]
    CollectionId(String),
    /// An id that another record has.
    #[error("{id:?} is taken by {first}")]
    DuplicateId {
        /// The id.
        id: String,
        /// The other record's file and line.
        first: String,
    },
    /// Not a date.
    #[error(transparent)]
    Date(#[from] WhenError),
    /// A date that must be one day.
    #[error("{0:?} is not one day")]
    NotOneDay(String),
    /// A field that makes sense only beside another.
    #[error("needs {0} beside it")]
    Needs(&'static str),

    // The user's own files
    /// A file that is not there.
    #[error("there is no file {0:?}")]
    NoFile(String),
    /// A file of no known format.
    #[error("{file:?}: no format has this ending{advice}; read are {endings}")]
    NoFormat {
        /// The file.
        file: String,
        /// What to do with it.
        advice: String,
        /// Every ending.
        endings: String,
    },
    /// A file with several tables, none of which is named, or another one.
    #[error("{file:?} has {}; write {file}:TABLE with one of {tables}", if table.is_empty() { "several tables".into() } else { format!("no table {table:?}") })]
    NoTable {
        /// The file.
        file: String,
        /// The table that was named; empty where none was.
        table: String,
        /// Those that there are.
        tables: String,
    },
    /// A column that the files do not have.
    #[error("{name:?} is not a column of the files{}", nearest.as_ref().map(|nearest| format!("; did you mean {nearest:?}?")).unwrap_or_default())]
    NoColumn {
        /// As named.
        name: String,
        /// A column that is close to it.
        nearest: Option<String>,
    },
    /// A column of ids that are none.
    #[error("column {0:?} gives no ids: it is empty or repeats itself somewhere")]
    NoIds(String),
    /// A column of times that are none.
    #[error("column {column:?} holds {kind}, not dates: write them as 2024-07-01, as an instant of RFC 3339, or as EDTF")]
    NoTimes {
        /// The column.
        column: String,
        /// What it holds.
        kind: String,
    },
    /// Two keys of which one is enough.
    #[error("says the same as {0}; keep one of the two")]
    Twice(&'static str),
    /// A table of a database that is not named.
    #[error("needs `database = \"postgresql://user@host/database\"` at the top of the file")]
    NoDatabase,

    // Sources
    /// Nothing tells what the source is.
    #[error("needs a title, a publisher or an address: nothing names it")]
    Unnamed,
    /// Not a SHA-256.
    #[error("{0:?} is not a SHA-256 in 64 lower-case hexadecimal digits")]
    Hash(String),
    /// Not an address on the web.
    #[error("{0:?} is not an address that begins with https:// or http://")]
    Address(String),
    /// A document whose text nobody can find again.
    #[error("a source with basis documents needs the SHA-256 of its text")]
    DocumentWithoutHash,
    /// A source that says nothing.
    #[error("makes no claim")]
    NoClaims,

    // Claims
    /// A subject that is not listed.
    #[error("{0:?} is no subject of data/subjects.toml")]
    UnknownSubject(String),
    /// A property that no claim can have.
    #[error("{0:?} is no property of claims")]
    UnknownProperty(String),
    /// A property of another kind of subject.
    #[error("{property:?} is no property of a subject of kind {kind}")]
    PropertyOfOther {
        /// The property.
        property: String,
        /// The subject's kind.
        kind: &'static str,
    },
    /// A value of another type than the property's.
    #[error("{property} takes {expected}, found {found}")]
    Value {
        /// The property.
        property: String,
        /// What it takes.
        expected: &'static str,
        /// What stands there.
        found: &'static str,
    },
    /// A word that the property does not know.
    #[error("{value:?} is none of {allowed}")]
    Word {
        /// As found.
        value: String,
        /// All that are allowed.
        allowed: String,
    },
    /// An ending without the act.
    #[error("a reported closing needs the act: departed, handed_over, closed or flag_lowered")]
    ActMissing,
    /// An act where nothing ended.
    #[error("an act belongs to a reported closing only")]
    ActElsewhere,
    /// A modality that the property does not take.
    #[error("{property} cannot be {modality}")]
    Modality {
        /// The property.
        property: String,
        /// The modality.
        modality: &'static str,
    },
    /// What belongs to numbers only.
    #[error("belongs to numbers only")]
    NumbersOnly,
    /// A loose word without a width.
    #[error("{0:?} is no loose word of seeds/loose.toml")]
    UnknownLoose(String),
    /// A claim on a text that was read whole must say where.
    #[error("the source's text was read whole, so the claim needs its place in it")]
    LocatorMissing,
    /// A place in a text that nobody can find.
    #[error("the source has no SHA-256 of a text, so the claim has no place in it")]
    LocatorWithoutText,
    /// A span without a character.
    #[error("the span [{start}, {end}] does not end after it starts")]
    SpanOrder {
        /// First character.
        start: u32,
        /// The one after the last.
        end: u32,
    },
    /// A span beyond the text.
    #[error("the span ends at {end}, the text at {characters}")]
    SpanBeyond {
        /// The one after the last.
        end: u32,
        /// Length of the text in code points.
        characters: u32,
    },
    /// Span and anchor do not fit.
    #[error("{anchor:?} has {length} code points, the span {span}")]
    AnchorLength {
        /// The anchor.
        anchor: String,
        /// Its length in code points.
        length: usize,
        /// The span's length.
        span: u32,
    },
    /// More of the text than may be kept.
    #[error("{anchor:?} has {words} words, at most {} are allowed", super::MAX_ANCHOR_WORDS)]
    AnchorWords {
        /// The anchor.
        anchor: String,
        /// How many words: runs without white space.
        words: usize,
    },
    /// An anchor over several lines.
    #[error("{0:?} does not stand on one line")]
    AnchorLines(String),

    // Subjects and places
    /// A field of another kind of subject.
    #[error("a subject of kind {0} has no such field")]
    FieldOfOther(&'static str),
    /// A subject that nobody speaks of.
    #[error("no claim speaks of it")]
    SubjectWithoutClaim,
    /// A base that is not on the map.
    #[error("a base needs a place")]
    BaseWithoutPlace,
    /// A base whose region is not known.
    #[error("neither a claim nor the gazetteer gives its region")]
    BaseWithoutRegion,
    /// A name that the gazetteer does not have.
    #[error("{0:?} is no place of the gazetteer")]
    UnknownPlace(String),
    /// A name that several places bear.
    #[error("{name:?} may be any of {candidates}: say which by place_id, and why by place_reason")]
    AmbiguousPlace {
        /// As written.
        name: String,
        /// Id, name and country of each.
        candidates: String,
    },
    /// An id that the gazetteer does not have.
    #[error("{0:?} is no id of the gazetteer")]
    UnknownPlaceId(String),
    /// A place that is not called so.
    #[error("{id:?} is {name:?} in the gazetteer, which does not bear the name {expected:?}")]
    PlaceOfOtherName {
        /// The id.
        id: String,
        /// Its name in the gazetteer.
        name: String,
        /// The name in the record.
        expected: String,
    },
    /// A rule of the gazetteer's files, positions outside the Earth among them.
    #[error(transparent)]
    Gazetteer(#[from] gazetteer::Rule),

    // Collections and map
    /// A collection that the data path does not make.
    #[error("no collection of this id is made")]
    UnknownCollection,
    /// A collection that is made and not described.
    #[error("the collection {0:?} is not described")]
    CollectionMissing(&'static str),
    /// A property that the collection's features do not have.
    #[error("{0:?} is no property of the collection")]
    UnknownColumn(String),
    /// A property that is not described.
    #[error("the property {0:?} is not described")]
    ColumnMissing(&'static str),
    /// A property described as another type.
    #[error("the property is {expected}, not {found}")]
    ColumnKind {
        /// The type of its values.
        expected: &'static str,
        /// As described.
        found: &'static str,
    },
    /// Views of a collection that has none, or other views than it has.
    #[error("the collection's views are {0}")]
    Views(String),
    /// A value outside a property's closed list.
    #[error("{value:?} of {feature} is none of the codes of {property}")]
    Code {
        /// The value.
        value: String,
        /// The feature's id.
        feature: String,
        /// The property.
        property: String,
    },
    /// Not a box.
    #[error(transparent)]
    Bbox(#[from] BboxError),
    /// Days that do not follow each other.
    #[error("start, initial and end must follow each other")]
    TimeOrder,

    // Documents
    /// A file that cannot be read.
    #[error("cannot be read: {0}")]
    Unreadable(String),
    /// A file that is not UTF-8.
    #[error("is not UTF-8 from byte {0} on")]
    NotUtf8(usize),
    /// No file has the hash.
    #[error("no file of the folder has this SHA-256")]
    TextMissing,
    /// Another length.
    #[error("the text has {found} code points, not {expected}")]
    TextLength {
        /// Of the text.
        found: usize,
        /// Of the record.
        expected: u32,
    },
    /// Other words stand there.
    #[error("{file} has other words there than {anchor:?}")]
    OtherWords {
        /// The text's file.
        file: String,
        /// The anchor.
        anchor: String,
    },
}
