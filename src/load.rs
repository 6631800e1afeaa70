//! What is served: a snapshot, the files that were named, or the embedded data set; with a bar while it is read.

use std::{
    error::Error,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use harmattan::{
    api::App,
    config::{Serve, Settings},
    dataset::{
        Dataset, Prepared, Violation,
        files::{self, Options, OutsidePlan, Progress},
    },
    gazetteer::{Atlas, pack::Area},
    model::{Batch, Geometry, Level, Value},
    store::{Build, Database, Made, Snapshot, Sums, Wishes, is_address},
};
use indicatif::{ProgressBar, ProgressStyle};

use crate::{geocode, output};

type Failed = Box<dyn Error>;

/// How files are read and served.
#[derive(Debug, Clone, Default)]
pub(crate) struct How {
    pub(crate) options: Options,
    /// Whether a snapshot is read into memory.
    pub(crate) no_mmap: bool,
    /// The places of the world, where they are not the embedded ones.
    pub(crate) atlas: Option<Arc<Atlas>>,
}

impl How {
    /// With the gazetteer at this path, where one is named.
    pub(crate) fn with_gazetteer(self, path: Option<&Path>) -> Result<Self, Failed> {
        let atlas = path.map(|path| geocode::open(path, self.no_mmap)).transpose()?.map(Arc::new);
        Ok(Self { atlas, ..self })
    }
}

/// What these paths hold, ready to be served, and what remains to be verified of it: a snapshot's sums.
pub(crate) fn app(paths: &[PathBuf], how: &How, settings: Settings) -> Result<(App, Option<Sums>), Failed> {
    let settings = Settings { modified: since(), ..settings };
    let snapshot = snapshot(paths)?;
    if how.options.decisions.is_some() && (paths.is_empty() || snapshot.is_some()) {
        let what = if paths.is_empty() { "of the embedded data set" } else { "in a snapshot" };
        return Err(
            format!("--decisions: the records {what} have their places already; what was decided counts where files are read").into()
        );
    }
    let Some(path) = snapshot else { return Ok((App::new(data(paths, how)?, settings), None)) };
    let snapshot = Snapshot::open(path, !how.no_mmap).map_err(|error| format!("{}: {error}", path.display()))?;
    let sums = snapshot.sums.clone();
    Ok((App::of_snapshot(snapshot, part(how, Dataset::names)?, settings), Some(sums)))
}

/// The database among some paths, which is served alone; nothing is asked of it yet.
pub(crate) fn database(serve: &Serve) -> Result<Option<Arc<Database>>, Failed> {
    let Some(address) = plan(&serve.paths)?.map(|plan| plan.address) else { return Ok(None) };
    if serve.paths.len() > 1 {
        // The address may hold a password.
        return Err("a database is served alone: start another server for the files, or load them into the database (ogr2ogr)".into());
    }
    if serve.decisions.is_some() {
        return Err("--decisions: what was decided of place names counts where files are read; a database has its geometries".into());
    }
    Ok(Some(Arc::new(Database::new(Wishes {
        address,
        password: Serve::pg_password(),
        passfile: serve.pg_passfile.clone(),
        schemas: serve.pg_schemas.clone(),
        tables: serve.pg_tables.clone(),
        connections: serve.pg_connections as usize,
        time: Duration::from_secs(serve.query_timeout),
    })?)))
}

/// What is wished of a database, where one of some paths is its address, or a `harmattan.toml` that names it.
fn plan(paths: &[PathBuf]) -> Result<Option<OutsidePlan>, Failed> {
    for path in paths {
        if let Some(address) = path.to_str().filter(|text| is_address(text)) {
            return Ok(Some(OutsidePlan::all(address.to_owned())));
        }
        if let Some(plan) = OutsidePlan::of(path)? {
            return Ok(Some(plan));
        }
    }
    Ok(None)
}

/// What the database that some paths name holds, ready to be served.
pub(crate) fn of_database(database: &Database, paths: &[PathBuf], how: &How, settings: Settings) -> Result<App, Failed> {
    let plan = plan(paths)?.ok_or("the configuration names no database any more: start the program anew to serve files")?;
    let look = database.look(plan)?;
    for note in &look.notes {
        tracing::warn!("{note}");
    }
    Ok(App::of_database(look, part(how, Dataset::names)?, settings))
}

/// The snapshot among some paths; it is served alone.
fn snapshot(paths: &[PathBuf]) -> Result<Option<&Path>, Failed> {
    match paths.iter().find(|path| Snapshot::is_at(path)) {
        Some(path) if paths.len() > 1 => {
            Err(format!("{}: a snapshot is served alone; build one of all files, or serve the files themselves", path.display()).into())
        }
        found => Ok(found.map(PathBuf::as_path)),
    }
}

/// Builds a snapshot of some files; what was read and written goes to standard error.
pub(crate) fn build(paths: &[PathBuf], how: &How, build: Build, output: &Path) -> Result<(), Failed> {
    if let Some(path) = paths.iter().find(|path| Snapshot::is_at(path)) {
        return Err(format!("{}: is a snapshot already", path.display()).into());
    }
    output::check(output, paths)?;
    // The places are not written: their names alone are needed.
    let Dataset { mut layers, map, .. } = read(paths, how, part(how, Dataset::names)?)?;
    layers.retain(|layer| layer.collection.id != files::PLACES);
    let mut bar = Bar::default();
    let mut tell = |collection: &harmattan::model::Collection, made: Made| bar.show(&collection.id, made.features, made.of, FEATURES);
    let written = Snapshot::write(output, layers, &map, build, &mut tell)
        .map_err(|error| format!("{}: cannot be written: {error}", output.display()));
    drop(bar);
    eprintln!("{}: {} bytes", output.display(), written?);
    Ok(())
}

/// Takes every sum of a snapshot, and opens it.
pub(crate) fn check(path: &Path) -> Result<String, Failed> {
    refuse_addresses(&[path.to_owned()])?;
    let failed = |error| format!("{}: {error}", path.display());
    let snapshot = Snapshot::open(path, true).map_err(failed)?;
    let mut bar = Bar::default();
    let name = path.display().to_string();
    let verified = snapshot.sums.verify(&mut |done, all| bar.show(&name, done, all, BYTES));
    drop(bar);
    verified.map_err(failed)?;
    let features = snapshot.layers.iter().map(|layer| u64::from(layer.table().len())).sum::<u64>();
    Ok(format!("{name}: whole; {} collections, {features} features, version {}", snapshot.layers.len(), snapshot.version.0))
}

/// The outlines in some files: every feature with an area, named by the property that names it on the map.
pub(crate) fn areas(paths: &[PathBuf]) -> Result<Vec<Area>, Failed> {
    let data = data(paths, &How::default())?;
    let mut areas = Vec::new();
    for Prepared { collection, views, .. } in data.layers.into_iter().filter(|layer| layer.collection.id != files::PLACES) {
        let property = |name: &str| collection.schema.position(name);
        let label = collection.label.as_ref().and_then(|label| property(&label.en)).or_else(|| property("name"));
        let (level, country) = (property("level"), property("country"));
        for feature in views.iter().flat_map(Batch::features) {
            let text = |index: Option<usize>| match index.map(|index| &feature.values[index]) {
                Some(Value::Text(text)) => text.as_str(),
                _ => "",
            };
            let rings = feature.geometry.as_ref().map(Geometry::rings).unwrap_or_default();
            if rings.is_empty() {
                continue;
            }
            let level = Level::parse(text(level)).unwrap_or(Level::Region);
            let name = if text(label).is_empty() { &feature.id } else { text(label) };
            areas.push(Area {
                id: format!("{}/{}", collection.id, feature.id),
                name: name.to_owned(),
                country: text(country).to_owned(),
                level: Level::ALL.iter().position(|known| *known == level).unwrap_or(0) as u8,
                rings,
            });
        }
    }
    if areas.is_empty() {
        return Err("no region in these files has an area: outlines are polygons".into());
    }
    Ok(areas)
}

/// The embedded data set, or a part of it, with the gazetteer given.
fn part(how: &How, of: fn() -> Result<Dataset, Vec<Violation>>) -> Result<Dataset, Failed> {
    let data = of().map_err(|violations| format!("the embedded data set breaks {} rules", violations.len()))?;
    Ok(match &how.atlas {
        Some(atlas) => Dataset { atlas: Arc::clone(atlas), ..data },
        None => data,
    })
}

/// The data set of these files, or the embedded one where there are none.
fn data(paths: &[PathBuf], how: &How) -> Result<Dataset, Failed> {
    if paths.is_empty() { part(how, Dataset::embedded) } else { read(paths, how, part(how, Dataset::names)?) }
}

/// Refuses the address of a database where files are asked for, without a word of it: it may hold a password.
fn refuse_addresses(paths: &[PathBuf]) -> Result<(), Failed> {
    if paths.iter().any(|path| path.to_str().is_some_and(is_address)) {
        return Err("a database can only be served: its collections leave as files at /collections/{id}/download".into());
    }
    Ok(())
}

/// The data set of these files, beside what is part of the program; what was read of them goes to standard error.
fn read(paths: &[PathBuf], how: &How, base: Dataset) -> Result<Dataset, Failed> {
    refuse_addresses(paths)?;
    let mut bar = Bar::default();
    let mut tell = |Progress { file, read, size }: Progress<'_>| bar.show(file, read, size, BYTES);
    let loaded = files::load(paths, how.options.clone(), base, &mut tell);
    drop(bar);
    let (data, report) = loaded?;
    eprintln!("{report}");
    Ok(data)
}

/// The moment from which on answers are what they are, in seconds since 1970-01-01T00:00:00Z: now. Data that are read now may be of
/// any age, and were other ones before; the program and its settings, which shape every answer, may have been other ones until now.
/// `None` where the clock stands before that year.
fn since() -> Option<u64> {
    std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).ok().map(|since| since.as_secs())
}

const BYTES: &str = "{msg} {bar:30} {bytes}/{total_bytes}, {bytes_per_sec}, {eta} left";
const FEATURES: &str = "{msg} {bar:30} {human_pos}/{human_len} features, {per_sec}, {eta} left";

/// How far the work at hand is, with rate and time left: drawn on standard error, on a terminal only, gone when dropped.
#[derive(Debug, Default)]
pub(crate) struct Bar {
    bar: Option<ProgressBar>,
    name: String,
}

impl Bar {
    /// Shows how far something is done; another name gets a bar of its own.
    pub(crate) fn show(&mut self, name: &str, done: u64, all: u64, template: &str) {
        if self.bar.is_none() || self.name != name {
            self.clear();
            self.name = name.to_owned();
            let style = ProgressStyle::with_template(template).expect("the templates are well-formed, as a test shows");
            self.bar = Some(ProgressBar::new(all).with_message(name.to_owned()).with_style(style));
        }
        if let Some(bar) = &self.bar {
            bar.set_position(done);
        }
    }

    fn clear(&mut self) {
        if let Some(bar) = self.bar.take() {
            bar.finish_and_clear();
        }
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        self.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_is_made_for_each_file_and_stays_silent_off_a_terminal() {
        let mut bar = Bar::default();
        for (file, read, template) in [("a", 1, BYTES), ("a", 2, BYTES), ("b", 1, FEATURES)] {
            bar.show(file, read, 2, template);
        }
        assert_eq!(bar.name, "b");
    }
}
