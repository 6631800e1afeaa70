//! Who says so.

use super::when::When;

/// Whether a source is one of the documents that a data set was read from, or another page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Deserialize, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// One of the documents, read whole.
    Documents,
    /// Another page, known by an excerpt.
    Public,
}

impl Basis {
    /// The name used in records and in answers.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Documents => "documents",
            Self::Public => "public",
        }
    }
}

/// One document or page. Its text is never kept: only what identifies it.
#[derive(Debug, Clone)]
pub struct Source {
    /// Unique among all sources: lower-case letters, digits and hyphens.
    pub id: String,
    /// As published; absent where it is not known.
    pub title: Option<String>,
    /// Who published it; the ground on which two sources count as independent.
    pub publisher: Option<String>,
    /// Who wrote it.
    pub author: Option<String>,
    /// When it was published.
    pub published: Option<When>,
    /// How that date is known, where that needs saying.
    pub published_note: Option<String>,
    /// Its address on the web.
    pub address: Option<String>,
    /// BCP 47 tag of its language.
    pub language: Option<String>,
    /// What may be done with its text.
    pub rights: Option<String>,
    /// When it was read.
    pub retrieved: Option<When>,
    /// One of the documents, or another page.
    pub basis: Basis,
    /// SHA-256 of the text's bytes, in lower-case hexadecimal; present where the text was read whole.
    pub sha256: Option<String>,
    /// Length of that text in Unicode code points.
    pub characters: Option<u32>,
}

impl Source {
    /// What names the source to a reader: its title, else its address, else its id.
    pub fn label(&self) -> &str {
        self.title.as_deref().or(self.address.as_deref()).unwrap_or(&self.id)
    }

    /// What counts as one voice: the publisher, or the source by itself where that is not known.
    pub fn voice(&self) -> &str {
        self.publisher.as_deref().unwrap_or(&self.id)
    }
}
