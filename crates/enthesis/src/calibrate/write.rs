//! Fitted values back into the text they came from, everything else as it was.

use crate::{Biology, Error};
use report::{CalibratedParameter, Calibration};
use source::SourceFile;
use std::collections::BTreeMap;
use toml_edit::{Array, DocumentMut, Item, Value};

pub(super) fn files(biology: &Biology, calibration: &Calibration) -> Result<Vec<SourceFile>, Error> {
    let mut documents: BTreeMap<String, DocumentMut> = BTreeMap::new();
    for parameter in &calibration.parameters {
        let path = path_of(biology, &parameter.id)?;
        let document = match documents.entry(path.clone()) {
            std::collections::btree_map::Entry::Occupied(entry) => entry.into_mut(),
            std::collections::btree_map::Entry::Vacant(entry) => {
                let text = biology.files.get(&path).map(|file| file.text.to_string()).unwrap_or_default();
                let document = text.parse::<DocumentMut>().map_err(|error| lost(&parameter.id, &error.to_string()))?;
                entry.insert(document)
            }
        };
        let record = record(document, &parameter.id).ok_or_else(|| lost(&parameter.id, "no such record"))?;
        put(record, parameter);
    }
    let sets = calibration.equally_good().map(|text| (physiology::EQUALLY_GOOD_PATH.to_string(), text));
    let changed = documents
        .into_iter()
        .map(|(path, document)| (path, document.to_string()))
        .chain(sets)
        .map(|(path, text)| SourceFile { path: path.into(), text: text.into() });
    Ok(changed.filter(|file| biology.files.get(&file.path).is_none_or(|it| it.text != file.text)).collect())
}

fn path_of(biology: &Biology, id: &str) -> Result<String, Error> {
    match biology.content.entry(id) {
        Some((_, physiology::Entry::Parameter(it))) => Ok(it.origin.place.path.to_string()),
        _ => Err(lost(id, "no such parameter")),
    }
}

fn record<'a>(document: &'a mut DocumentMut, id: &str) -> Option<&'a mut toml_edit::Table> {
    let records = document.get_mut("parameter")?.as_array_of_tables_mut()?;
    records.iter_mut().find(|record| record.get("id").and_then(Item::as_str) == Some(id))
}

fn put(record: &mut toml_edit::Table, parameter: &CalibratedParameter) {
    if let Some(item) = slot(record, "value", &parameter.organism) {
        replace(item, Value::from(parameter.value_to_write()));
    }
    let Some((low, high)) = parameter.range_to_write() else { return };
    if let Some(item) = slot(record, "range", &parameter.organism) {
        let ends: Array = [low, high].into_iter().collect();
        replace(item, Value::Array(ends));
    }
    if let Some(item) = record.get_mut("basis").and_then(Item::as_value_mut) {
        replace(item, Value::from("fitted"));
    }
}

/// The value of a key, or of one organism where each has its own.
fn slot<'a>(record: &'a mut toml_edit::Table, key: &str, organism: &str) -> Option<&'a mut Value> {
    let value = record.get_mut(key)?.as_value_mut()?;
    if value.is_inline_table() { value.as_inline_table_mut()?.get_mut(organism) } else { Some(value) }
}

/// Replaces a value and keeps the space and comments around it.
fn replace(item: &mut Value, mut value: Value) {
    *value.decor_mut() = item.decor().clone();
    *item = value;
}

fn lost(id: &str, why: &str) -> Error {
    Error::Failed(format!("internal error, please report it: `{id}` cannot be written back: {why}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_and_its_range_change_and_nothing_else() {
        let text = "# muscle\n[[parameter]]\nid = \"speed\"\nvalue = 1.0   # a guess\nrange = [0.5, 2.0]\nbasis = \"assumed\"\n\n\
                    [[parameter]]\nid = \"size\"\nvalue = { human = 1.0, mouse = 2.0 }\nrange = { human = [0.5, 2.0], mouse = [1.0, 4.0] }\n\
                    basis = \"fitted\"\n";
        let mut document: DocumentMut = text.parse().expect("TOML");
        let fitted = |id: &str, organism: &str, interval, from_data| CalibratedParameter {
            id: id.to_string(),
            organism: organism.to_string(),
            value: 1.23456,
            interval: Some(interval),
            from_data: Some(from_data),
            ..CalibratedParameter::default()
        };
        put(record(&mut document, "speed").expect("there"), &fitted("speed", "human", (1.1, 1.4), (true, true)));
        put(record(&mut document, "size").expect("there"), &fitted("size", "mouse", (1.0, 4.0), (false, true)));
        assert_eq!(
            document.to_string(),
            "# muscle\n[[parameter]]\nid = \"speed\"\nvalue = 1.23   # a guess\nrange = [1.1, 1.4]\nbasis = \"fitted\"\n\n\
             [[parameter]]\nid = \"size\"\nvalue = { human = 1.0, mouse = 1.23 }\nrange = { human = [0.5, 2.0], mouse = [1.0, 4.0] }\n\
             basis = \"fitted\"\n"
        );
    }
}
