//! What the figures are taken with: seeded data, the addresses that are asked for, and a plain server to compare with.
//!
//! `cargo run --release --example perf -- COMMAND`, where the command is
//! - `points N FILE`: N points as one GeoJSON feature a line, about 271 bytes each;
//! - `polygons N FILE`: N stars of 24 corners;
//! - `addresses N DIR`: for these N points, lists of addresses to ask, one a line;
//! - `naive FILE`: serves a file of points with axum, rstar and the geojson crate, as most would write it.

mod addresses;
mod counted;
mod features;
mod naive;
#[path = "../seeded.rs"]
mod seeded;

use std::{env, error::Error, path::Path, process::ExitCode};

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let arguments = env::args().skip(1).collect::<Vec<_>>();
    let arguments = arguments.iter().map(String::as_str).collect::<Vec<_>>();
    match arguments[..] {
        ["points", count, file] => features::points(count.parse()?, Path::new(file))?,
        ["polygons", count, file] => features::polygons(count.parse()?, Path::new(file))?,
        ["addresses", count, folder] => addresses::write(count.parse()?, Path::new(folder))?,
        ["naive", file] => naive::serve(Path::new(file))?,
        _ => {
            eprintln!("usage: perf points N FILE | polygons N FILE | addresses N DIR | naive FILE");
            return Ok(ExitCode::from(2));
        }
    }
    Ok(ExitCode::SUCCESS)
}
