//! The places of a packed gazetteer as features of the collection `places`.

use crate::{
    gazetteer::{Atlas, Spot},
    model::{
        Batch, Column, Geometry, Schema, Value,
        when::{Bounds, When},
    },
};

/// Every place of a gazetteer, most important first: the properties that the schema names, the others unknown.
///
/// `accuracy` says for some places, by rank and rising, the radius in metres within which they lie.
///
/// Cost: O(n) in the names of all places.
pub fn features_of(atlas: &Atlas, schema: &Schema, accuracy: &[(u32, i64)]) -> Batch {
    let mut batch = Batch::new(schema);
    for spot in atlas.iter() {
        batch.ids.push(&spot.id());
        batch.shapes.push(Some(&Geometry::point(spot.position())));
        batch.times.push(time_of(spot));
        for (property, column) in schema.properties.iter().zip(&mut batch.columns) {
            push(column, &property.name, spot, accuracy);
        }
    }
    batch
}

fn push(column: &mut Column, name: &str, spot: Spot<'_>, accuracy: &[(u32, i64)]) {
    let text = |text: &str| Some(text).filter(|text| !text.is_empty()).into();
    let value: Value = match name {
        "name" => spot.name().as_str().into(),
        "country" => text(spot.country()),
        "region" => text(spot.region().unwrap_or_default()),
        "level" => spot.level().as_str().into(),
        "class" => text(spot.class()),
        // 0 where nobody counted.
        "population" => Some(i64::from(spot.population())).filter(|people| *people > 0).into(),
        "rank" => Value::Integer(i64::from(spot.rank()) + 1),
        "admin1" => text(spot.admin1()),
        "other_names" => spot.names().skip(1).filter(|name| name.kind.is_real()).map(|name| name.text).collect::<Vec<_>>().into(),
        "accuracy_m" => accuracy.binary_search_by_key(&spot.rank(), |known| known.0).ok().map(|at| accuracy[at].1).into(),
        "source" => text(spot.source()),
        _ => Value::Null,
    };
    column.push(&value);
}

/// From its first year to its last, both as uncertain as a year is; a year beyond four digits leaves a place undated.
pub fn time_of(spot: Spot<'_>) -> Option<Bounds> {
    let (first, last) = spot.years()?;
    let year = |year: i16| match year {
        i16::MIN | i16::MAX => "..".to_owned(),
        ..0 => format!("-{:04}", year.unsigned_abs()),
        _ => format!("{year:04}"),
    };
    format!("{}/{}", year(first), year(last)).parse::<When>().ok().map(|when| when.bounds())
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::*;
    use crate::{
        gazetteer::pack::{Builder, Entry},
        model::when::Instant,
    };

    #[test]
    fn years_are_times() {
        let mut builder = Builder::new();
        let years = [Some((1300, 1591)), Some((-44, i16::MAX)), Some((i16::MIN, 800)), None, Some((30_000, 30_001))];
        for (id, years) in years.into_iter().enumerate() {
            builder.push(Entry { id: id.to_string(), name: "Gao".into(), years, ..Entry::default() }).unwrap();
        }
        let mut bytes = Vec::new();
        builder.finish("a test", &mut bytes).unwrap();
        let atlas = Atlas::open(Bytes::from(bytes)).unwrap();
        let bounds = |id: &str| time_of(atlas.get(id).unwrap());
        let day = |text: &str| Instant::start_of(text.parse().unwrap());
        let gao = bounds("0").unwrap();
        assert_eq!((gao.earliest_start, gao.latest_end < day("1592-01-01")), (day("1300-01-01"), true));
        assert_eq!(bounds("1").unwrap().latest_end, Instant::FUTURE);
        assert_eq!(bounds("2").unwrap().earliest_start, Instant::PAST);
        assert_eq!((bounds("3"), bounds("4")), (None, None));
    }
}
