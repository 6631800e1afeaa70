//! The memory store: one table for each view of each collection, over bytes in memory or in a mapped file.

mod arena;
mod array;
mod bits;
mod blocks;
mod build;
mod cluster;
mod columns;
mod ids;
mod index;
mod lanes;
mod order;
mod scan;
mod sections;
mod shapes;
mod table;
mod texts;
mod times;
mod tree;
mod within;
mod words;

pub use blocks::{Compressor, Packed};
pub use build::{Build, Made};
pub use sections::Damage;
pub(super) use sections::{Sections, Sink, Target};
pub use table::{About, Piece, Row, Table};
