//! Lists the files of `web/` so that they are embedded, packs the gazetteer, and names the build by what it is made of.

use std::{
    env, fs,
    hash::{DefaultHasher, Hasher},
    io,
    path::{Path, PathBuf},
};

/// What the names are folded by, as in the program.
#[path = "."]
mod model {
    #[expect(dead_code, unreachable_pub, reason = "the program uses all of it")]
    #[path = "src/model/fold.rs"]
    pub(crate) mod fold;
    #[expect(dead_code, unreachable_pub, reason = "the program uses all of it")]
    #[path = "src/model/names.rs"]
    pub(crate) mod names;
}
#[expect(dead_code, unreachable_pub, unused_imports, reason = "the program reads with what is not used here")]
#[path = "src/gazetteer/pack/mod.rs"]
mod pack;
#[path = "data/recipes/world.rs"]
mod world;

use model::names::fold;

/// Whatever changes an answer: an entity tag made by another build must not match.
const MADE_OF: [&str; 5] = ["src", "web", "data", "seeds", "Cargo.lock"];

fn main() -> io::Result<()> {
    let mut hash = DefaultHasher::new();
    for part in MADE_OF {
        println!("cargo:rerun-if-changed={part}");
        for file in files(Path::new(part))? {
            hash.write(file.to_string_lossy().as_bytes());
            hash.write(&fs::read(file)?);
        }
    }
    println!("cargo:rustc-env=HARMATTAN_BUILD={}-{:016x}", env::var("CARGO_PKG_VERSION").unwrap_or_default(), hash.finish());

    let out = env::var_os("OUT_DIR").ok_or_else(|| io::Error::other("OUT_DIR is set by cargo"))?;
    world::pack(Path::new(&out))?;

    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").ok_or_else(|| io::Error::other("CARGO_MANIFEST_DIR is set by cargo"))?);
    let mut table = String::from("&[\n");
    for file in files(Path::new("web"))? {
        let name = file.strip_prefix("web").map_err(io::Error::other)?.to_string_lossy().replace('\\', "/");
        table += &format!("({name:?}, include_bytes!({:?})),\n", root.join(&file));
    }
    table += "]\n";
    fs::write(Path::new(&out).join("assets.rs"), table)?;

    let mut table = String::from("&[\n");
    for file in dataset()? {
        let name = file.to_string_lossy().replace('\\', "/");
        table += &format!("({name:?}, include_str!({:?})),\n", root.join(&file));
    }
    table += "]\n";
    fs::write(Path::new(&out).join("dataset.rs"), table)
}

/// The files of the embedded data set: records in TOML and the two tables of places.
fn dataset() -> io::Result<Vec<PathBuf>> {
    let mut found = [files(Path::new("data"))?, files(Path::new("seeds"))?].concat();
    found.retain(|file| file.extension().is_some_and(|extension| extension == "toml"));
    found.extend(["places.tsv", "hand.tsv"].map(|name| Path::new("data/gazetteer").join(name)));
    found.sort();
    Ok(found)
}

/// Every file under a path, sorted, so that the result does not depend on the file system.
fn files(path: &Path) -> io::Result<Vec<PathBuf>> {
    if path.is_file() {
        return Ok(vec![path.to_path_buf()]);
    }
    let mut found = Vec::new();
    for entry in fs::read_dir(path)? {
        found.extend(files(&entry?.path())?);
    }
    found.retain(|file| !file.components().any(|part| part.as_os_str() == "node_modules"));
    found.sort();
    Ok(found)
}
