//! The files of the embedded data set, in one place.

/// A file by its name and its text, wherever it came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct File<'a> {
    /// Its path from the data set's root, with `/`: `seeds/ansongo-withdrawal.toml`.
    pub name: &'a str,
    /// All of it.
    pub text: &'a str,
}

/// Name and text of each file, listed by the build script in the order of names.
const FILES: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/dataset.rs"));

/// The files that are part of the program: `seeds/*.toml`, `data/*.toml`, `data/facts/*.toml` and the gazetteer's tables.
pub fn files() -> Vec<File<'static>> {
    FILES.iter().map(|&(name, text)| File { name, text }).collect()
}
