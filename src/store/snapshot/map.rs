//! A file's bytes as memory: the one place of the program where the compiler is overruled.

use std::{fs::File, io};

use bytes::Bytes;
use memmap2::Mmap;

/// The bytes of a whole file, mapped: what is not touched is not read.
///
/// # Errors
/// When the system refuses the mapping.
pub fn map(file: &File) -> io::Result<Bytes> {
    Ok(Bytes::from_owner(mapping(file)?))
}

/// The same for bytes that will all be read, one after another: the system then reads 2 MiB at once into pages of that size where it can
/// (Linux, by its file system), which every other mapping of the file shares. (Of a mapping of which single places are read, it would
/// read and hold 2 MiB for each.)
///
/// # Errors
/// When the system refuses the mapping.
pub(super) fn map_to_read_through(file: &File) -> io::Result<Bytes> {
    let map = mapping(file)?;
    // What the system does not know or does not want changes nothing of what is read.
    #[cfg(target_os = "linux")]
    let _ = map.advise(memmap2::Advice::HugePage);
    Ok(Bytes::from_owner(map))
}

#[expect(unsafe_code, reason = "a mapping opens 10 million features in milliseconds where reading them takes seconds")]
fn mapping(file: &File) -> io::Result<Mmap> {
    // SAFETY: the bytes are borrowed as `&[u8]`, so nothing may change them while the mapping lives. Nothing does: a snapshot, or a packed gazetteer, is
    // written under another name, and takes its own by rename, which leaves the mapped file as it was; this program opens it to
    // read only, in a private mapping. What remains is another program that writes into the file or shortens it in place: README
    // and `--help` forbid it, `--no-mmap` is for those who cannot rule it out, and a shortened file ends the process (SIGBUS)
    // rather than let it read anything else.
    unsafe { Mmap::map(file) }
}
