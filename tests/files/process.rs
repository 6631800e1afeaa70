//! The program with files: what it serves, what it says and how it ends.

use std::{
    ffi::OsStr,
    io::{Read, Write},
    path::Path,
    process::Command,
};

use crate::{
    running::{PROGRAM, Running, run},
    support::Folder,
};

const SITES: &str = "name,opened,lon,lat\nWell,2023-08-03,-4,15\nBad,2023-08-04,-4,95\nClinic,2023-09-01,-3,14\n";

/// Serves some paths.
fn serve(arguments: &[&str], paths: &[&Path]) -> Running {
    let quiet = ["--log-level", "error"];
    let arguments = arguments.iter().chain(&quiet).map(OsStr::new);
    Running::start(arguments.chain(paths.iter().map(|path| path.as_os_str())))
}

#[test]
fn files_take_the_place_of_the_embedded_collections() {
    let folder = Folder::new();
    let path = folder.file("sites.csv", SITES);
    for arguments in [&["serve"][..], &[]] {
        let server = serve(arguments, &[&path]);
        let items = server.get("/collections/sites/items?bbox=-5,14.5,-3,16");
        assert!(items.contains("\"numberMatched\":1,") && items.contains("\"name\":\"Well\""), "{items}");
        let dated = server.get("/collections/sites/items?datetime=2023-09-01/..");
        assert!(dated.contains("\"numberMatched\":1,") && dated.contains("\"name\":\"Clinic\""), "{dated}");
        assert!(server.get("/collections/bases").starts_with("HTTP/1.1 404"));
        assert!(server.get("/collections/places").starts_with("HTTP/1.1 200"));
        assert!(server.get("/places/suggest?q=Menaka").contains("2453514"));
        let map = server.get("/map.json");
        for part in ["\"title\":{\"en\":\"Sites\"}", "\"collection\":\"sites\"", "\"earliest\":\"opened\"", "\"start\":\"2023-08-03\""] {
            assert!(map.contains(part), "{part}: {map}");
        }
        for page in
            ["/?f=html", "/collections/sites?f=html", "/collections/sites/items?f=html", "/collections/sites/items/1?f=html", "/api"]
        {
            assert!(server.get(page).starts_with("HTTP/1.1 200"), "{page}");
        }
        let (_, said) = server.stop();
        assert!(said.contains("sites.csv:3: latitude 95 is outside -90..=90"), "{said}");
        assert!(said.contains("2 features in collection \"sites\"; 0 without a position, 1 bad left out"), "{said}");
    }
}

#[test]
fn it_ends_with_a_message_where_it_cannot_serve() {
    let folder = Folder::new();
    let path = folder.file("sites.csv", SITES);
    let path = path.to_str().unwrap();
    for (arguments, message) in [
        (&["serve", "missing.file"][..], "harmattan: missing.file: there is no such file\n"),
        (
            &["serve", "--strict", path],
            "sites.csv:3: latitude 95 is outside -90..=90; are longitude and latitude swapped? (strict: the first bad record ends it)\n",
        ),
    ] {
        let ended = run(arguments);
        let said = String::from_utf8(ended.stderr).unwrap();
        assert_eq!(ended.status.code(), Some(1), "{said}");
        assert!(said.ends_with(message), "{said}");
    }
}

/// Asks until the answer holds `wanted`; gives up after a time that no reload takes.
fn wait_for(server: &Running, path: &str, wanted: &str) -> String {
    for _ in 0..300 {
        let answer = server.get(path);
        if answer.contains(wanted) {
            return answer;
        }
        std::thread::sleep(std::time::Duration::from_millis(100));
    }
    panic!("{path} never held {wanted:?}: {}", server.get(path));
}

#[test]
fn a_changed_file_is_served_and_a_broken_one_is_not() {
    let folder = Folder::new();
    let path = folder.file("sites.csv", "id,name,lon,lat\na,Well,-4,15\nb,Clinic,-3,14\nc,School,-2,13\n");
    let server = serve(&["serve"], &[&path]);
    let first = server.get("/collections/sites/items?limit=1");
    let next = first.split("cursor=").nth(1).and_then(|rest| rest.split(['"', '>', '&']).next()).unwrap().to_owned();

    // Published by rename, as a careful program does.
    let fresh = folder.file("fresh.tmp", "id,name,lon,lat\na,Well,-4,15\nb,Clinic,-3,14\nc,School,-2,13\nd,Market,-1,12\n");
    std::fs::rename(&fresh, &path).unwrap();
    wait_for(&server, "/collections/sites/items", "\"numberMatched\":4,");
    let on = server.get(&format!("/collections/sites/items?limit=1&cursor={next}"));
    assert!(on.starts_with("HTTP/1.1 200") && on.contains("\"numberReturned\":1,"), "a download runs on: {on}");

    folder.file("sites.csv", "id,name,lon,lat\na,Nowhere,999,95\n");
    let ready = wait_for(&server, "/readyz", "reload_failed");
    assert!(ready.contains("sites.csv") && ready.contains("\"status\":\"ready\""), "{ready}");
    assert!(server.get("/collections/sites/items").contains("\"numberMatched\":4,"), "the data from before are served");

    folder.file("sites.csv", "id,name,lon,lat\na,Well,-4,15\n");
    wait_for(&server, "/collections/sites/items", "\"numberMatched\":1,");
    assert!(!server.get("/readyz").contains("reload_failed"), "trouble is forgotten");
}

#[test]
fn a_folder_is_watched_and_what_it_comes_to_name() {
    let (folder, outside) = (Folder::new(), Folder::new());
    folder.file("sites.csv", "id,lon,lat\na,-4,15\n");
    let server = serve(&["serve"], &[&folder.here()]);
    folder.file("wells.csv", "id,lon,lat\na,-4,15\nb,-3,14\n");
    wait_for(&server, "/collections/wells/items", "\"numberMatched\":2,");
    let config = |file: &Path| format!("[[collection]]\nid = \"a\"\ntitle = \"Named\"\nfile = \"{}\"\n", file.display());
    let far = outside.file("far.csv", "id,lon,lat\na,-4,15\n");
    folder.file("harmattan.toml", config(&far));
    assert!(wait_for(&server, "/collections", "\"id\":\"a\"").contains("\"title\":\"Named\""));
    outside.file("far.csv", "id,lon,lat\na,-4,15\nb,-3,14\nc,-2,13\n");
    wait_for(&server, "/collections/a/items", "\"numberMatched\":3,");
    folder.file("harmattan.toml", "[[colection]]\n");
    assert!(wait_for(&server, "/readyz", "reload_failed").contains("did you mean collection?"));
}

#[test]
fn what_stands_on_the_way_to_a_file_may_be_swapped() {
    use std::os::unix::fs::symlink;
    let folder = Folder::new();
    let here = folder.here();
    let rows = ["a,-4,15", "b,-3,14", "c,-2,13", "d,-1,12", "e,0,11"];
    let write = |name: &str, count: usize| {
        std::fs::create_dir(here.join(name)).unwrap();
        std::fs::write(here.join(name).join("sites.csv"), format!("id,lon,lat\n{}\n", rows[..count].join("\n"))).unwrap();
    };
    // As a release is made current: a link is swapped for another by renaming it.
    let point = |to: &str, name: &str| {
        symlink(to, here.join("new-link")).unwrap();
        std::fs::rename(here.join("new-link"), here.join(name)).unwrap();
    };
    write("release-1", 1);
    point("release-1", "current");
    // As a ConfigMap is mounted: each file is a link into a folder that is a link.
    std::fs::create_dir(here.join("mounted")).unwrap();
    write("mounted/..2024_1", 1);
    point("..2024_1", "mounted/..data");
    symlink("..data/sites.csv", here.join("mounted/places-of-care.csv")).unwrap();
    write("plain", 1);

    let path = |name: &str| here.join(name);
    let server = serve(&["serve"], &[&path("current/sites.csv"), &path("mounted"), &path("plain/sites.csv")]);
    let wait = |collection: &str, count: usize| {
        wait_for(&server, &format!("/collections/{collection}/items"), &format!("\"numberMatched\":{count},"));
    };
    wait("sites", 1);
    write("release-2", 2);
    point("release-2", "current");
    wait("sites", 2);
    // Once more, since what is watched now is another folder; and within it.
    write("release-3", 3);
    std::fs::remove_file(here.join("current")).unwrap();
    symlink("release-3", here.join("current")).unwrap();
    wait("sites", 3);
    std::fs::write(here.join("release-3/sites.csv"), format!("id,lon,lat\n{}\n", rows.join("\n"))).unwrap();
    wait("sites", 5);
    write("mounted/..2024_2", 4);
    point("..2024_2", "mounted/..data");
    wait("places-of-care", 4);
    // A folder itself may be swapped for another.
    write("other", 2);
    std::fs::rename(here.join("plain"), here.join("old")).unwrap();
    std::fs::rename(here.join("other"), here.join("plain")).unwrap();
    wait("sites-2", 2);
}

#[test]
fn a_hangup_reads_the_files_anew() {
    let folder = Folder::new();
    let path = folder.file("sites.csv", "name,lon,lat\nWell,-4,15\n");
    let server = serve(&["serve"], &[&path]);
    assert!(Command::new("kill").args(["-HUP", &server.child.id().to_string()]).status().unwrap().success());
    std::fs::write(&path, "name,lon,lat\nWell,-4,15\nClinic,-3,14\n").unwrap();
    wait_for(&server, "/collections/sites/items", "\"numberMatched\":2,");
}

#[test]
fn a_file_cut_short_is_not_served_in_place_of_a_whole_one() {
    let folder = Folder::new();
    let feature = |id: &str| format!(r#"{{"type":"Feature","id":"{id}","geometry":null,"properties":{{}}}}"#);
    let whole = format!(r#"{{"type":"FeatureCollection","features":[{},{}]}}"#, feature("a"), feature("b"));
    let path = folder.file("sites.geojson", &whole);
    let server = serve(&["serve"], &[&path]);
    std::fs::write(&path, &whole[..whole.len() - 20]).unwrap();
    let ready = wait_for(&server, "/readyz", "reload_failed");
    assert!(ready.contains("the file ends inside it"), "{ready}");
    assert!(server.get("/collections/sites/items").contains("\"numberMatched\":2,"));
}

#[test]
fn a_snapshot_is_built_served_checked_and_replaced() {
    let folder = Folder::new();
    let (sites, regions) = (folder.file("sites.csv", SITES), folder.file("regions.geojson", r#"{"type":"Point","coordinates":[1,2]}"#));
    let snapshot = folder.file("data.harmattan", "");
    let build = |paths: &[&Path]| {
        let ended = Command::new(PROGRAM).arg("build").args(paths).arg("-o").arg(&snapshot).output().unwrap();
        (ended.status.success(), String::from_utf8(ended.stderr).unwrap())
    };
    let (is_built, said) = build(&[&sites, &regions]);
    assert!(is_built && said.contains("sites.csv:3: latitude 95") && said.contains("data.harmattan: "), "{said}");

    let server = serve(&["serve"], &[&snapshot]);
    let items = server.get("/collections/sites/items?bbox=-5,14.5,-3,16");
    assert!(items.contains("\"numberMatched\":1,") && items.contains("\"name\":\"Well\""), "{items}");
    assert!(server.get("/collections/regions/items").contains("\"numberMatched\":1,"));
    assert!(server.get("/collections/places").starts_with("HTTP/1.1 200"));
    assert!(server.get("/map.json").contains("\"collection\":\"sites\""));

    let checked = run(&["check", snapshot.to_str().unwrap()]);
    assert!(checked.status.success() && String::from_utf8(checked.stdout).unwrap().contains("whole; 2 collections, 3 features"));

    // A failed build leaves what stands there; a good one is swapped in.
    let before = std::fs::read(&snapshot).unwrap();
    let (is_built, said) = build(&[&folder.file("bad.csv", "lon,lat\n999,0\n")]);
    assert!(!is_built && said.contains("not one good record") && std::fs::read(&snapshot).unwrap() == before, "{said}");
    assert!(build(&[&sites]).0);
    wait_for(&server, "/collections/regions", "404");
    assert!(server.get("/collections/sites/items").contains("\"numberMatched\":2,"));

    // Damage is refused, with the reason.
    let mut bytes = std::fs::read(&snapshot).unwrap();
    let table = u64::from_le_bytes(bytes[16..24].try_into().unwrap()) as usize;
    bytes[table] ^= 1;
    std::fs::write(folder.file("fresh.tmp", ""), &bytes).unwrap();
    std::fs::rename(folder.path("fresh.tmp"), &snapshot).unwrap();
    let ready = wait_for(&server, "/readyz", "reload_failed");
    assert!(ready.contains("is damaged"), "{ready}");
    assert!(server.get("/collections/sites/items").contains("\"numberMatched\":2,"), "the data from before are served");
    let checked = run(&["check", snapshot.to_str().unwrap()]);
    assert_eq!(checked.status.code(), Some(1));
    let ended = run(&["serve", snapshot.to_str().unwrap(), "--listen", "127.0.0.1:0"]);
    assert!(String::from_utf8(ended.stderr).unwrap().contains("data.harmattan: is damaged: its table of sections"));
    let ended = run(&["serve", snapshot.to_str().unwrap(), sites.to_str().unwrap()]);
    assert!(String::from_utf8(ended.stderr).unwrap().contains("a snapshot is served alone"));
}

#[test]
fn long_runs_of_a_mapped_file_arrive_whole() {
    let folder = Folder::new();
    let note = "by the road ".repeat(20);
    let row = |n: i32| format!("{n},{note},{},{}\n", n % 300 - 150, n / 300 - 60);
    let rows = (0..12_000).map(row).collect::<String>();
    let (table, file) = (folder.file("sites.csv", format!("id,note,lon,lat\n{rows}")), folder.path("sites.harmattan"));
    let built = run(&["build", table.to_str().unwrap(), "-o", file.to_str().unwrap()]);
    assert!(built.status.success(), "{built:?}");
    let (mapped, copied) = (serve(&[], &[&file]), serve(&["--no-mmap"], &[&file]));
    for path in ["/collections/sites/items?limit=10000", "/collections/sites/items?limit=10000&bbox=-20.5,-59.5,90,-30"] {
        let sent = slowly(&mapped, path);
        assert!(sent.len() > 500_000, "{path}: more than a connection takes at once");
        assert!(sent.ends_with("]}\n") && serde_json::from_str::<serde_json::Value>(&sent).is_ok(), "{path}");
        assert!(sent == slowly(&copied, path), "{path}");
    }
}

/// The body of an answer that is read after a while, so that the server can only send a part of it at a time.
fn slowly(server: &Running, path: &str) -> String {
    let mut stream = server.connect();
    write!(stream, "GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").unwrap();
    std::thread::sleep(std::time::Duration::from_millis(100));
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer.split_once("\r\n\r\n").unwrap().1.to_owned()
}

#[test]
fn decisions_on_place_names_are_replayed_and_read_anew() {
    let folder = Folder::new();
    let visits = folder.file("visits.csv", "town,country,seen\nOgossagou,ML,1\nGao,ML,2\n");
    let head = "name,country,id,who,why\n";
    let decided = folder.file("decided.csv", format!("{head}Ogossagou,ML,2452421,desk,near Bankass\n"));
    let flags = ["--decisions", decided.to_str().unwrap()];
    let server = serve(&["serve", flags[0], flags[1]], &[&folder.here()]);
    assert!(!server.get("/collections").contains("\"id\":\"decided\""), "it is no collection of the folder that it is in");
    let first = server.get("/collections/visits/items?seen=1");
    for said in ["\"place_id\":\"2452421\"", "\"place_match\":\"decision\"", "\"decided_by\":\"desk\"", "\"decided_why\":\"near Bankass\""]
    {
        assert!(first.contains(said), "{said}: {first}");
    }
    folder.file("decided.csv", format!("{head}ogossagou,,none,desk,not known which\n"));
    let second = wait_for(&server, "/collections/visits/items?seen=1", "not known which");
    assert!(second.contains("\"geometry\":null") && second.contains("\"place_id\":null"), "{second}");
    folder.file("decided.csv", head.replace("who", "whom"));
    let ready = wait_for(&server, "/readyz", "reload_failed");
    assert!(ready.contains("decided.csv: line 1: the header is"), "{ready}");
    drop(server);

    folder.file("decided.csv", format!("{head}Ogossagou,ML,2452421,desk,near Bankass\n"));
    let snapshot = folder.path("visits.harmattan");
    let text = |path: &Path| path.to_str().unwrap().to_owned();
    let built = run(&["build", flags[0], flags[1], &text(&visits), "-o", &text(&snapshot)]);
    assert!(built.status.success() && String::from_utf8_lossy(&built.stderr).contains("2 of 2 place names"), "{built:?}");
    for (paths, what) in [(vec![text(&snapshot)], "in a snapshot"), (Vec::new(), "of the embedded data set")] {
        let refused = run(&[&["serve"], &flags[..], &paths.iter().map(String::as_str).collect::<Vec<_>>()].concat());
        let said = String::from_utf8_lossy(&refused.stderr).into_owned();
        assert!(!refused.status.success() && said.contains(&format!("--decisions: the records {what}")), "{said}");
    }
}

#[test]
fn columns_of_names_are_looked_up_in_the_gazetteer_that_is_given() {
    let folder = Folder::new();
    let own = folder.file("own.csv", "id,name,lon,lat,country\nx1,Invented Well,10.5,20.25,ML\nx2,Gao,1,2,ML\n");
    let visits = folder.file("visits.csv", "town,country,seen\nInvented Well,ML,1\nGao,ML,2\nKidal,ML,3\n");
    let (packed, snapshot) = (folder.path("own.gazetteer"), folder.path("visits.harmattan"));
    let text = |path: &Path| path.to_str().unwrap().to_owned();
    let done = run(&["gazetteer", "build", &text(&own), "-o", &text(&packed)]);
    assert!(done.status.success(), "{done:?}");
    let flags = ["--gazetteer", &text(&packed)];
    let built = run(&["build", flags[0], flags[1], &text(&visits), "-o", &text(&snapshot)]);
    assert!(built.status.success() && String::from_utf8_lossy(&built.stderr).contains("2 of 3 place names"), "{built:?}");
    let plain = folder.path("plain.harmattan");
    let built = run(&["build", &text(&visits), "-o", &text(&plain)]);
    assert!(String::from_utf8_lossy(&built.stderr).contains("2 of 3 place names"), "Gao and Kidal of the world: {built:?}");

    for path in [visits.as_path(), &snapshot] {
        let server = serve(&[&["serve"], &flags[..]].concat(), &[path]);
        let items = server.get("/collections/visits/items?place_id=x1");
        assert!(items.contains("[10.5,20.25]") && items.contains("\"numberMatched\":1"), "{items}");
        let (gao, kidal) = (server.get("/collections/visits/items?seen=2"), server.get("/collections/visits/items?seen=3"));
        assert!(gao.contains("[1,2]") || gao.contains("[1.0,2.0]"), "{gao}");
        assert!(kidal.contains("\"place_match\":\"none\"") && kidal.contains("\"geometry\":null"), "{kidal}");
        // Served places are of the same gazetteer.
        assert!(server.get("/places/x1").contains("Invented Well"));
        drop(server);
    }
}
