//! `geocode` and `gazetteer build`: names to places on the command line.

use std::{
    error::Error,
    fs::{self, File},
    io::{self, IsTerminal, Read, Write},
    path::Path,
    process::ExitCode,
};

use harmattan::{
    beside::Beside,
    config::{Geocode, Pack},
    gazetteer::{
        Atlas, Verdict, Wish,
        batch::{BatchError, BatchOptions, BatchReport, Decisions, geocode_table},
        import, verdict,
    },
    model::Level,
    query,
    store::map,
};
use indicatif::{ProgressBar, ProgressStyle};

use crate::output;

/// Candidates that are printed at the most, and among which namesakes are counted.
const MOST_PRINTED: usize = 20;
const MOST_COMPARED: usize = 1_000;

/// The gazetteer of a file, mapped unless it is to be read into memory. The one place where such a file is opened.
pub(crate) fn open(path: &Path, no_mmap: bool) -> Result<Atlas, Box<dyn Error>> {
    let failed = |error: io::Error| format!("{}: cannot be opened: {error}", path.display());
    let bytes = if no_mmap { fs::read(path).map_err(failed)?.into() } else { map(&File::open(path).map_err(failed)?).map_err(failed)? };
    Ok(Atlas::open(bytes).map_err(|error| format!("{}: {error}", path.display()))?)
}

/// A name, or a table of names.
pub(crate) fn geocode(mut settings: Geocode) -> Result<ExitCode, Box<dyn Error>> {
    let atlas = settings.gazetteer.as_deref().map_or_else(|| Ok(Atlas::embedded()), |path| open(path, false))?;
    if let Some(said) = &settings.country {
        settings.country = Some(atlas.country_meant(said).map_err(|error| format!("--country: {error}"))?.to_owned());
    }
    let settings = &settings;
    match &settings.column {
        Some(column) => table(settings, column, &atlas),
        None if is_table(&settings.name) => {
            Err(format!("{}: a table; --column NAME says which of its columns holds the names", settings.name).into())
        }
        None => {
            query::name(Some(&settings.name), "NAME")?;
            Ok(one(settings, &atlas))
        }
    }
}

/// Whether a name is that of a file that holds a table.
fn is_table(name: &str) -> bool {
    let path = Path::new(name);
    path.extension().is_some_and(|extension| ["csv", "tsv", "txt"].iter().any(|known| extension.eq_ignore_ascii_case(known)))
        && path.is_file()
}

fn one(settings: &Geocode, atlas: &Atlas) -> ExitCode {
    // A region has the name of its town so often that only the town can be meant by a name alone; "Gao region" asks for the other.
    let wish = Wish { level: Some(Level::Settlement), ..settings.wish() };
    let hits = atlas.search(&settings.name, &wish, MOST_COMPARED);
    let mut said = match verdict(&hits, &wish) {
        Verdict::One => format!("one place: {}\n", hits[0].spot.name()),
        Verdict::Homonyms(count) => format!("ambiguous: {count} places fit equally well, or nearly so\n"),
        Verdict::Weak => "uncertain: no candidate fits well\n".to_owned(),
        Verdict::None => "no place of that name\n".to_owned(),
    };
    for hit in hits.iter().take(MOST_PRINTED) {
        let (spot, at) = (hit.spot, hit.spot.position());
        let of = [Some(spot.level().as_str()), spot.region(), Some(spot.country()).filter(|code| !code.is_empty())];
        let of = of.into_iter().flatten().collect::<Vec<_>>().join(", ");
        said += &format!("{:.2}  {:<12} {} ({of})  {} {}  {}\n", hit.score, spot.id(), spot.name(), at.lon, at.lat, hit.reason);
    }
    if hits.len() > MOST_PRINTED {
        said += &format!("and {} more\n", hits.len() - MOST_PRINTED);
    }
    // Whoever reads only the first lines closes the pipe: that is no failure.
    let _ = io::stdout().write_all(said.as_bytes());
    if hits.is_empty() { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

fn table(settings: &Geocode, column: &str, atlas: &Atlas) -> Result<ExitCode, Box<dyn Error>> {
    let decisions = match &settings.decisions {
        None => Decisions::default(),
        Some(path) => {
            let file = File::open(path).map_err(|error| format!("{}: cannot be opened: {error}", path.display()))?;
            Decisions::read(file, atlas).map_err(|error| format!("{}: {error}", path.display()))?
        }
    };
    let options = BatchOptions {
        column: column.to_owned(),
        country: settings.country.clone(),
        country_column: settings.country_column.clone(),
        near: settings.near,
        delimiter: None,
    };
    let named = |error: &dyn std::fmt::Display| format!("{}: {error}", settings.name);
    let (input, size): (Box<dyn Read>, u64) = if settings.name == "-" {
        (Box::new(io::stdin()), 0)
    } else {
        let file = File::open(&settings.name).map_err(|error| format!("{}: cannot be opened: {error}", settings.name))?;
        let size = file.metadata().map_err(|error| named(&error))?.len();
        (Box::new(file), size)
    };
    let bar = bar(&settings.name, size, size > 0);
    let input = bar.wrap_read(input);
    let geocode = |out: &mut dyn Write| geocode_table(input, out, atlas, &options, &decisions);
    let report = match &settings.out {
        None => match geocode(&mut io::stdout().lock()) {
            // Whoever reads only the first lines closes the pipe.
            Err(BatchError::Write(error)) if error.kind() == io::ErrorKind::BrokenPipe => return Ok(ExitCode::SUCCESS),
            Err(BatchError::Write(error)) => return Err(format!("standard output: cannot be written: {error}").into()),
            done => done.map_err(|error| named(&error))?,
        },
        Some(path) => {
            let unwritten = |error: io::Error| format!("{}: cannot be written: {error}", path.display());
            let mut out = io::BufWriter::new(Beside::create(path).map_err(unwritten)?);
            let report = geocode(&mut out).map_err(|error| match error {
                BatchError::Write(error) => unwritten(error),
                other => named(&other),
            })?;
            out.into_inner().map_err(|error| unwritten(error.into_error()))?.publish().map_err(unwritten)?;
            report
        }
    };
    bar.finish_and_clear();
    let BatchReport { rows, placed, decided, review, none } = report;
    eprintln!("{rows} rows: {placed} placed, {decided} decided before, {review} to review, {none} without a candidate");
    Ok(ExitCode::SUCCESS)
}

/// Packs files of places.
pub(crate) fn build(settings: &Pack) -> Result<ExitCode, Box<dyn Error>> {
    let mut bar: Option<(String, ProgressBar)> = None;
    output::check(&settings.out, settings.inputs.iter().chain(&settings.regions))?;
    let areas = if settings.regions.is_empty() { Vec::new() } else { crate::load::areas(&settings.regions)? };
    let outlines = areas.len();
    let built = import::build(&settings.inputs, areas, &settings.out, &mut |reading| {
        if bar.as_ref().is_none_or(|(file, _)| file != reading.file) {
            bar = Some((reading.file.to_owned(), self::bar(reading.file, reading.size, true)));
        }
        if let Some((_, bar)) = &bar {
            bar.set_position(reading.read);
            if reading.read == reading.size {
                bar.set_message("packing");
            }
        }
    });
    if let Some((_, bar)) = bar {
        bar.finish_and_clear();
    }
    let import::Built { packed, faults } = built?;
    eprint!("{faults}");
    let each = packed.bytes as f64 / packed.names.max(1) as f64;
    println!(
        "{}: {} places, {} names, {outlines} outlines, {} bytes ({each:.1} a name), {} rows left out",
        settings.out.display(),
        packed.places,
        packed.names,
        packed.bytes,
        faults.count
    );
    Ok(ExitCode::SUCCESS)
}

/// A bar on standard error, on a terminal only.
fn bar(name: &str, size: u64, is_known: bool) -> ProgressBar {
    if !io::stderr().is_terminal() || !is_known {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("{msg} {bar:30} {bytes}/{total_bytes}, {bytes_per_sec}, {eta} left");
    ProgressBar::new(size).with_message(name.to_owned()).with_style(style.expect("the template is well-formed"))
}
