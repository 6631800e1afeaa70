//! A whole collection as a FeatureCollection of known length, in slices of its finished text: nothing is written anew, nothing is copied
//! but what stands around the features, and any part of it is found without a look at what stands before.

use std::{collections::VecDeque, ops::Range, sync::Arc};

use bytes::Bytes;

use super::geojson::{TAIL, bare_head};
use crate::store::{Page, Table};

/// Bytes of a slice, about, and the features that are tried for one.
const SLICE: u64 = 256 * 1024;
const FEATURES: u32 = 1024;

/// The text that [`Encoding::GeoJson`](super::Encoding) writes, byte for byte.
#[derive(Debug)]
pub struct Whole {
    table: Arc<Table>,
    /// Before the features, while it is not taken.
    head: Option<Bytes>,
    /// The features that are not taken.
    runs: VecDeque<Range<u32>>,
    /// Whether a feature stands before the next one.
    follows: bool,
    tail: Option<Bytes>,
}

impl Whole {
    /// The text of a page; nothing where its table keeps no finished text.
    pub fn new(page: Page) -> Option<Self> {
        page.table.exact_size(&(0..0))?;
        let head = Some(bare_head(page.matched, page.returned).into());
        Some(Self { head, runs: page.runs.into(), table: page.table, follows: false, tail: Some(Bytes::from_static(TAIL)) })
    }

    /// How many bytes are left.
    ///
    /// Cost: O(runs).
    pub fn length(&self) -> u64 {
        let around = [&self.head, &self.tail].into_iter().flatten().map(|text| text.len() as u64).sum::<u64>();
        let features = self.runs.iter().map(|run| self.size(run) + 1).sum::<u64>();
        // A comma before each run but the first.
        around + features - u64::from(!self.follows && !self.runs.is_empty())
    }

    /// Passes over bytes; the rest of the slice in which they end, where they end within one.
    pub fn pass_over(&mut self, mut bytes: u64) -> Option<Bytes> {
        while bytes > 0 {
            let (length, step) = self.step()?;
            if length > bytes {
                let slice = self.take(step);
                return Some(slice.slice(usize::try_from(bytes).ok()?..));
            }
            self.pass(step);
            bytes -= length;
        }
        None
    }

    /// Bytes of the features of a run, with a comma between each two.
    fn size(&self, run: &Range<u32>) -> u64 {
        self.table.exact_size(run).map_or(0, |size| size.saturating_sub(1))
    }

    /// The next part, and its length.
    fn step(&self) -> Option<(u64, Step)> {
        if let Some(head) = &self.head {
            return Some((head.len() as u64, Step::Head));
        }
        if let Some(run) = self.runs.front() {
            if self.follows {
                return Some((1, Step::Comma));
            }
            let mut part = run.start..run.end.min(run.start.saturating_add(FEATURES));
            while self.size(&part) > SLICE && part.len() > 1 {
                part.end = part.start + (part.end - part.start) / 2;
            }
            return Some((self.size(&part), Step::Features(part)));
        }
        self.tail.as_ref().map(|tail| (tail.len() as u64, Step::Tail))
    }

    /// Leaves a part behind.
    fn pass(&mut self, step: Step) {
        match step {
            Step::Head => self.head = None,
            Step::Comma => self.follows = false,
            Step::Features(part) => {
                let rest = self.runs.front_mut().filter(|run| run.end > part.end).map(|run| run.start = part.end);
                if rest.is_none() {
                    self.runs.pop_front();
                }
                self.follows = true;
            }
            Step::Tail => self.tail = None,
        }
    }

    fn take(&mut self, step: Step) -> Bytes {
        let bytes = match &step {
            Step::Head => self.head.clone().unwrap_or_default(),
            Step::Comma => Bytes::from_static(b","),
            Step::Features(part) => self.table.text(part),
            Step::Tail => self.tail.clone().unwrap_or_default(),
        };
        self.pass(step);
        bytes
    }
}

impl Iterator for Whole {
    type Item = Bytes;

    fn next(&mut self) -> Option<Bytes> {
        let (_, step) = self.step()?;
        Some(self.take(step))
    }
}

enum Step {
    Head,
    Comma,
    Features(Range<u32>),
    Tail,
}
