//! Whether the texts say what the claims keep of them: hash, length, place and words, exactly.

use std::{collections::HashMap, fs, path::Path};

use super::{
    check::{Rule, Violation},
    record::{ClaimRecord, SourceRecord},
    version,
};

/// A text of the folder.
struct Document {
    file: String,
    text: String,
}

/// Finds the text of each source that has a SHA-256 among the files of a folder and verifies every locator and anchor in it.
///
/// Code points are counted in the text as stored: neither line ends nor Unicode forms are normalized.
pub(super) fn verify(sources: &[SourceRecord], folder: &Path) -> Vec<Violation> {
    let mut found = Vec::new();
    let documents = read(folder, &mut found);
    for record in sources {
        let Some(hash) = &record.source.sha256 else { continue };
        match documents.get(hash) {
            None => found.push(record.origin.breaks("sha256", Rule::TextMissing)),
            Some(document) => source(record, document, &mut found),
        }
    }
    found
}

/// The texts of the folder by the SHA-256 of their bytes; sub-folders are not entered.
fn read(folder: &Path, found: &mut Vec<Violation>) -> HashMap<String, Document> {
    let mut breaks = |path: &Path, rule| found.push(Violation::of_file(&path.display().to_string(), rule));
    let mut paths = Vec::new();
    match fs::read_dir(folder) {
        Err(error) => breaks(folder, Rule::Unreadable(error.to_string())),
        Ok(entries) => {
            for entry in entries {
                match entry {
                    Ok(entry) => paths.push(entry.path()),
                    Err(error) => breaks(folder, Rule::Unreadable(error.to_string())),
                }
            }
        }
    }
    paths.retain(|path| !path.is_dir());
    paths.sort();
    let mut documents = HashMap::new();
    for path in paths {
        let bytes = match fs::read(&path) {
            Ok(bytes) => bytes,
            Err(error) => {
                breaks(&path, Rule::Unreadable(error.to_string()));
                continue;
            }
        };
        let hash = version::sha256(&bytes);
        match String::from_utf8(bytes) {
            Ok(text) => {
                documents.insert(hash, Document { file: path.display().to_string(), text });
            }
            Err(error) => breaks(&path, Rule::NotUtf8(error.utf8_error().valid_up_to())),
        }
    }
    documents
}

fn source(record: &SourceRecord, document: &Document, found: &mut Vec<Violation>) {
    let characters: Vec<char> = document.text.chars().collect();
    if let Some(expected) = record.source.characters
        && expected as usize != characters.len()
    {
        found.push(record.origin.breaks("characters", Rule::TextLength { found: characters.len(), expected }));
    }
    for claim in &record.claims {
        if let Some((field, rule)) = anchor(claim, &characters, document) {
            found.push(claim.origin.breaks(field, rule));
        }
    }
}

fn anchor(claim: &ClaimRecord, characters: &[char], document: &Document) -> Option<(&'static str, Rule)> {
    let ([start, end], anchor) = claim.at.zip(claim.anchor.as_ref())?;
    match characters.get(start as usize..end as usize) {
        None if start < end => Some(("at", Rule::SpanBeyond { end, characters: u32::try_from(characters.len()).unwrap_or(u32::MAX) })),
        // A span that runs backwards is reported by the checks that need no text.
        None => None,
        Some(span) if span.iter().copied().eq(anchor.chars()) => None,
        Some(_) => Some(("anchor", Rule::OtherWords { file: document.file.clone(), anchor: anchor.clone() })),
    }
}
