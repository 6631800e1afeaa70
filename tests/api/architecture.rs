//! The direction of dependencies, and who may know what: read from the `use` lines.

use std::{
    fs,
    path::{Path, PathBuf},
};

/// What each module may use of the others.
const MAY_USE: [(&str, &[&str]); 10] = [
    ("model", &[]),
    ("beside", &[]),
    ("rows", &[]),
    ("query", &["model"]),
    ("gazetteer", &["model", "beside", "rows"]),
    ("dataset", &["model", "rows", "gazetteer"]),
    ("store", &["model", "beside", "query", "gazetteer", "dataset"]),
    ("formats", &["model", "beside", "query", "dataset", "store"]),
    ("config", &["model", "query", "gazetteer"]),
    ("api", &["model", "query", "gazetteer", "dataset", "store", "formats", "config"]),
];

fn files(path: &Path) -> Vec<PathBuf> {
    if path.is_file() {
        return vec![path.to_owned()];
    }
    fs::read_dir(path).unwrap().flat_map(|entry| files(&entry.unwrap().path())).collect()
}

/// Every source file of a module, without its tests.
fn sources(module: &str) -> Vec<(PathBuf, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let folder = root.join(module);
    // Whichever way it is laid out.
    let found = [folder, root.join(format!("{module}.rs"))].into_iter().filter(|path| path.exists()).flat_map(|path| files(&path));
    let rust = found.filter(|path| path.extension().is_some_and(|ending| ending == "rs"));
    let read = |path: PathBuf| {
        let text = fs::read_to_string(&path).unwrap();
        let code = text.split("#[cfg(test)]").next().unwrap().lines().filter(|line| !line.trim_start().starts_with("//"));
        (path, code.collect::<Vec<_>>().join("\n"))
    };
    rust.map(read).collect()
}

/// The modules that a text names through `crate::`, grouped imports included.
fn uses(code: &str) -> Vec<String> {
    let mut named = Vec::new();
    for (start, _) in code.match_indices("crate::") {
        let rest = &code[start + "crate::".len()..];
        match rest.strip_prefix('{') {
            None => named.push(rest.to_owned()),
            Some(group) => {
                let (mut depth, mut item) = (0, String::new());
                for character in group.chars() {
                    match character {
                        '{' => depth += 1,
                        '}' if depth == 0 => break,
                        '}' => depth -= 1,
                        ',' if depth == 0 => named.push(std::mem::take(&mut item)),
                        _ => {}
                    }
                    if character != ',' || depth > 0 {
                        item.push(character);
                    }
                }
                named.push(item);
            }
        }
    }
    let module = |text: &String| text.trim().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>();
    named.iter().map(module).filter(|name| !name.is_empty()).collect()
}

#[test]
fn modules_use_only_those_before_them() {
    for (module, allowed) in MAY_USE {
        let sources = sources(module);
        assert!(!sources.is_empty(), "{module} has sources");
        for (path, code) in sources {
            for used in uses(&code) {
                let known = MAY_USE.iter().any(|(name, _)| *name == used);
                assert!(!known || used == module || allowed.contains(&used.as_str()), "{}: {module} may not use {used}", path.display());
            }
        }
    }
}

#[test]
fn only_the_store_behind_it_names_the_client_of_databases() {
    let mut named = 0;
    for (module, _) in MAY_USE {
        for (path, code) in sources(module) {
            let is_own = path.components().any(|part| part.as_os_str() == "postgis");
            named += usize::from(is_own && code.contains("tokio_postgres::"));
            let is_of_it = code.contains("tokio_postgres") || code.contains("rustls");
            assert!(is_own || !is_of_it, "{}: only store/postgis may name the client of databases and what encrypts it", path.display());
        }
    }
    assert!(named > 0);
}

#[test]
fn only_the_named_module_knows_the_named_thing() {
    let rules: [(&str, &[&str]); 3] = [
        ("api", &["axum::", "tower::", "tower_http::", "hyper::", "hyper_util::", "StatusCode"]),
        ("config", &["std::env", "env::var", "clap::"]),
        ("api", &["Instant::now", "SystemTime", "Timestamp::now", "Zoned::now"]),
    ];
    for (owner, words) in rules {
        for (module, _) in MAY_USE.iter().filter(|(module, _)| *module != owner) {
            for (path, code) in sources(module) {
                for word in words {
                    assert!(!code.contains(word), "{}: only {owner} may name {word}", path.display());
                }
            }
        }
    }
}
