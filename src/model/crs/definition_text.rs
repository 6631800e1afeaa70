//! Reference systems spelled out, for files that must say in full what their coordinates are.

use std::io::{BufRead, BufReader};

use flate2::read::GzDecoder;

use super::Crs;

/// Code, PROJJSON and well-known text of each system, by code; the recipe is `data/recipes/definitions.py`.
static TEXTS: &[u8] = include_bytes!("../../../data/crs/definitions.tsv.gz");

/// What a system is, in the two forms in which files say it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DefinitionText {
    /// PROJJSON (version 0.7 of its schema).
    pub projjson: String,
    /// Well-known text of version 1 (OGC 01-009), where it can say it.
    pub wkt: Option<String>,
}

impl Crs {
    /// The definition of the system; that of EPSG's WGS 84, whose axes are the other way round, where it is one of OGC's.
    ///
    /// Cost: some milliseconds, since the definitions are kept compressed.
    pub fn definition_text(&self) -> Option<DefinitionText> {
        let code = self.epsg_code().to_string();
        let mut texts = BufReader::new(GzDecoder::new(TEXTS));
        let mut line = String::new();
        while texts.read_line(&mut line).ok()? > 0 {
            let mut parts = line.trim_end_matches('\n').split('\t');
            if parts.next() == Some(&code) {
                let (projjson, wkt) = (parts.next()?.to_owned(), parts.next()?);
                return Some(DefinitionText { projjson, wkt: (!wkt.is_empty()).then(|| wkt.to_owned()) });
            }
            line.clear();
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::CrsError;

    #[test]
    fn what_is_written_of_every_system_is_read_back_as_it() {
        let lines = BufReader::new(GzDecoder::new(TEXTS)).lines().map(Result::unwrap).collect::<Vec<_>>();
        let mut texts = 0;
        for line in &lines {
            let parts = line.split('\t').collect::<Vec<_>>();
            let system = Crs::epsg(parts[0].parse().unwrap()).unwrap();
            // Of a compound one the part on the ground is read.
            let is_compound = parts[1].contains("\"CompoundCRS\"");
            let is_it = |read: Result<Crs, CrsError>| read.is_ok_and(|read| is_compound || read == system);
            assert!(is_it(parts[1].parse()), "{line}");
            if !parts[2].is_empty() {
                assert!(is_it(parts[2].parse()), "{line}");
                texts += 1;
            }
        }
        assert_eq!(lines.len(), super::super::table::count(), "those that can be converted");
        assert!(texts > 5_000, "{texts}");
    }

    #[test]
    fn a_system_has_its_definition() {
        let utm = Crs::epsg(32630).unwrap().definition_text().unwrap();
        assert!(utm.projjson.starts_with(r#"{"type":"ProjectedCRS","name":"WGS 84 / UTM zone 30N","#));
        assert!(utm.wkt.unwrap().starts_with(r#"PROJCS["WGS 84 / UTM zone 30N","#));
        assert_eq!(Crs::crs84().definition_text(), Crs::epsg(4326).unwrap().definition_text());
    }
}
