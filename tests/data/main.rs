//! The embedded data set is what its sources say, and every rule of a data set is kept or reported.

mod broken;
mod documents;
mod embedded;
mod expected;
mod gazetteer;
mod support;
mod traps;
