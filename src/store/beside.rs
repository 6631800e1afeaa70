//! A file that is written beside its name, and takes it once it is whole.

use std::{
    fs::File,
    io,
    path::{Path, PathBuf},
};

use tempfile::NamedTempFile;

/// A file under way: gone without a trace unless it is published.
#[derive(Debug)]
pub struct Beside {
    file: NamedTempFile,
    folder: PathBuf,
}

impl Beside {
    /// Begins a file that will be called `path`.
    ///
    /// # Errors
    /// When no file can be made in that folder.
    pub fn create(path: &Path) -> io::Result<Self> {
        let folder = match path.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder.to_owned(),
            _ => PathBuf::from("."),
        };
        let mut builder = tempfile::Builder::new();
        builder.prefix(".harmattan-").suffix(".part");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            // As any file that a program writes; what the process masks is masked.
            builder.permissions(std::fs::Permissions::from_mode(0o666));
        }
        Ok(Self { file: builder.tempfile_in(&folder)?, folder })
    }

    /// A file without a name on the same disk, for what grows beside this one.
    ///
    /// # Errors
    /// When no file can be made there.
    pub fn aside(&self) -> io::Result<File> {
        tempfile::tempfile_in(&self.folder)
    }

    /// Lets the system begin to bring a part of the file to the disk, so that there is less to wait for in the end.
    pub fn settle(&self, start: u64, length: u64) {
        #[cfg(target_os = "linux")]
        {
            use rustix::fs::{Advice, fadvise};
            // Linux begins to write what it is told is not needed, and forgets only what is written already. That nothing comes of it is
            // no fault.
            let _ = fadvise(self.file.as_file(), start, std::num::NonZeroU64::new(length), Advice::DontNeed);
        }
        #[cfg(not(target_os = "linux"))]
        let _ = (start, length);
    }

    /// Waits for the disk and gives the file its name: from now on, and never before, it is there whole.
    ///
    /// # Errors
    /// When the disk is full or the name cannot be taken; what stood under it stays.
    pub fn publish(self, path: &Path) -> io::Result<()> {
        self.file.as_file().sync_all()?;
        self.file.persist(path).map_err(|error| error.error)?;
        // The name itself must reach the disk too.
        File::open(&self.folder)?.sync_all()
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
