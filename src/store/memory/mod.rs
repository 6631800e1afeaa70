//! The memory store: one table for each view of each collection, over bytes in memory or in a mapped file.
//!
//! # Where the microseconds go
//! A page of a box, through the whole server: 1 million points, 50,000 different boxes that hold the limit, sampled with
//! `perf record -F 4000 -g -p PID` under the load of `tests/perf/addresses.lua` on two cores of an AMD EPYC (Zen 5) that other work
//! kept busy. Shares of the server's CPU time:
//!
//! | what | limit 10 | limit 1,000 |
//! | --- | --- | --- |
//! | the kernel: one `writev` and one `recvfrom` an answer, and waking the client | 38 % | 61 % |
//! | the store: the tree's blocks, the ends of runs, copies of short runs | 14 % | 14 % |
//! | hyper and http: parsing the request, writing the head | 10 % | 6 % |
//! | allocator | 9 % | 4 % |
//! | links, cursor and numbers written as text | 6 % | 3 % |
//! | tokio | 5 % | 3 % |
//! | handlers, parameters, headers | 4 % | 2 % |
//! | routing and layers | 3 % | 2 % |
//! | SHA-256 of the entity tag | 0.4 % | 0.4 % |
//!
//! What is left is memory: the answers to different boxes lie in different places, so that the copies and the tree wait for it,
//! where a static file stays in the caches. That is why runs of 128 KiB and more are sent from the mapped file
//! (`api::sending`), which copies nothing. A box of 10 takes 59,000 instructions and 50 allocations outside the kernel (callgrind, the
//! hash of the entity tag aside): copying 8 % of them, the allocator 17 %, nothing else more than 3 %. It makes two system calls, one to
//! read and one to write, and a tenth of one to wait, under a load of 16 connections.
//!
//! Since then the places of runs are all looked up before any is copied, a hash begins where all answers' hashes begin alike, and a
//! request is in one box less: 1 to 3 % of a small page.
//!
//! What changed little: another allocator (mimalloc 2 and 3: pages 0.4 to 0.7 µs cheaper, 3 % of one of 10; but a build took 12 %
//! longer and half as much memory again, so it is not used); to gather runs from 1 KiB on, or only from 16 KiB on, in place of 4 KiB
//! (boxes of 100 within 2 %, of 1,000 level to 7 % dearer); to read a byte of every run before the first is copied; to send shorter runs
//! from the file too, each by its own call or many together through a pipe (splice, or vmsplice of the mapping, which copies nothing:
//! boxes of 1,000 and 10,000 level to 10 % dearer).
//!
//! What changed much is the size of the pages in which the system holds the file. A snapshot is written in blocks of 1 MiB, and the thread
//! that verifies its sums reads it in such of 2 MiB, so that a file that was not in memory comes in large pages, too. Beside the same
//! file in pages that are four fifths of 4 kB, as a busy machine came to hold it, a box of 10,000 costs the server 22 % less, one run of
//! 10,000 31 %, of 1,000 25 %, a box of 1,000 8 %, smaller answers 0 to 8 % (Linux 6.18, ext4). The mapping that answers are read
//! from asks for no large pages (`MADV_HUGEPAGE`), since each small read of a file that does not fit into memory would become one
//! of 2 MiB.

mod arena;
mod array;
mod bits;
mod blocks;
mod build;
mod cluster;
mod columns;
mod halves;
mod ids;
mod index;
mod kernels;
mod lanes;
mod numbers;
mod order;
mod ranks;
mod row;
mod scan;
mod sections;
mod series;
mod shapes;
mod table;
mod tally;
mod texts;
mod times;
mod tree;
mod types;
mod within;
mod words;

pub use blocks::{Compressor, Packed};
pub use build::{Build, Made};
pub(super) use cluster::CellGrid;
pub(super) use columns::Kept;
pub(super) use kernels::ones;
pub use row::Row;
pub use sections::Damage;
pub(super) use sections::{Sections, Sink, Target};
pub use series::{Marks, Series};
pub use table::{About, Piece, Table};
pub use types::Types;
