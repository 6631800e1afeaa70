//! Serving files that change: when one does, or on SIGHUP, they are read anew by one thread beside the service and swapped in whole.
//! Data that cannot be read leave the old ones serving.

use std::{
    error::Error,
    path::PathBuf,
    sync::{
        Arc,
        mpsc::{self, Receiver, RecvTimeoutError, Sender},
    },
    thread,
    time::Duration,
};

use harmattan::{
    api::Live,
    store::{Database, Sums},
};

use crate::{
    load::{self, How},
    watch::Watch,
};

/// How long files must have been left alone before they are read: programs write in several steps.
const QUIET: Duration = Duration::from_millis(500);

/// Keeps the data of some files current for as long as it lives.
pub(crate) struct Reload {
    changed: Sender<()>,
}

impl Reload {
    /// Watches what `paths` stand for, and starts the thread that reads.
    ///
    /// # Errors
    /// When the folders cannot be watched.
    pub(crate) fn start(paths: Vec<PathBuf>, how: How, live: Live) -> Result<Self, Box<dyn Error>> {
        let (changed, changes) = mpsc::channel();
        let mut watch = Watch::new(changed.clone())?;
        watch.update(&paths, &how.options)?;
        thread::Builder::new().name("reload".into()).spawn(move || run(&changes, &paths, how, &live, watch))?;
        Ok(Self { changed })
    }

    /// Starts the thread that looks at a database anew after so many seconds; with 0 only when it is told to.
    ///
    /// # Errors
    /// When there is no thread to be had.
    pub(crate) fn look(database: Arc<Database>, paths: Vec<PathBuf>, seconds: u64, how: How, live: Live) -> Result<Self, Box<dyn Error>> {
        let (changed, changes) = mpsc::channel();
        let every = if seconds == 0 { Duration::MAX } else { Duration::from_secs(seconds) };
        thread::Builder::new().name("look".into()).spawn(move || {
            while !matches!(changes.recv_timeout(every), Err(RecvTimeoutError::Disconnected)) {
                let settings = live.current().settings.clone();
                match load::of_database(&database, &paths, &how, settings) {
                    Ok(app) if app.store.version() == live.current().store.version() => live.replace(live.current()),
                    Ok(app) => {
                        tracing::info!(version = %app.store.version().0, "the database is described anew");
                        live.replace(Arc::new(app));
                    }
                    Err(error) => {
                        tracing::warn!(%error, "the database cannot be looked at: it is served as it was described before");
                        // Where the database is, and what is in it, is nobody's business but the log's.
                        live.failed("the database cannot be looked at; the server's log says why".to_owned());
                    }
                }
            }
        })?;
        Ok(Self { changed })
    }

    /// Reads the files anew, as after a change.
    pub(crate) fn now(&self) {
        let _ = self.changed.send(());
    }
}

fn run(changes: &Receiver<()>, paths: &[PathBuf], mut how: How, live: &Live, mut watch: Watch) {
    // The service comes first: this thread, and no more than this one, takes what it leaves over.
    how.options.threads = 1;
    // What is half written is not served in place of what is whole.
    how.options.whole = true;
    step_back();
    let work = rayon::ThreadPoolBuilder::new().num_threads(1).start_handler(|_| step_back()).build();
    while changes.recv().is_ok() {
        loop {
            match changes.recv_timeout(QUIET) {
                Ok(()) => {}
                Err(RecvTimeoutError::Timeout) => break,
                Err(RecvTimeoutError::Disconnected) => return,
            }
        }
        if let Err(error) = watch.update(paths, &how.options) {
            tracing::warn!(%error, "what the files name cannot be watched: changes of it are noticed on SIGHUP only");
        }
        let now = live.current();
        let settings = now.settings.clone();
        let read = || load::app(paths, &how, settings).map_err(|error| error.to_string());
        let read = match &work {
            Ok(work) => work.install(read),
            Err(_) => read(),
        };
        match read {
            Ok((app, _)) if app.store.version() == live.current().store.version() => {
                tracing::info!("the files changed, their content did not");
                live.replace(live.current());
            }
            Ok((app, sums)) => {
                tracing::info!(version = app.store.version().0, "the files were read anew");
                live.replace(Arc::new(app));
                if let Some(sums) = sums {
                    verify(&sums, live);
                }
            }
            Err(error) => {
                tracing::error!(%error, "the changed files cannot be served; the data from before are");
                live.failed(error);
            }
        }
    }
}

/// Verifies a snapshot that is served already, beside the service; damage is said in the log and in `/readyz`.
pub(crate) fn verify_beside(sums: Sums, live: Live) -> std::io::Result<()> {
    let verify = move || {
        step_back();
        verify(&sums, &live);
    };
    thread::Builder::new().name("verify".into()).spawn(verify).map(|_| ())
}

fn verify(sums: &Sums, live: &Live) {
    match sums.verify(&mut |_, _| {}) {
        Ok(()) => tracing::info!("the snapshot is whole"),
        Err(error) => {
            tracing::error!(%error, "the snapshot that is served is not what was written");
            live.failed(format!("the snapshot {error}"));
        }
    }
}

/// Gives this thread the lowest priority; where the system does not let it, it goes on with the one that it has.
fn step_back() {
    let _ = rustix::process::nice(19);
}
