//! CQL2 JSON (OGC 21-065r2, clause 8.3 and annex C).

use serde_json::{Map, Value};

use super::{
    error::{At, FilterError},
    node::{Budget, Kind, Node},
    num::Num,
};

/// Reads a filter.
///
/// # Errors
/// Where the text is not JSON or an object is none of the encoding's, and beyond the limits of depth and size.
pub(super) fn parse(text: &str) -> Result<Node, FilterError> {
    let value = serde_json::from_str(text).map_err(|error| {
        let before = text.split('\n').take(error.line().saturating_sub(1)).map(|line| line.chars().count() + 1).sum::<usize>();
        let line = text.split('\n').nth(error.line().saturating_sub(1)).unwrap_or_default();
        let column = line.get(..error.column().saturating_sub(1)).map_or(0, |start| start.chars().count());
        let message = error.to_string();
        let message = message.split(" at line ").next().unwrap_or_default().to_owned();
        FilterError::Json { at: before + column, message }
    })?;
    Reader { budget: Budget::default(), path: Vec::new() }.node(value)
}

struct Reader {
    budget: Budget,
    /// The members that lead to the part being read.
    path: Vec<String>,
}

impl Reader {
    fn at(&self) -> At {
        let escaped = self.path.iter().map(|member| format!("/{}", member.replace('~', "~0").replace('/', "~1")));
        At::Member(escaped.collect())
    }

    fn expected<T>(&self, expected: &str, found: &str) -> Result<T, FilterError> {
        Err(FilterError::Expected { at: self.at(), expected: expected.to_owned(), found: found.to_owned() })
    }

    /// Reads with `member` added to the path.
    fn within<T>(&mut self, member: impl ToString, read: impl FnOnce(&mut Self) -> Result<T, FilterError>) -> Result<T, FilterError> {
        self.path.push(member.to_string());
        let result = read(self)?;
        self.path.pop();
        Ok(result)
    }

    fn node(&mut self, value: Value) -> Result<Node, FilterError> {
        let at = self.at();
        self.budget.part(&at)?;
        self.budget.enter(&at)?;
        let kind = match value {
            Value::Null => return self.expected("a value, an array or an object", "null"),
            Value::Bool(value) => Kind::Boolean(value),
            Value::Number(number) => match number.as_i64().map(Num::Int).or_else(|| number.as_f64().and_then(Num::from_f64)) {
                Some(number) => Kind::Number(number),
                None => return self.expected("a number that a double holds", &number.to_string()),
            },
            Value::String(text) => Kind::Text(text),
            Value::Array(items) => Kind::Array(self.nodes(items)?),
            Value::Object(members) => self.object(members)?,
        };
        self.budget.leave();
        Ok(Node { at, kind })
    }

    fn nodes(&mut self, items: Vec<Value>) -> Result<Vec<Node>, FilterError> {
        items.into_iter().enumerate().map(|(index, item)| self.within(index, |reader| reader.node(item))).collect()
    }

    fn object(&mut self, mut members: Map<String, Value>) -> Result<Kind, FilterError> {
        let names = members.keys().cloned().collect::<Vec<_>>();
        let names = names.iter().map(String::as_str).collect::<Vec<_>>();
        match names[..] {
            ["op", "args"] | ["args", "op"] => {
                let (Some(Value::String(op)), Some(Value::Array(args))) = (members.remove("op"), members.remove("args")) else {
                    return self.expected("a text as \"op\" and an array as \"args\"", "others");
                };
                let args = self.within("args", |reader| reader.nodes(args))?;
                Ok(Kind::Call(op.to_ascii_lowercase(), args))
            }
            ["property"] => self.text(members, "property").map(Kind::Property),
            ["date"] => self.text(members, "date").map(Kind::Date),
            ["timestamp"] => self.text(members, "timestamp").map(Kind::Timestamp),
            ["interval"] => match members.remove("interval") {
                Some(Value::Array(ends)) if ends.len() == 2 => {
                    let ends = self.within("interval", |reader| reader.nodes(ends))?;
                    let ends = <[Node; 2]>::try_from(ends).expect("counted before");
                    Ok(Kind::Interval(Box::new(ends)))
                }
                _ => self.expected("an array of two ends as \"interval\"", "another value"),
            },
            ["bbox"] => match members.remove("bbox") {
                Some(Value::Array(numbers)) if numbers.iter().all(Value::is_number) => {
                    Ok(Kind::Bbox(numbers.iter().filter_map(Value::as_f64).collect()))
                }
                _ => self.expected("an array of numbers as \"bbox\"", "another value"),
            },
            // The forms that the standard's schema has for the two functions that fold.
            [fold @ ("casei" | "accenti")] => {
                let folded = members.remove(fold).expect("named just now");
                let folded = self.within(fold, |reader| reader.node(folded))?;
                Ok(Kind::Call(fold.to_owned(), vec![folded]))
            }
            _ if members.contains_key("type") => match serde_json::from_value::<geojson::Geometry>(Value::Object(members)) {
                Ok(geometry) => match geo::Geometry::try_from(&geometry) {
                    Ok(geometry) => Ok(Kind::Geometry(geometry)),
                    Err(error) => self.expected("a GeoJSON geometry", &error.to_string()),
                },
                Err(error) => self.expected("a GeoJSON geometry", &error.to_string()),
            },
            _ => {
                let found = if names.is_empty() { "no member".to_owned() } else { names.join(", ") };
                self.expected("op and args, property, date, timestamp, interval, bbox or a geometry", &found)
            }
        }
    }

    fn text(&self, mut members: Map<String, Value>, name: &str) -> Result<String, FilterError> {
        match members.remove(name) {
            Some(Value::String(text)) => Ok(text),
            _ => self.expected(&format!("a text as {name:?}"), "another value"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_say_the_place() {
        for (text, message) in [
            ("{\"op\":\"=\",\n \"args\":[1,}", "at character 22: not JSON: expected value"),
            ("{}", "at the top: expected op and args, property, date, timestamp, interval, bbox or a geometry, found no member"),
            (
                r#"{"op":"and","args":[true,{"op":"=","args":[null,1]}]}"#,
                "at /args/1/args/0: expected a value, an array or an object, found null",
            ),
            (r#"{"op":"not","args":{}}"#, "at the top: expected a text as \"op\" and an array as \"args\", found others"),
            (r#"{"property":1}"#, "at the top: expected a text as \"property\", found another value"),
        ] {
            assert_eq!(parse(text).unwrap_err().to_string(), message, "{text}");
        }
        assert!(parse(r#"{"op":"s_intersects","args":[{"property":"geometry"},{"type":"Point","coordinates":[1]}]}"#).is_err());
    }

    #[test]
    fn depth_is_bounded() {
        let deep = |levels: usize| format!("{}true{}", r#"{"op":"not","args":["#.repeat(levels), "]}".repeat(levels));
        assert!(parse(&deep(39)).is_ok());
        assert!(matches!(parse(&deep(40)), Err(FilterError::Deep { .. })));
        assert!(matches!(parse(&deep(1000)), Err(FilterError::Json { .. } | FilterError::Deep { .. })));
    }
}
