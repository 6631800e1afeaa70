//! OGC's abstract test suites (annex A of each standard served): one test of ours for each abstract test, named by its identifier, asked
//! of the program itself over TCP, on the embedded data set and on an awkward one; most of them on the places of the world as well.
//!
//! Each suite lists its tests in one table ([`suite!`](table)); the table says which requirement a test covers, the run whether it
//! passed, and both are written to `abstract-tests.md` in cargo's folder for tests. A class that the service declares and no test
//! covers fails [`table`]'s own test.

pub(crate) mod awkward;
mod common;
mod core;
mod crs;
mod drafts;
mod encodings;
mod features;
mod filtering;
mod jsonfg;
mod openapi;
mod schemas;
mod site;
mod table;
mod tiles;
mod tms;

pub(crate) use table::note_cql2;
