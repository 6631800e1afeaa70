//! Every setting once: flag, environment variable, unit, default and effect; checked at start. The only module that reads the environment.

mod export;
mod rules;

use std::{net::SocketAddr, path::PathBuf, time::Duration};

use clap::{Args, Parser, Subcommand, ValueEnum};
use ipnet::IpNet;

pub use export::Export;
use rules::{country, folder, near, origin, public_url, tile_template};

use crate::{
    model::Position,
    query::{Limits, Systems},
};

/// Places, dates and who says so: an interactive map and an OGC API – Features service in one binary.
///
/// Without a command it serves the files that are named, or else the embedded data set: open the address that it prints.
#[derive(Debug, Parser)]
#[command(name = "harmattan", version, max_term_width = 110, args_conflicts_with_subcommands = true)]
pub struct Cli {
    /// What to do; serves where nothing is named.
    #[command(subcommand)]
    pub command: Option<Command>,
    /// Settings of the server.
    #[command(flatten)]
    pub serve: Serve,
}

/// What the program can do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Serve the map and the API (the default).
    Serve(Box<Serve>),
    /// Make a snapshot of files: one file that is served at once, however large, and swapped in whole when it is replaced.
    Build(Build),
    /// Write collections as vector tiles: one PMTiles archive, which any web server can serve.
    Export(Export),
    /// Check the embedded data set, or snapshots, and print every violation; exit status 1 where there is one.
    Check(Check),
    /// Look up a place name and print the candidates, best first; or the names in a column of a table.
    Geocode(Geocode),
    /// Make a gazetteer of your own.
    #[command(subcommand)]
    Gazetteer(Gazetteer),
}

/// Settings of `build`.
#[derive(Debug, Args)]
pub struct Build {
    /// Files and folders, as `serve` takes them.
    #[arg(value_name = "PATH", required = true)]
    pub paths: Vec<PathBuf>,
    /// The snapshot to write. It appears under this name when it is whole; until then what stood there stays.
    #[arg(short, long, value_name = "FILE")]
    pub output: PathBuf,
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
    /// Do not compress answers beforehand: half the time to build and three quarters of the size, but gzip answers cost the server
    /// ten times as much.
    #[arg(long)]
    pub no_gzip: bool,
}

/// Settings of `check`.
#[derive(Debug, Args)]
pub struct Check {
    /// Snapshots to check, byte by byte, instead of the embedded data set.
    #[arg(value_name = "FILE", conflicts_with = "documents")]
    pub files: Vec<PathBuf>,
    /// Folder with the documents' texts: also verifies hash, locator and anchor of every claim against them.
    #[arg(long, value_name = "DIR", env = "HARMATTAN_DOCUMENTS")]
    pub documents: Option<PathBuf>,
}

/// Settings of `geocode`.
#[derive(Debug, Args)]
pub struct Geocode {
    /// The name, in any spelling; with --column, the table (.csv, .tsv; - for standard input).
    #[arg(value_name = "NAME|TABLE")]
    pub name: String,
    /// Column of the table that holds the names. Each row gets id, position, match, score and candidates; those without one clear
    /// answer are marked `review`.
    #[arg(long, value_name = "COLUMN")]
    pub column: Option<String>,
    /// Country to prefer, as ISO 3166-1 alpha-2 code, e.g. ML.
    #[arg(long, value_name = "CODE", value_parser = country)]
    pub country: Option<String>,
    /// Column of the table that holds each row's country, as code or name.
    #[arg(long, value_name = "COLUMN", requires = "column")]
    pub country_column: Option<String>,
    /// Point to prefer, in degrees, longitude first, e.g. -3.0,16.8.
    #[arg(long, value_name = "LON,LAT", allow_hyphen_values = true, value_parser = near)]
    pub near: Option<Position>,
    /// File of decisions that people took (name,country,id,who,why), replayed before anything is looked up.
    #[arg(long, value_name = "FILE", requires = "column")]
    pub decisions: Option<PathBuf>,
    /// Where to write the table. Default: standard output.
    #[arg(long, short, value_name = "FILE", requires = "column")]
    pub out: Option<PathBuf>,
    /// Packed gazetteer to look in, as `harmattan gazetteer build` makes it. Default: the embedded one.
    #[arg(long, value_name = "FILE", env = "HARMATTAN_GAZETTEER")]
    pub gazetteer: Option<PathBuf>,
}

/// What can be done with gazetteers.
#[derive(Debug, Subcommand)]
pub enum Gazetteer {
    /// Pack files of places: GeoNames' (allCountries.txt, alternateNamesV2.txt, hierarchy.txt, admin1CodesASCII.txt), Linked Places (.json), tables
    /// with name, lon, lat (.csv, .tsv), Who's On First rows; each also with .gz. Bad rows are reported and left out.
    Build(Pack),
}

/// Settings of `gazetteer build`.
#[derive(Debug, Args)]
pub struct Pack {
    /// Files to read.
    #[arg(required = true, value_name = "FILE")]
    pub inputs: Vec<PathBuf>,
    /// File with outlines of regions, in any format that can be served; /places/reverse then says in which of them a point lies. The
    /// property that names them is found as for the map; `level` and `country` are taken where there are any.
    #[arg(long, value_name = "FILE")]
    pub regions: Vec<PathBuf>,
    /// File to write; what is there is replaced once the new one is whole.
    #[arg(long, short, value_name = "FILE", default_value = "places.gazetteer")]
    pub out: PathBuf,
}

/// How log lines are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}

/// How much is logged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LogLevel {
    /// Nothing but failures.
    Error,
    /// And what may need attention.
    Warn,
    /// And one line for each request.
    Info,
    /// And what each step did.
    Debug,
}

/// Settings of the server, as flags and environment variables.
#[expect(rustdoc::bare_urls, reason = "these texts are the command line's help as well, where `<` and `>` would stand beside the address")]
#[derive(Debug, Clone, Args)]
pub struct Serve {
    /// Files to serve instead of the embedded data set, one collection each: GeoJSON (.geojson, .json), GeoJSON a line
    /// (.geojsonl, .ndjson, .geojsons), FlatGeobuf (.fgb), tables (.csv, .tsv), GeoPackage (.gpkg, one of its tables as
    /// file.gpkg:table) and GeoParquet (.parquet), each also with .gz; a folder of them, with or without a harmattan.toml that says what they
    /// are; or one snapshot (.harmattan). Or the tables of a PostGIS database, read only: postgresql://user@host:port/database. The variable
    /// holds one.
    // The address of a database may hold a password, which no help repeats.
    #[arg(value_name = "PATH", env = "HARMATTAN_PATH", hide_env_values = true)]
    pub paths: Vec<PathBuf>,
    /// Schema of the database whose tables are served; may be given several times. Default: every schema that its user may read.
    #[arg(long = "pg-schema", value_name = "NAME", env = "HARMATTAN_PG_SCHEMAS", value_delimiter = ',')]
    pub pg_schemas: Vec<String>,
    /// Table or view of the database to serve, as table or schema.table; may be given several times. Default: every one that has a
    /// geometry and a key.
    #[arg(long = "pg-table", value_name = "TABLE", env = "HARMATTAN_PG_TABLES", value_delimiter = ',')]
    pub pg_tables: Vec<String>,
    /// File with the password of the database, as ~/.pgpass: host:port:database:user:password. Default: the password in its address, else
    /// the one in PGPASSWORD.
    #[arg(long = "pg-passfile", value_name = "FILE", env = "HARMATTAN_PG_PASSFILE")]
    pub pg_passfile: Option<PathBuf>,
    /// Connections to the database at the most, those of downloads aside.
    #[arg(long = "pg-connections", value_name = "N", env = "HARMATTAN_PG_CONNECTIONS", default_value_t = 8, value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub pg_connections: u32,
    /// Seconds after which the database is looked at anew: its tables, columns, counts and extents. SIGHUP does it at once; 0 leaves it
    /// at that.
    #[arg(long = "pg-refresh", value_name = "SECONDS", env = "HARMATTAN_PG_REFRESH", default_value_t = 900, value_parser = clap::value_parser!(u64).range(0..=86_400))]
    pub pg_refresh: u64,
    /// Packed gazetteer behind /places and /reconcile, in which columns of place names are looked up too, as `harmattan gazetteer build`
    /// makes it. Default: the embedded one.
    #[arg(long, value_name = "FILE", env = "HARMATTAN_GAZETTEER")]
    pub gazetteer: Option<PathBuf>,
    /// What people decided of place names in the files (name,country,id,who,why), replayed before any is looked up, as `harmattan geocode`
    /// does; read anew when it changes. A harmattan.toml may name one for each collection.
    #[arg(long, value_name = "FILE", env = "HARMATTAN_DECISIONS")]
    pub decisions: Option<PathBuf>,
    /// Stop at the first bad record of the files instead of leaving it out.
    #[arg(long, env = "HARMATTAN_STRICT", value_parser = clap::builder::FalseyValueParser::new(), action = clap::ArgAction::SetTrue)]
    pub strict: bool,
    /// Read a snapshot into memory instead of mapping it: for disks that may fail or go away, and files that other programs write into.
    #[arg(long, env = "HARMATTAN_NO_MMAP", value_parser = clap::builder::FalseyValueParser::new(), action = clap::ArgAction::SetTrue)]
    pub no_mmap: bool,
    /// Address and port to listen on; port 0 takes a free one and prints it.
    #[arg(long, value_name = "ADDRESS", env = "HARMATTAN_LISTEN", default_value = "127.0.0.1:8080")]
    pub listen: SocketAddr,
    /// Address under which clients see the service, with its path prefix, e.g. https://example.org/geo; every link is built on it.
    /// Default: what a trusted proxy says, else the Host that the client names.
    #[arg(long, value_name = "URL", env = "HARMATTAN_PUBLIC_URL", value_parser = public_url)]
    pub public_url: Option<String>,
    /// Network (CIDR) whose Forwarded and X-Forwarded-* headers are believed; may be given several times.
    #[arg(long = "trusted-proxy", value_name = "CIDR", env = "HARMATTAN_TRUSTED_PROXIES", value_delimiter = ',')]
    pub trusted_proxies: Vec<IpNet>,
    /// Origin that may show the map (/embed, no other page) in a frame, e.g. https://news.example, or '*' for all; may be given several
    /// times. Default: none.
    #[arg(long = "frame-ancestor", value_name = "ORIGIN", env = "HARMATTAN_FRAME_ANCESTORS", value_delimiter = ',', value_parser = origin)]
    pub frame_ancestors: Vec<String>,
    /// Raster tiles to draw under the map instead of the built-in base map, e.g. 'https://tiles.example/{z}/{x}/{y}.png'.
    #[arg(long, value_name = "TEMPLATE", env = "HARMATTAN_TILES", value_parser = tile_template, requires = "tiles_attribution")]
    pub tiles: Option<String>,
    /// Whom to credit for the raster tiles, as plain text.
    #[arg(long, value_name = "TEXT", env = "HARMATTAN_TILES_ATTRIBUTION")]
    pub tiles_attribution: Option<String>,
    /// How much to log.
    #[arg(long, value_name = "LEVEL", env = "HARMATTAN_LOG_LEVEL", value_enum, default_value = "info")]
    pub log_level: LogLevel,
    /// How to write log lines.
    #[arg(long, value_name = "FORMAT", env = "HARMATTAN_LOG_FORMAT", value_enum, default_value = "text")]
    pub log_format: LogFormat,
    /// Features on a page where the request names no limit.
    #[arg(long, value_name = "N", env = "HARMATTAN_DEFAULT_LIMIT", default_value_t = 1000, value_parser = clap::value_parser!(u32).range(1..))]
    pub default_limit: u32,
    /// Features on a page at the most; a larger limit is clamped to it.
    #[arg(long, value_name = "N", env = "HARMATTAN_MAX_LIMIT", default_value_t = 10_000, value_parser = clap::value_parser!(u32).range(1..))]
    pub max_limit: u32,
    /// Reference system to offer beside CRS84, EPSG:4326, EPSG:3857 and the UTM zones 28 to 31 north, e.g. EPSG:2154; may be given
    /// several times.
    #[arg(long = "crs", value_name = "CODE", env = "HARMATTAN_CRS", value_delimiter = ',', value_parser = Systems::check)]
    pub crs: Vec<String>,
    /// Bytes of GeoJSON on a page at the most, about; a page that would be longer ends early, with a link to the next one.
    #[arg(long, value_name = "BYTES", env = "HARMATTAN_PAGE_BYTES", default_value_t = 64 << 20, value_parser = clap::value_parser!(u64).range(1..))]
    pub page_bytes: u64,
    /// Seconds for which caches, a CDN among them, may answer without asking; with 0 they ask each time whether the answer has changed.
    #[arg(long, value_name = "SECONDS", env = "HARMATTAN_MAX_AGE", default_value_t = 0, value_parser = clap::value_parser!(u32).range(0..=31_536_000))]
    pub max_age: u32,
    /// Seconds that one request may take.
    #[arg(long, value_name = "SECONDS", env = "HARMATTAN_REQUEST_TIMEOUT", default_value_t = 30, value_parser = clap::value_parser!(u64).range(1..=3600))]
    pub request_timeout: u64,
    /// Seconds that one request may spend on looking at features one by one, where no index and no column answers its filter; a
    /// question that needs longer is refused (400), with a word on what would be quick.
    #[arg(long, value_name = "SECONDS", env = "HARMATTAN_QUERY_TIMEOUT", default_value_t = 5, value_parser = clap::value_parser!(u64).range(1..=3600))]
    pub query_timeout: u64,
    /// Seconds that open requests get to finish after SIGTERM or SIGINT.
    #[arg(long, value_name = "SECONDS", env = "HARMATTAN_SHUTDOWN_TIMEOUT", default_value_t = 30, value_parser = clap::value_parser!(u64).range(0..=3600))]
    pub shutdown_timeout: u64,
    /// Requests answered at the same time; more are told to come back (503).
    #[arg(long, value_name = "N", env = "HARMATTAN_MAX_REQUESTS", default_value_t = 512, value_parser = clap::value_parser!(u32).range(1..))]
    pub max_requests: u32,
    /// Downloads of whole collections written at the same time; more are told to come back (503).
    #[arg(long, value_name = "N", env = "HARMATTAN_MAX_DOWNLOADS", default_value_t = 8, value_parser = clap::value_parser!(u32).range(1..=256))]
    pub max_downloads: u32,
    /// Folder in which finished downloads are kept, so that they are written once and can be resumed. Default: none, and they are
    /// written for each client.
    #[arg(long, value_name = "DIR", env = "HARMATTAN_CACHE_DIR", value_parser = folder)]
    pub cache_dir: Option<PathBuf>,
    /// Bytes that the folder of finished downloads may take; those that nobody has asked for the longest go first.
    #[arg(long, value_name = "BYTES", env = "HARMATTAN_CACHE_BYTES", default_value_t = 4 << 30, value_parser = clap::value_parser!(u64).range(1..))]
    pub cache_bytes: u64,
    /// Connections held at the same time; more wait until one closes.
    #[arg(long, value_name = "N", env = "HARMATTAN_MAX_CONNECTIONS", default_value_t = 4096, value_parser = clap::value_parser!(u32).range(1..))]
    pub max_connections: u32,
    /// Bytes of a request's address at the most; longer ones get 414.
    #[arg(long, value_name = "BYTES", env = "HARMATTAN_MAX_URL", default_value_t = 8192, value_parser = clap::value_parser!(u32).range(64..=32_768))]
    pub max_url: u32,
    /// Bytes of a request's headers at the most; more get 431.
    #[arg(long, value_name = "BYTES", env = "HARMATTAN_MAX_HEADERS", default_value_t = 16_384, value_parser = clap::value_parser!(u32).range(256..=65_536))]
    pub max_headers: u32,
    /// Bytes of a request's body at the most; larger ones get 413.
    #[arg(long, value_name = "BYTES", env = "HARMATTAN_MAX_BODY", default_value_t = 65_536)]
    pub max_body: u32,
}

impl Serve {
    /// The password of a database, where the environment has one under the name that PostgreSQL's own programs read.
    pub fn pg_password() -> Option<String> {
        std::env::var("PGPASSWORD").ok().filter(|password| !password.is_empty())
    }
}

impl Geocode {
    /// What a name is looked up in the light of.
    pub fn wish(&self) -> crate::gazetteer::Wish<'_> {
        crate::gazetteer::Wish { country: self.country.as_deref(), near: self.near, ..Default::default() }
    }
}

impl LogLevel {
    /// The level as the log takes it.
    pub fn filter(self) -> tracing::Level {
        match self {
            Self::Error => tracing::Level::ERROR,
            Self::Warn => tracing::Level::WARN,
            Self::Info => tracing::Level::INFO,
            Self::Debug => tracing::Level::DEBUG,
        }
    }
}

/// The checked settings that handlers and layers read.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Where the server listens; links fall back on it where a client names no host.
    pub listen: SocketAddr,
    /// Base of every link, without a trailing slash.
    pub public_url: Option<String>,
    /// Whose forwarding headers are believed.
    pub trusted_proxies: Vec<IpNet>,
    /// Origins that may frame `/embed`.
    pub frame_ancestors: Vec<String>,
    /// Raster tiles: address template and attribution.
    pub tiles: Option<(String, String)>,
    /// Page sizes.
    pub limits: Limits,
    /// Bytes of GeoJSON on a page, about.
    pub page_bytes: u64,
    /// Seconds for which a cache may answer without asking.
    pub max_age: u32,
    /// Since when answers are what they are, in seconds since 1970-01-01T00:00:00Z; where it is not known, no answer says so.
    pub modified: Option<u64>,
    /// Time for one request.
    pub request_timeout: Duration,
    /// Time for looking at features one by one.
    pub query_timeout: Duration,
    /// Time for open requests at the end.
    pub shutdown_timeout: Duration,
    /// Requests at the same time.
    pub max_requests: usize,
    /// Downloads written at the same time.
    pub max_downloads: usize,
    /// Where finished downloads are kept.
    pub cache_dir: Option<PathBuf>,
    /// Bytes that they may take.
    pub cache_bytes: u64,
    /// Connections at the same time.
    pub max_connections: usize,
    /// Bytes of an address.
    pub max_url: usize,
    /// Bytes of headers.
    pub max_headers: usize,
    /// Bytes of a body.
    pub max_body: usize,
    /// The settings that shape answers, spelled out: part of every entity tag.
    pub fingerprint: String,
}

impl From<Serve> for Settings {
    fn from(serve: Serve) -> Self {
        let systems = Systems::with(&serve.crs);
        let limits = Limits { default: serve.default_limit.min(serve.max_limit), most: serve.max_limit, systems };
        let tiles = serve.tiles.zip(serve.tiles_attribution);
        let fingerprint = format!("{limits:?} {} {tiles:?} {:?}", serve.page_bytes, serve.frame_ancestors);
        Self {
            listen: serve.listen,
            public_url: serve.public_url,
            trusted_proxies: serve.trusted_proxies,
            frame_ancestors: serve.frame_ancestors,
            tiles,
            limits,
            page_bytes: serve.page_bytes,
            max_age: serve.max_age,
            modified: None,
            request_timeout: Duration::from_secs(serve.request_timeout),
            query_timeout: Duration::from_secs(serve.query_timeout),
            shutdown_timeout: Duration::from_secs(serve.shutdown_timeout),
            max_requests: serve.max_requests as usize,
            max_downloads: serve.max_downloads as usize,
            cache_dir: serve.cache_dir,
            cache_bytes: serve.cache_bytes,
            max_connections: serve.max_connections as usize,
            max_url: serve.max_url as usize,
            max_headers: serve.max_headers as usize,
            max_body: serve.max_body as usize,
            fingerprint,
        }
    }
}

impl Default for Settings {
    /// The settings of a server started with no flag and no environment variable.
    fn default() -> Self {
        // Parsing an empty command line keeps the defaults in one place; the environment is not asked.
        let matches = <Serve as Args>::augment_args(clap::Command::new("harmattan"))
            .mut_args(|arg| arg.env(None::<&str>))
            .get_matches_from(["harmattan"]);
        <Serve as clap::FromArgMatches>::from_arg_matches(&matches).expect("every setting has a default").into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_consistent_and_every_setting_has_a_variable() {
        Cli::command().debug_assert();
        let serve = <Serve as Args>::augment_args(clap::Command::new("serve"));
        for argument in serve.get_arguments() {
            let variable = argument.get_env().and_then(|name| name.to_str()).unwrap_or_default();
            assert!(variable.starts_with("HARMATTAN_"), "{} has no environment variable", argument.get_id());
        }
    }
}
