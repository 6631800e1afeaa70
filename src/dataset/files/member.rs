//! The collections within one file, for formats that can hold several.

use std::path::Path;

use super::{
    fault::Rule,
    record::{Sink, Stop},
};

/// One of them, as the file describes it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Member {
    /// Its name in the file; none where a file is one collection.
    pub(super) name: Option<String>,
    /// Its title.
    pub(super) title: Option<String>,
    /// What it is.
    pub(super) description: Option<String>,
    /// What is known of its columns.
    pub(super) columns: Vec<AboutColumn>,
}

/// What a file says of one of its columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct AboutColumn {
    /// Its name.
    pub(super) name: String,
    /// Its title.
    pub(super) title: Option<String>,
    /// What it means.
    pub(super) description: Option<String>,
}

/// Finds the collections of a file.
pub(super) type Members = fn(&Path) -> Result<Vec<Member>, Rule>;

/// Reads one of them; for formats that are not read from beginning to end.
pub(super) type PathReader = fn(&Path, &Member, &mut Sink<'_>) -> Result<(), Stop>;
