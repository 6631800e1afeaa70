//! Finished downloads in a folder, so that they are written once and any part of them can be asked for.
//!
//! A file appears under its name when it is whole; its name says what it holds, so none is ever changed, and several servers may share
//! a folder. All of them together, those being written included, take no more room than the settings give them: the ones that nobody has
//! asked for the longest go first. Whatever goes wrong here costs the cached file, never the answer.

use std::{
    fs::{self, File},
    io::{self, Write},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, SystemTime},
};

use tempfile::NamedTempFile;

/// How the names of finished files begin, and those of files that are being written; nothing else in the folder is touched.
const FINISHED: &str = "harmattan-";
const WRITING: &str = ".harmattan-";
/// Files that are being written are left alone for this long, as another server may write them.
const ABANDONED: Duration = Duration::from_secs(24 * 3600);

/// The folder.
#[derive(Debug)]
pub(super) struct Cache {
    folder: PathBuf,
    /// Bytes at the most.
    most: u64,
    room: Mutex<Room>,
}

/// Bytes taken.
#[derive(Debug, Default)]
struct Room {
    finished: u64,
    writing: u64,
}

/// A file that is being written; it goes unless it is published.
pub(super) struct Part {
    cache: Arc<Cache>,
    /// There until it is published.
    file: Option<NamedTempFile>,
    name: String,
    written: u64,
}

impl Cache {
    /// Uses a folder, which is made where there is none.
    ///
    /// # Errors
    /// When it cannot be made or read.
    pub(super) fn open(folder: &Path, most: u64) -> io::Result<Self> {
        fs::create_dir_all(folder)?;
        let now = SystemTime::now();
        for entry in fs::read_dir(folder)?.flatten() {
            let is_abandoned = || Some(now.duration_since(entry.metadata().ok()?.modified().ok()?).ok()? > ABANDONED);
            if entry.file_name().to_string_lossy().starts_with(WRITING) && is_abandoned() == Some(true) {
                let _ = fs::remove_file(entry.path());
            }
        }
        let cache = Self { folder: folder.to_owned(), most, room: Mutex::default() };
        cache.make_room(&mut cache.room());
        Ok(cache)
    }

    /// A finished file and its length.
    pub(super) fn find(&self, name: &str) -> Option<(File, u64)> {
        let file = File::open(self.path(name)).ok()?;
        let length = file.metadata().ok()?.len();
        // It was asked for now; where that cannot be noted, it goes sooner.
        let _ = file.set_modified(SystemTime::now());
        Some((file, length))
    }

    /// The length of a finished file, which is not asked for by that.
    pub(super) fn length(&self, name: &str) -> Option<u64> {
        fs::metadata(self.path(name)).ok().map(|about| about.len())
    }

    /// Begins a file; nothing where the folder does not take it.
    pub(super) fn begin(self: &Arc<Self>, name: &str) -> Option<Part> {
        match tempfile::Builder::new().prefix(WRITING).suffix(".part").tempfile_in(&self.folder) {
            Ok(file) => Some(Part { cache: Arc::clone(self), file: Some(file), name: name.to_owned(), written: 0 }),
            Err(error) => {
                tracing::warn!(%error, "a download cannot be kept");
                None
            }
        }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.join(format!("{FINISHED}{name}"))
    }

    fn room(&self) -> MutexGuard<'_, Room> {
        self.room.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts the finished files and removes those unused the longest until the rest fits beside what is being written.
    fn make_room(&self, room: &mut Room) {
        let entries = fs::read_dir(&self.folder).into_iter().flatten().flatten();
        let finished = entries.filter(|entry| entry.file_name().to_string_lossy().starts_with(FINISHED));
        let known = finished.filter_map(|entry| {
            let about = entry.metadata().ok()?;
            Some((about.modified().ok()?, about.len(), entry.path()))
        });
        let mut known = known.collect::<Vec<_>>();
        known.sort();
        room.finished = known.iter().map(|(_, length, _)| length).sum();
        for (_, length, path) in known {
            if room.finished + room.writing <= self.most {
                return;
            }
            // Readers that have it open go on reading it.
            if fs::remove_file(path).is_ok() {
                room.finished -= length;
            }
        }
    }
}

impl Part {
    /// Adds bytes.
    ///
    /// # Errors
    /// When the disk does not take them, and when no room can be made for them.
    pub(super) fn add(&mut self, bytes: &[u8]) -> io::Result<()> {
        let length = bytes.len() as u64;
        {
            let mut room = self.cache.room();
            room.writing += length;
            self.written += length;
            if room.finished + room.writing > self.cache.most {
                self.cache.make_room(&mut room);
            }
            if room.finished + room.writing > self.cache.most {
                return Err(io::Error::new(io::ErrorKind::QuotaExceeded, "it takes more room than finished downloads may"));
            }
        }
        match &mut self.file {
            Some(file) => file.as_file_mut().write_all(bytes),
            None => Ok(()),
        }
    }

    /// Puts the file under its name: from now on it is found.
    ///
    /// # Errors
    /// When the disk fails.
    pub(super) fn publish(mut self) -> io::Result<()> {
        if let Some(file) = self.file.take() {
            file.as_file().sync_data()?;
            file.persist(self.cache.path(&self.name))?;
            self.cache.room().finished += self.written;
        }
        Ok(())
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        self.cache.room().writing -= self.written;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn write(cache: &Arc<Cache>, name: &str, bytes: usize) -> io::Result<()> {
        let mut part = cache.begin(name).unwrap();
        for _ in 0..bytes / 10 {
            part.add(&[b'x'; 10])?;
        }
        part.publish()
    }

    fn names(folder: &Path) -> Vec<String> {
        let mut names = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect::<Vec<_>>();
        names.sort();
        names
    }

    #[test]
    fn files_appear_whole_and_the_oldest_make_room() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("somebody's.txt"), vec![0; 5000]).unwrap();
        let cache = Arc::new(Cache::open(folder.path(), 100).unwrap());
        write(&cache, "a", 40).unwrap();
        // Older than any other.
        File::open(cache.path("a")).unwrap().set_modified(SystemTime::UNIX_EPOCH).unwrap();
        write(&cache, "b", 40).unwrap();
        assert!(cache.find("a").is_some_and(|(_, length)| length == 40), "and asked for now");
        File::open(cache.path("b")).unwrap().set_modified(SystemTime::UNIX_EPOCH).unwrap();
        let mut part = cache.begin("c").unwrap();
        part.add(&[0; 40]).unwrap();
        assert!(cache.find("c").is_none(), "not before it is whole");
        part.publish().unwrap();
        assert_eq!(names(folder.path()), ["harmattan-a", "harmattan-c", "somebody's.txt"]);
        assert!(write(&cache, "d", 110).is_err(), "more than there may be");
        assert_eq!(names(folder.path()), ["somebody's.txt"], "and nothing is left of it");
        write(&cache, "e", 100).unwrap();
        assert_eq!(names(folder.path()), ["harmattan-e", "somebody's.txt"]);
        // Another server finds what the first has left.
        let again = Cache::open(folder.path(), 60).unwrap();
        assert!(again.find("e").is_none(), "which is more than it may keep");
    }
}
