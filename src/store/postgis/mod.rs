//! PostGIS behind the same API, for data that many write, or that one machine has no room for. Read only.
//!
//! ```text
//! address → target → pool ─┐
//!                          ├→ catalog (tables, columns, keys) → table (columns as properties) → source: asked as a layer in memory is
//! question → sql ──────────┘
//! ```
//!
//! A question becomes one statement: names are quoted by one function, values are bound, and nothing else can get into it (`sql`). The rows
//! that come back become a small table in memory, so that every format writes them as it writes any other. What SQL says in exactly
//! the same way as we do is asked of the database (`expression`, `shape`, `table`): boxes, times, comparisons, LIKE, lists, the commonest
//! relations of geometries, orders and pages. The rest of a question (`q`, CASEI and ACCENTI, arithmetic, the other relations, sets,
//! times that overlap so or so) is asked of the rows that this leaves, one by one, by the code that asks it in memory: the answer is the
//! same, only later, and where it would be too late the request is told so, as in memory.
//!
//! # What is different from memory
//! - The order where none is asked for is that of the table's key.
//! - Pages go on after the key of the last feature, however the table has changed since; there is no version of the data. Entity tags are
//!   the sum of what an answer was made of, and every answer is asked for anew.
//! - Counts, extents and spans in descriptions are those of the last look at the database ([`Database::look`]); `numberMatched` is always
//!   counted.
//! - Moments are read to the millisecond, `numeric` as a double; dates beyond the year 9999 and numbers that are none are unknown.
//! - An empty geometry meets no box, where in memory it stands for none and meets all.

mod catalog;
mod clusters;
mod column;
mod error;
mod expression;
mod look;
mod order;
mod pool;
mod rows;
mod scan;
mod shape;
mod source;
mod sql;
mod stream;
mod table;
mod tally;
mod target;
mod tls;

pub use clusters::{Cells, Counted};
pub use error::{OpenError, PostgisError};
pub use look::{Database, Look};
pub use source::{Fetched, Source};
pub use stream::Parts;
pub use tally::{Counts, Tallied, ValueCounts};
pub use target::{Wishes, is_address};
