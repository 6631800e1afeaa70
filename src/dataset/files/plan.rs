//! What paths name: files, folders of files, and folders that say themselves what is in them.

use std::{
    fs,
    io::{self, Read},
    iter,
    path::{Path, PathBuf},
};

use super::{
    Options,
    advice::advice,
    fault::FileError,
    folder::{self, PageWishes},
    format_of, name,
    wishes::Wishes,
};

/// The name of the file in which a folder says what is in it.
pub(super) const CONFIG: &str = "harmattan.toml";
/// Longest such file, in bytes.
const MOST_CONFIG: u64 = 1 << 20;

/// What is to be read, in order.
#[derive(Debug, Default)]
pub(super) struct Plan {
    pub(super) collections: Vec<Wanted>,
    pub(super) page: PageWishes,
    /// The texts that say so, each with the name of its file.
    pub(super) texts: Vec<(String, String)>,
}

/// A collection, or as many as a file has in it.
#[derive(Debug)]
pub(super) struct Wanted {
    /// One or more; several are one collection.
    pub(super) files: Vec<Input>,
    pub(super) wishes: Wishes,
}

/// A file, or one table in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Input {
    pub(super) path: PathBuf,
    pub(super) table: Option<String>,
}

impl Input {
    /// Reads `file` or, of files that hold several tables, `file.gpkg:table`.
    pub(super) fn new(path: &Path) -> Self {
        let whole = || Self { path: path.to_owned(), table: None };
        let Some(text) = path.to_str().filter(|_| !path.exists()) else { return whole() };
        let lower = text.to_ascii_lowercase();
        let end = |ending: &str| lower.rfind(&format!("{ending}:")).map(|at| at + ending.len());
        let Some(at) = end(".gpkg").or_else(|| end(".gpkg.gz")) else { return whole() };
        Self { path: text[..at].into(), table: Some(text[at + 1..].to_owned()) }
    }

    /// As messages name it.
    pub(super) fn name(&self) -> String {
        let path = self.path.display();
        self.table.as_ref().map_or_else(|| path.to_string(), |table| format!("{path}:{table}"))
    }
}

impl Plan {
    /// Finds out what some paths name; the file of `decisions` is no collection of the folder that it is in.
    ///
    /// # Errors
    /// When a folder cannot be listed or has nothing to read in it, or what it says of itself breaks a rule: all of them at once.
    pub(super) fn new(paths: &[impl AsRef<Path>], decisions: Option<&Path>) -> Result<Self, FileError> {
        let (mut plan, mut found) = (Self::default(), Vec::new());
        for path in paths {
            let path = path.as_ref();
            let is_folder = path.is_dir();
            let config = if is_folder { path.join(CONFIG) } else { path.to_owned() };
            if config.file_name().is_some_and(|name| name == CONFIG) && config.exists() {
                let file = config.display().to_string();
                let text = text_of(&config).map_err(|error| FileError::Read { file: file.clone(), error })?;
                let folder = config.parent().unwrap_or(Path::new(""));
                let (collections, page) = folder::read(&file, &text, folder, &mut found);
                // Without a word on what is in it, all of it is.
                let is_silent = collections.is_empty() && found.is_empty() && page.database.is_none();
                plan.collections.extend(if is_silent { listed(folder, decisions)? } else { collections });
                plan.page = page;
                plan.texts.push((name::file(&config), text));
            } else if is_folder {
                plan.collections.extend(listed(path, decisions)?);
            } else {
                plan.collections.push(Wanted { files: vec![Input::new(path)], wishes: Wishes::default() });
            }
        }
        if found.is_empty() {
            return Ok(plan);
        }
        found.sort_by(|a, b| (&a.file, a.line).cmp(&(&b.file, b.line)));
        Err(FileError::Config(found))
    }
}

/// The text of a configuration, which is written by hand and never long.
fn text_of(path: &Path) -> io::Result<String> {
    let mut bytes = Vec::new();
    fs::File::open(path)?.take(MOST_CONFIG + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > MOST_CONFIG {
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, format!("it is longer than {} MiB", MOST_CONFIG >> 20)));
    }
    String::from_utf8(bytes).map_err(|_| io::Error::new(io::ErrorKind::InvalidData, "it is not UTF-8; save it as UTF-8"))
}

/// Every file of a known format in a folder, by name; none of the folders in it.
fn listed(folder: &Path, decisions: Option<&Path>) -> Result<Vec<Wanted>, FileError> {
    let name = folder.display().to_string();
    let list = || -> io::Result<Vec<PathBuf>> { fs::read_dir(folder)?.map(|entry| entry.map(|entry| entry.path())).collect() };
    let mut paths = list().map_err(|error| FileError::Open { file: name.clone(), error })?;
    paths.sort();
    let advice = iter::once(folder).chain(paths.iter().map(PathBuf::as_path)).map(advice).find(|advice| !advice.is_empty());
    let decisions = decisions.and_then(|path| path.canonicalize().ok());
    paths.retain(|path| is_listed(path) && (decisions.is_none() || path.canonicalize().ok() != decisions));
    if paths.is_empty() {
        return Err(FileError::Folder { folder: name, advice: advice.unwrap_or_default(), endings: super::endings() });
    }
    Ok(paths.into_iter().map(|path| Wanted { files: vec![Input { path, table: None }], wishes: Wishes::default() }).collect())
}

/// Whether a file is read where its folder is named.
fn is_listed(path: &Path) -> bool {
    format_of(path).is_some() && !name::file(path).starts_with('.') && path.is_file()
}

/// The files that paths stand for, those of what people decided of their place names, and the folders of which every file counts: what
/// must be watched to notice any change.
///
/// What cannot be read is left out: it is an error of [`load`](super::load()).
pub fn watched(paths: &[impl AsRef<Path>], options: &Options) -> Watched {
    let mut watched = Watched::default();
    watched.files.extend(options.decisions.clone());
    for path in paths {
        let path = path.as_ref();
        let is_config = path.file_name().is_some_and(|name| name == CONFIG);
        match path.is_dir() {
            true => watched.folders.push(path.to_owned()),
            false => watched.files.push(Input::new(path).path),
        }
        if is_config || path.is_dir() {
            let plan = Plan::new(&[path], options.decisions.as_deref());
            for Wanted { files, wishes } in plan.into_iter().flat_map(|plan| plan.collections) {
                watched.files.extend(files.into_iter().map(|input| input.path));
                watched.files.extend(wishes.place.and_then(|place| place.decisions));
            }
        }
    }
    watched
}

/// What must be watched.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Watched {
    /// Files.
    pub files: Vec<PathBuf>,
    /// Folders, in which a file of a known format and `harmattan.toml` count.
    pub folders: Vec<PathBuf>,
}

impl Watched {
    /// Whether a change of a file is one of the data.
    pub fn counts(&self, path: &Path) -> bool {
        let is_named = || format_of(path).is_some() || path.file_name().is_some_and(|name| name == CONFIG);
        let in_folder = || self.folders.iter().any(|folder| path.parent() == Some(folder)) && is_named();
        self.files.iter().any(|file| file == path) || in_folder()
    }
}
