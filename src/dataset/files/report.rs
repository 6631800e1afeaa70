//! What is said at the end: what was read of each file, what was left out and why.

use std::fmt;

use super::{
    Options,
    fault::{Fault, FileError},
};

/// Faults that are kept word for word; the rest are counted.
pub const MOST_SHOWN: usize = 20;

/// What was read of one file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FileReport {
    /// The file, as it was named.
    pub file: String,
    /// Id of its collection.
    pub collection: String,
    /// Records taken.
    pub features: usize,
    /// Records among them that have no position.
    pub without_position: usize,
    /// Records left out.
    pub bad: u64,
    /// What was decided without being told.
    pub notes: Vec<String>,
}

/// What was read of all files. Printed, it is a line for each fault shown and each file, with its notes below.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Report {
    /// The first faults, [`MOST_SHOWN`] at the most.
    pub faults: Vec<Fault>,
    /// In the order in which they were named.
    pub files: Vec<FileReport>,
    /// The first fault of the file at hand.
    first: Option<Fault>,
    /// Which faults end the reading.
    options: Options,
}

impl Report {
    /// Records left out of all files.
    pub fn bad(&self) -> u64 {
        self.files.iter().map(|file| file.bad).sum()
    }

    pub(super) fn begin(&mut self, file: &str) {
        self.files.push(FileReport { file: file.to_owned(), ..FileReport::default() });
        self.first = None;
    }

    /// A report that has nothing to say yet.
    pub(super) fn new(options: &Options) -> Self {
        Self { options: options.clone(), ..Self::default() }
    }

    /// Takes a fault; an error where none is allowed.
    pub(super) fn fault(&mut self, fault: Fault) -> Result<(), FileError> {
        if self.options.strict {
            return Err(FileError::Strict(fault));
        }
        if self.options.whole && fault.rule.is_of_the_file() {
            return Err(FileError::Broken(fault));
        }
        if let Some(file) = self.files.last_mut() {
            file.bad += 1;
        }
        if self.first.is_none() {
            self.first = Some(fault.clone());
        }
        if self.faults.len() < MOST_SHOWN {
            self.faults.push(fault);
        }
        Ok(())
    }

    pub(super) fn note(&mut self, note: String) {
        // Several threads may have met the same.
        if let Some(file) = self.files.last_mut().filter(|file| !file.notes.contains(&note)) {
            file.notes.push(note);
        }
    }

    /// Adds the counts of the file at hand.
    pub(super) fn end(&mut self, made: FileReport) {
        if let Some(file) = self.files.last_mut() {
            let FileReport { collection, features, without_position, .. } = made;
            *file = FileReport { collection, features, without_position, ..std::mem::take(file) };
        }
    }

    /// Refuses a file that gave nothing but faults.
    pub(super) fn refuse_empty(&self) -> Result<(), FileError> {
        match (self.files.last(), &self.first) {
            (Some(file), Some(first)) if file.features == 0 => {
                Err(FileError::Nothing { file: file.file.clone(), bad: file.bad, first: Box::new(first.clone()) })
            }
            _ => Ok(()),
        }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for fault in &self.faults {
            writeln!(f, "{fault}")?;
        }
        let more = self.bad().saturating_sub(self.faults.len() as u64);
        if more > 0 {
            writeln!(f, "and {more} more")?;
        }
        for (index, file) in self.files.iter().enumerate() {
            if index > 0 {
                writeln!(f)?;
            }
            let FileReport { file, collection, features, without_position, bad, notes } = file;
            write!(
                f,
                "{file}: {features} features in collection {collection:?}; {without_position} without a position, {bad} bad left out"
            )?;
            for note in notes {
                write!(f, "\n  {note}")?;
            }
        }
        Ok(())
    }
}
