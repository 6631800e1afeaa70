//! The loading itself: a plan is resolved into collections, each is read and made.

use std::{
    collections::HashMap,
    ops::ControlFlow,
    path::{Path, PathBuf},
    sync::Arc,
    thread,
};

use tempfile::NamedTempFile;

use super::{
    Format, How, Options, PLACES,
    advice::advice,
    collect::{self, Called, Made},
    crew::Crew,
    endings,
    fault::{Fault, FileError, Rule, Spot},
    format_of,
    input::{self, Progress, Source},
    map,
    member::{Member, PathReader},
    name,
    part::{Mark, Part},
    plan::{Input, Plan, Wanted},
    record::{self, Item, Reader, Stop},
    report::Report,
    wishes::{About, Ground, Wishes},
};
use crate::{
    dataset::{Dataset, Rule as Broken, Violation, version},
    gazetteer::{
        Atlas, Gazetteer,
        batch::{DecisionError, Decisions},
    },
    model::Text,
};

/// Reads files into a data set: one collection each, or as many as a file or a folder has in it, in their order, then the
/// gazetteer's `places` of `base`.
///
/// A folder is read as its `harmattan.toml` says; without one every file of a known format in it is. The version is a hash of the
/// files' names and bytes. `progress` is told how far each file is read.
///
/// # Errors
/// When a file cannot be read, is of no known format or reference system, or gives not one record though it holds some; when what a
/// folder says of itself breaks a rule; with [`Options::strict`] at the first fault.
pub fn load(
    paths: &[impl AsRef<Path>],
    options: Options,
    base: Dataset,
    progress: &mut dyn FnMut(Progress<'_>),
) -> Result<(Dataset, Report), FileError> {
    let Plan { collections, page, texts } = Plan::new(paths, options.decisions.as_deref())?;
    let mut taken = vec![PLACES.to_owned()];
    taken.extend(collections.iter().filter_map(|wanted| wanted.wishes.id.clone()));
    let report = Report::new(&options);
    let mut loader =
        Loader { options, gazetteer: &base.gazetteer, atlas: &base.atlas, report, sums: Vec::new(), decisions: HashMap::new(), progress };
    if let Some(path) = loader.options.decisions.clone() {
        // Its mistakes are told though no name is looked up.
        loader.decisions(&path)?;
    }
    let (mut found, mut all_made) = (Vec::new(), Vec::new());
    for wanted in collections {
        for Whole { files, wishes } in loader.resolve(wanted, &mut found)? {
            let called = called(&files, &wishes, &mut taken);
            all_made.push(loader.make(&files, &wishes, called, &mut found)?);
        }
    }
    let Loader { report, sums, .. } = loader;
    if !found.is_empty() {
        found.sort_by(|a, b| (&a.file, a.line).cmp(&(&b.file, b.line)));
        return Err(FileError::Config(found));
    }
    let is_listed = all_made.iter().any(Made::says_what_is_listed);
    let shown = all_made.iter().map(Made::layer_of_map).collect();
    let mut layers = all_made.into_iter().map(|made| made.layer).collect::<Vec<_>>();
    let map = map::config(&layers, shown, is_listed, page, &base.map);
    layers.extend(base.layers.into_iter().filter(|layer| layer.collection.id == PLACES));
    let sums = sums.iter().flat_map(|(file, sum)| [file.as_bytes(), sum]);
    // Names may be other places in another gazetteer; the embedded one is part of the build.
    let atlas = Some(base.atlas.sum()).filter(|sum| *sum != Atlas::world().sum()).map(u32::to_le_bytes);
    let texts = texts.iter().flat_map(|(file, text)| [file.as_bytes(), text.as_bytes()]);
    let version = version::of_parts(sums.chain(texts).chain(atlas.iter().map(<[u8; 4]>::as_slice)));
    Ok((Dataset { version, layers, map, gazetteer: base.gazetteer, atlas: base.atlas }, report))
}

/// What is read of a file.
struct Opened {
    input: Input,
    format: &'static Format,
    /// What is in it, where it is compressed and read by its path.
    unpacked: Option<Arc<NamedTempFile>>,
    member: Member,
}

/// The files of one collection.
struct Whole {
    files: Vec<Opened>,
    wishes: Wishes,
}

/// What a collection is called: as it is wished, else as its file calls it, else by the file's name.
fn called(files: &[Opened], wishes: &Wishes, taken: &mut Vec<String>) -> Called {
    let (table, path) = files.first().map_or((None, Path::new("")), |file| (file.member.name.as_deref(), file.input.path.as_path()));
    let id = wishes.id.clone().unwrap_or_else(|| {
        let own = table.map_or_else(|| name::slug(path), name::slug_of);
        let id = name::unique(&own, taken, '-');
        taken.push(id.clone());
        id
    });
    // What a file says of its one table counts for a collection of that table alone.
    let member = if let [file] = files { Some(&file.member) } else { None };
    let said = |text: fn(&Member) -> &Option<String>| member.and_then(|member| text(member).clone()).map(Text::plain);
    let title = wishes.title.clone().or_else(|| said(|member| &member.title));
    let title = title.unwrap_or_else(|| Text::plain(table.map_or_else(|| name::title(path), name::title_of)));
    Called { id, title, description: wishes.description.clone().or_else(|| said(|member| &member.description)) }
}

struct Loader<'a> {
    options: Options,
    gazetteer: &'a Gazetteer,
    atlas: &'a Atlas,
    report: Report,
    /// The name and the hash of each file read.
    sums: Vec<(String, [u8; 32])>,
    /// What people decided of place names, by the path of its file.
    decisions: HashMap<PathBuf, Arc<Decisions>>,
    progress: &'a mut dyn FnMut(Progress<'_>),
}

impl Loader<'_> {
    /// The collections that are wanted: with configuration one, else one of each table of each file.
    fn resolve(&mut self, Wanted { files, wishes }: Wanted, found: &mut Vec<Violation>) -> Result<Vec<Whole>, FileError> {
        let is_configured = wishes.origin.is_some();
        let mut opened = Vec::new();
        for input in files {
            let file = input.path.display().to_string();
            let known = format_of(&input.path);
            let Some((format, is_gzip)) = known else {
                // What is not there, or is a folder, is told first.
                Source::open(&input.path, &file, self.progress)?;
                return Err(FileError::Format { file, advice: advice(&input.path), endings: endings() });
            };
            let mut unpacked = None;
            let members = match format.read {
                How::Stream(_) => vec![Member::default()],
                How::Path(members, _) => {
                    let mut source = Source::open(&input.path, &file, self.progress)?;
                    let read = if is_gzip { source.unpack() } else { Ok(None) };
                    self.sums.push((name::file(&input.path), source.finish()?));
                    let members = match read {
                        Ok(file) => {
                            unpacked = file.map(Arc::new);
                            members(unpacked.as_ref().map_or(&input.path, |file| file.path()))
                        }
                        Err(error) if input::is_damage(&error) => Err(Rule::Damaged(error.to_string())),
                        Err(error) => return Err(FileError::Read { file, error }),
                    };
                    match members {
                        Ok(members) => members,
                        Err(rule) => {
                            self.report.begin(&file);
                            self.report.fault(Fault { file, spot: Spot::default(), rule })?;
                            self.report.refuse_empty()?;
                            continue;
                        }
                    }
                }
            };
            let names = || members.iter().filter_map(|member| member.name.as_deref()).collect::<Vec<_>>().join(", ");
            let is_open = input.table.is_none() && is_configured && members.len() > 1;
            let is_wrong = input.table.is_some() && !members.iter().any(|member| member.name == input.table);
            if is_open || is_wrong {
                let (table, tables) = (input.table.clone().unwrap_or_default(), names());
                match is_configured {
                    true => wishes.breaks("file", Broken::NoTable { file: name::file(&input.path), table, tables }, found),
                    false => return Err(FileError::Table { file, table, tables }),
                }
                continue;
            }
            let has_several = members.len() > 1;
            let wanted = members.into_iter().filter(|member| input.table.is_none() || member.name == input.table);
            opened.extend(wanted.map(|member| {
                // What is said of one of several tables names it.
                let table = if has_several { member.name.clone() } else { input.table.clone() };
                Opened { input: Input { table, ..input.clone() }, format, unpacked: unpacked.clone(), member }
            }));
        }
        if is_configured {
            // Its mistakes have been told; there is nothing to read.
            return Ok(if opened.is_empty() { Vec::new() } else { vec![Whole { files: opened, wishes }] });
        }
        let whole = |file: Opened| Whole { wishes: wishes_of(&file.member), files: vec![file] };
        Ok(opened.into_iter().map(whole).collect())
    }

    /// What people decided of place names, as a file has it: read once.
    fn decisions(&mut self, path: &Path) -> Result<Arc<Decisions>, FileError> {
        if let Some(known) = self.decisions.get(path) {
            return Ok(Arc::clone(known));
        }
        let file = path.display().to_string();
        let mut source = Source::open(path, &file, self.progress)?;
        let read = Decisions::read(source.stream(), self.atlas).map_err(|error| match error {
            DecisionError::Io(error) => FileError::Read { file: file.clone(), error },
            error => FileError::Decisions { file: file.clone(), error },
        });
        let read = Arc::new(read?);
        self.sums.push((name::file(path), source.finish()?));
        self.decisions.insert(path.to_owned(), Arc::clone(&read));
        Ok(read)
    }

    /// Reads a collection and makes it.
    fn make(&mut self, files: &[Opened], wishes: &Wishes, called: Called, found: &mut Vec<Violation>) -> Result<Made, FileError> {
        let names = files.iter().map(|file| file.input.name()).collect::<Vec<_>>();
        self.report.begin(&names.join(", "));
        let decisions = wishes.place.as_ref().and_then(|place| place.decisions.as_ref()).or(self.options.decisions.as_ref()).cloned();
        let decisions = decisions.map(|path| self.decisions(&path)).transpose()?;
        let ground = Ground { gazetteer: self.gazetteer, atlas: self.atlas, place: wishes.place.as_ref(), decisions: decisions.as_deref() };
        let mut all = Part::new(ground);
        for (Opened { input, format, unpacked, member }, file) in files.iter().zip(&names) {
            all.begin(file);
            match format.read {
                How::Stream(reader) => {
                    let mut source = Source::open(&input.path, file, self.progress)?;
                    stream(reader, &mut source.stream(), file, &self.options, &mut all, &mut self.report)?;
                    self.sums.push((name::file(&input.path), source.finish()?));
                }
                How::Path(_, reader) => {
                    let path = unpacked.as_ref().map_or(input.path.as_path(), |file| file.path());
                    by_path(reader, path, member, file, &mut all, &mut self.report)?;
                }
            }
        }
        let made = collect::finish(all, called, wishes, &mut self.report, found)?;
        self.report.refuse_empty()?;
        Ok(made)
    }
}

/// What a file says of one of its tables, as wishes.
fn wishes_of(member: &Member) -> Wishes {
    let plain = |text: &Option<String>| text.clone().map(Text::plain);
    let properties = member.columns.iter().map(|column| About {
        name: column.name.clone(),
        title: plain(&column.title),
        description: plain(&column.description),
        ..About::default()
    });
    Wishes { title: plain(&member.title), description: plain(&member.description), properties: properties.collect(), ..Wishes::default() }
}

/// Hands what was met on the way to the report; `Break`, with the reason, where the reading ends with it.
fn tell(part: &mut Part<'_>, file: &str, report: &mut Report, failed: &mut Option<FileError>) -> ControlFlow<()> {
    for mark in part.marks.drain(..) {
        match mark {
            Mark::Note(note) => report.note(note),
            Mark::Fault(spot, rule) => {
                if let Err(error) = report.fault(Fault { file: file.to_owned(), spot, rule }) {
                    *failed = Some(error);
                    return ControlFlow::Break(());
                }
            }
        }
    }
    match part.stop.take() {
        None => ControlFlow::Continue(()),
        Some(stop) => {
            *failed = failure(stop, file);
            ControlFlow::Break(())
        }
    }
}

fn failure(stop: Stop, file: &str) -> Option<FileError> {
    match stop {
        Stop::Asked => None,
        Stop::Io(error) => Some(FileError::Read { file: file.to_owned(), error }),
        Stop::System(system) => Some(FileError::System { file: file.to_owned(), system }),
        Stop::LateSystem(system) => Some(FileError::LateSystem { file: file.to_owned(), system }),
    }
}

fn ended(failed: Option<FileError>, ended: Result<(), Stop>, file: &str) -> Result<(), FileError> {
    match (failed, ended) {
        (Some(error), _) => Err(error),
        (None, Err(stop)) => Err(failure(stop, file).expect("who asks to stop has said why")),
        (None, Ok(())) => Ok(()),
    }
}

/// Reads the records of one stream.
pub(super) fn stream(
    reader: Reader,
    stream: &mut dyn std::io::BufRead,
    file: &str,
    options: &Options,
    all: &mut Part<'_>,
    report: &mut Report,
) -> Result<(), FileError> {
    let (mut failed, ground) = (None, all.ground());
    let mut append = |part: &mut Part<'_>| {
        all.append(part);
        tell(part, file, report, &mut failed)
    };
    let read = thread::scope(|scope| {
        let mut crew = Crew::start(scope, options.crew(), ground, &mut append);
        let mut sink = |item: Item<'_>| crew.take(item);
        let ended = input::begin(stream).and_then(|foreign| match foreign {
            Some(rule) => record::push(&mut sink, Item::Fault(Spot::default(), rule)),
            None => reader(stream, &mut sink),
        });
        // Damage to the bytes themselves is one more fault: what was read before it is good.
        let ended = match ended {
            Err(Stop::Io(error)) if input::is_damage(&error) => {
                record::push(&mut sink, Item::Fault(Spot::default(), Rule::Damaged(error.to_string())))
            }
            ended => ended,
        };
        if matches!(ended, Err(Stop::Asked)) {
            // What comes after the fault that ended it would be told in its place.
            return ended;
        }
        match (ended, crew.finish()) {
            (Ok(()), ControlFlow::Break(())) => Err(Stop::Asked),
            (ended, _) => ended,
        }
    });
    ended(failed, read, file)
}

/// Reads the records of a file that is read by its path.
fn by_path(reader: PathReader, path: &Path, member: &Member, file: &str, all: &mut Part<'_>, report: &mut Report) -> Result<(), FileError> {
    let mut failed = None;
    let mut sink = |item: Item<'_>| {
        all.take(item);
        tell(all, file, report, &mut failed)
    };
    let read = reader(path, member, &mut sink);
    ended(failed, read, file)
}
