//! What the properties of a collection's features are.

use super::Text;

/// The type of a property's values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Deserialize, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Unicode text.
    Text,
    /// Whole number, 64 bits.
    Integer,
    /// IEEE 754 double.
    Number,
    /// True or false.
    Boolean,
    /// A civil day, `YYYY-MM-DD`.
    Date,
    /// An instant, RFC 3339 in UTC, to the millisecond.
    Timestamp,
    /// Uncertain time as EDTF text.
    Edtf,
    /// An address on the web.
    Uri,
    /// A list of texts.
    List,
    /// A structure, as JSON.
    Json,
}

impl Kind {
    /// Whether answers can be put in the order of such values. Lists and structures have none; the text of an uncertain time has one
    /// that is not that of time, and its bounds stand beside it.
    pub fn is_sortable(self) -> bool {
        !matches!(self, Self::Edtf | Self::List | Self::Json)
    }
}

/// What a property is for (`x-ogc-role`, OGC API – Common Part 3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Deserialize, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// The day or instant of the feature.
    PrimaryInstant,
    /// Where the feature's interval of time starts.
    PrimaryIntervalStart,
    /// Where it ends.
    PrimaryIntervalEnd,
}

impl Role {
    /// The keyword of the standard.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::PrimaryInstant => "primary-instant",
            Self::PrimaryIntervalStart => "primary-interval-start",
            Self::PrimaryIntervalEnd => "primary-interval-end",
        }
    }
}

/// One property.
#[derive(Debug, Clone, PartialEq, serde::Deserialize, serde::Serialize)]
pub struct Property {
    /// Its name in every format: snake_case for the embedded data, as found for others.
    pub name: String,
    /// Its type.
    pub kind: Kind,
    /// Its title for people.
    pub title: Text,
    /// What it means, where the title does not say it all.
    pub description: Option<Text>,
    /// Unit of a number, e.g. `m`.
    pub unit: Option<String>,
    /// Its role in time.
    pub role: Option<Role>,
    /// The values it can take, where they are a closed list.
    pub codes: Vec<String>,
}

impl Property {
    /// A property of which no more is said: its name is its title.
    pub fn new(name: impl Into<String>, kind: Kind) -> Self {
        let name = name.into();
        Self { title: Text::plain(name.clone()), name, kind, description: None, unit: None, role: None, codes: Vec::new() }
    }
}

/// The properties of a collection's features, in the order in which every format writes them.
#[derive(Debug, Clone, PartialEq, Default, serde::Deserialize, serde::Serialize)]
pub struct Schema {
    /// In order of output; names are unique.
    pub properties: Vec<Property>,
}

impl Schema {
    /// Position of the property called `name`.
    pub fn position(&self, name: &str) -> Option<usize> {
        self.properties.iter().position(|property| property.name == name)
    }

    /// Position of the property whose EDTF text says all that is known of a feature's time: the one that is its instant, the one whose
    /// first possible day is its start (`closed` beside `closed_earliest`), or the one made of its start and end (`when`).
    pub fn edtf_of_time(&self) -> Option<usize> {
        let is_edtf = |index: &usize| self.properties[*index].kind == Kind::Edtf;
        let of_role = |role| self.properties.iter().position(|property| property.role == Some(role));
        if let Some(instant) = of_role(Role::PrimaryInstant) {
            return Some(instant).filter(is_edtf);
        }
        let start = &self.properties[of_role(Role::PrimaryIntervalStart)?].name;
        let whole = start.strip_suffix("_earliest").and_then(|name| self.position(name)).filter(is_edtf);
        whole.or_else(|| self.position("when").filter(is_edtf))
    }

    /// What the id of a feature is called beside its properties: `id`, or what no property is called.
    pub fn id_name(&self) -> &'static str {
        self.free(&["id", "id_", "id__", "id___"])
    }

    /// What the geometry of a feature is called beside its properties: `geometry`, or what no property is called.
    pub fn geometry_name(&self) -> &'static str {
        self.free(&["geometry", "geometry_", "geometry__", "geometry___"])
    }

    /// What the time of a feature is called beside its properties: `time`, or what no property is called.
    pub fn time_name(&self) -> &'static str {
        self.free(&["time", "time_", "time__", "time___"])
    }

    /// The first name that no property has; the last one hides a property where even that is taken.
    fn free(&self, names: &[&'static str; 4]) -> &'static str {
        names.iter().find(|name| self.position(name).is_none()).unwrap_or(&names[3])
    }
}
