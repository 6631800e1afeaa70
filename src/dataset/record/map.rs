//! The page's configuration.

use jiff::civil::Date;

use super::fields::{Fields, Origin};
use crate::{
    dataset::{
        File, MapConfig,
        check::{Rule, Violation},
        map::{MapLayer, Timeline},
    },
    model::Bbox,
};

/// All of `data/map.toml`.
#[derive(Debug)]
pub(in crate::dataset) struct MapRecord {
    pub(in crate::dataset) origin: Origin,
    pub(in crate::dataset) config: MapConfig,
    /// Where each layer stands, in order.
    pub(in crate::dataset) layers: Vec<Origin>,
    /// The day on which states are computed.
    pub(in crate::dataset) as_of: Date,
}

pub(super) fn read(file: File<'_>, found: &mut Vec<Violation>) -> Option<MapRecord> {
    let mut top = Fields::of_file(file, found);
    top.require(&["title", "lede", "as_of"]);
    let (title, lede) = (top.take("title"), top.take("lede"));
    let bbox = top.take::<[f64; 4]>("bbox");
    if let Some([west, south, east, north]) = bbox
        && let Err(error) = Bbox::new(west, south, east, north)
    {
        top.breaks("bbox", error);
    }
    let as_of = top.day("as_of");
    let time = top.record("time").and_then(timeline);
    let (origins, layers) = top.records("layers", layer).into_iter().flatten().unzip();
    let (views, attribution, cite) = (top.take("views"), top.take("attribution").unwrap_or_default(), top.take("cite"));
    let origin = top.finish();
    let config = MapConfig { title: title?, lede: lede?, bbox, time, layers, views, attribution, cite };
    Some(MapRecord { origin, config, layers: origins, as_of: as_of? })
}

fn timeline(mut fields: Fields<'_, '_>) -> Option<Timeline> {
    fields.require(&["start", "end", "initial"]);
    let (start, end, initial) = (fields.day("start"), fields.day("end"), fields.day("initial"));
    if let (Some(start), Some(initial), Some(end)) = (start, initial, end)
        && !(start <= initial && initial <= end)
    {
        fields.breaks("", Rule::TimeOrder);
    }
    fields.finish();
    Some(Timeline { start: start?, end: end?, initial: initial? })
}

fn layer(mut fields: Fields<'_, '_>) -> Option<(Origin, MapLayer)> {
    fields.require(&["collection", "title", "label"]);
    let collection = fields.text("collection");
    fields.name(collection.as_deref());
    let (title, label, time) = (fields.take("title"), fields.take("label"), fields.take("time"));
    let (style, list, timeline) = (fields.take("style"), fields.take("list"), fields.take("timeline"));
    let (filters, accuracy) = (fields.take("filters"), fields.text("accuracy"));
    let (evidence, sources) = (fields.take("evidence"), fields.text("sources"));
    let layer = MapLayer {
        collection: collection?,
        title: title?,
        label: label?,
        time,
        style,
        list: list.unwrap_or_default(),
        timeline: timeline.unwrap_or_default(),
        filters: filters.unwrap_or_default(),
        accuracy,
        evidence,
        sources,
    };
    Some((fields.finish(), layer))
}
