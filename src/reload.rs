//! Serving files that change: when one does, or on SIGHUP, they are read anew by one thread beside the service and swapped in whole.
//! Data that cannot be read leave the old ones serving.

use std::{
    collections::BTreeSet,
    error::Error,
    path::{Path, PathBuf},
    sync::{
        Arc,
        mpsc::{self, Receiver, RecvTimeoutError, Sender},
    },
    thread,
    time::Duration,
};

use harmattan::{
    api::{App, Live},
    config::Settings,
    dataset::files::Options,
};
use notify::{Event, RecommendedWatcher, RecursiveMode, Watcher};

use crate::load;

/// How long files must have been left alone before they are read: programs write in several steps.
const QUIET: Duration = Duration::from_millis(500);

/// Keeps the data of some files current for as long as it lives.
pub(crate) struct Reload {
    changed: Sender<()>,
    _watcher: RecommendedWatcher,
}

impl Reload {
    /// Watches the folders of `paths`, since a file that is replaced is another file of the same name, and starts the thread that reads.
    ///
    /// # Errors
    /// When the folders cannot be watched.
    pub(crate) fn start(paths: Vec<PathBuf>, options: Options, live: Live) -> Result<Self, Box<dyn Error>> {
        let (changed, changes) = mpsc::channel();
        let files = paths.iter().map(std::path::absolute).collect::<Result<BTreeSet<_>, _>>()?;
        let folders = files.iter().filter_map(|path| path.parent()).map(Path::to_path_buf).collect::<BTreeSet<_>>();
        let tell = changed.clone();
        let mut watcher = notify::recommended_watcher(move |event: notify::Result<Event>| {
            if event.is_ok_and(|event| !event.kind.is_access() && event.paths.iter().any(|path| files.contains(path))) {
                // The thread is gone only when the program ends.
                let _ = tell.send(());
            }
        })?;
        for folder in folders {
            watcher.watch(&folder, RecursiveMode::NonRecursive)?;
        }
        thread::Builder::new().name("reload".into()).spawn(move || run(&changes, &paths, options, &live))?;
        Ok(Self { changed, _watcher: watcher })
    }

    /// Reads the files anew, as after a change.
    pub(crate) fn now(&self) {
        let _ = self.changed.send(());
    }
}

fn run(changes: &Receiver<()>, paths: &[PathBuf], options: Options, live: &Live) {
    while changes.recv().is_ok() {
        loop {
            match changes.recv_timeout(QUIET) {
                Ok(()) => {}
                Err(RecvTimeoutError::Timeout) => break,
                Err(RecvTimeoutError::Disconnected) => return,
            }
        }
        let settings = live.current().settings.clone();
        match read(paths, options, settings) {
            Ok(app) if app.store.version() == live.current().store.version() => {
                tracing::info!("the files changed, their content did not");
                live.replace(live.current());
            }
            Ok(app) => {
                tracing::info!(version = app.store.version().0, "the files were read anew");
                live.replace(Arc::new(app));
            }
            Err(error) => {
                tracing::error!(%error, "the changed files cannot be served; the data from before are");
                live.failed(error.to_string());
            }
        }
    }
}

fn read(paths: &[PathBuf], options: Options, settings: Settings) -> Result<App, Box<dyn Error>> {
    Ok(App::new(load::data(paths, options)?, settings))
}
