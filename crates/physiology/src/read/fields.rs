//! What records have in common: words, units, formulas, quantities, values per organism.

use crate::{Formula, Organism, Origin, PerOrganism, Setting, Value};
use source::{Diagnostic, Diagnostics, Node, Place, Placed, Record};
use units::{Quantity, Unit, UnitError};

/// The record's id, which also becomes its title in messages: ``parameter `sclerostin_half_life` ``.
pub(super) fn id(record: &mut Record, what: &str, findings: &mut Diagnostics) -> Option<Placed<String>> {
    let id = record.required_text("id", findings)?;
    record.title = format!("{what} `{}`", id.value);
    let fits = id.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
        && id.starts_with(|c: char| c.is_ascii_lowercase());
    if !fits {
        findings.push(
            Diagnostic::error(id.place.clone(), format!("`{}` is not an id", id.value))
                .hint("ids are lower snake case, for example `sclerostin_in_plasma`"),
        );
        return None;
    }
    Some(id)
}

/// A name for people; without one, the id with spaces.
pub(super) fn name(record: &mut Record, id: Option<&Placed<String>>, findings: &mut Diagnostics) -> String {
    let name = record.text("name", findings).map(|name| name.value);
    name.unwrap_or_else(|| id.map_or(String::new(), |id| id.replace('_', " ")))
}

/// A text, empty when absent.
pub(super) fn plain(record: &mut Record, key: &'static str, findings: &mut Diagnostics) -> String {
    record.text(key, findings).map_or(String::new(), |text| text.value)
}

/// Sources, evidence and note.
pub(super) fn origin(record: &mut Record, place: &Place, findings: &mut Diagnostics) -> Origin {
    Origin {
        sources: record.texts("sources", findings),
        evidence: record.texts("evidence", findings),
        note: record.text("note", findings).map(|note| note.value),
        place: place.clone(),
    }
}

pub(super) fn unit(record: &mut Record, key: &'static str, findings: &mut Diagnostics) -> Option<Unit> {
    let text = record.required_text(key, findings)?;
    Unit::parse(&text).map_err(|error| findings.push(not_a_unit(&text, &record.title, key, error))).ok()
}

fn not_a_unit(text: &Placed<String>, title: &str, key: &str, error: UnitError) -> Diagnostic {
    let message = format!("`{key}` of {title}: {}", error.message);
    Diagnostic { hint: error.hint, ..Diagnostic::error(text.place.clone(), message) }
}

/// A formula that must be there. A number counts as one.
pub(super) fn formula(record: &mut Record, key: &'static str, findings: &mut Diagnostics) -> Option<Formula> {
    match record.take(key) {
        None => {
            record.missing(key, findings);
            None
        }
        Some(Node::Number(number)) => {
            let number = record.finite(key, number, findings)?;
            let expression = network::Expression::number(number.value);
            Some(Formula { text: number.value.to_string(), expression, place: number.place })
        }
        Some(Node::Text(text)) => parse_formula(&text, key, &record.title, findings),
        Some(other) => record.wrong_kind(key, "a formula in quotation marks", &other, findings),
    }
}

pub(super) fn parse_formula(
    text: &Placed<String>,
    key: &str,
    title: &str,
    findings: &mut Diagnostics,
) -> Option<Formula> {
    match network::parse_formula(text) {
        Ok(expression) => Some(Formula { text: text.value.clone(), expression, place: text.place.clone() }),
        Err(error) => {
            let message = format!("`{key}` of {title} is not a formula: {}", error.message);
            findings.push(Diagnostic::error(text.place_at(error.offset), message));
            None
        }
    }
}

/// A quantity with its unit, such as `60 day`. A plain TOML number is dimensionless.
pub(super) fn quantity(record: &mut Record, key: &'static str, findings: &mut Diagnostics) -> Option<Placed<Quantity>> {
    let node = record.take(key)?;
    quantity_of(node, key, record, findings)
}

fn quantity_of(node: Node, key: &str, record: &Record, findings: &mut Diagnostics) -> Option<Placed<Quantity>> {
    match node {
        Node::Number(number) => {
            let number = record.finite(key, number, findings)?;
            let value = Quantity { value: number.value, unit: Unit::dimensionless() };
            Some(Placed { value, place: number.place })
        }
        Node::Text(text) => match Quantity::parse(&text) {
            Ok(value) => Some(Placed { value, place: text.place }),
            Err(error) => {
                findings.push(not_a_unit(&text, &record.title, key, error));
                None
            }
        },
        other => record.wrong_kind(key, "a number with its unit in quotation marks", &other, findings),
    }
}

/// A duration or time in days.
pub(super) fn days(record: &mut Record, key: &'static str, findings: &mut Diagnostics) -> Option<f64> {
    let quantity = quantity(record, key, findings)?;
    let days = quantity.value_in(&Unit::day());
    if days.is_none() {
        let message = format!("`{key}` of {} is not a time: {}", record.title, quantity.value);
        findings.push(Diagnostic::error(quantity.place, message).hint("write for example \"60 day\""));
    }
    days
}

/// A table of parameters and the values they take.
pub(super) fn settings(record: &mut Record, findings: &mut Diagnostics) -> Vec<Setting> {
    let title = format!("`set` of {}", record.title);
    let Some(table) = record.table("set", &title, findings) else { return Vec::new() };
    let shell = table.clone();
    let settings = table.into_entries().into_iter().filter_map(|(id, node)| {
        let quantity = quantity_of(node, &id, &shell, findings)?;
        Some(Setting { id, quantity })
    });
    settings.collect()
}

/// One value for every organism, or a table with one per organism.
pub(super) fn per_organism<T: Clone>(
    record: &mut Record,
    key: &'static str,
    findings: &mut Diagnostics,
    mut read: impl FnMut(&Record, Node, &mut Diagnostics) -> Option<T>,
) -> PerOrganism<T> {
    let mut result = PerOrganism::none();
    match record.take(key) {
        None => {}
        Some(Node::Table(mut table)) => {
            table.title = format!("`{key}` of {}", record.title);
            for &organism in Organism::ALL {
                if let Some(value) = table.take(organism.word()).and_then(|node| read(record, node, findings)) {
                    result.set(organism, value);
                }
            }
            table.finish(findings);
        }
        Some(node) => {
            if let Some(value) = read(record, node, findings) {
                result = PerOrganism::same(value);
            }
        }
    }
    result
}

/// Numbers or formulas per organism. A text that is only a number is that number in the record's unit.
pub(super) fn values(record: &mut Record, key: &'static str, findings: &mut Diagnostics) -> PerOrganism<Value> {
    if !record.has(key) {
        record.missing(key, findings);
    }
    per_organism(record, key, findings, |record, node, findings| match node {
        Node::Number(number) => record.finite(key, number, findings).map(|number| Value::Number(number.value)),
        Node::Text(text) => match text.trim().parse::<f64>() {
            Ok(value) => {
                let number = Placed { value, place: text.place.clone() };
                record.finite(key, number, findings).map(|number| Value::Number(number.value))
            }
            Err(_) => parse_formula(&text, key, &record.title, findings).map(Value::Formula),
        },
        other => record.wrong_kind(key, "a number or a formula", &other, findings),
    })
}

/// Plain numbers per organism.
pub(super) fn numbers(record: &mut Record, key: &'static str, findings: &mut Diagnostics) -> PerOrganism<f64> {
    per_organism(record, key, findings, |record, node, findings| match node {
        Node::Number(number) => record.finite(key, number, findings).map(|number| number.value),
        other => record.wrong_kind(key, "a number", &other, findings),
    })
}

/// Intervals `[low, high]` per organism.
pub(super) fn ranges(record: &mut Record, findings: &mut Diagnostics) -> PerOrganism<(f64, f64)> {
    per_organism(record, "range", findings, |record, node, findings| {
        let place = node.place().clone();
        let bounds = match &node {
            Node::List(list) => match list.value.as_slice() {
                [Node::Number(low), Node::Number(high)] => Some((low.value, high.value)),
                _ => None,
            },
            _ => None,
        };
        let Some((low, high)) = bounds else {
            return record.wrong_kind("range", "two numbers [low, high]", &node, findings);
        };
        if low.is_finite() && high.is_finite() && low <= high {
            return Some((low, high));
        }
        let message = format!("`range` of {} does not run from low to high: [{low}, {high}]", record.title);
        findings.push(Diagnostic::error(place, message));
        None
    })
}

/// Reports values outside their range.
pub(super) fn check_range(
    title: &str,
    values: impl Iterator<Item = (Organism, f64)>,
    ranges: &PerOrganism<(f64, f64)>,
    place: &Place,
    findings: &mut Diagnostics,
) {
    for (organism, value) in values {
        if let Some(&(low, high)) = ranges.get(organism)
            && !(low..=high).contains(&value)
        {
            let message = format!("the range of {title} does not contain its value for {organism}: {value}");
            findings.push(
                Diagnostic::error(place.clone(), message)
                    .because(format!("the range is {low} to {high}"))
                    .hint("correct the value or widen the range"),
            );
        }
    }
}
