//! Settings of `export`.

use std::path::PathBuf;

use clap::Args;

use crate::model::Tile;

/// Settings of `export`.
#[derive(Debug, Args)]
pub struct Export {
    /// Files and folders, or one snapshot, as `serve` takes them; the embedded data set where none is named.
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// A collection to draw; may be given more than once. Without it, every one that has geometries, a layer each.
    #[arg(long = "collection", value_name = "ID")]
    pub collections: Vec<String>,
    /// The archive to write, FILE.pmtiles. It appears under this name when it is whole; until then what stood there stays.
    #[arg(short, long, value_name = "FILE")]
    pub output: PathBuf,
    /// Draw only features of which this condition is true, in CQL2 text; every collection drawn must have what it names.
    #[arg(long, value_name = "CQL2")]
    pub filter: Option<String>,
    /// Draw only features whose time possibly meets this day, instant or interval, as the parameter datetime has it.
    #[arg(long, value_name = "TIME")]
    pub datetime: Option<String>,
    /// A property to write; may be given more than once. Without it, all.
    #[arg(long = "property", value_name = "NAME")]
    pub properties: Vec<String>,
    /// First zoom.
    #[arg(long, value_name = "ZOOM", default_value_t = 0, value_parser = clap::value_parser!(u32).range(0..=i64::from(Tile::MOST_ZOOM)))]
    pub min_zoom: u32,
    /// Last zoom; maps enlarge its tiles beyond. Default: the first from 11 on (units of 5 m) that draws every feature by itself and
    /// counts none, 14 at the most.
    #[arg(long, value_name = "ZOOM", value_parser = clap::value_parser!(u32).range(0..=i64::from(Tile::MOST_ZOOM)))]
    pub max_zoom: Option<u32>,
    /// Packed gazetteer in which columns of place names are looked up, as `harmattan gazetteer build` makes it. Default: the embedded
    /// one.
    #[arg(long, value_name = "FILE", env = "HARMATTAN_GAZETTEER")]
    pub gazetteer: Option<PathBuf>,
    /// What people decided of place names (name,country,id,who,why), replayed before any is looked up, as `harmattan geocode` does.
    #[arg(long, value_name = "FILE", env = "HARMATTAN_DECISIONS")]
    pub decisions: Option<PathBuf>,
    /// Stop at the first bad record instead of leaving it out.
    #[arg(long)]
    pub strict: bool,
}
