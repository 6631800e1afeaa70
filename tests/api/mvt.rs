//! A reader of vector tiles that is as plain as can be (Mapbox Vector Tile 2.1, Protocol Buffers).

use std::collections::BTreeMap;

use serde_json::Value;

/// Fields of a Protocol Buffers message: number and value, which is a number or bytes.
fn fields(mut bytes: &[u8]) -> Vec<(u64, Field<'_>)> {
    let mut found = Vec::new();
    while !bytes.is_empty() {
        let tag = varint(&mut bytes);
        let field = match tag & 7 {
            0 => Field::Number(varint(&mut bytes)),
            1 => {
                let (number, rest) = bytes.split_first_chunk().unwrap();
                bytes = rest;
                Field::Number(u64::from_le_bytes(*number))
            }
            2 => {
                let length = varint(&mut bytes) as usize;
                let (part, rest) = bytes.split_at(length);
                bytes = rest;
                Field::Bytes(part)
            }
            other => panic!("wire type {other}"),
        };
        found.push((tag >> 3, field));
    }
    found
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Field<'a> {
    Number(u64),
    Bytes(&'a [u8]),
}

fn varint(bytes: &mut &[u8]) -> u64 {
    let (mut number, mut shift) = (0, 0);
    loop {
        let (byte, rest) = bytes.split_first().unwrap();
        *bytes = rest;
        number |= u64::from(byte & 0x7f) << shift;
        shift += 7;
        if byte & 0x80 == 0 {
            return number;
        }
    }
}

fn all<'a>(found: &[(u64, Field<'a>)], wanted: u64) -> Vec<&'a [u8]> {
    let bytes = |(number, field): &(u64, Field<'a>)| match field {
        Field::Bytes(bytes) if *number == wanted => Some(*bytes),
        _ => None,
    };
    found.iter().filter_map(bytes).collect()
}

fn number(found: &[(u64, Field<'_>)], wanted: u64) -> Option<u64> {
    found.iter().find_map(|(number, field)| match field {
        Field::Number(value) if *number == wanted => Some(*value),
        _ => None,
    })
}

/// A feature of a layer.
#[derive(Debug)]
pub(crate) struct Feature {
    pub(crate) id: Option<u64>,
    pub(crate) properties: BTreeMap<String, Value>,
    /// 1 for points, 2 for lines, 3 for polygons.
    pub(crate) kind: u64,
    /// The numbers of its geometry as they stand there.
    pub(crate) geometry: Vec<u64>,
}

impl Feature {
    /// What it is called: the id that is text, else the one that is a number.
    pub(crate) fn name(&self) -> String {
        match (&self.id, self.properties.get("id")) {
            (Some(id), _) => id.to_string(),
            (None, Some(id)) => id.as_str().unwrap().to_owned(),
            (None, None) => String::new(),
        }
    }

    /// How many features it stands for.
    pub(crate) fn count(&self) -> u64 {
        self.properties.get("count").map_or(1, |count| count.as_u64().unwrap())
    }

    /// The points of its parts, in units of the tile, rings without their closing point.
    pub(crate) fn parts(&self) -> Vec<Vec<(i64, i64)>> {
        let (mut parts, mut at, mut numbers) = (Vec::<Vec<_>>::new(), (0, 0), self.geometry.iter().copied());
        let zigzag = |number: u64| (number >> 1) as i64 ^ -((number & 1) as i64);
        while let Some(command) = numbers.next() {
            match command & 7 {
                7 => assert_eq!(command >> 3, 1, "a ring is closed once"),
                what @ (1 | 2) => {
                    for _ in 0..command >> 3 {
                        at = (at.0 + zigzag(numbers.next().unwrap()), at.1 + zigzag(numbers.next().unwrap()));
                        if what == 1 {
                            parts.push(Vec::new());
                        }
                        parts.last_mut().expect("a line starts where the pen was moved to").push(at);
                    }
                }
                other => panic!("command {other}"),
            }
        }
        parts
    }
}

/// The layers of a tile by name, in a fixed order; their order in the tile is [`names`].
pub(crate) type Decoded = BTreeMap<String, Vec<Feature>>;

/// The names of a tile's layers in their order.
pub(crate) fn names(tile: &[u8]) -> Vec<String> {
    all(&fields(tile), 3).into_iter().map(|layer| String::from_utf8(all(&fields(layer), 1)[0].to_vec()).unwrap()).collect()
}

/// Reads a tile; what breaks a rule of the specification fails the test.
pub(crate) fn decode(tile: &[u8]) -> Decoded {
    let found = fields(tile);
    assert!(found.iter().all(|(number, field)| *number == 3 && matches!(field, Field::Bytes(_))), "layers and nothing else");
    let layers = all(&found, 3).into_iter().map(layer).collect::<Vec<_>>();
    let count = layers.len();
    let decoded = layers.into_iter().collect::<Decoded>();
    assert_eq!(decoded.len(), count, "names are unique");
    decoded
}

fn layer(bytes: &[u8]) -> (String, Vec<Feature>) {
    let text = |bytes: &[u8]| std::str::from_utf8(bytes).unwrap().to_owned();
    let found = fields(bytes);
    assert_eq!((number(&found, 15), number(&found, 5)), (Some(2), Some(4096)), "version and extent");
    let keys = all(&found, 3).into_iter().map(text).collect::<Vec<_>>();
    assert_eq!(keys.iter().collect::<std::collections::BTreeSet<_>>().len(), keys.len(), "keys are unique: {keys:?}");
    let value = |bytes: &[u8]| match fields(bytes)[0] {
        (1, Field::Bytes(bytes)) => Value::from(text(bytes)),
        (3, Field::Number(bits)) => Value::from(f64::from_bits(bits)),
        (5, Field::Number(number)) => Value::from(number),
        (6, Field::Number(number)) => Value::from((number >> 1) as i64 ^ -((number & 1) as i64)),
        (7, Field::Number(number)) => Value::from(number == 1),
        ref other => panic!("{other:?}"),
    };
    let values = all(&found, 4).into_iter().map(value).collect::<Vec<_>>();
    let numbers = |mut bytes: &[u8]| {
        let mut numbers = Vec::new();
        while !bytes.is_empty() {
            numbers.push(varint(&mut bytes));
        }
        numbers
    };
    let feature = |bytes: &[u8]| {
        let found = fields(bytes);
        let tags = numbers(all(&found, 2)[0]);
        let properties = tags.chunks(2).map(|tag| (keys[tag[0] as usize].clone(), values[tag[1] as usize].clone()));
        let properties = properties.collect::<BTreeMap<_, _>>();
        assert_eq!(properties.len(), tags.len() / 2, "each key once");
        Feature { id: number(&found, 1), properties, kind: number(&found, 3).unwrap(), geometry: numbers(all(&found, 4)[0]) }
    };
    let features = all(&found, 2).into_iter().map(feature).collect::<Vec<_>>();
    assert!(!features.is_empty(), "a layer has a feature");
    (text(all(&found, 1)[0]), features)
}
