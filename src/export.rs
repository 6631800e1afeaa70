//! `harmattan export`: collections as one archive of vector tiles.

use std::process::ExitCode;

use harmattan::{
    config::{Export, Settings},
    dataset::files::Options,
    formats::pmtiles::{self, Drawn, Progress, Wish, Written},
    model::{GeometryKind, Lang},
    query::{Params, TileQuery},
    store::Layer,
};

use crate::{
    Ended,
    load::{self, Bar, How},
    output,
};

const TILES: &str = "{msg} {bar:30} {percent}%, {eta} left";

/// Writes the archive; what was read and written goes to standard error.
pub(crate) fn export(settings: &Export) -> Ended {
    let output = &settings.output;
    if output.extension().is_none_or(|extension| extension != "pmtiles") {
        return Err(format!("{}: the name must end in .pmtiles", output.display()).into());
    }
    if let Some(last) = settings.max_zoom.filter(|last| *last < settings.min_zoom) {
        return Err(format!("--max-zoom {last} lies before --min-zoom {}", settings.min_zoom).into());
    }
    output::check(output, &settings.paths)?;
    let how =
        How { options: Options { strict: settings.strict, decisions: settings.decisions.clone(), ..Options::default() }, ..How::default() };
    let (app, _) = load::app(&settings.paths, &how.with_gazetteer(settings.gazetteer.as_deref())?, Settings::default())?;
    let drawn = app.store.layers().iter().filter(|layer| layer.collection.geometry != GeometryKind::None);
    let layers = if settings.collections.is_empty() {
        // The gazetteer that is served beside files is no part of them.
        let own = |layer: &&Layer| settings.paths.is_empty() || layer.collection.id != harmattan::dataset::files::PLACES;
        drawn.filter(own).collect::<Vec<_>>()
    } else {
        let drawn = drawn.collect::<Vec<_>>();
        let named = |id: &String| {
            drawn.iter().find(|layer| layer.collection.id == *id).copied().ok_or_else(|| {
                let known = drawn.iter().map(|layer| layer.collection.id.as_str()).collect::<Vec<_>>().join(", ");
                format!("--collection {id}: there is no collection of this name with geometries; there are {known}")
            })
        };
        settings.collections.iter().map(named).collect::<Result<Vec<_>, _>>()?
    };
    let wish = wish(settings, app.map.title.get(Lang::En), app.map.lede.get(Lang::En), &app.map.credits(), &layers);
    let is_only = layers.len() == 1;
    let layers = layers.into_iter().map(|layer| chosen(settings, layer, is_only)).collect::<Result<Vec<_>, _>>()?;
    let mut bar = Bar::default();
    let mut tell = |Progress { zoom, passed, all }: Progress| bar.show(&format!("zoom {zoom}"), passed, all, TILES);
    let written =
        pmtiles::write(output, &layers, &wish, &mut tell).map_err(|error| format!("{}: cannot be written: {error}", output.display()));
    drop(bar);
    let Written { max_zoom, tiles, bytes } = written?;
    eprintln!("{}: {tiles} tiles, zoom {} to {max_zoom}, {bytes} bytes", output.display(), wish.min_zoom);
    Ok(ExitCode::SUCCESS)
}

/// What is drawn of a collection.
///
/// # Errors
/// When a condition breaks its rule, or the collection has no such property.
fn chosen<'a>(settings: &Export, layer: &'a Layer, is_only: bool) -> Result<Drawn<'a>, String> {
    let asked = [("filter", &settings.filter), ("datetime", &settings.datetime)];
    let asked = asked.iter().filter_map(|(name, value)| Some((*name, (*value).clone()?)));
    let params = asked.fold(Params::default(), |params, (name, value)| params.with(name, value));
    let of = |error: String| match is_only {
        true => format!("--{error}"),
        false => format!("--{error} (asked of {} as well; name those that can answer it with --collection)", layer.collection.id),
    };
    let filter = TileQuery::parse(&params, &layer.collection).map_err(|error| of(error.to_string()))?.filter;
    let schema = &layer.collection.schema;
    let position = |name: &String| schema.position(name).ok_or_else(|| of(format!("property {name}: there is no property of this name")));
    let properties = settings.properties.iter().map(position).collect::<Result<Vec<_>, _>>()?;
    Ok(Drawn { layer, filter, properties: Some(properties).filter(|_| !settings.properties.is_empty()) })
}

/// What the archive says of itself: as its one collection does, else as the data set.
fn wish(settings: &Export, title: &str, lede: &str, credits: &str, layers: &[&Layer]) -> Wish {
    let (title, description, attribution) = match layers {
        [layer] => {
            let collection = &layer.collection;
            (collection.title.get(Lang::En), collection.description.get(Lang::En), collection.attribution.clone())
        }
        _ => (title, lede, Some(credits.to_owned()).filter(|credits| !credits.is_empty())),
    };
    Wish {
        min_zoom: settings.min_zoom,
        max_zoom: settings.max_zoom,
        title: title.to_owned(),
        description: description.to_owned(),
        attribution,
    }
}
