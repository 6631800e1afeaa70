//! What `harmattan check` says.

use std::path::Path;

use super::{Dataset, File, check::Violation, documents, embedded, record};
use crate::model::Batch;

/// All violations, and one line about the whole.
#[derive(Debug)]
pub struct Report {
    /// Every rule that is broken; empty where the data set is sound.
    pub violations: Vec<Violation>,
    /// How many violations there are, or what the data set holds.
    pub summary: String,
}

/// Checks the embedded data set, and its claims against the texts of a folder where one is given.
pub fn check(documents: Option<&Path>) -> Report {
    check_files(&embedded::files(), documents)
}

/// Checks a data set from the texts of its files, and its claims against the texts of a folder where one is given.
pub fn check_files(files: &[File<'_>], documents: Option<&Path>) -> Report {
    let dataset = Dataset::load(files);
    let mut violations = match &dataset {
        Ok(_) => Vec::new(),
        Err(violations) => violations.clone(),
    };
    let mut verified = 0;
    if let Some(folder) = documents {
        // What is wrong with the records has been reported; here only what the texts say counts.
        let records = record::read(files, &mut Vec::new());
        violations.extend(documents::verify(&records.sources, folder));
        verified = records.sources.iter().filter(|record| record.source.sha256.is_some()).map(|record| record.claims.len()).sum();
    }
    let summary = match dataset {
        Ok(dataset) if violations.is_empty() => {
            let texts = documents.map(|_| format!("; claims verified against their texts: {verified}")).unwrap_or_default();
            format!("{}{texts}", counts(&dataset))
        }
        _ => match violations.len() {
            1 => "1 violation".to_owned(),
            count => format!("{count} violations"),
        },
    };
    Report { violations, summary }
}

fn counts(dataset: &Dataset) -> String {
    let batch = |id: &str| dataset.layer(id).and_then(|layer| layer.views.first());
    let count = |id: &str| format!("{} {id}", batch(id).map_or(0, Batch::len));
    let unplaced = |id: &str| batch(id).map_or(0, |batch| batch.shapes.iter().filter(Option::is_none).count());
    let counts = ["sources", "claims", "bases", "closures", "events"].map(count).join(", ");
    format!("{counts}, {} places; without a position: {} bases, {} events", dataset.gazetteer.len(), unplaced("bases"), unplaced("events"))
}
