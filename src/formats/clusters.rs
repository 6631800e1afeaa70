//! Clusters as GeoJSON (RFC 7946): a point where features are, with how many they are and the box that holds them.

use std::fmt::Write as _;

use super::{Link, write_links};
use crate::{
    model::{Collection, Lang},
    store::{
        Cluster, Clusters,
        feature_text::{write_cell, write_string},
    },
};

/// A FeatureCollection of clusters. Counts stand in front: `numberMatched` as items have it, `numberLocated` those of them that have
/// a position, which is the sum of every `count`.
pub fn page(clusters: &Clusters<'_>, collection: &Collection, links: &[Link]) -> Vec<u8> {
    let (matched, located, returned) = (clusters.matched, clusters.located(), clusters.cells.len());
    let counts = format!(r#""numberMatched":{matched},"numberLocated":{located},"numberReturned":{returned},"level":{}"#, clusters.level);
    let mut text = format!(r#"{{"type":"FeatureCollection",{counts},"links":"#).into_bytes();
    write_links(&mut text, links);
    text.extend_from_slice(br#","features":["#);
    let labels = labels(collection);
    for (index, cluster) in clusters.cells.iter().enumerate() {
        if index > 0 {
            text.push(b',');
        }
        feature(&mut text, cluster, &labels);
    }
    text.extend_from_slice(b"]}\n");
    text
}

/// The properties that name a feature, in the order of the languages.
fn labels(collection: &Collection) -> Vec<&str> {
    let Some(label) = &collection.label else { return Vec::new() };
    let mut names = Lang::ALL.map(|lang| label.get(lang)).to_vec();
    names.dedup();
    // A name that is taken would make the object ambiguous.
    names.retain(|name| *name != COUNT);
    names
}

/// The property that says how many.
const COUNT: &str = "count";

fn feature(text: &mut Vec<u8>, cluster: &Cluster<'_>, labels: &[&str]) {
    text.extend_from_slice(br#"{"type":"Feature""#);
    if let Some(row) = &cluster.only {
        text.extend_from_slice(br#","id":"#);
        write_string(text, row.id());
    }
    let (at, cell) = (cluster.position, cluster.cell);
    let mut rest = String::new();
    let written = write!(
        rest,
        r#","bbox":[{},{},{},{}],"geometry":{{"type":"Point","coordinates":[{},{}]}},"properties":{{"{COUNT}":{}"#,
        cell.min_x, cell.min_y, cell.max_x, cell.max_y, at.lon, at.lat, cluster.count
    );
    written.expect("a String takes every character");
    text.extend_from_slice(rest.as_bytes());
    if let Some(row) = &cluster.only {
        for name in labels {
            text.push(b',');
            write_string(text, name);
            text.push(b':');
            write_cell(text, row.cell(name));
        }
    }
    text.extend_from_slice(b"}}");
}
