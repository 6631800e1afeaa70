//! The memory store: one table for each view of each collection.

mod arena;
mod blocks;
mod columns;
mod ids;
mod index;
mod lanes;
mod order;
mod shapes;
mod table;
mod tree;

pub use blocks::{Compressor, Packed};
pub use columns::Cell;
pub use table::{Piece, Row, Table};
