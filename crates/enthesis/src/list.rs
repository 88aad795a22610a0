//! What a biology holds, as tables.

use crate::Biology;
use serde_json::{Map, Value};

/// What can be listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Kind {
    Scenarios,
    Signals,
    Links,
    Drugs,
    Genotypes,
    Hypotheses,
    Parameters,
}

/// A table of texts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listing {
    /// Names of the columns; the first is always `id`.
    pub header: Vec<&'static str>,
    /// One per thing, in the order of the files.
    pub rows: Vec<Vec<String>>,
}

impl Listing {
    /// An array of objects, one per row.
    pub fn json(&self) -> String {
        let object = |row: &Vec<String>| -> Value {
            let pairs = self.header.iter().zip(row).map(|(key, value)| (key.to_string(), Value::from(value.as_str())));
            Value::Object(pairs.collect::<Map<_, _>>())
        };
        let rows: Vec<Value> = self.rows.iter().map(object).collect();
        serde_json::to_string_pretty(&rows).unwrap_or_else(|_| "[]".into()) + "\n"
    }
}

/// Lists one kind of things.
pub fn list(_biology: &Biology, _kind: Kind) -> Listing {
    Listing { header: vec!["id"], rows: vec![] }
}
