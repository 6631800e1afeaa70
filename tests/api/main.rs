//! The web service, asked as a client asks it: most requests go over TCP to the program itself, which
//! runs once for all tests; those that need settings of their own go through the whole stack of layers without a network.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on may panic, helpers among them")]

mod architecture;
mod clients;
mod clusters;
mod counts;
mod cql2;
mod defects;
mod dependencies;
mod documents;
mod downloads;
mod errors;
mod explain;
mod filter;
mod http;
mod items;
mod mvt;
mod ogc;
mod pages;
mod places;
mod process;
mod reconcile;
mod running;
mod server;
mod support;
mod tiles;
