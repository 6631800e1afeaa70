//! What is served: the files that were named, with a bar while they are read, or the embedded data set.

use std::{error::Error, path::PathBuf};

use harmattan::dataset::{
    Dataset,
    files::{self, Options, Progress},
};
use indicatif::{ProgressBar, ProgressStyle};

/// The data set of these files, or the embedded one where there are none; what was read of the files goes to standard error.
pub(crate) fn data(paths: &[PathBuf], options: Options) -> Result<Dataset, Box<dyn Error>> {
    let embedded = Dataset::embedded().map_err(|violations| format!("the embedded data set breaks {} rules", violations.len()))?;
    if paths.is_empty() {
        return Ok(embedded);
    }
    let mut bar = Bar::default();
    let (data, report) = files::load(paths, options, embedded, &mut |progress| bar.show(progress))?;
    drop(bar);
    eprintln!("{report}");
    Ok(data)
}

/// How far the file at hand is read, with rate and time left: drawn on standard error, on a terminal only, gone when dropped.
#[derive(Debug, Default)]
struct Bar {
    bar: Option<ProgressBar>,
    file: String,
}

impl Bar {
    /// Shows how far a file is read; another file gets a bar of its own.
    fn show(&mut self, progress: Progress<'_>) {
        if self.bar.is_none() || self.file != progress.file {
            self.clear();
            self.file = progress.file.to_owned();
            self.bar = Some(bar(progress));
        }
        if let Some(bar) = &self.bar {
            bar.set_position(progress.read);
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

fn bar(progress: Progress<'_>) -> ProgressBar {
    let style = ProgressStyle::with_template("{msg} {bar:30} {bytes}/{total_bytes}, {bytes_per_sec}, {eta} left");
    let bar = ProgressBar::new(progress.size).with_message(progress.file.to_owned());
    bar.with_style(style.expect("the template is well-formed, as a test shows"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_is_made_for_each_file_and_stays_silent_off_a_terminal() {
        let mut bar = Bar::default();
        for (file, read) in [("a", 1), ("a", 2), ("b", 1)] {
            bar.show(Progress { file, read, size: 2 });
        }
        assert_eq!(bar.file, "b");
    }
}
