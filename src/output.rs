//! Files that are written: whether they can be is said before the work for them is done.

use std::{
    fs,
    path::{Path, PathBuf},
};

use harmattan::beside::Beside;

/// Whether a file can be written under this name, without doing so.
///
/// # Errors
/// Why not, where the system would not have it, or where it is one of the files that are to be read.
pub(crate) fn check<'a>(output: &Path, inputs: impl IntoIterator<Item = &'a PathBuf>) -> Result<(), String> {
    let unwritten = |reason: &str| Err(format!("{}: cannot be written: {reason}", output.display()));
    if let Ok(known) = fs::canonicalize(output)
        && inputs.into_iter().any(|input| fs::canonicalize(input).is_ok_and(|input| input == known))
    {
        return unwritten("it is one of the files to be read");
    }
    Beside::create(output).map(drop).or_else(|error| unwritten(&error.to_string()))
}

/// Has the system refuse what would make a file longer than the process may write (`ulimit -f`), where it would otherwise end it without
/// a word.
pub(crate) fn outlive_size_limit() {
    #[cfg(unix)]
    {
        use rustix::process::Signal;
        use tokio::signal::unix::{SignalKind, signal};
        // Whoever listens to a signal once is never ended by it again. If that fails, the program ends as it would have.
        let listening = tokio::runtime::Builder::new_current_thread().enable_io().build();
        let _ = listening.map(|runtime| {
            let _inside = runtime.enter();
            signal(SignalKind::from_raw(Signal::XFSZ.as_raw())).map(drop)
        });
    }
}
