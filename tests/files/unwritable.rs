//! What cannot be written: the message names the path that was given and the reason, and nothing is left behind.

use std::{
    fs,
    path::Path,
    process::{Command, Output},
};

use crate::{
    running::{PROGRAM, run},
    support::Folder,
};

const SITES: &str = "name,lon,lat\nGao,-4,15\nMénaka,2.4,15.9\n";

/// The commands that write a file, with what they read of a folder; the path of what is written goes behind them.
fn commands(folder: &Folder) -> [Vec<String>; 4] {
    let sites = folder.file("sites.csv", SITES).display().to_string();
    let places = folder.file("places.csv", "id,name,country,lon,lat\n1,Gao,ML,-0.04,16.27\n2,Kidal,ML,1.4,18.4\n").display().to_string();
    [
        vec!["build", &sites, "-o"],
        vec!["export", &sites, "-o"],
        vec!["gazetteer", "build", &places, "-o"],
        vec!["geocode", &sites, "--column", "name", "-o"],
    ]
    .map(|words| words.into_iter().map(str::to_owned).collect())
}

fn names(folder: &Path) -> Vec<String> {
    let mut names = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect::<Vec<_>>();
    names.sort();
    names
}

/// It failed, and said only this of what it was to write.
fn check(ended: Output, path: &str, reason: &str) {
    let said = String::from_utf8(ended.stderr).unwrap();
    assert_eq!(ended.status.code(), Some(1), "{path}: {said}");
    let last = said.lines().last().unwrap_or_default();
    assert_eq!(last, format!("harmattan: {path}: cannot be written: {reason}"), "{said}");
}

#[test]
fn a_path_that_cannot_be_written_is_named_with_the_reason() {
    let folder = Folder::new();
    fs::create_dir_all(folder.path("folder.pmtiles/inside")).unwrap();
    let pipe = folder.path("pipe.pmtiles");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let commands = commands(&folder);
    let before = names(&folder.here());
    for command in commands {
        let missing = folder.path("missing/x.pmtiles").display().to_string();
        let below = folder.path("sites.csv/x.pmtiles").display().to_string();
        let reasons = [
            (missing.clone(), format!("there is no folder {}", folder.path("missing").display())),
            (below, "Not a directory (os error 20)".to_owned()),
            (folder.path("folder.pmtiles").display().to_string(), "a folder has this name".to_owned()),
            (pipe.display().to_string(), "what has this name is no file, but a device or a pipe".to_owned()),
            #[cfg(target_os = "linux")]
            ("/proc/x.pmtiles".to_owned(), "No such file or directory (os error 2)".to_owned()),
        ];
        for (path, reason) in reasons {
            let arguments = command.iter().chain([&path]).map(String::as_str).collect::<Vec<_>>();
            check(run(&arguments), &path, &reason);
        }
        assert_eq!(names(&folder.here()), before, "{command:?}");
    }
}

/// A full disk, as far as a process can tell: no file grows beyond 512 bytes.
#[test]
fn a_file_that_does_not_fit_leaves_what_was_there() {
    let folder = Folder::new();
    let rows = (0..200).map(|row| format!("Gao,{},15\n", f64::from(row) / 100.0)).collect::<String>();
    for mut command in commands(&folder) {
        folder.file("sites.csv", format!("name,lon,lat\n{rows}"));
        let path = folder.file("x.pmtiles", "before").display().to_string();
        let before = names(&folder.here());
        command.push(path.clone());
        let ended = Command::new("sh").args(["-c", "ulimit -f 1; exec \"$@\"", "sh", PROGRAM]).args(&command).output().unwrap();
        check(ended, &path, "File too large (os error 27)");
        assert_eq!((names(&folder.here()), fs::read_to_string(&path).unwrap()), (before, "before".to_owned()), "{command:?}");
    }
}

#[test]
fn what_is_read_is_not_written_over() {
    let folder = Folder::new();
    let [build, _, pack, geocode] = commands(&folder);
    for (command, name, content) in
        [(build, "sites.csv", SITES.to_owned()), (pack, "places.csv", fs::read_to_string(folder.path("places.csv")).unwrap())]
    {
        // By another way.
        let path = folder.here().join(".").join(name).display().to_string();
        let arguments = command.iter().chain([&path]).map(String::as_str).collect::<Vec<_>>();
        check(run(&arguments), &path, "it is one of the files to be read");
        assert_eq!(fs::read_to_string(folder.path(name)).unwrap(), content);
    }
    // A table may take the place of the one that it was made of.
    let path = folder.path("sites.csv").display().to_string();
    let arguments = geocode.iter().chain([&path]).map(String::as_str).collect::<Vec<_>>();
    assert!(run(&arguments).status.success());
    assert!(fs::read_to_string(path).unwrap().starts_with("name,lon,lat,place_id,"));
}

/// Without output named, the table goes to standard output, which may be closed or full.
#[test]
fn standard_output_is_told_of_as_such() {
    let folder = Folder::new();
    let [.., mut geocode] = commands(&folder);
    geocode.pop();
    let ended = Command::new("sh").args(["-c", "\"$@\" >/dev/full", "sh", PROGRAM]).args(&geocode).output().unwrap();
    check(ended, "standard output", "No space left on device (os error 28)");
    let rows = "Gao,-4,15\n".repeat(20_000);
    folder.file("sites.csv", format!("name,lon,lat\n{rows}"));
    let script = "{ \"$@\"; echo \"$?\" >&2; } | head -n 1";
    let ended = Command::new("sh").args(["-c", script, "sh", PROGRAM]).args(&geocode).output().unwrap();
    assert_eq!(String::from_utf8(ended.stderr).unwrap(), "0\n");
}
