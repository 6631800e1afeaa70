//! A file's bytes as memory: the one place of the program where the compiler is overruled.

use std::{fs::File, io};

use bytes::Bytes;

/// The bytes of a whole file, mapped: what is not touched is not read.
///
/// # Errors
/// When the system refuses the mapping.
#[expect(unsafe_code, reason = "a mapping opens 10 million features in milliseconds where reading them takes seconds")]
pub fn map(file: &File) -> io::Result<Bytes> {
    // SAFETY: the bytes are borrowed as `&[u8]`, so nothing may change them while the mapping lives. Nothing does: a snapshot, or a packed gazetteer, is
    // written under another name, and takes its own by rename, which leaves the mapped file as it was; this program opens it to
    // read only, in a private mapping. What remains is another program that writes into the file or shortens it in place: README
    // and `--help` forbid it, `--no-mmap` is for those who cannot rule it out, and a shortened file ends the process (SIGBUS)
    // rather than let it read anything else.
    let map = unsafe { memmap2::MmapOptions::new().map(file)? };
    Ok(Bytes::from_owner(map))
}
