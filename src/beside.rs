//! A file that is written beside its name, and takes it once it is whole.

use std::{
    fs::{self, File},
    io,
    path::{Path, PathBuf},
};

use tempfile::{Builder, NamedTempFile, TempPath};

/// A file under way: gone without a trace unless it is published.
///
/// On Linux it has no name at all until then, so that it goes with the program as well, however that ends.
#[derive(Debug)]
pub struct Beside {
    file: File,
    /// The name that it has meanwhile, where it needs one.
    name: Option<TempPath>,
    path: PathBuf,
    folder: PathBuf,
}

impl Beside {
    /// Begins a file that will be called `path`; where that is a link, it stays one, and the file is what it leads to.
    ///
    /// # Errors
    /// When something other than a file stands there, or no file can be made in that folder. No error names any other path.
    pub fn create(path: &Path) -> io::Result<Self> {
        let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        let folder = match path.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder.to_owned(),
            _ => PathBuf::from("."),
        };
        match fs::metadata(&path) {
            Ok(about) if about.is_dir() => return Err(io::Error::new(io::ErrorKind::IsADirectory, "a folder has this name")),
            Ok(about) if !about.is_file() => {
                return Err(io::Error::new(io::ErrorKind::InvalidInput, "what has this name is no file, but a device or a pipe"));
            }
            _ if !folder.exists() => {
                return Err(io::Error::new(io::ErrorKind::NotFound, format!("there is no folder {}", folder.display())));
            }
            _ => {}
        }
        let (file, name) = match nameless::file(&folder) {
            Some(file) => (file, None),
            None => {
                let (file, name) = named(&folder, |path| options().open(path))?.into_parts();
                (file, Some(name))
            }
        };
        Ok(Self { file, name, path, folder })
    }

    /// A file without a name on the same disk, for what grows beside this one.
    ///
    /// # Errors
    /// When no file can be made there.
    pub fn aside(&self) -> io::Result<File> {
        match nameless::file(&self.folder) {
            Some(file) => Ok(file),
            // It loses its name at once.
            None => Ok(named(&self.folder, |path| options().open(path))?.into_parts().0),
        }
    }

    /// Lets the system begin to bring a part of the file to the disk, so that there is less to wait for in the end.
    pub fn settle(&self, start: u64, length: u64) {
        #[cfg(target_os = "linux")]
        {
            use rustix::fs::{Advice, fadvise};
            // Linux begins to write what it is told is not needed, and forgets only what is written already. That nothing comes of it is
            // no fault.
            let _ = fadvise(&self.file, start, std::num::NonZeroU64::new(length), Advice::DontNeed);
        }
        #[cfg(not(target_os = "linux"))]
        let _ = (start, length);
    }

    /// Waits for the disk and gives the file its name: from now on, and never before, it is there whole.
    ///
    /// # Errors
    /// When the disk is full or the name cannot be taken; what stood under it stays.
    pub fn publish(self) -> io::Result<()> {
        let Self { file, name, path, folder } = self;
        file.sync_all()?;
        let name = match name {
            Some(name) => name,
            None => named(&folder, |path| nameless::link(&file, path))?.into_temp_path(),
        };
        name.persist(path).map_err(|error| error.error)?;
        // The name itself must reach the disk too. A folder that may be written and not read cannot be waited for.
        File::open(&folder).map_or(Ok(()), |folder| folder.sync_all())
    }
}

/// Makes something under a name of its own that no other file has; the name goes when it is dropped.
fn named<T>(folder: &Path, make: impl FnMut(&Path) -> io::Result<T>) -> io::Result<NamedTempFile<T>> {
    Builder::new().prefix(".harmattan-").suffix(".part").make_in(folder, make)
}

/// A new file that may be read by whom the process lets read its files.
fn options() -> fs::OpenOptions {
    let mut options = File::options();
    options.read(true).write(true).create_new(true);
    options
}

/// Files that have no name.
#[cfg(target_os = "linux")]
mod nameless {
    use std::{fs::File, io, os::fd::AsRawFd, path::Path};

    use rustix::fs::{AtFlags, CWD, Mode, OFlags, linkat, open};

    /// A file without a name, that can be given one; nothing where the disk has no such files.
    pub(super) fn file(folder: &Path) -> Option<File> {
        let make = || open(folder, OFlags::TMPFILE | OFlags::RDWR | OFlags::CLOEXEC, Mode::from_raw_mode(0o666)).map(File::from);
        // Tried now with another one, not when there is much in it.
        super::named(folder, |path| link(&make()?, path)).ok()?;
        make().ok()
    }

    /// Gives it a name.
    pub(super) fn link(file: &File, path: &Path) -> io::Result<()> {
        Ok(linkat(CWD, format!("/proc/self/fd/{}", file.as_raw_fd()), CWD, path, AtFlags::SYMLINK_FOLLOW)?)
    }
}

/// Elsewhere there are none.
#[cfg(not(target_os = "linux"))]
mod nameless {
    use std::{fs::File, io, path::Path};

    pub(super) fn file(_: &Path) -> Option<File> {
        None
    }

    pub(super) fn link(_: &File, _: &Path) -> io::Result<()> {
        Err(io::ErrorKind::Unsupported.into())
    }
}

impl io::Write for Beside {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl io::Seek for Beside {
    fn seek(&mut self, to: io::SeekFrom) -> io::Result<u64> {
        self.file.seek(to)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let mut names = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect::<Vec<_>>();
        names.sort();
        names
    }

    #[test]
    fn a_file_has_its_name_when_it_is_whole_and_no_other_after() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x");
        fs::write(&path, "before").unwrap();
        let mut given_up = Beside::create(&path).unwrap();
        given_up.write_all(b"half").unwrap();
        drop(given_up);
        assert_eq!((names(folder.path()), fs::read(&path).unwrap()), (vec!["x".to_owned()], b"before".to_vec()));

        let mut file = Beside::create(&path).unwrap();
        file.write_all(b"after").unwrap();
        let aside = file.aside().unwrap();
        let has_none = file.name.is_none();
        assert_eq!(names(folder.path()).len(), if has_none { 1 } else { 2 });
        assert_eq!(fs::read(&path).unwrap(), b"before");
        file.publish().unwrap();
        drop(aside);
        assert_eq!((names(folder.path()), fs::read(&path).unwrap()), (vec!["x".to_owned()], b"after".to_vec()));
    }

    /// What is done where the disk has no files without names.
    #[test]
    fn a_file_may_have_another_name_meanwhile() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x");
        let begin = || {
            let (file, name) = named(folder.path(), |path| options().open(path)).unwrap().into_parts();
            Beside { file, name: Some(name), path: path.clone(), folder: folder.path().to_owned() }
        };
        let given_up = begin();
        assert_eq!(names(folder.path()).len(), 1);
        drop(given_up);
        assert!(names(folder.path()).is_empty());
        let mut file = begin();
        file.write_all(b"whole").unwrap();
        file.publish().unwrap();
        assert_eq!((names(folder.path()), fs::read(&path).unwrap()), (vec!["x".to_owned()], b"whole".to_vec()));
    }

    #[cfg(unix)]
    #[test]
    fn a_link_stays_and_leads_to_the_new_file() {
        let folder = tempfile::tempdir().unwrap();
        let (far, link) = (folder.path().join("far"), folder.path().join("link"));
        fs::write(&far, "before").unwrap();
        std::os::unix::fs::symlink(&far, &link).unwrap();
        let mut file = Beside::create(&link).unwrap();
        file.write_all(b"after").unwrap();
        file.publish().unwrap();
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(fs::read(&far).unwrap(), b"after");
    }

    #[test]
    fn what_is_no_file_stays() {
        let folder = tempfile::tempdir().unwrap();
        let inside = folder.path().join("file");
        fs::write(&inside, "").unwrap();
        let missing = folder.path().join("missing/x");
        for (path, message) in [
            (folder.path().to_owned(), "a folder has this name".to_owned()),
            (missing.clone(), format!("there is no folder {}", missing.parent().unwrap().display())),
            #[cfg(unix)]
            ("/dev/null".into(), "what has this name is no file, but a device or a pipe".to_owned()),
        ] {
            assert_eq!(Beside::create(&path).unwrap_err().to_string(), message, "{}", path.display());
        }
        let below = Beside::create(&inside.join("x")).unwrap_err().to_string();
        assert!(!below.contains(".part") && !below.is_empty(), "{below}");
    }
}
