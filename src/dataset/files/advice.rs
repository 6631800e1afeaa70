//! What to do with a file that is of no format read here.

use std::path::Path;

/// Formats of features that GDAL reads (`ogr2ogr --formats`), by the endings of their files.
const CONVERTED: [&str; 18] = [
    "shp", "kml", "kmz", "gpx", "gml", "gdb", "sqlite", "db", "tab", "mif", "topojson", "dxf", "dgn", "pbf", "osm", "arrow", "feather",
    "fgdb",
];
/// Spreadsheets.
const SHEETS: [&str; 5] = ["xlsx", "xls", "xlsm", "ods", "numbers"];

/// What to do with a file, to be said after why it is not read; empty where nothing is known.
pub(super) fn advice(path: &Path) -> String {
    let shown = path.display().to_string();
    let lower = shown.to_ascii_lowercase();
    let ending = lower.rsplit_once('.').map_or("", |(_, ending)| ending);
    let stem = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let stem = stem.split('.').next().unwrap_or_default();
    // A shell takes anything between single quotes but such a quote.
    let quoted = |text: &str| format!("'{}'", text.replace('\'', "'\\''"));
    let word = |text: String| {
        let is_plain = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"/._-".contains(&byte));
        if is_plain { text } else { quoted(&text) }
    };
    let convert = |source: String| format!(": convert it, ogr2ogr -f GPKG {} {}", word(format!("{stem}.gpkg")), word(source));
    match ending {
        _ if shown.contains("://") => ": an address is not read; download it first".to_owned(),
        "zst" => format!(": unpack it, zstd -d {}", word(shown)),
        "bz2" => format!(": unpack it, bunzip2 -k {}", word(shown)),
        "xz" => format!(": unpack it, unxz -k {}", word(shown)),
        "tar" | "tgz" | "7z" | "rar" => ": unpack it".to_owned(),
        "zip" => convert(format!("/vsizip/{shown}")),
        _ if CONVERTED.contains(&ending) => convert(shown),
        _ if SHEETS.contains(&ending) => ": save the sheet as CSV in UTF-8".to_owned(),
        "txt" | "tab-separated" | "dat" => ": a table is named .csv or .tsv, whatever stands between its cells".to_owned(),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_known_elsewhere_is_told_how_to_bring() {
        for (file, said) in [
            ("a.shp", ": convert it, ogr2ogr -f GPKG a.gpkg a.shp"),
            ("data/Été 1.KML", ": convert it, ogr2ogr -f GPKG 'Été 1.gpkg' 'data/Été 1.KML'"),
            ("l'eau.gpx", ": convert it, ogr2ogr -f GPKG 'l'\\''eau.gpkg' 'l'\\''eau.gpx'"),
            ("sites.zip", ": convert it, ogr2ogr -f GPKG sites.gpkg /vsizip/sites.zip"),
            ("mali.osm.pbf", ": convert it, ogr2ogr -f GPKG mali.gpkg mali.osm.pbf"),
            ("a.xlsx", ": save the sheet as CSV in UTF-8"),
            ("a.txt", ": a table is named .csv or .tsv, whatever stands between its cells"),
            ("https://example.org/a.geojson", ": an address is not read; download it first"),
            ("a.geojson.zst", ": unpack it, zstd -d a.geojson.zst"),
            ("a.tif", ""),
            ("a", ""),
        ] {
            assert_eq!(advice(Path::new(file)), said, "{file}");
        }
    }
}
