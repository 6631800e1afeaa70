//! A batch of features → the sections of a table.

use std::{io, ops::Range, sync::Arc};

use flate2::Compression;
use rayon::prelude::*;

use super::{
    arena::{Arena, PIECE},
    columns::Column,
    ids::Ids,
    index::SpatialIndex,
    order,
    sections::{Sections, Sink, Target, stage},
    shapes::Shapes,
    table::{About, Table},
    times::Times,
    within::{self, Candidate},
    words::Words,
};
use crate::{
    model::{Batch, Feature, Rect, Schema},
    store::feature_text::{Keys, write_feature_telling},
};

/// How tables are built.
#[derive(Debug, Clone, Copy)]
pub struct Build {
    /// Whether finished text is compressed beforehand, for gzip answers.
    pub gzip: bool,
}

/// The level at which text is compressed: what higher ones save is little, since blocks are short (figures in the module's docs).
const LEVEL: u32 = 6;

impl Default for Build {
    fn default() -> Self {
        Self { gzip: true }
    }
}

/// How far a table is built.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Made {
    /// Features whose text is finished.
    pub features: u64,
    /// How many there are.
    pub of: u64,
}

impl Table {
    /// A table in memory. Ids are unique and values fit the schema: the data path has checked both.
    ///
    /// Cost: O(n log n) time.
    pub fn build(schema: Schema, batch: Batch, with_arena: bool) -> Self {
        let mut sections = Sections::default();
        let mut sink = Sink::new(Target::Memory(&mut sections), String::new());
        let about = Self::write(&schema, batch, with_arena, Build::default(), &mut sink, &mut |_| {});
        let about = about.expect("memory takes every byte, and 32 features in a row have less than 4 GiB of text");
        Self::open(schema, about, &sections.part("")).expect("what was written just now is whole")
    }

    /// The same of features one by one.
    pub fn of_features(schema: Schema, features: &[Feature], with_arena: bool) -> Self {
        let batch = Batch::from_features(&schema, features);
        Self::build(schema, batch, with_arena)
    }

    /// Writes the sections of a table; the batch is taken apart on the way, so that each column is held once.
    ///
    /// # Errors
    /// What the sink says.
    pub(in crate::store) fn write(
        schema: &Schema,
        batch: Batch,
        with_arena: bool,
        how: Build,
        sink: &mut Sink<'_>,
        progress: &mut dyn FnMut(Made),
    ) -> io::Result<About> {
        let (order, located) = order::order(&batch);
        let order = Arc::new(order);
        let Batch { ids, shapes, times, columns } = batch;
        let span = times.span().map(|(start, end)| [start.as_millis(), end.as_millis()]);
        // Side by side, and written in one order whatever is ready first: the same data are the same file.
        let located_rows = &order[..located as usize];
        let space = || -> io::Result<_> {
            let (shapes, written) = stage(|sink| Shapes::write(&shapes, located_rows, sink))?;
            let index = stage(|sink| SpatialIndex::write(&shapes, sink))?;
            let extent = (0..located).map(|position| shapes.bounds(position)).reduce(|sum, rect| sum.union(&rect));
            Ok((shapes, written, index, extent))
        };
        let named = columns.into_par_iter().enumerate();
        let columns = || named.map(|(at, column)| stage(|sink| Column::write(column, &order, with_arena, sink, &within::name(at))));
        let (space, (columns, (of_ids, of_times))) = rayon::join(space, || {
            rayon::join(
                || columns().collect::<io::Result<Vec<_>>>(),
                || rayon::join(|| stage(|sink| Ids::write(&ids, &order, sink)), || stage(|sink| Times::write(&times, &order, sink))),
            )
        });
        // What is in the table is needed no more; the file that is written next takes as much memory.
        drop((ids, shapes, times));
        let ((shapes, of_shapes, (index, of_index), extent), (ids, of_ids), (times, of_times)) = (space?, of_ids?, of_times?);
        let (columns, of_columns) = columns?.into_iter().unzip::<_, _, Vec<_>, Vec<_>>();
        let staged = [of_shapes, of_ids, of_times].into_iter().chain(of_columns).chain([of_index]);
        let mut staged = staged.collect::<Vec<_>>().into_iter();
        let about = About {
            features: u32::try_from(order.len()).map_err(|_| io::Error::other("a collection holds fewer than 2^32 features"))?,
            located,
            extent: extent.map(|Rect { min_x, min_y, max_x, max_y }| [min_x, min_y, max_x, max_y]),
            span,
            arena: with_arena,
        };
        drop(order);
        let mut take_all = move |sink: &mut Sink<'_>| staged.try_for_each(|written| sink.take(written));
        if !with_arena {
            take_all(sink)?;
            return Ok(about);
        }
        let table = Self {
            schema: schema.clone(),
            about,
            keys: Keys::new(schema),
            ids,
            columns,
            shapes,
            times,
            index,
            arena: None,
            words: Words::of(0),
        };
        let of = u64::from(about.features);
        let level = how.gzip.then(|| Compression::new(LEVEL));
        let text = |text: &mut Vec<u8>, position: u32, tell: &mut dyn FnMut(usize, Range<usize>)| {
            if position.is_multiple_of(PIECE) {
                let piece = position..about.features.min(position.saturating_add(PIECE));
                table.columns.iter().filter_map(Column::held).for_each(|texts| texts.fetch(piece.clone()));
            }
            write_feature_telling(text, &table.row(position), tell);
        };
        let held = || table.columns.iter().enumerate().filter_map(|(index, column)| Some((index, column.held()?)));
        let mut candidates = held().map(|(index, _)| Candidate::new(index)).collect::<Vec<_>>();
        let mut progress = |features| progress(Made { features, of });
        Arena::write(about.features, level, sink, &mut candidates, &mut progress, take_all, text)?;
        for (candidate, (_, texts)) in candidates.into_iter().zip(held()) {
            candidate.finish(texts, sink)?;
        }
        Ok(about)
    }
}
