//! What is asked of some words of positions in a row, and what is answered.

/// The positions of some words in a row for which a condition is true, and those for which it is false; of the others it is unknown.
///
/// A pair of slices into buffers of a caller, as long as the words that are asked.
pub(super) struct Answer<'a> {
    pub(super) yes: &'a mut [u64],
    pub(super) no: &'a mut [u64],
}

impl Answer<'_> {
    pub(super) fn fill(&mut self, yes: u64, no: u64) {
        self.yes.fill(yes);
        self.no.fill(no);
    }

    /// What is not `yes` is `no`; where a value is not known it is neither.
    pub(super) fn settle(&mut self, known: Option<&[u64]>) {
        match known {
            None => self.yes.iter().zip(&mut *self.no).for_each(|(yes, no)| *no = !yes),
            Some(known) => {
                for ((yes, no), known) in self.yes.iter_mut().zip(&mut *self.no).zip(known) {
                    *no = !*yes & known;
                    *yes &= known;
                }
            }
        }
    }
}

/// What is asked of some words in a row: the first of them, and of each the positions that are asked for.
#[derive(Clone, Copy)]
pub(super) struct Asked<'a> {
    pub(super) first: usize,
    pub(super) positions: &'a [u64],
}

impl<'a> Asked<'a> {
    /// These words of a list of all.
    pub(super) fn of<'b>(&self, words: &'b [u64]) -> &'b [u64] {
        &words[self.first..self.first + self.positions.len()]
    }

    /// The values of these words' positions; fewer at the end of a table.
    pub(super) fn values<'b, T>(&self, values: &'b [T]) -> &'b [T] {
        &values[self.first * 64..values.len().min((self.first + self.positions.len()) * 64)]
    }

    /// The number of each word, and the positions asked of it.
    pub(super) fn words(&self) -> impl Iterator<Item = (u32, u64)> + use<'a> {
        (self.first as u32..).zip(self.positions.iter().copied())
    }
}
