//! Noticing that served files change, by whatever step of the way to them it happens: the file, a folder on the way to it, or a link, as
//! where a release is made current (`…/current` → `…/release-2`) or a ConfigMap is mounted (`..data` → another folder).

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    ffi::OsString,
    fs,
    os::unix::fs::MetadataExt,
    path::{Component, Path, PathBuf},
    sync::{Arc, Mutex, PoisonError, mpsc::Sender},
};

use harmattan::dataset::files::{Options, Watched, watched};
use notify::{Event, RecommendedWatcher, RecursiveMode, Watcher};

/// Links followed on the way to one file at the most, as the system itself has it (`ELOOP`).
const MOST_LINKS: usize = 40;

/// What is watched: the folders in which something stands by whose name a served file is reached, since what is replaced is another file,
/// folder or link of the same name.
pub(crate) struct Watch {
    watcher: RecommendedWatcher,
    /// What counts in them.
    counts: Arc<Mutex<Watched>>,
    /// The folders, and which one of that name it is: device and number.
    folders: BTreeMap<PathBuf, (u64, u64)>,
}

impl Watch {
    /// Watches nothing yet; `changed` is told of each change.
    ///
    /// # Errors
    /// When the system has no more watches to give.
    pub(crate) fn new(changed: Sender<()>) -> notify::Result<Self> {
        let counts = Arc::new(Mutex::new(Watched::default()));
        let known = Arc::clone(&counts);
        let counts_one = move |path: &PathBuf| known.lock().unwrap_or_else(PoisonError::into_inner).counts(path);
        let watcher = notify::recommended_watcher(move |event: notify::Result<Event>| {
            if event.is_ok_and(|event| !event.kind.is_access() && event.paths.iter().any(&counts_one)) {
                // The thread is gone only when the program ends.
                let _ = changed.send(());
            }
        })?;
        Ok(Self { watcher, counts, folders: BTreeMap::new() })
    }

    /// Watches what `paths` stand for now: a folder may name other files than before, a link another folder.
    ///
    /// # Errors
    /// When a folder with a served file in it, or a served folder, cannot be watched.
    pub(crate) fn update(&mut self, paths: &[PathBuf], options: &Options) -> notify::Result<()> {
        let absolute = |path: &PathBuf| std::path::absolute(path);
        let named = watched(&paths.iter().map(absolute).collect::<Result<Vec<_>, _>>()?, options);
        let (mut now, mut needed) = (Watched::default(), BTreeSet::new());
        for file in &named.files {
            let way = Way::to(&absolute(file)?);
            needed.extend(way.end.parent().map(Path::to_path_buf));
            now.files.extend(way.names);
        }
        for folder in &named.folders {
            let way = Way::to(&absolute(folder)?);
            needed.insert(way.end.clone());
            now.folders.push(way.end);
            now.files.extend(way.names);
        }
        let on_the_way = now.files.iter().filter_map(|name| name.parent()).map(Path::to_path_buf);
        let folders = on_the_way.chain(needed.iter().cloned()).collect::<BTreeSet<_>>();
        *self.counts.lock().unwrap_or_else(PoisonError::into_inner) = now;
        let gone = self.folders.keys().filter(|folder| !folders.contains(*folder)).cloned().collect::<Vec<_>>();
        gone.iter().for_each(|folder| self.leave(folder));
        for folder in folders {
            let which = fs::metadata(&folder).map(|about| (about.dev(), about.ino())).unwrap_or_default();
            if self.folders.get(&folder) == Some(&which) {
                continue;
            }
            self.leave(&folder);
            match self.watcher.watch(&folder, RecursiveMode::NonRecursive) {
                Ok(()) => _ = self.folders.insert(folder, which),
                Err(error) if needed.contains(&folder) => return Err(error),
                // A folder further up, which may be one that may not be listed.
                Err(_) => {}
            }
        }
        Ok(())
    }

    fn leave(&mut self, folder: &Path) {
        if self.folders.remove(folder).is_some() {
            // One that is there no more is not watched any more either.
            let _ = self.watcher.unwatch(folder);
        }
    }
}

/// The way to a file or folder.
struct Way {
    /// Every name on it: of folders, links, what links lead to, and the end. None of them has a link before its last part.
    names: BTreeSet<PathBuf>,
    /// Where it ends: at the file itself, or at the first name at which there is nothing.
    end: PathBuf,
}

impl Way {
    /// The way to an absolute path.
    fn to(path: &Path) -> Self {
        let parts = |path: &Path| -> Vec<OsString> { path.components().map(|part| part.as_os_str().to_owned()).collect() };
        let mut way = Self { names: BTreeSet::new(), end: PathBuf::from("/") };
        let (mut rest, mut links) = (VecDeque::from(parts(path)), 0);
        while let Some(part) = rest.pop_front() {
            let next = match Path::new(&part).components().next() {
                Some(Component::Normal(name)) => way.end.join(name),
                Some(Component::RootDir) => {
                    way.end = PathBuf::from("/");
                    continue;
                }
                Some(Component::ParentDir) => {
                    way.end.pop();
                    continue;
                }
                _ => continue,
            };
            way.names.insert(next.clone());
            match fs::symlink_metadata(&next) {
                Ok(about) if about.is_symlink() && links < MOST_LINKS => {
                    links += 1;
                    for part in fs::read_link(&next).map(|target| parts(&target)).unwrap_or_default().into_iter().rev() {
                        rest.push_front(part);
                    }
                }
                Ok(_) => way.end = next,
                // What comes here later is noticed by its name.
                Err(_) => {
                    way.end = next;
                    break;
                }
            }
        }
        way
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn a_way_has_every_name_by_which_the_file_is_reached() {
        let folder = tempfile::tempdir().unwrap();
        let here = folder.path().canonicalize().unwrap();
        fs::create_dir(here.join("release-1")).unwrap();
        fs::write(here.join("release-1/sites.csv"), "").unwrap();
        symlink("release-1", here.join("current")).unwrap();
        symlink("current/../current/sites.csv", here.join("sites.csv")).unwrap();
        let way = Way::to(&here.join("sites.csv"));
        assert_eq!(way.end, here.join("release-1/sites.csv"));
        for name in ["sites.csv", "current", "release-1", "release-1/sites.csv"] {
            assert!(way.names.contains(&here.join(name)), "{name}: {:?}", way.names);
        }
        assert!(way.names.contains(here.parent().unwrap()));
        // Up to where there is nothing, and round and round.
        symlink("nowhere/x", here.join("broken")).unwrap();
        assert_eq!(Way::to(&here.join("broken/a")).end, here.join("nowhere"));
        symlink("loop", here.join("loop")).unwrap();
        assert!(Way::to(&here.join("loop")).names.contains(&here.join("loop")));
    }
}
