//! What the columns of a file are for: its schema and the metadata `geo` (GeoParquet 1.1.0, “File metadata”).

use std::collections::HashSet;

use parquet::{
    basic::{ConvertedType, LogicalType, Type as Physical},
    file::metadata::FileMetaData,
    schema::types::{Type, TypePtr},
};
use serde_json::Value;

use super::{
    super::{
        UNDEFINED,
        fault::Rule,
        guess::{self, Where},
        how_well,
        record::Stop,
    },
    End,
    geometry::Encoding,
    value::Form,
};
use crate::model::Crs;

/// What each column is for.
pub(super) struct Layout {
    /// Names of the columns of the first level.
    pub(super) names: Vec<String>,
    /// What each is for.
    pub(super) uses: Vec<Use>,
    /// The system of the geometries, where it is not CRS84.
    pub(super) system: Option<Crs>,
    /// What the user should know.
    pub(super) notes: Vec<String>,
}

/// What a column is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Use {
    Geometry(Encoding),
    /// The longitude, or the latitude, of a file without geometries.
    Longitude,
    Latitude,
    Property(Form),
    LeftOut,
}

impl Layout {
    /// Reads the schema and the metadata.
    pub(super) fn new(file: &FileMetaData) -> Result<Self, End> {
        let pairs = file.key_value_metadata().into_iter().flatten();
        let text = pairs.filter(|pair| pair.key == "geo").find_map(|pair| pair.value.as_deref());
        let geo = match text {
            Some(text) => Some(Geo::read(text)?),
            None => Geo::of_types(file)?,
        };
        let fields = file.schema().get_fields();
        let mut layout = Self { names: Vec::new(), uses: Vec::new(), system: None, notes: Vec::new() };
        let geo = geo.or_else(|| Geo::of_names(fields, &mut layout.notes));
        layout.notes.extend(geo.iter().filter(|geo| geo.is_undefined).map(|_| UNDEFINED.to_owned()));
        let (mut has_binary, mut has_strange) = (false, false);
        for field in fields {
            let name = field.name();
            let used = match &geo {
                Some(geo) if geo.primary == name => Use::Geometry(geo.encoding),
                Some(geo) if geo.others.contains(name) => {
                    layout.notes.push(format!("column {name:?}, a further geometry, is left out"));
                    Use::LeftOut
                }
                Some(geo) if geo.boxes.contains(name) => Use::LeftOut,
                _ => match Form::of(field) {
                    Some(form) => Use::Property(form),
                    None => {
                        let is_strange = !is_binary(field);
                        has_strange |= is_strange;
                        has_binary |= !is_strange;
                        Use::LeftOut
                    }
                },
            };
            layout.names.push(name.to_owned());
            layout.uses.push(used);
        }
        if has_binary {
            layout.notes.push("columns of binary data are left out".to_owned());
        }
        if has_strange {
            layout.notes.push("columns of a type that no property can have are left out".to_owned());
        }
        let Some(geo) = geo else {
            layout.find_coordinates(fields);
            return Ok(layout);
        };
        if !layout.uses.iter().any(|used| matches!(used, Use::Geometry(_))) {
            return Err(Rule::Damaged(format!("its metadata name the geometry column {:?}, which there is not", geo.primary)).into());
        }
        layout.notes.extend(how_well(&geo.system));
        layout.system = Some(geo.system);
        Ok(layout)
    }

    /// Without geometries: columns of numbers that are called as coordinates are in tables.
    fn find_coordinates(&mut self, fields: &[TypePtr]) {
        let is_number = |index: usize| {
            let kinds = [Physical::FLOAT, Physical::DOUBLE, Physical::INT32, Physical::INT64];
            let is_decimal = fields[index].get_basic_info().converted_type() == ConvertedType::DECIMAL;
            fields[index].is_primitive() && (is_decimal || kinds.contains(&fields[index].get_physical_type()))
        };
        match guess::place(&self.names) {
            Some(Where::LonLat(lon, lat)) if is_number(lon) && is_number(lat) => {
                (self.uses[lon], self.uses[lat]) = (Use::Longitude, Use::Latitude);
            }
            _ => self.notes.push(guess::NOWHERE.to_owned()),
        }
    }
}

fn is_binary(field: &Type) -> bool {
    field.is_primitive() && matches!(field.get_physical_type(), Physical::BYTE_ARRAY | Physical::FIXED_LEN_BYTE_ARRAY)
}

impl Form {
    /// How a column's values are written; `None` where they are none of a property.
    fn of(field: &Type) -> Option<Self> {
        if !field.is_primitive() {
            return Some(Self::Plain);
        }
        let about = field.get_basic_info();
        match (field.get_physical_type(), about.logical_type_ref(), about.converted_type()) {
            (Physical::FIXED_LEN_BYTE_ARRAY, Some(LogicalType::Uuid), _) => Some(Self::Uuid),
            (Physical::FIXED_LEN_BYTE_ARRAY, Some(LogicalType::Float16), _) => Some(Self::Plain),
            (Physical::BYTE_ARRAY | Physical::FIXED_LEN_BYTE_ARRAY, _, ConvertedType::DECIMAL) => Some(Self::Plain),
            (Physical::BYTE_ARRAY, _, ConvertedType::JSON) => Some(Self::Json),
            (Physical::BYTE_ARRAY, _, ConvertedType::UTF8 | ConvertedType::ENUM) => Some(Self::Plain),
            (Physical::BYTE_ARRAY | Physical::FIXED_LEN_BYTE_ARRAY, ..) => None,
            (Physical::INT64, Some(LogicalType::Timestamp(timestamp)), ConvertedType::NONE) if is_nanos(&timestamp.unit) => {
                Some(Self::TimestampNanos)
            }
            (Physical::INT64, Some(LogicalType::Time(time)), ConvertedType::NONE) if is_nanos(&time.unit) => Some(Self::TimeNanos),
            _ => Some(Self::Plain),
        }
    }
}

fn is_nanos(unit: &parquet::basic::TimeUnit) -> bool {
    matches!(unit, parquet::basic::TimeUnit::NANOS)
}

/// What the metadata say of the geometries.
struct Geo {
    primary: String,
    encoding: Encoding,
    system: Crs,
    /// Whether the metadata say that the system is not known.
    is_undefined: bool,
    /// Further columns of geometries.
    others: HashSet<String>,
    /// Columns that hold the boxes of the geometries (`covering`).
    boxes: HashSet<String>,
}

impl Geo {
    fn read(text: &str) -> Result<Self, End> {
        let wrong = |what: String| End::from(Rule::Damaged(format!("its metadata \"geo\" {what}")));
        let geo: Value = serde_json::from_str(text).map_err(|error| wrong(format!("are not JSON: {error}")))?;
        let (primary, columns) = (geo["primary_column"].as_str(), geo["columns"].as_object());
        let (Some(primary), Some(columns)) = (primary, columns) else {
            return Err(wrong("have no \"primary_column\" or no \"columns\"".to_owned()));
        };
        let Some(about) = columns.get(primary) else {
            return Err(wrong(format!("say nothing of the primary column {primary:?}")));
        };
        let name = about["encoding"].as_str().unwrap_or_default();
        let encoding = Encoding::new(name).ok_or_else(|| wrong(format!("name the encoding {name:?}, which there is not")))?;
        let covering = about["covering"]["bbox"].as_object().into_iter().flat_map(|edges| edges.values());
        Ok(Self {
            primary: primary.to_owned(),
            encoding,
            system: system(about)?,
            is_undefined: about.get("crs").is_some_and(Value::is_null),
            others: columns.keys().filter(|name| *name != primary).cloned().collect(),
            boxes: covering.filter_map(|path| path[0].as_str()).map(str::to_owned).collect(),
        })
    }

    /// The same of a file without these metadata whose columns are of the types for geometries that Parquet has of its own since
    /// version 2.11 of its format (“Geospatial Types”).
    fn of_types(file: &FileMetaData) -> Result<Option<Self>, End> {
        let typed = file.schema().get_fields().iter().filter(|field| field.is_primitive()).filter_map(|field| {
            let crs = match field.get_basic_info().logical_type_ref()? {
                LogicalType::Geometry(about) => &about.crs,
                LogicalType::Geography(about) => &about.crs,
                _ => return None,
            };
            Some((field.name().to_owned(), crs.as_deref()))
        });
        let mut typed = typed.collect::<Vec<_>>().into_iter();
        let Some((primary, crs)) = typed.next() else { return Ok(None) };
        let system = crs.map_or(Ok(Crs::crs84()), |text| typed_system(text, file))?;
        let others = typed.map(|(name, _)| name).collect();
        Ok(Some(Self { primary, encoding: Encoding::Wkb, system, is_undefined: false, others, boxes: HashSet::new() }))
    }

    /// The same of a file with neither, as databases export it: binary data in a column that is called as geometries are.
    fn of_names(fields: &[TypePtr], notes: &mut Vec<String>) -> Option<Self> {
        let names = fields.iter().map(|field| field.name().to_owned()).collect::<Vec<_>>();
        let Some(Where::Geometry(index)) = guess::place(&names) else { return None };
        let primary = names.into_iter().nth(index).filter(|_| is_binary(&fields[index]) && Form::of(&fields[index]).is_none())?;
        notes.push(format!("without metadata \"geo\", column {primary:?} is taken as well-known binary, longitude and latitude on WGS 84"));
        let (others, boxes) = (HashSet::new(), HashSet::new());
        Some(Self { primary, encoding: Encoding::Wkb, system: Crs::crs84(), is_undefined: false, others, boxes })
    }
}

/// The system that a type names: `srid:` and a code, `projjson:` and the key of its definition among the metadata, or any other name.
fn typed_system(text: &str, file: &FileMetaData) -> Result<Crs, Stop> {
    let definition = match text.split_once(':') {
        Some((kind, code)) if kind.eq_ignore_ascii_case("srid") => format!("EPSG:{code}"),
        Some((kind, key)) if kind.eq_ignore_ascii_case("projjson") => {
            let pairs = file.key_value_metadata().into_iter().flatten();
            pairs.filter(|pair| pair.key == key).find_map(|pair| pair.value.clone()).unwrap_or_default()
        }
        _ => text.to_owned(),
    };
    definition.parse().map_err(|_| Stop::System(text.chars().take(200).collect()))
}

/// The system of a column: CRS84 where none is named, as the standard has it, and where it is said to be unknown.
fn system(about: &Value) -> Result<Crs, Stop> {
    let text = match about.get("crs") {
        None | Some(Value::Null) => return Ok(Crs::crs84()),
        // Files before version 1.0 have well-known text.
        Some(Value::String(text)) => text.clone(),
        Some(definition) => definition.to_string(),
    };
    text.parse().map_err(|error: crate::model::CrsError| {
        let name = about["crs"]["name"].as_str().map_or_else(|| text.chars().take(60).collect(), str::to_owned);
        match error {
            crate::model::CrsError::Unknown(id) => Stop::System(format!("{id} ({name})")),
            _ => Stop::System(name),
        }
    })
}
