//! GeoJSON (RFC 7946), one feature at a time; several texts one after another are read as one.

use std::{io::BufRead, sync::Arc};

use super::{
    MOST_BYTES, esri,
    fault::{Rule, Spot},
    feature::{self, Parsed},
    record::{Decode, Item, Sink, Stop, push},
    scan::{Framed, Scanner},
};
use crate::model::Crs;

/// The members that make a feature or a geometry where the text is no collection.
const OWN: [&str; 6] = ["type", "id", "geometry", "properties", "coordinates", "geometries"];

/// Reads a file.
pub(super) fn read(stream: &mut dyn BufRead, sink: &mut Sink<'_>) -> Result<(), Stop> {
    let mut reader = GeoJson {
        scanner: Scanner::new(stream),
        text: Vec::new(),
        records: 0,
        base: Spot::default(),
        decode: decode(None),
        system: None,
        head: Some(esri::Head::default()),
        is_unsaid: false,
        sink,
    };
    let mut is_empty = true;
    while let Some(byte) = reader.scanner.peek()? {
        is_empty = false;
        // An array of features, without the collection around it.
        if !(if byte == b'[' { reader.features()? } else { reader.object(byte)? }) {
            return Ok(());
        }
    }
    if is_empty { push(reader.sink, Item::Fault(Spot::default(), Rule::Empty)) } else { Ok(()) }
}

/// Reads one collection out of a sequence, in which it stands at `base`.
pub(super) fn read_collection(mut text: &[u8], base: Spot, sink: &mut Sink<'_>) -> Result<(), Stop> {
    let mut reader = GeoJson {
        scanner: Scanner::new(&mut text),
        text: Vec::new(),
        records: 0,
        base,
        decode: decode(None),
        system: None,
        head: None,
        is_unsaid: false,
        sink,
    };
    match reader.scanner.peek()? {
        Some(byte) => reader.object(byte).map(|_| ()),
        None => Ok(()),
    }
}

/// What reads features whose coordinates are in a system.
fn decode(system: Option<Crs>) -> Decode {
    Arc::new(move |text: &[u8], spot, sink: &mut Sink<'_>| one(text, spot, system.as_ref(), sink))
}

/// Reads one feature.
fn one(text: &[u8], spot: Spot, system: Option<&Crs>, sink: &mut Sink<'_>) -> Result<(), Stop> {
    let item = match feature::parse(text, spot, system) {
        Ok(Parsed::Record(record)) => Item::Record(record),
        Ok(Parsed::Collection) => Item::Fault(spot, Rule::Type("\"FeatureCollection\" without features".to_owned())),
        Err(rule) => Item::Fault(spot, rule),
    };
    push(sink, item)
}

struct GeoJson<'a, 's> {
    scanner: Scanner<'a>,
    /// The value at hand.
    text: Vec<u8>,
    records: u64,
    base: Spot,
    decode: Decode,
    /// The system of the coordinates, once it has been named; they are longitude and latitude until then.
    system: Option<Crs>,
    /// What has been said so far if it is a set of Esri's features; none once that has been told apart.
    head: Option<esri::Head>,
    /// Whether features of Esri's were read without a word on their system.
    is_unsaid: bool,
    sink: &'a mut Sink<'s>,
}

impl GeoJson<'_, '_> {
    /// Reads one object; `false` where nothing after it can be read.
    fn object(&mut self, first: u8) -> Result<bool, Stop> {
        if first != b'{' {
            return self.lost("an object of GeoJSON", Some(first));
        }
        let start = self.scanner.offset;
        self.scanner.skip(1);
        let (mut own, mut has_features, mut is_first, mut refused) = (vec![b'{'], false, true, None);
        loop {
            match self.scanner.peek()? {
                Some(b'}') => break self.scanner.skip(1),
                Some(b',') if !is_first => self.scanner.skip(1),
                Some(_) if is_first => {}
                other => return self.lost("',' or '}'", other),
            }
            is_first = false;
            let name = match self.scanner.peek()? {
                Some(b'"') => self.value()?,
                other => return self.lost("the name of a member", other),
            };
            let name = match name {
                Framed::Whole => serde_json::from_slice::<String>(&self.text).unwrap_or_default(),
                Framed::TooLong => String::new(),
                Framed::CutShort => return self.lost("", None),
            };
            match self.scanner.peek()? {
                Some(b':') => self.scanner.skip(1),
                other => return self.lost("':'", other),
            }
            let next = self.scanner.peek()?;
            if name == "features" && next == Some(b'[') {
                has_features = true;
                if !self.features()? {
                    return Ok(false);
                }
                continue;
            }
            let at = self.scanner.offset;
            match self.value()? {
                Framed::CutShort => return self.lost("", None),
                Framed::Whole if self.text.is_empty() => return self.lost("a value", next),
                Framed::Whole if name == "crs" => self.system()?,
                Framed::Whole if esri::says_more(&name, &self.text) => push(self.sink, Item::Note(esri::MORE.to_owned()))?,
                Framed::Whole if name == "spatialReference" && self.is_unsaid => {
                    return Err(Stop::LateSystem(String::from_utf8_lossy(&self.text).chars().take(200).collect()));
                }
                Framed::Whole if OWN.contains(&name.as_str()) && own.len() + self.text.len() < MOST_BYTES => {
                    own.extend(if own.len() > 1 { &b",\""[..] } else { b"\"" });
                    own.extend(name.bytes().chain(*b"\":").chain(self.text.iter().copied()));
                }
                Framed::Whole | Framed::TooLong if OWN.contains(&name.as_str()) => self.fault(at, Rule::TooLong)?,
                Framed::Whole => {
                    refused = refused.or_else(|| esri::refused(&name, &self.text));
                    self.head.iter_mut().for_each(|head| head.member(&name, &self.text));
                }
                Framed::TooLong => {}
            }
        }
        if !has_features {
            own.push(b'}');
            self.text = own;
            match refused.filter(|_| self.text.len() == 2) {
                Some(said) => push(self.sink, Item::Fault(Spot::default(), Rule::Refused(said)))?,
                None => self.feature(start)?,
            }
        }
        Ok(true)
    }

    /// Reads the array of features; `false` where nothing after it can be read.
    fn features(&mut self) -> Result<bool, Stop> {
        self.scanner.skip(1);
        let mut is_first = true;
        loop {
            match self.scanner.peek()? {
                Some(b']') => break self.scanner.skip(1),
                Some(b',') if !is_first => self.scanner.skip(1),
                Some(_) if is_first => {}
                other => return self.lost("',' or ']' after a feature", other),
            }
            is_first = false;
            let next = self.scanner.peek()?;
            let start = self.scanner.offset;
            match self.value()? {
                Framed::Whole if self.text.is_empty() => return self.lost("a feature", next),
                Framed::Whole => self.feature(start)?,
                Framed::TooLong => self.fault(start, Rule::TooLong)?,
                Framed::CutShort => {
                    self.fault(start, Rule::CutShort)?;
                    return Ok(false);
                }
            }
        }
        Ok(true)
    }

    fn value(&mut self) -> Result<Framed, Stop> {
        Ok(self.scanner.value(&mut self.text, MOST_BYTES)?)
    }

    /// Pushes the feature whose text is at hand.
    fn feature(&mut self, start: u64) -> Result<(), Stop> {
        let head = self.head.take().map(|head| head.begin(&self.text, self.sink)).transpose()?;
        if let Some((decode, is_unsaid)) = head.flatten() {
            self.decode = decode;
            self.is_unsaid = is_unsaid;
        }
        self.records += 1;
        let spot = self.spot(start);
        push(self.sink, Item::Frame { spot, bytes: &self.text, decode: &self.decode })
    }

    fn fault(&mut self, start: u64, rule: Rule) -> Result<(), Stop> {
        self.records += 1;
        let spot = self.spot(start);
        push(self.sink, Item::Fault(spot, rule))
    }

    fn spot(&self, start: u64) -> Spot {
        match self.base.record {
            0 => Spot { record: self.records, line: 0, byte: Some(start) },
            _ => self.base,
        }
    }

    /// Reports that the text goes on as no JSON does: nothing after this can be told apart.
    fn lost(&mut self, expected: &'static str, found: Option<u8>) -> Result<bool, Stop> {
        let rule = match found {
            None => Rule::CutShort,
            Some(byte) => Rule::Expected { expected, found: format!("{:?}", char::from(byte)) },
        };
        let spot = Spot { record: self.base.record, line: self.base.line, byte: Some(self.scanner.offset) };
        push(self.sink, Item::Fault(spot, rule))?;
        Ok(false)
    }

    /// The `crs` member of the GeoJSON of 2008: the coordinates of features after it are in that system, longitude or easting first
    /// whatever the system's own order.
    fn system(&mut self) -> Result<(), Stop> {
        let Ok(value) = serde_json::from_slice::<serde_json::Value>(&self.text) else { return Ok(()) };
        if value.is_null() {
            return Ok(());
        }
        let name = match (value["properties"]["name"].as_str(), &value["properties"]["code"]) {
            (Some(name), _) => name.to_owned(),
            // As drafts before 2008 had it.
            (None, code) if value["type"] == "EPSG" && code.is_u64() => format!("EPSG:{code}"),
            (None, _) => value.to_string(),
        };
        let named = || name.chars().take(200).collect::<String>();
        let system = Some(name.parse::<Crs>().map_err(|_| Stop::System(named()))?).filter(|system| !system.is_wgs84());
        if system == self.system {
            return Ok(());
        }
        if self.records > 0 {
            // Those before were read as longitude and latitude.
            return Err(Stop::LateSystem(named()));
        }
        system.iter().try_for_each(|system| super::tell_of(system, self.sink))?;
        self.decode = decode(system.clone());
        self.system = system;
        Ok(())
    }
}
