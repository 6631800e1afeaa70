//! Records decoded by several threads: a reader only finds where each begins and ends, what stands in them is read beside it.
//!
//! Frames are gathered into chunks, a chunk becomes a [`Part`], and parts are appended in the order of the file, so that nothing
//! depends on how many threads there are. What waits is bounded: a few chunks for each thread.

use std::{
    collections::BTreeMap,
    ops::ControlFlow,
    sync::{Arc, Mutex, PoisonError, mpsc},
    thread::Scope,
};

use super::{
    fault::{Rule, Spot},
    part::Part,
    record::{Decode, Item},
    wishes::Ground,
};

/// Bytes of a chunk: enough to make a hand-over cheap, few enough to share a small file out.
const CHUNK: usize = if cfg!(test) { 64 } else { 512 << 10 };
/// Decoded records that are appended at once.
const OPEN: usize = if cfg!(test) { 3 } else { 4096 };
/// Chunks that may wait for each thread.
const WAITING: usize = 3;

/// What a reader found between two hand-overs, in order.
#[derive(Default)]
struct Chunk {
    bytes: Vec<u8>,
    entries: Vec<Entry>,
    /// What reads its frames: one for all, since threads that count the same thing wait for each other.
    decode: Option<Decode>,
}

enum Entry {
    /// A record's bytes up to this one.
    Frame(Spot, usize),
    Fault(Spot, Rule),
    Note(String),
    Title(String, String),
}

impl Chunk {
    fn decode<'g>(&self, ground: Ground<'g>) -> Part<'g> {
        let mut part = Part::new(ground);
        let mut start = 0;
        for entry in &self.entries {
            match entry {
                Entry::Frame(spot, end) => {
                    if let Some(decode) = &self.decode {
                        part.take(Item::Frame { spot: *spot, bytes: &self.bytes[start..*end], decode });
                    }
                    start = *end;
                }
                Entry::Fault(spot, rule) => part.take(Item::Fault(*spot, rule.clone())),
                Entry::Note(note) => part.take(Item::Note(note.clone())),
                Entry::Title(column, title) => part.take(Item::Title { column, title }),
            }
            if part.stop.is_some() {
                break;
            }
        }
        part
    }

    /// The memory of it, for another; what a giant record took is given back.
    fn emptied(mut self) -> Self {
        self.bytes.clear();
        self.bytes.shrink_to(2 * CHUNK);
        self.entries.clear();
        Self { decode: None, ..self }
    }
}

/// The threads, and what they are given.
pub(super) struct Crew<'g, F> {
    ground: Ground<'g>,
    chunk: Chunk,
    /// Records that came decoded, until they are many.
    open: Option<Part<'g>>,
    /// None where everything is done by the thread that reads.
    hands: Option<Hands<'g>>,
    /// Takes the parts, in order; `Break` ends the reading.
    append: F,
}

struct Hands<'g> {
    work: mpsc::Sender<(u64, Chunk)>,
    done: mpsc::Receiver<(u64, Part<'g>, Chunk)>,
    threads: usize,
    /// Chunks that came back.
    spare: Vec<Chunk>,
    /// Chunks given out, and parts appended.
    given: u64,
    appended: u64,
    early: BTreeMap<u64, Part<'g>>,
}

impl<'g, F: FnMut(&mut Part<'_>) -> ControlFlow<()>> Crew<'g, F> {
    /// A crew of `threads`; with one, the calling thread does the work.
    pub(super) fn start<'scope>(scope: &'scope Scope<'scope, '_>, threads: usize, ground: Ground<'g>, append: F) -> Self
    where
        'g: 'scope,
    {
        let hands = (threads > 1).then(|| {
            let (work, orders) = mpsc::channel::<(u64, Chunk)>();
            let (deliver, done) = mpsc::channel();
            let orders = Arc::new(Mutex::new(orders));
            for _ in 0..threads {
                let (orders, deliver) = (Arc::clone(&orders), deliver.clone());
                scope.spawn(move || {
                    loop {
                        let order = orders.lock().unwrap_or_else(PoisonError::into_inner).recv();
                        // Either end hangs up when the reading has ended.
                        let Ok((number, chunk)) = order else { return };
                        let part = chunk.decode(ground);
                        if deliver.send((number, part, chunk.emptied())).is_err() {
                            return;
                        }
                    }
                });
            }
            Hands { work, done, threads, spare: Vec::new(), given: 0, appended: 0, early: BTreeMap::new() }
        });
        Self { ground, chunk: Chunk::default(), open: None, hands, append }
    }

    /// Takes what the reader found.
    pub(super) fn take(&mut self, item: Item<'_>) -> ControlFlow<()> {
        match &item {
            // What comes after frames waits for them, and the other way round.
            Item::Frame { .. } => self.close()?,
            Item::Record(_) if self.open.is_none() => self.finish()?,
            Item::Record(_) | Item::Fault(..) | Item::Note(_) | Item::Title { .. } => {}
        }
        if matches!(item, Item::Record(_)) || self.open.is_some() {
            let part = self.open.get_or_insert_with(|| Part::new(self.ground));
            part.take(item);
            return if part.rows() < OPEN { ControlFlow::Continue(()) } else { self.close() };
        }
        match item {
            Item::Frame { spot, bytes, decode } => {
                if self.chunk.decode.as_ref().is_some_and(|own| !Arc::ptr_eq(own, decode)) {
                    self.hand_over()?;
                }
                self.chunk.decode.get_or_insert_with(|| Arc::clone(decode));
                self.chunk.bytes.extend_from_slice(bytes);
                self.chunk.entries.push(Entry::Frame(spot, self.chunk.bytes.len()));
            }
            Item::Fault(spot, rule) => self.chunk.entries.push(Entry::Fault(spot, rule)),
            Item::Note(note) => self.chunk.entries.push(Entry::Note(note)),
            Item::Title { column, title } => self.chunk.entries.push(Entry::Title(column.to_owned(), title.to_owned())),
            Item::Record(_) => unreachable!("a decoded record goes to the open part"),
        }
        // An entry costs memory of its own, however short its record is.
        if self.chunk.bytes.len() + self.chunk.entries.len() * size_of::<Entry>() < CHUNK {
            return ControlFlow::Continue(());
        }
        self.hand_over()
    }

    fn hand_over(&mut self) -> ControlFlow<()> {
        let Some(hands) = &mut self.hands else {
            let mut part = self.chunk.decode(self.ground);
            self.chunk = std::mem::take(&mut self.chunk).emptied();
            return (self.append)(&mut part);
        };
        let chunk = std::mem::replace(&mut self.chunk, hands.spare.pop().unwrap_or_default());
        hands.work.send((hands.given, chunk)).expect("the threads live as long as their work is sent");
        hands.given += 1;
        let waiting = (hands.threads * WAITING) as u64;
        self.collect(waiting)
    }

    /// Appends parts until no more than so many are out.
    fn collect(&mut self, waiting: u64) -> ControlFlow<()> {
        let Some(hands) = &mut self.hands else { return ControlFlow::Continue(()) };
        while hands.given - hands.appended > waiting {
            let (number, part, chunk) = hands.done.recv().expect("each chunk that was given out comes back as a part");
            hands.early.insert(number, part);
            hands.spare.push(chunk);
            while let Some(mut part) = hands.early.remove(&hands.appended) {
                hands.appended += 1;
                (self.append)(&mut part)?;
            }
        }
        ControlFlow::Continue(())
    }

    /// Appends the records that came decoded.
    fn close(&mut self) -> ControlFlow<()> {
        self.open.take().map_or(ControlFlow::Continue(()), |mut part| (self.append)(&mut part))
    }

    /// Appends all that is still out.
    pub(super) fn finish(&mut self) -> ControlFlow<()> {
        self.close()?;
        if !self.chunk.entries.is_empty() {
            self.hand_over()?;
        }
        self.collect(0)
    }
}
