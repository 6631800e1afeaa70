//! What a table is made of: named sections of bytes, in a snapshot's file or in memory.

use std::{
    collections::HashMap,
    fs::File,
    io::{self, Read, Seek, SeekFrom, Write},
};

use bytemuck::Pod;
use bytes::Bytes;

use super::array::Array;
use crate::store::snapshot::Writer;

/// Why sections are no table.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Damage {
    /// A section is missing.
    #[error("section {0} is missing")]
    Missing(String),
    /// A section has another length than its table needs.
    #[error("section {name} has {found} bytes where {expected} are needed")]
    Length {
        /// Which.
        name: String,
        /// How many bytes it has.
        found: usize,
        /// How many it must have.
        expected: usize,
    },
    /// The description does not fit the sections.
    #[error("{0}")]
    Description(String),
}

/// Sections by name.
#[derive(Debug, Default)]
pub(in crate::store) struct Sections(HashMap<String, Bytes>);

impl Sections {
    pub(in crate::store) fn insert(&mut self, name: String, bytes: Bytes) {
        self.0.insert(name, bytes);
    }

    /// Bytes of all of them.
    pub(super) fn size(&self) -> usize {
        self.0.values().map(Bytes::len).sum()
    }

    /// The sections of one table.
    pub(in crate::store) fn part<'a>(&'a self, prefix: &'a str) -> Part<'a> {
        Part { sections: self, prefix }
    }
}

/// The sections of one table.
#[derive(Debug, Clone, Copy)]
pub(in crate::store) struct Part<'a> {
    sections: &'a Sections,
    prefix: &'a str,
}

impl Part<'_> {
    fn full(&self, name: &str) -> String {
        format!("{}/{name}", self.prefix)
    }

    /// Whether there is such a section.
    pub(super) fn has(&self, name: &str) -> bool {
        self.sections.0.contains_key(&self.full(name))
    }

    /// A section's bytes, for what is no table.
    pub(in crate::store) fn text(&self, name: &str) -> Result<Bytes, Damage> {
        self.bytes(name)
    }

    /// A section's bytes.
    pub(super) fn bytes(&self, name: &str) -> Result<Bytes, Damage> {
        self.sections.0.get(&self.full(name)).cloned().ok_or_else(|| Damage::Missing(self.full(name)))
    }

    /// A section of exactly `count` values.
    pub(super) fn array<T: Pod + Send>(&self, name: &str, count: usize) -> Result<Array<T>, Damage> {
        let bytes = self.bytes(name)?;
        let (found, expected) = (bytes.len(), count.saturating_mul(size_of::<T>()));
        let wrong = || Damage::Length { name: self.full(name), found, expected };
        if found != expected {
            return Err(wrong());
        }
        Array::new(bytes).ok_or_else(wrong)
    }

    /// A section of however many values.
    pub(super) fn values<T: Pod + Send>(&self, name: &str) -> Result<Array<T>, Damage> {
        let bytes = self.bytes(name)?;
        let (found, size) = (bytes.len(), size_of::<T>());
        Array::new(bytes).ok_or_else(|| Damage::Length { name: self.full(name), found, expected: found / size * size })
    }
}

/// Where the sections of a table go.
pub(in crate::store) struct Sink<'a> {
    target: Target<'a>,
    prefix: String,
}

/// Memory or a file.
pub(in crate::store) enum Target<'a> {
    /// Kept as they are.
    Memory(&'a mut Sections),
    /// Written.
    File(&'a mut Writer),
    /// Kept in order until another sink takes them.
    Staged(&'a mut Staged),
}

/// What a part of a table writes, kept until its turn comes: parts are made side by side, and written in one order.
#[derive(Debug, Default)]
pub(in crate::store) struct Staged(Vec<(String, Bytes)>);

/// What `write` makes, and what it wrote.
pub(super) fn stage<T>(write: impl FnOnce(&mut Sink<'_>) -> io::Result<T>) -> io::Result<(T, Staged)> {
    let mut staged = Staged::default();
    let made = write(&mut Sink::new(Target::Staged(&mut staged), String::new()))?;
    Ok((made, staged))
}

impl<'a> Sink<'a> {
    pub(in crate::store) fn new(target: Target<'a>, prefix: String) -> Self {
        Self { target, prefix }
    }

    /// Takes a section; what comes back is the same values, which need not be read again.
    pub(super) fn put<T: Pod + Send>(&mut self, name: &str, values: Vec<T>) -> io::Result<Array<T>> {
        let array = Array::from(values);
        self.put_bytes(name, array.bytes().clone())?;
        Ok(array)
    }

    fn put_bytes(&mut self, name: &str, bytes: Bytes) -> io::Result<()> {
        let full = |name| format!("{}/{name}", self.prefix);
        match &mut self.target {
            Target::Memory(sections) => sections.insert(full(name), bytes),
            Target::File(writer) => {
                writer.begin(full(name))?;
                writer.write_all(&bytes)?;
                writer.end()?;
            }
            Target::Staged(staged) => staged.0.push((name.to_owned(), bytes)),
        }
        Ok(())
    }

    /// Takes what was staged, in the order in which it was written.
    pub(super) fn take(&mut self, staged: Staged) -> io::Result<()> {
        staged.0.into_iter().try_for_each(|(name, bytes)| self.put_bytes(&name, bytes))
    }

    /// Begins a section that is too large to be held, where its target is a file.
    pub(super) fn begin(&mut self, name: &str) -> io::Result<Stream> {
        if let Target::File(writer) = &mut self.target {
            writer.begin(format!("{}/{name}", self.prefix))?;
        }
        Ok(Stream { name: name.to_owned(), held: Vec::new() })
    }

    /// Adds to the section that was begun last.
    pub(super) fn add(&mut self, stream: &mut Stream, bytes: &[u8]) -> io::Result<()> {
        match &mut self.target {
            Target::Memory(_) | Target::Staged(_) => stream.held.extend_from_slice(bytes),
            Target::File(writer) => writer.write_all(bytes)?,
        }
        Ok(())
    }

    /// Ends it.
    pub(super) fn end(&mut self, stream: Stream) -> io::Result<()> {
        if let Target::File(writer) = &mut self.target {
            return writer.end();
        }
        let Stream { name, mut held } = stream;
        held.shrink_to_fit();
        self.put_bytes(&name, held.into())
    }

    /// A place for a section that grows beside another one.
    pub(super) fn aside(&self) -> io::Result<Aside> {
        Ok(match &self.target {
            Target::Memory(_) | Target::Staged(_) => Aside::Memory(Vec::new()),
            Target::File(writer) => Aside::File(io::BufWriter::with_capacity(1 << 20, writer.aside()?)),
        })
    }

    /// Takes the section that grew aside.
    pub(super) fn put_aside(&mut self, name: &str, aside: Aside) -> io::Result<()> {
        let mut stream = self.begin(name)?;
        match aside {
            Aside::Memory(bytes) => stream.held = bytes,
            Aside::File(file) => {
                let mut file = file.into_inner().map_err(io::IntoInnerError::into_error)?;
                file.seek(SeekFrom::Start(0))?;
                let mut chunk = vec![0; 1 << 20];
                loop {
                    match file.read(&mut chunk)? {
                        0 => break,
                        count => self.add(&mut stream, &chunk[..count])?,
                    }
                }
            }
        }
        self.end(stream)
    }
}

/// A section that is being written.
pub(super) struct Stream {
    name: String,
    held: Vec<u8>,
}

/// A section that grows while another one is written.
pub(super) enum Aside {
    Memory(Vec<u8>),
    File(io::BufWriter<File>),
}

impl Aside {
    pub(super) fn add(&mut self, bytes: &[u8]) -> io::Result<()> {
        match self {
            Self::Memory(held) => held.extend_from_slice(bytes),
            Self::File(file) => file.write_all(bytes)?,
        }
        Ok(())
    }
}
